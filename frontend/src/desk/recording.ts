// Is this talk being recorded? A light that cannot be overlooked, and its switch: pause, go on, and the caller's yes
// taken back, which destroys what there is and therefore is asked twice. That can be done as long as she works on the
// call.

import { announce, byId, setAttribute, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { Recording } from "../lib/protocol.ts";

type Wanted = "on" | "paused" | "withdrawn";

const THINKS_MS = 5000;
const TONES: Readonly<Record<Recording, string | null>> = {
  on: "bad",
  paused: "warn",
  held: "warn",
  withdrawn: null,
  failed: "warn",
};

export class RecordingLight {
  #now: Recording | null = null;
  #call: number | null = null;
  #sureUntil = 0;

  start(): void {
    byId("recording-pause").addEventListener("click", () => void this.#ask("paused"));
    byId("recording-go-on").addEventListener("click", () => void this.#ask("on"));
    byId("recording-withdraw").addEventListener("click", () => this.#withdraw());
  }

  /** Pauses, or goes on. */
  toggleByKey(): void {
    if (this.#now === "on" || this.#now === "held") void this.#ask("paused");
    else if (this.#now === "paused" || this.#now === "failed") void this.#ask("on");
  }

  follow(call: number | null, now: Recording | null): void {
    if (call !== this.#call) this.#sureUntil = 0;
    const isNew = now !== this.#now && now !== null;
    this.#call = call;
    this.#now = now;
    if (isNew) announce(t(`desk.recording.${now}`));
    this.paint();
  }

  paint(): void {
    const now = this.#now;
    const box = byId("recording");
    setHidden(box, now === null);
    if (now === null) return;
    setAttribute(box, "data-tone", TONES[now]);
    setAttribute(box, "data-value", now);
    setText(byId("recording-words"), t(`desk.recording.${now}`));
    setHidden(byId("recording-pause"), now !== "on" && now !== "held");
    setHidden(byId("recording-go-on"), now !== "paused" && now !== "failed");
    setHidden(byId("recording-withdraw"), now === "withdrawn");
    const isSure = Date.now() < this.#sureUntil;
    setText(byId("recording-withdraw"), t(isSure ? "desk.recording.sure" : "desk.recording.withdraw"));
    if (now === "withdrawn") this.#say(false);
  }

  #withdraw(): void {
    if (Date.now() < this.#sureUntil) {
      this.#sureUntil = 0;
      void this.#ask("withdrawn");
    } else {
      this.#sureUntil = Date.now() + THINKS_MS;
      setTimeout(() => this.paint(), THINKS_MS + 100);
    }
    this.paint();
  }

  async #ask(to: Wanted): Promise<void> {
    this.#say(!(await isDone(to)));
  }

  #say(isProblem: boolean): void {
    setHidden(byId("recording-problem"), !isProblem);
  }
}

/** After the talk: a caller may say with his last words that he does not want it kept. */
export class KeptRecording {
  #call: number | null = null;
  #is: "none" | "kept" | "destroyed" = "none";
  #sureUntil = 0;

  start(): void {
    byId("kept-withdraw").addEventListener("click", () => this.#withdraw());
  }

  follow(call: number | null, isKept: boolean): void {
    if (call !== this.#call) {
      this.#is = "none";
      this.#sureUntil = 0;
      setHidden(byId("kept-problem"), true);
    }
    this.#call = call;
    if (isKept) this.#is = "kept";
    else if (this.#is === "kept") this.#is = "destroyed";
    this.#paint();
  }

  #paint(): void {
    setHidden(byId("kept"), this.#is === "none");
    if (this.#is === "none") return;
    setText(byId("kept-words"), t(`desk.recording.after.${this.#is}`));
    setHidden(byId("kept-withdraw"), this.#is === "destroyed");
    setText(byId("kept-withdraw"), t(Date.now() < this.#sureUntil ? "desk.recording.sure" : "desk.recording.withdraw"));
  }

  #withdraw(): void {
    if (Date.now() < this.#sureUntil) {
      this.#sureUntil = 0;
      void isDone("withdrawn").then((done) => setHidden(byId("kept-problem"), done));
    } else {
      this.#sureUntil = Date.now() + THINKS_MS;
      setTimeout(() => this.#paint(), THINKS_MS + 100);
    }
    this.#paint();
  }
}

async function isDone(to: Wanted): Promise<boolean> {
  try {
    const answer = await fetch("/api/recording", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ to }),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
