// Taking a waiting call oneself: the next one of a queue rings at the supervisor's own desk, whatever skills she has.
// Nobody is passed over for it, and a call that she does not answer is at its place again.

import { t } from "../lib/i18n.ts";
import { ask } from "./acts.ts";
import type { RoomQueue } from "./picture.ts";

/** Asks whether she wants the next call of a queue. */
export function askToTake(queue: RoomQueue): void {
  ask({
    heading: queue.name,
    words: t("room.take.ask"),
    why: "",
    acts: [
      {
        words: t("room.take"),
        path: `/api/queues/${encodeURIComponent(queue.key)}/taking`,
        body: {},
        done: () => t("room.take.done"),
        undo: null,
      },
    ],
  });
}
