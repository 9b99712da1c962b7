// What does the caller see? Writes a picture of the call into the page and nothing else: it decides
// nothing and keeps no state beyond what stands on the screen.

import { announce, byId, make, setAttribute, setHidden, setText, spokenText } from "../lib/dom.ts";
import { has, t } from "../lib/i18n.ts";
import type { MicrophoneTrouble } from "../lib/microphone.ts";
import { showSteps, troubleWords } from "../lib/microphone_words.ts";
import { showParts } from "../lib/parts.ts";
import type { CallChoice, CallView } from "../lib/protocol.ts";
import { formatElapsed } from "../lib/time.ts";
import { placeWords, waitWords, type Words } from "./words.ts";

export type Screen =
  | { readonly kind: "start" }
  | { readonly kind: "asking" }
  | { readonly kind: "microphone"; readonly trouble: MicrophoneTrouble }
  | { readonly kind: "connecting" }
  | { readonly kind: "call"; readonly view: CallView; readonly isHeard: boolean }
  | { readonly kind: "over"; readonly heading: string; readonly words: string }
  | { readonly kind: "elsewhere" };

const root = byId("call");
const heading = byId("call-heading");
const words = byId("call-words");
const place = byId("call-place");
const wait = byId("call-wait");
const timer = byId("call-timer");
const notice = byId("call-notice");
const choices = byId("call-choices");
const line = root.dataset["lineName"] ?? "";
let spoken = "";

function say(message: Words | null): string {
  if (message === null) return "";
  const number = message.number;
  const known = number !== undefined && has(`call.number.${number}`);
  return t(message.id, {
    ...(message.count === undefined ? {} : { count: message.count }),
    ...(number === undefined ? {} : { number: known ? t(`call.number.${number}`) : number }),
  });
}

/** Gives the name of the state that the screen stands in. */
export function stateOf(screen: Screen): string {
  switch (screen.kind) {
    case "call":
      return screen.view.state;
    case "asking":
      return "connecting";
    case "over":
      return "ended";
    default:
      return screen.kind;
  }
}

/** What of the conversation decides on the screen. */
export interface Written {
  readonly isTyped: boolean;
  readonly hasLines: boolean;
}

/** Paints a screen. What changed in words is spoken to a screen reader, once. */
export function paint(screen: Screen, written: Written): void {
  showParts(document, stateOf(screen), heading);
  paintWritten(screen, written);
  const isBusy = !["start", "over", "elsewhere", "microphone"].includes(screen.kind);
  setAttribute(document.documentElement, "data-busy", isBusy ? "" : null);
  setText(place, screen.kind === "call" ? say(placeWords(screen.view)) : "");
  setText(wait, screen.kind === "call" ? say(waitWords(screen.view)) : "");
  paintChoices(screen.kind === "call" ? screen.view.choices : []);
  switch (screen.kind) {
    case "start":
      title(t("call.start.heading", { line }), t("call.start.words"));
      break;
    case "asking":
      title(t("call.asking.heading"), t("call.asking.words"));
      break;
    case "microphone":
      paintTrouble(screen.trouble);
      break;
    case "connecting":
      title(t("call.connecting.heading"), t("call.connecting.words"));
      break;
    case "elsewhere":
      title(t("call.elsewhere.heading"), t("call.elsewhere.words"));
      break;
    case "over":
      title(screen.heading, screen.words);
      break;
    case "call":
      paintCall(screen.view, screen.isHeard);
      if (screen.view.medium === "typed") paintTyped(screen.view);
      break;
  }
  speak();
}

function paintCall(view: CallView, isHeard: boolean): void {
  switch (view.state) {
    case "greeting":
      title(t("call.greeting.heading"), t("call.greeting.words"));
      break;
    case "consent":
    case "menu":
    case "message":
    case "voicemail":
      title(t(`call.${view.state}.heading`), t(`call.${view.state}.words`));
      break;
    case "queued":
    case "offered":
      title(t(`call.${view.state}.heading`), t(`call.${view.state}.words`));
      break;
    case "talking":
      if (view.other_lost) title(t("call.other_lost.heading"), t("call.other_lost.words"));
      else if (isHeard) title(t("call.talking.heading"), t("call.talking.words"));
      else title(t("call.joining.heading"), t("call.joining.words"));
      break;
    case "held":
      if (view.other_lost) title(t("call.other_lost.heading"), t("call.other_lost.words"));
      else title(t("call.held.heading"), t("call.held.words"));
      break;
    case "ended":
      title(...endWords(view.reason));
      break;
  }
}

/** Says in a typed call what is otherwise than in one that is spoken. */
function paintTyped(view: CallView): void {
  const id = view.state === "talking" && view.other_lost ? "" : `call.typed.${view.state}`;
  if (has(`${id}.words`)) setText(words, t(`${id}.words`));
  if (has(`${id}.heading`)) setText(heading, t(`${id}.heading`));
}

/** Shows the conversation where there is one, and what only who speaks, or types, has use for. */
function paintWritten(screen: Screen, { isTyped, hasLines }: Written): void {
  const state = stateOf(screen);
  const isTalk = state === "talking" || state === "held";
  const isOver = state === "ended";
  setAttribute(document.documentElement, "data-medium", isTyped && !isOver ? "typed" : "voice");
  setHidden(byId("writing"), !((isTalk && isTyped) || (hasLines && screen.kind !== "start")));
  setHidden(byId("writing-so-far"), !(hasLines && (state === "queued" || state === "offered")));
  setHidden(byId("writing-stays"), !(isOver && hasLines));
  for (const part of document.querySelectorAll<HTMLElement>("[data-medium-for]")) {
    const isFor = (part.dataset["mediumFor"] === "typed") === isTyped;
    const states = (part.dataset["for"] ?? "").split(" ");
    setHidden(part, !(isFor && states.includes(state)));
  }
}

/** Lists each digit with what it means, so that who cannot hear the prompt can choose. */
function paintChoices(offered: readonly CallChoice[]): void {
  const wanted = JSON.stringify(offered);
  if (choices.dataset["offered"] === wanted) return; // A focus in the list stays where it is.
  choices.dataset["offered"] = wanted;
  choices.replaceChildren(
    ...offered.map(({ digit, name, does }) => {
      const attributes = { type: "button", class: "button button--block call__choice", "data-key": digit };
      const meaning = make("span", {}, name ?? t(`call.choice.${does}`));
      return make("li", {}, make("button", attributes, make("kbd", { class: "key" }, digit), meaning));
    }),
  );
}

/** Gives heading and words for the end of a call. */
export function endWords(reason: string | null): [heading: string, words: string] {
  const base = has(`call.ended.${reason}.words`) ? `call.ended.${reason}` : "call.ended";
  return [t(`${base}.heading`), t(`${base}.words`)];
}

function paintTrouble(trouble: MicrophoneTrouble): void {
  const { heading, words, steps } = troubleWords(trouble);
  title(heading, words);
  showSteps(byId("call-mend"), steps);
}

function title(head: string, sentence: string): void {
  setText(heading, head);
  setText(words, sentence);
}

function speak(): void {
  const all = spokenText(heading, words, place, wait);
  if (all === spoken) return;
  // The first painting is read as the page itself.
  if (spoken !== "") announce(all);
  spoken = all;
}

/** Writes the seconds of the conversation. */
export function paintTimer(seconds: number): void {
  setText(timer, formatElapsed(seconds));
}

/** Shows what is wrong in place of the state's own sentence, so that nothing below is pushed away. */
export function paintNotice(text: string | null): void {
  setHidden(words, text !== null);
  if (text !== null) setText(notice.firstElementChild ?? notice, text);
  setHidden(notice, text === null);
}

export function paintBlocked(isBlocked: boolean): void {
  setHidden(byId("call-unblock"), !isBlocked);
}

/** Says why the call could not go on otherwise, or nothing any more. */
export function paintSwitch(text: string | null): void {
  const place = byId("call-switch");
  setHidden(place, text === null);
  setText(place, text ?? "");
  if (text !== null) announce(text);
}

export function paintMute(isMuted: boolean): void {
  const button = byId("mute");
  setAttribute(button, "aria-pressed", String(isMuted));
  setText(button, t(isMuted ? "call.talking.unmute" : "call.talking.mute"));
}

export function paintQuiet(isQuiet: boolean): void {
  setAttribute(byId("sound-music"), "aria-pressed", String(!isQuiet));
  setAttribute(byId("sound-quiet"), "aria-pressed", String(isQuiet));
}
