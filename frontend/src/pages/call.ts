// The caller's page: joins its buttons and keys to the call (see ../call/).

import { byId } from "../lib/dom.ts";
import { everySecond } from "../lib/time.ts";
import { CallerCall } from "../call/caller_call.ts";

const ESCAPES = 3;
const ESCAPES_WITHIN_MS = 2000;

const root = byId("call");
const call = new CallerCall(
  root.dataset["line"] ?? "",
  root.dataset["socket"] ?? "/ws/call",
  byId("remote", HTMLAudioElement),
);

function onClick(id: string, act: () => void): void {
  byId(id).addEventListener("click", act);
}

onClick("talk", () => void call.talk());
onClick("type", () => call.type());
onClick("try-again", () => void call.talk());
onClick("type-instead", () => call.type());
onClick("call-again", () => call.goOn());
onClick("use-here", () => call.goOn());
onClick("to-voice", () => void call.toVoice());
onClick("to-typed", () => call.toTyped());
onClick("writing-clear", () => call.clearWriting());
onClick("hang-up", () => call.hangUp());
onClick("quick-exit", () => call.vanish());
onClick("mute", () => call.toggleMute());
onClick("call-unblock", () => call.unblock());
onClick("sound-music", () => call.setQuiet(false));
onClick("sound-quiet", () => call.setQuiet(true));

byId("call-choices").addEventListener("click", (event) => {
  const choice = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
  if (choice) call.press(choice.dataset["key"] ?? "");
});
byId("call-pad").addEventListener("click", (event) => {
  const key = (event.target as HTMLElement).closest<HTMLElement>("[data-key]");
  if (key) call.press(key.dataset["key"] ?? "");
});
// The keys of the keyboard work as well as the list; they mean nothing while nobody asks or listens.
document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat;
  // Whoever writes writes digits, too.
  if (event.target instanceof HTMLTextAreaElement) return;
  if (isPlain && /^[0-9*#]$/.test(event.key)) call.press(event.key);
});

let escapes: number[] = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  const now = Date.now();
  escapes = [...escapes.filter((at) => now - at < ESCAPES_WITHIN_MS), now];
  if (escapes.length >= ESCAPES) call.vanish();
});

// A page taken out of the browser's memory after the quick exit must not show the call again.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.documentElement.hidden) location.replace("about:blank");
});

everySecond(() => call.tick());
call.resume();
