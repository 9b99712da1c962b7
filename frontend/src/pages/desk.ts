// The agent desktop: joins its buttons and keys to the desk (see ../desk/).

import { byId } from "../lib/dom.ts";
import { everySecond } from "../lib/time.ts";
import { Desk } from "../desk/desk.ts";
import { steadyTimer } from "../desk/steady_timer.ts";
import { Messages } from "../desk/messages.ts";
import { actOf, areKeysOn, focusOf, switchKeys, type Act } from "../desk/keyboard.ts";

const root = byId("desk");
const desk = new Desk(
  root.dataset["socket"] ?? "/ws/desk",
  byId("remote", HTMLAudioElement),
  steadyTimer(root.dataset["clockwork"] ?? ""),
);
const messages = new Messages();
const keysDialog = byId("keys-dialog", HTMLDialogElement);
const keysOn = byId("keys-on", HTMLInputElement);

const acts: Readonly<Record<Act, () => void>> = {
  ready: () => void desk.ready(),
  pause: () => desk.pause(),
  answer: () => void desk.answer(),
  decline: () => desk.decline(),
  hold: () => desk.toggleHold(),
  mute: () => desk.toggleMute(),
  end: () => desk.endCallByKey(),
  hand: () => desk.handOn(),
  emergency: () => desk.callEmergency(),
  help: () => desk.toggleHelp(),
  wrong: () => desk.closeCallback("wrong_person"),
  finish: () => void desk.finish("ready"),
  longer: () => desk.takeLonger(),
  break: () => void desk.finish("break"),
  message: () => messages.playByKey(),
  message_done: () => messages.doneByKey(),
  read: () => desk.memos.read(),
  recording: () => desk.recording.toggleByKey(),
  keys: () => keysDialog.showModal(),
};

function onClick(id: string, act: () => void): void {
  byId(id).addEventListener("click", act);
}

onClick("ready", acts.ready);
onClick("pause", acts.pause);
onClick("answer", acts.answer);
onClick("decline", acts.decline);
onClick("hold", () => desk.hold());
onClick("resume", () => desk.resume());
onClick("mute", acts.mute);
onClick("end-call", () => desk.endCall());
onClick("hand-on", acts.hand);
onClick("emergency", acts.emergency);
onClick("help", acts.help);
onClick("callback-wrong", acts.wrong);
onClick("callback-machine", () => desk.closeCallback("answering_machine"));
onClick("callback-message", () => desk.closeCallback("message_left"));
onClick("done-pause", () => void desk.finish("pause"));
onClick("done-break", acts.break);
onClick("longer", acts.longer);
onClick("memo-read", acts.read);
onClick("keys", acts.keys);
byId("tones").addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const key = button?.dataset["toneKey"];
  if (key !== undefined) desk.press(key);
});
onClick("trial", () => void desk.tryHeadset());
onClick("start-again", () => desk.startAgain());
onClick("mic-again", acts.ready);
onClick("mic-practice", () => desk.practiseWithout());

byId("work").addEventListener("submit", (event) => {
  event.preventDefault();
  void desk.finish("ready");
});
byId("practice", HTMLInputElement).addEventListener("change", (event) => {
  desk.setPractice((event.currentTarget as HTMLInputElement).checked);
});
byId("pause-reasons").addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const key = button?.dataset["pauseReason"];
  if (key !== undefined) desk.pause(key);
});

keysOn.checked = areKeysOn();
keysOn.addEventListener("change", () => switchKeys(keysOn.checked));

document.addEventListener("pointerdown", () => desk.touch(), { capture: true });
document.addEventListener("keydown", (event) => {
  desk.touch();
  if (keysDialog.open || desk.isAsking || !keysOn.checked) return;
  const act = actOf({
    key: event.key,
    isModified: event.ctrlKey || event.altKey || event.metaKey,
    isRepeat: event.repeat,
    focus: focusOf(document.activeElement),
    isRinging: desk.isRinging,
  });
  if (act === null) return;
  event.preventDefault();
  acts[act]();
});

addEventListener("beforeunload", (event) => {
  if (desk.isBusy) event.preventDefault();
});

// Whoever leaves by *Sign out* ends work first, so that no call is offered to an empty chair.
document.querySelector<HTMLFormElement>('form[action="/sign-out"]')?.addEventListener("submit", (event) => {
  const form = event.currentTarget as HTMLFormElement;
  event.preventDefault();
  desk.signOut(() => form.submit());
});

everySecond(() => desk.tick());
desk.start();
messages.start();
desk.recording.start();
desk.kept.start();
