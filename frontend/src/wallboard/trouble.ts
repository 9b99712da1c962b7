// Which queue is in trouble, and which is worst? A wall screen may call for attention only when somebody can act
// on it, so the rules are few:
//
//   unstaffed      somebody waits, nobody is at work, and there is an on-call list for that
//   unattended     somebody waits and nobody is there who could answer, now or after the present call, nor in overflow
//   waiting_long   somebody has waited longer than the queue aims at
//   below_target   too few calls were answered in time today; said only of ten calls or more
//
// The first is worst. Of two queues in equal trouble the earlier in the configuration's order is named, so that the
// headline does not flicker between them.

import type { QueueFigures, Unstaffed } from "./picture.ts";

export type Trouble = "unstaffed" | "unattended" | "waiting_long" | "below_target";

const WORST_FIRST: readonly Trouble[] = ["unstaffed", "unattended", "waiting_long", "below_target"];
const ENOUGH_CALLS = 10;

/** Says what is wrong with a queue, if anything; `longestSeconds` is the longest wait now. */
export function troubleOf(queue: QueueFigures, longestSeconds: number): Trouble | null {
  if (queue.unstaffed !== null) return "unstaffed";
  if (queue.waiting > 0 && queue.in_time === 0) return "unattended";
  if (queue.target === null) return null;
  if (queue.waiting > 0 && longestSeconds > queue.target.within_s) return "waiting_long";
  const isBelow =
    queue.service_level !== null &&
    queue.offered >= ENOUGH_CALLS &&
    queue.service_level * 100 < queue.target.percent;
  return isBelow ? "below_target" : null;
}

/** Names the sentence about people at home: will they be rung, were they, or could nobody be? */
export function onCallId({ rung_at, rung }: Unstaffed): string {
  if (rung_at === null) return "wallboard.headline.unstaffed.soon";
  return rung > 0 ? "wallboard.headline.unstaffed.rung" : "wallboard.headline.unstaffed.nobody";
}

/** Picks the worst of the queues' troubles; null when all is well. */
export function worstOf<Q>(
  queues: readonly { readonly queue: Q; readonly trouble: Trouble | null }[],
): { readonly queue: Q; readonly trouble: Trouble } | null {
  for (const trouble of WORST_FIRST) {
    const found = queues.find((entry) => entry.trouble === trouble);
    if (found !== undefined) return { queue: found.queue, trouble };
  }
  return null;
}
