// What the centre sends to a supervisor; the same shapes as in docs/reference/page-protocol.md. And what of it is
// worst: the order in which a supervisor should look.

import type { AgentState, Choice, Help } from "../lib/protocol.ts";
import type { Instant } from "../lib/time.ts";
import type { Figures, QueueFigures } from "../wallboard/picture.ts";

export interface Person {
  readonly key: string;
  readonly name: string;
  readonly simulated: boolean;
  readonly state: AgentState;
  readonly since: Instant;
  readonly reason: string | null;
  readonly pause_reason: string | null;
  readonly by: string | null;
  readonly forced_to: "ready" | "paused" | "signed_out" | null;
  readonly forced_by: string | null;
  readonly rests_until: Instant | null;
  /** Her hand: it rises above all else until somebody comes. */
  readonly help: Help | null;
  readonly unreachable: boolean;
  readonly listening: Listening | null;
  /** What she can take now: the level by skill. */
  readonly skills: Levels;
  /** Null: it is as the configuration says. */
  readonly skills_changed: { readonly by: string; readonly since: Instant } | null;
}

export type Levels = Readonly<Record<string, number>>;

export interface RoomQueue extends QueueFigures {
  /** What its calls ask for. */
  readonly needs: Levels;
}

export type ListenMode = "listen" | "whisper" | "barge";

/** Whether a supervisor can listen to a talk, and who does. */
export interface Listening {
  readonly refused: string | null;
  readonly by: string | null;
  readonly mode: ListenMode | null;
}

export interface Line {
  readonly key: string;
  readonly name: string;
  readonly open: boolean;
  readonly closed_by: string | null;
  readonly closed_since: Instant | null;
}

/** A number that was passed on to an emergency service, at which nobody else has looked. */
export interface HandOver {
  readonly key: string;
  readonly line: string;
  readonly outside: string;
  readonly by: string;
  readonly at: Instant;
}

/** One change of the list of emergency services; a number is null where the service is not in that list. */
export interface ListChange {
  readonly key: string;
  readonly name: string;
  readonly was: string | null;
  readonly becomes: string | null;
}

/** A change of the list that is not in force yet. */
export interface PendingList {
  readonly version: number;
  readonly at: Instant;
  /** Null: it was read from a file, and nobody stands for it yet. */
  readonly by: string | null;
  readonly confirmed_by: string | null;
  /** Null: nobody else has confirmed it. */
  readonly in_force_from: Instant | null;
  readonly changes: readonly ListChange[];
}

export interface RoomPicture {
  readonly now: Instant;
  readonly zone: string;
  readonly speed: number;
  readonly total: Figures;
  readonly queues: readonly RoomQueue[];
  readonly people: readonly Person[];
  readonly away: readonly Choice[];
  readonly skills: readonly Choice[];
  readonly pause_reasons: readonly Choice[];
  readonly hand_overs: readonly HandOver[];
  readonly emergency_list: PendingList | null;
  readonly lines: readonly Line[];
  readonly surge: string | null;
  readonly surges: readonly Choice[];
}

const ORDER: readonly AgentState[] = ["talking", "offered", "wrap_up", "ready", "paused", "signed_out"];

/** Ranks a person: who needs somebody to look comes first, 0. */
export function rankOf(person: Person): number {
  if (person.help !== null && person.help.by === null) return 0;
  if (person.unreachable) return 1;
  if (person.state === "paused" && person.reason === "offer_missed") return 2;
  if (person.help !== null) return 3;
  return 4 + ORDER.indexOf(person.state);
}

/** Sorts people by who needs a look, then by how long they have been in their state. */
export function byNeed(people: readonly Person[]): Person[] {
  return [...people].sort((a, b) => rankOf(a) - rankOf(b) || a.since - b.since);
}
