// Which sentences explain an agent's own state to her? Ids only, so that they can be tried without a page.

import type { AgentView, DeskCallView } from "../lib/protocol.ts";

/** What the page itself knows of a call, besides the centre's view. */
export interface Sound {
  readonly isHeard: boolean;
  readonly isOffline: boolean;
  readonly isMicrophoneLost: boolean;
}

/** Says what the caller hears now. */
export function hearsId(call: DeskCallView, sound: Sound): string {
  if (call.other_lost) return "desk.hears.nothing";
  if (call.medium === "typed") return call.held_since === null ? "desk.hears.typed" : "desk.hears.typed_held";
  if (call.held_since !== null) return "desk.hears.music";
  if (call.origin === "practice") return "desk.hears.practice";
  return sound.isHeard ? "desk.hears.you" : "desk.hears.music";
}

/** Says as what she takes part in a colleague's call. */
export function partId(call: DeskCallView): string {
  return call.part === "listener" ? "desk.call.listened" : "desk.call.asked";
}

/** Says what is wrong with a call and what is done about it; null when all is well. */
export function callNoticeId(call: DeskCallView, sound: Sound): string | null {
  const isPractice = call.origin === "practice";
  if (sound.isOffline) return isPractice ? "desk.call.offline_practice" : "desk.call.offline";
  if (call.other_lost) return "desk.call.caller_lost";
  if (isPractice || call.medium === "typed") return null;
  if (sound.isMicrophoneLost) return "desk.call.microphone_lost";
  if (call.held_since === null && !sound.isHeard) return "desk.call.joining";
  return null;
}

/** Names the shape and colour of a state; the word beside it says the same. */
export function toneOf(state: AgentView["state"]): string | null {
  switch (state) {
    case "ready":
      return "good";
    case "offered":
    case "talking":
      return "accent";
    case "wrap_up":
      return "warn";
    case "paused":
    case "signed_out":
      return null;
  }
}

/** Says whether a refusal is worth telling: not when what was wanted holds already. */
export function isWorthTelling(what: string, view: AgentView | null): boolean {
  switch (what) {
    case "ready":
      return view?.state !== "ready" && view?.state !== "offered";
    case "accept":
      return view?.state !== "talking";
    case "hold":
      return view?.call?.held_since == null;
    case "resume":
      return view?.call != null && view.call.held_since !== null;
    case "hang_up":
      return view?.state === "talking";
    case "finish":
      return view?.state === "wrap_up";
    case "decline":
      return view?.state === "offered";
    default:
      return true;
  }
}

/** Joins what a view repeats of a practice caller's words with those that came since. */
export function mergeCaptions(known: readonly string[], view: readonly string[]): readonly string[] {
  const isOlder = view.length < known.length && view.every((text, index) => known[index] === text);
  return isOlder ? known : view;
}
