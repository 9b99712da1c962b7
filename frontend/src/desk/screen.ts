// What does the agent see? Writes her view into the page and nothing else. Each part is painted from the
// view as a whole, and only what changed is written.

import { byId, find, make, reconcile, setAttribute, setHidden, setText, showOffline } from "../lib/dom.ts";
import { formatNumber, has, language, t } from "../lib/i18n.ts";
import type { Quality } from "../lib/line_quality.ts";
import type { MicrophoneTrouble } from "../lib/microphone.ts";
import { showSteps, troubleWords } from "../lib/microphone_words.ts";
import type { AgentView, Choice, DeskCallView, Origin, QueueView } from "../lib/protocol.ts";
import {
  type CentreClock,
  formatDuration,
  formatElapsed,
  formatMoment,
  formatSum,
  formatTime,
} from "../lib/time.ts";
import type { Finding } from "./echo.ts";
import { callNoticeId, hearsId, partId, toneOf, type Sound } from "./words.ts";

const languages = new Intl.DisplayNames([language], { type: "language" });

/** Paints the header: state, reason, and which of its buttons make sense now. */
export function paintState(view: AgentView, practisesOnly: boolean): void {
  const badge = byId("state");
  setText(badge, t(`desk.state.${view.state}`));
  setAttribute(badge, "data-tone", toneOf(view.state));
  setAttribute(badge, "data-value", view.state);
  setText(byId("state-why"), whyWords(view));
  disable("ready", view.state !== "paused" && view.state !== "signed_out");
  disable("pause", view.state === "signed_out" || view.state === "wrap_up" || isPausedLater(view));
  // Without a microphone there is nothing else that she could take.
  disable("practice", view.state === "signed_out" || practisesOnly);
}

function isPausedLater(view: AgentView): boolean {
  return view.state === "paused" || (view.state === "talking" && view.pause_after !== null);
}

function disable(id: string, isDisabled: boolean): void {
  const control = byId(id);
  if (!(control instanceof HTMLButtonElement) && !(control instanceof HTMLInputElement)) return;
  if (control.disabled === isDisabled) return;
  const hadFocus = document.activeElement === control;
  control.disabled = isDisabled;
  if (hadFocus && isDisabled) byId("main").focus({ preventScroll: true });
}

/** Says why she is in this state. */
export function whyWords(view: AgentView): string {
  if (view.forced_to !== null && view.forced_by !== null) {
    return t(`desk.why.forced_after.${view.forced_to}`, { name: view.forced_by });
  }
  if (view.by !== null) {
    const words = t(`desk.why.by.${view.state}`, { name: view.by });
    return view.pause_reason === null ? words : `${nameOf(view.pause_reasons, view.pause_reason)}. ${words}`;
  }
  if (view.reason === "recovery" && view.rests_until !== null) {
    return t("desk.why.paused.recovery", { time: formatTime(view.rests_until) });
  }
  if (view.state === "talking" && view.pause_after !== null) {
    return t("desk.why.pause_after", { reason: nameOf(view.pause_reasons, view.pause_after) });
  }
  if (view.state === "paused" && view.pause_reason !== null) {
    return nameOf(view.pause_reasons, view.pause_reason);
  }
  const own = `desk.why.${view.state}.${view.reason}`;
  if (has(own)) return t(own);
  return t(`desk.why.${view.state}`);
}

export function nameOf(choices: readonly Choice[], key: string): string {
  return choices.find((choice) => choice.key === key)?.name ?? key;
}

/** Paints the seconds in the header and what else counts. */
export function paintTimes(view: AgentView, clock: CentreClock): void {
  const time = byId("state-time");
  setText(time, formatElapsed(clock.secondsSince(view.since)));
  setAttribute(time, "title", t("desk.since", { moment: formatMoment(view.since) }));
  for (const cell of document.querySelectorAll<HTMLElement>("[data-since]")) {
    const since = Number(cell.dataset["since"]);
    setText(cell, since > 0 ? formatElapsed(clock.secondsSince(since)) : "–");
  }
  if (view.offer) {
    setText(byId("offer-waited"), formatElapsed(clock.secondsSince(view.offer.waiting_since)));
    setText(byId("offer-seconds"), String(clock.secondsUntil(view.offer.expires_at)));
  }
  if (view.call) setText(byId("call-time"), formatElapsed(clock.secondsSince(view.call.answered_at)));
  if (view.wrap_up) {
    const left = clock.secondsUntil(view.wrap_up.warn_at);
    const isOver = view.wrap_up.over || left === 0;
    setText(byId("wrap-time"), formatElapsed(isOver ? clock.secondsSince(view.wrap_up.since) : left));
    setText(byId("wrap-words"), t(isOver ? "desk.wrap_up.over" : "desk.wrap_up.left"));
    setAttribute(byId("wrap-words"), "data-over", isOver ? "" : null);
  }
}

export function paintQueues(queues: readonly QueueView[]): void {
  setHidden(byId("queues-empty"), queues.length > 0);
  setHidden(byId("queues-table"), queues.length === 0);
  reconcile(
    byId("queues"),
    queues,
    (queue) => queue.key,
    () =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }),
        make("td", { class: "number desk__waiting" }),
        make("td", { class: "number", "data-since": "0" }),
      ),
    (row, queue) => {
      setText(find(row, "th"), queue.name);
      setText(find(row, ".desk__waiting"), formatNumber(queue.waiting));
      const longest = find<HTMLElement>(row, "[data-since]");
      setAttribute(longest, "data-since", String(queue.longest_since ?? 0));
      setAttribute(row, "data-waiting", queue.waiting > 0 ? "" : null);
    },
  );
}

export function paintDay(day: AgentView["day"]): void {
  setText(byId("day-calls"), formatNumber(day.calls));
  const talk = byId("day-talk");
  setText(talk, formatSum(day.talk_s));
  setAttribute(talk, "title", formatDuration(day.talk_s));
  setText(byId("day-wrap-up"), formatSum(day.wrap_up_s));
  setText(byId("day-paused"), formatSum(day.paused_s));
}

export function paintPaused(view: AgentView): void {
  const isRested = view.reason === "recovery" && view.rests_until === null;
  const own = `desk.paused.${isRested ? "rested" : view.reason}`;
  const base = view.pause_reason === null && has(`${own}.heading`) ? own : "desk.paused.asked";
  setText(byId("paused-heading"), t(`${base}.heading`));
  setText(byId("paused-words"), t(`${base}.words`));
  reconcile(
    byId("pause-reasons"),
    view.pause_reasons,
    (reason) => reason.key,
    (reason) => make("button", { class: "button", type: "button", "data-pause-reason": reason.key }),
    (button, reason) => {
      setText(button, reason.name);
      setAttribute(button, "aria-pressed", String(reason.key === view.pause_reason));
    },
  );
}

export function paintOffer(view: AgentView): void {
  const { offer } = view;
  if (!offer) return;
  const kind = offer.medium === "typed" ? "desk.offer.typed" : "desk.offer.heading";
  const heading = offer.callback ? "desk.offer.callback" : kind;
  setText(
    byId("offer-heading"),
    offer.asked_by === null ? t(heading) : t("desk.offer.asked", { name: offer.asked_by }),
  );
  setText(byId("offer-safe"), offer.safe_until === null ? "" : t("desk.callback.safe_until", { time: formatTime(offer.safe_until) }));
  setText(byId("offer-line"), offer.line);
  setText(byId("offer-queue"), offer.queue);
  setText(byId("offer-language"), languageName(offer.language));
  paintPractice(offer.origin);
}

function languageName(key: string | null): string {
  if (key === null) return t("desk.offer.any_language");
  try {
    return languages.of(key) ?? key;
  } catch {
    return key;
  }
}

export function paintPractice(origin: Origin | null): void {
  for (const band of document.querySelectorAll<HTMLElement>("[data-practice]")) {
    setHidden(band, origin === null || origin === "real");
  }
}

export interface CallPicture extends Sound {
  readonly isMuted: boolean;
  readonly quality: Quality | null;
  readonly isEndArmed: boolean;
}

export function paintCall(view: AgentView, picture: CallPicture): void {
  const { call } = view;
  if (!call) return;
  const isHeld = call.held_since !== null;
  const isPractice = call.origin !== "real";
  setText(byId("call-line"), t("desk.call.heading", { line: call.line }));
  setText(byId("call-queue"), call.asked_by === null ? call.queue : t(partId(call), { name: call.asked_by }));
  setText(byId("call-hears"), t(hearsId(call, picture)));
  const colleague = call.asked_by ?? call.parties.find((party) => party.state === "joined" && party.kind !== "listener")?.name ?? null;
  // While the caller hears music she may be speaking with a colleague.
  const isSilent = isHeld && colleague === null;
  setText(
    byId("call-microphone"),
    isHeld && colleague !== null && !picture.isMuted
      ? t("desk.call.mic_colleague", { name: colleague })
      : t(microphoneId(isSilent, picture)),
  );
  const isTyped = call.medium === "typed";
  setHidden(byId("call-you"), isPractice || isTyped);
  setHidden(byId("call-quality"), isPractice || isTyped);
  const quality = isHeld || !picture.isHeard ? null : picture.quality;
  setText(byId("quality"), t(`desk.quality.${quality ?? "unknown"}`));
  setAttribute(byId("quality"), "data-tone", qualityTone(quality));
  setAttribute(byId("quality"), "data-value", quality ?? "unknown");
  exchange(byId("hold"), byId("resume"), isHeld);
  if (call.asked_by !== null) {
    // The caller is not hers to put on hold.
    setHidden(byId("hold"), true);
    setHidden(byId("resume"), true);
  }
  disable("mute", isPractice || isSilent || isTyped);
  setAttribute(byId("mute"), "aria-pressed", String(picture.isMuted));
  setText(byId("mute-words"), t(picture.isMuted ? "desk.call.unmute" : "desk.call.mute"));
  const end = call.asked_by === null ? "desk.call.end" : "desk.call.leave";
  setText(byId("end-call-words"), t(picture.isEndArmed ? "desk.call.end_again" : end));
  const notice = callNoticeId(call, picture);
  setText(byId("call-notice"), notice === null ? "" : t(notice));
  setHidden(byId("captions-box"), !isPractice || isTyped);
  paintPractice(call.origin);
}

/** Shows the keys that the caller pressed, the newest last and largest; says a new one. */
export function paintKeys(call: DeskCallView | null): void {
  const keys = call?.keys ?? [];
  setHidden(byId("call-keys"), keys.length === 0);
  setText(byId("call-keys-before"), keys.slice(0, -1).join(" "));
  setText(byId("call-keys-last"), keys.at(-1) ?? "");
}

/** Says in a sentence what the caller hears, or what is wrong. */
export function callWords(call: DeskCallView, sound: Sound): string {
  const notice = callNoticeId(call, sound);
  return notice === null ? `${t("desk.call.caller_hears")} ${t(hearsId(call, sound))}` : t(notice);
}

/** Shows the second of two buttons in the place of the first, or the other way; the focus stays in that place. */
function exchange(first: HTMLElement, second: HTMLElement, isSecond: boolean): void {
  const [shown, gone] = isSecond ? [second, first] : [first, second];
  const hadFocus = document.activeElement === gone;
  setHidden(shown, false);
  setHidden(gone, true);
  if (hadFocus) shown.focus();
}

function microphoneId(isHeld: boolean, picture: CallPicture): string {
  if (isHeld) return "desk.call.mic_held";
  return picture.isMuted ? "desk.call.mic_muted" : "desk.call.mic_on";
}

function qualityTone(quality: Quality | null): string | null {
  if (quality === null) return null;
  return { good: "good", fair: "warn", poor: "bad" }[quality];
}

/** Writes what a practice caller said; the newest is kept in sight unless she scrolled back. */
export function paintCaptions(captions: readonly string[]): void {
  const scroll = byId("captions-scroll");
  const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 24;
  setHidden(byId("captions-empty"), captions.length > 0);
  reconcile(
    byId("captions"),
    captions.map((text, line) => ({ text, line })),
    ({ line }) => String(line),
    () => make("li", {}, make("span", { class: "desk__speaker" }, t("desk.captions.caller")), make("span")),
    (item, { text }) => setText(find(item, "span:last-child"), text),
  );
  if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
}

export function paintWrapUp(view: AgentView): void {
  if (!view.wrap_up) return;
  setText(byId("wrap-line"), `${view.wrap_up.line} · ${view.wrap_up.queue}`);
  paintPractice(view.wrap_up.origin);
}

/** Offers the break after a hard call where there is one. Why she takes it is asked by nobody. */
export function paintBreak(view: AgentView): void {
  setHidden(byId("done-break"), view.recovery_break_s === 0);
}

export function paintMicrophone(trouble: MicrophoneTrouble): void {
  const { heading, words, steps } = troubleWords(trouble);
  setText(byId("mic-heading"), heading);
  setText(byId("mic-words"), `${words} ${t("desk.microphone.needed")}`);
  showSteps(byId("mic-mend"), steps);
}

/** Paints the pages on which no work goes on: another tab has it, the centre refused, work has ended. */
export function paintEnd(kind: "elsewhere" | "refused" | "signed_out", words: string): void {
  setText(byId("end-heading"), t(`desk.${kind}.heading`));
  setText(byId("end-words"), words);
  setText(byId("start-again"), t(`desk.${kind}.again`));
  if (kind === "signed_out") return;
  setText(byId("state"), t(`desk.state.${kind}`));
  setAttribute(byId("state"), "data-tone", null);
  setText(byId("state-why"), "");
  setText(byId("state-time"), "");
  disable("ready", true);
  disable("pause", true);
  disable("practice", true);
}

/** Says what a callback asks of her: who may hear what, and how she ends it if it is not the caller. */
export function paintCallback(call: DeskCallView | null): void {
  const callback = call?.callback ?? null;
  setHidden(byId("callback"), callback === null);
  if (callback === null) return;
  const message = callback.may_leave_message ? "message" : "no_message";
  setText(byId("callback-words"), t(callback.dialling ? "desk.callback.dialling" : `desk.callback.${message}`));
  const { safe_until: safeUntil } = callback;
  setText(byId("callback-safe"), safeUntil === null ? "" : t("desk.callback.safe_until", { time: formatTime(safeUntil) }));
  setHidden(byId("callback-acts"), callback.dialling);
  setHidden(byId("callback-message"), !callback.may_leave_message);
}

const WAITS_FOR: Readonly<Record<string, string>> = {
  "hand-complete": "complete",
  "hand-cancel": "cancel_consult",
  "callback-wrong": "close_callback",
  "callback-machine": "close_callback",
  "callback-message": "close_callback",
  answer: "accept",
  decline: "decline",
  hold: "hold",
  resume: "resume",
  "end-call": "hang_up",
  "done-ready": "finish",
  "done-pause": "finish",
  "done-break": "finish",
  longer: "extend",
  help: "help",
};

/** Marks the buttons whose request has not been answered yet. */
export function paintPending(pending: ReadonlySet<string>): void {
  for (const [id, what] of Object.entries(WAITS_FOR)) {
    setAttribute(byId(id), "aria-busy", pending.has(what) ? "true" : null);
  }
}

/** Says how long the centre has been out of reach; a short gap mends itself before anyone could read. */
export function paintOffline(awayMs: number, isOwed: boolean): void {
  const time = formatElapsed(awayMs / 1000);
  const words = t(isOwed ? "desk.offline.owed" : "desk.offline.words", { time });
  showOffline(awayMs < 1000 ? null : words);
}

/** Says how the trial of headset and network goes. */
export function paintTrial(finding: Finding): void {
  const isOn = finding === "trying" || finding === "speak" || finding === "fine" || finding === "unheard";
  setText(byId("trial"), t(isOn ? "desk.trial.stop" : "desk.trial.begin"));
  // What was found stays to be read.
  if (finding !== "over") setText(byId("trial-words"), t(`desk.trial.${finding}`));
}

const TOAST_MS = 8000;
let toastTimer = 0;

/** Shows a sentence for a while, where it covers nothing that is about to be pressed. */
export function toast(words: string): void {
  const element = byId("toast");
  setText(element, words);
  setHidden(element, false);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => setHidden(element, true), TOAST_MS);
}
