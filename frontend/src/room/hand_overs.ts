// Hand-overs to emergency services: above all else in the room until somebody has looked at them.

import { announce, byId, find, make, reconcile, setAttribute, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { formatMoment } from "../lib/time.ts";
import { ask, type Act } from "./acts.ts";
import type { HandOver, RoomPicture } from "./picture.ts";

let known = 0;

/** Paints those that are still to be looked at; a new one is said aloud. */
export function paintHandOvers(now: RoomPicture): void {
  const latest = Math.max(0, ...now.hand_overs.map((each) => Number(each.key)));
  if (latest > known) announce(t("room.hand_over.heading"));
  known = Math.max(known, latest);
  setHidden(byId("hand-overs"), now.hand_overs.length === 0);
  reconcile(
    byId("hand-over-list"),
    now.hand_overs,
    (each) => each.key,
    (each) => {
      const button = make("button", { type: "button", class: "button" }, t("room.hand_over.look"));
      button.addEventListener("click", () => {
        ask({ heading: wordsOf(each), words: t("room.hand_over.words"), why: "", acts: [review(each)] });
      });
      return make("li", { class: "room__line" }, make("span", { class: "room__line-name" }), button);
    },
    (row, each) => {
      const name = find(row, ".room__line-name");
      setText(name, wordsOf(each));
      setAttribute(name, "title", formatMoment(each.at, now.zone));
    },
  );
}

function wordsOf(each: HandOver): string {
  return t("room.hand_over.of", { name: each.by, outside: each.outside, line: each.line });
}

function review(each: HandOver): Act {
  return {
    words: t("room.hand_over.reviewed"),
    path: `/api/hand-overs/${encodeURIComponent(each.key)}/review`,
    body: {},
    done: () => t("room.hand_over.done"),
    undo: null,
  };
}
