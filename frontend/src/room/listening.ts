// Listening to a talk, whispering to its agent, joining it: which of them can be done now, and in which words it is said
// that none can. Who is called hears of it beforehand, in the greeting; the agent sees it on her desk.

import { has, t } from "../lib/i18n.ts";
import type { Act } from "./acts.ts";
import type { ListenMode, Person } from "./picture.ts";

const MODES: readonly ListenMode[] = ["listen", "whisper", "barge"];

/** Says in words who listens to a person's talk, or why nobody can; empty where there is nothing to say. */
export function listeningWords(person: Person): string {
  const now = person.listening;
  if (now === null) return "";
  if (now.by !== null) return t(`room.heard.${now.mode ?? "listen"}`, { name: now.by });
  if (now.refused === null) return "";
  const id = `room.deaf.${now.refused}`;
  return t(has(id) ? id : "room.deaf.other");
}

/** Lists what can be done about a person's talk. */
export function listeningActs(person: Person): Act[] {
  const now = person.listening;
  if (now === null || now.refused !== null) return [];
  const wanted = MODES.filter((mode) => now.by === null || now.mode !== mode).map((mode) => listen(person, mode));
  return now.by === null ? wanted : [...wanted, listen(person, null)];
}

function listen(person: Person, mode: ListenMode | null): Act {
  const word = mode ?? "leave";
  return {
    words: t(`room.listen.${word}`),
    path: `/api/agents/${encodeURIComponent(person.key)}/listening`,
    body: { mode },
    done: () => t(`room.listen.done.${word}`, { name: person.name }),
    undo: () => (mode === null ? null : { ...listen(person, null), undo: null }),
  };
}
