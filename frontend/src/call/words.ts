// Which words tell a caller her place and her wait? Small numbers are words; what is not known is not said.

import type { CallView } from "../lib/protocol.ts";

/** A message id with what stands in its places. */
export interface Words {
  readonly id: string;
  readonly count?: number;
  /** A number to be put in words by `call.number.N`. */
  readonly number?: number;
}

/** Says where the caller stands; null where there is no place. */
export function placeWords(view: Pick<CallView, "state" | "place">): Words | null {
  if (view.state !== "queued" || view.place === null || view.place < 1) return null;
  if (view.place <= 10) return { id: `call.place.${view.place}` };
  return { id: "call.place.more", count: view.place };
}

/** Says how long it may take, rounded up so that the promise is rather kept; null when it is over. */
export function waitWords(view: Pick<CallView, "state" | "estimate_s">): Words | null {
  if (view.state !== "queued") return null;
  const seconds = view.estimate_s;
  if (seconds === null) return { id: "call.wait.unknown" };
  if (seconds < 60) return { id: "call.wait.soon" };
  const minutes = Math.ceil(seconds / 60);
  if (minutes > 60) return { id: "call.wait.long" };
  const rounded = minutes <= 10 ? minutes : Math.ceil(minutes / 5) * 5;
  return { id: "call.wait.minutes", count: rounded, number: rounded };
}
