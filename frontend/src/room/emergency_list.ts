// A change of the list of emergency services that waits: for a second person, then for its day to pass. Supervisors see
// it in the room, administrators on the pages of people and of health, with its countdown; one alone may withdraw it.

import { announce, byId, reconcile, make, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { formatMoment } from "../lib/time.ts";
import { ask, type Act } from "./acts.ts";
import type { ListChange, PendingList } from "./picture.ts";

/** What of a picture tells of the list. */
export interface WithList {
  readonly zone: string;
  readonly emergency_list: PendingList | null;
}

const MICROSECONDS = 1_000_000;
let told = "";

/** Paints the change that waits; a new one, or a new step of it, is said aloud. */
export function paintEmergencyList(now: WithList): void {
  const pending = now.emergency_list;
  setHidden(byId("emergency-list"), pending === null);
  if (pending === null) {
    told = "";
    return;
  }
  const step = `${pending.version}/${pending.by ?? ""}/${pending.confirmed_by ?? ""}`;
  if (step !== told) announce(`${t("room.emergency.heading")}. ${standing(pending, now)}`);
  told = step;
  reconcile(
    byId("emergency-changes"),
    pending.changes,
    (each) => each.key,
    () => make("li", { class: "room__line" }),
    (row, each) => setText(row, wordsOf(each)),
  );
  setText(byId("emergency-standing"), standing(pending, now));
  const confirm = byId("emergency-confirm", HTMLButtonElement);
  setHidden(confirm, pending.in_force_from !== null);
  confirm.onclick = () => askFor(pending, "confirm", confirmation(pending));
  byId("emergency-withdraw").onclick = () => askFor(pending, "withdraw", withdrawal(pending));
}

/** Counts down; `at` is the centre's time. */
export function tickEmergencyList(now: WithList, at: number): void {
  const due = now.emergency_list?.in_force_from ?? null;
  setText(byId("emergency-left"), due === null ? "" : t("room.emergency.left", { time: clockOf(due - at) }));
}

function clockOf(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / MICROSECONDS));
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

function standing(pending: PendingList, now: WithList): string {
  const by = pending.by ?? t("room.emergency.from_a_file");
  if (pending.in_force_from === null) return t("room.emergency.waits", { name: by });
  const time = formatMoment(pending.in_force_from, now.zone);
  return t("room.emergency.confirmed", { name: by, other: pending.confirmed_by ?? "", time });
}

function wordsOf(each: ListChange): string {
  const was = each.was ?? "";
  const becomes = each.becomes ?? "";
  if (each.was === null) return t("room.emergency.comes", { name: each.name, number: becomes });
  if (each.becomes === null) return t("room.emergency.goes", { name: each.name, number: was });
  if (was === becomes) return t("room.emergency.otherwise", { name: each.name, number: was });
  return t("room.emergency.becomes", { name: each.name, was, becomes });
}

function askFor(pending: PendingList, what: "confirm" | "withdraw", act: Act): void {
  ask({
    heading: t("room.emergency.heading"),
    words: t(`room.emergency.${what}.words`),
    why: pending.changes.map(wordsOf).join(" · "),
    acts: [act],
  });
}

function confirmation(pending: PendingList): Act {
  return {
    words: t("room.emergency.confirm"),
    path: "/api/emergency-list/confirmation",
    body: { version: pending.version },
    done: () => t(pending.by === null ? "room.emergency.stood_for" : "room.emergency.confirm.done"),
    undo: null,
  };
}

function withdrawal(pending: PendingList): Act {
  return {
    words: t("room.emergency.withdraw"),
    path: "/api/emergency-list/withdrawal",
    body: { version: pending.version },
    isDanger: true,
    done: () => t("room.emergency.withdraw.done"),
    undo: null,
  };
}
