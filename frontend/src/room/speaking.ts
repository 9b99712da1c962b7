// The dialogue in which a supervisor speaks what callers are to hear: she speaks, listens, and lets it be heard.
// Nothing leaves the page before she says so.

import { byId, setHidden, setText } from "../lib/dom.ts";
import { has, t } from "../lib/i18n.ts";
import { Microphone, MicrophoneError } from "../lib/microphone.ts";
import { showSteps, troubleWords } from "../lib/microphone_words.ts";
import { RATE, wavOf } from "../lib/speech.ts";
import { beginTake, Listener, type Take } from "../lib/take.ts";
import { formatElapsed } from "../lib/time.ts";
import { note } from "./acts.ts";
import { choose, nameOf, type Sound } from "./sounds.ts";

const LONGEST_S = 60;

/** The dialogue; it is there once in a page. */
export class Speaking {
  readonly #dialog = byId("speak", HTMLDialogElement);
  readonly #record = byId("speak-record", HTMLButtonElement);
  readonly #listen = byId("speak-listen", HTMLButtonElement);
  readonly #use = byId("speak-use", HTMLButtonElement);
  readonly #saysSo = byId("speak-says-so", HTMLInputElement);
  readonly #level = byId("speak-level", HTMLMeterElement);
  readonly #microphone = new Microphone(() => void this.#stop());
  readonly #listener = new Listener();
  readonly #changed: () => void;
  #sound: Sound | null = null;
  #take: Take | null = null;
  #samples: Float32Array | null = null;
  #counting = 0;

  /** `changed` is called when callers hear something else. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#record.addEventListener("click", () => void (this.#take === null ? this.#begin() : this.#stop()));
    this.#listen.addEventListener("click", () => void this.#play());
    this.#use.addEventListener("click", () => void this.#send());
    this.#saysSo.addEventListener("change", () => this.#paint());
    this.#dialog.addEventListener("close", () => void this.#leave());
  }

  open(sound: Sound): void {
    this.#sound = sound;
    this.#samples = null;
    this.#saysSo.checked = false;
    setText(byId("speak-heading"), nameOf(sound));
    setHidden(byId("speak-told"), !sound.must_tell);
    setHidden(byId("speak-problem"), true);
    this.#say(t("sounds.speak.ready"));
    this.#paint();
    this.#dialog.showModal();
    byId("speak-heading").focus();
  }

  async #begin(): Promise<void> {
    this.#listener.stop();
    setHidden(byId("speak-problem"), true);
    try {
      this.#take = await beginTake(this.#microphone, (loud) => {
        this.#level.value = loud;
      });
    } catch (error) {
      const trouble = error instanceof MicrophoneError ? error.trouble : "unknown";
      const told = troubleWords(trouble);
      this.#say(told.words);
      showSteps(byId("speak-steps"), told.steps);
      return;
    }
    this.#samples = null;
    const since = performance.now();
    const count = (): void => {
      const seconds = (performance.now() - since) / 1000;
      setText(byId("speak-state"), t("sounds.speak.running", { time: formatElapsed(seconds) }));
      if (seconds >= LONGEST_S) void this.#stop();
    };
    count();
    this.#counting = window.setInterval(count, 250);
    this.#paint();
  }

  async #stop(): Promise<void> {
    const take = this.#take;
    if (take === null) return;
    this.#take = null;
    clearInterval(this.#counting);
    const samples = await take.end();
    this.#level.value = 0;
    this.#microphone.close();
    if (!this.#dialog.open) return;
    this.#samples = samples.length >= RATE ? samples.slice(0, LONGEST_S * RATE) : null;
    const seconds = Math.round(samples.length / RATE);
    this.#say(this.#samples === null ? t("sounds.speak.nothing") : t("sounds.speak.there", { seconds }));
    this.#paint();
    if (this.#samples !== null) this.#listen.focus();
  }

  async #play(): Promise<void> {
    if (this.#samples !== null) await this.#listener.play(this.#samples, () => undefined);
  }

  async #send(): Promise<void> {
    const sound = this.#sound;
    if (sound === null || this.#samples === null) return;
    const asked = new URLSearchParams({
      sound: sound.sound,
      instead_of: String(sound.heard),
      says_so: String(this.#saysSo.checked),
    });
    this.#use.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/api/sounds?${asked.toString()}`, {
        method: "POST",
        headers: { "Content-Type": "audio/wav", Accept: "application/json" },
        body: wavOf(this.#samples),
      });
      const told = (await answer.json()) as Sound & { error?: { code: string } };
      if (answer.ok) {
        this.#dialog.close();
        note(t("sounds.done"), { ...choose(told, sound.heard, "", this.#changed), undo: null });
        this.#changed();
      } else {
        const id = `room.refused.${told.error?.code ?? "other"}`;
        this.#refuse(t(has(id) ? id : "room.refused.other"));
      }
    } catch {
      this.#refuse(t("room.refused.away"));
    }
    this.#use.removeAttribute("aria-busy");
  }

  async #leave(): Promise<void> {
    this.#listener.stop();
    await this.#stop();
    this.#microphone.close();
  }

  #refuse(words: string): void {
    setText(byId("speak-problem"), words);
    setHidden(byId("speak-problem"), false);
  }

  #say(words: string): void {
    setText(byId("speak-state"), words);
    showSteps(byId("speak-steps"), []);
  }

  #paint(): void {
    const isRunning = this.#take !== null;
    const begin = this.#samples === null ? "sounds.speak.begin" : "sounds.speak.again";
    this.#record.classList.toggle("button--primary", this.#samples === null);
    setText(this.#record, t(isRunning ? "sounds.speak.end" : begin));
    this.#listen.disabled = isRunning || this.#samples === null;
    const isTold = this.#sound?.must_tell !== true || this.#saysSo.checked;
    this.#use.disabled = isRunning || this.#samples === null || !isTold;
  }
}
