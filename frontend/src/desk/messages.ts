// Which messages wait in the boxes whose calls she takes? They stand at the side of the desk, the oldest first; one
// key plays one and stops it, one key is done with it. A message she is done with is destroyed for good, so she has
// a few seconds to think again. While somebody is on the line nothing is played.

import { announce, byId, make, reconcile, setAttribute, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { everySecond, formatElapsed, formatMoment } from "../lib/time.ts";

interface Message {
  readonly message: string;
  readonly box: string;
  readonly line: string;
  readonly left_at: number;
  readonly length_s: number;
  readonly is_cut: boolean;
  readonly taken_by: string | null;
}

const EVERY_S = 4;
const THINKS_S = 5;
/** States of hers in which somebody else is to be heard. */
const BUSY: ReadonlySet<string> = new Set(["offered", "talking"]);

/** Is the list at the side; nothing where the centre has no boxes. */
export class Messages {
  readonly #box = document.getElementById("messages-box");
  readonly #context = this.#box === null ? null : new AudioContext();
  readonly #heard = new Set<string>();
  #waiting: readonly Message[] = [];
  #playing: { readonly message: string; readonly source: AudioBufferSourceNode } | null = null;
  #going: { readonly message: string; readonly at: number } | null = null;
  #loading: string | null = null;
  #seconds = 0;

  start(): void {
    if (this.#box === null) return;
    everySecond(() => {
      if (this.#isBusy) this.#stop();
      if (this.#going !== null && Date.now() >= this.#going.at) void this.#destroy(this.#going.message);
      if (this.#seconds % EVERY_S === 0) void this.#refresh();
      this.#seconds += 1;
      this.#paint();
    });
  }

  /** Plays the message that is at hand, or stops it. */
  playByKey(): void {
    const current = this.#current();
    if (current !== null) this.#toggle(current);
  }

  /** Is done with the message that was heard, or takes that back. */
  doneByKey(): void {
    const current = this.#current();
    if (current !== null && this.#heard.has(current.message)) this.#toggleDone(current);
  }

  get #isBusy(): boolean {
    return BUSY.has(byId("state").dataset["value"] ?? "");
  }

  /** The one that she hears or heard last; else the oldest that nobody has taken. */
  #current(): Message | null {
    const heard = this.#waiting.filter((each) => this.#heard.has(each.message));
    return heard.at(-1) ?? this.#waiting.find((each) => each.taken_by === null) ?? null;
  }

  async #refresh(): Promise<void> {
    try {
      const answer = await fetch("/api/messages", { cache: "no-store" });
      if (!answer.ok) return;
      const told = (await answer.json()) as { messages: Message[] };
      const before = new Set(this.#waiting.map((each) => each.message));
      const isFirst = this.#seconds <= 1;
      this.#waiting = told.messages;
      if (!isFirst && told.messages.some((each) => !before.has(each.message))) announce(t("desk.messages.new"));
    } catch {
      return; // the next round asks again
    }
    this.#paint();
  }

  #toggle(message: Message): void {
    if (this.#playing?.message === message.message) this.#stop();
    else if (!this.#isBusy) void this.#play(message);
    this.#paint();
  }

  async #play(message: Message): Promise<void> {
    const context = this.#context;
    if (context === null || this.#loading !== null) return;
    this.#stop();
    this.#loading = message.message;
    this.#say(null);
    try {
      const answer = await fetch(`/api/messages/${encodeURIComponent(message.message)}/sound`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ why: this.#why(message) }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      await context.resume();
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(await answer.arrayBuffer());
      source.connect(context.destination);
      source.addEventListener("ended", () => {
        if (this.#playing?.source === source) this.#playing = null;
        this.#paint();
      });
      if (!this.#isBusy) {
        source.start();
        this.#playing = { message: message.message, source };
      }
      this.#heard.delete(message.message);
      this.#heard.add(message.message);
    } catch {
      this.#say(t("desk.messages.not_heard"));
    } finally {
      this.#loading = null;
      this.#paint();
    }
  }

  #why(message: Message): string {
    return message.taken_by === null ? "own_work" : byId("messages-why", HTMLSelectElement).value;
  }

  #stop(): void {
    const playing = this.#playing;
    this.#playing = null;
    playing?.source.stop();
  }

  #toggleDone(message: Message): void {
    const isGoing = this.#going?.message === message.message;
    this.#going = isGoing ? null : { message: message.message, at: Date.now() + THINKS_S * 1000 };
    if (!isGoing) announce(t("desk.messages.going"));
    this.#stop();
    this.#paint();
  }

  async #destroy(message: string): Promise<void> {
    this.#going = null;
    try {
      const answer = await fetch(`/api/messages/${encodeURIComponent(message)}/done`, { method: "POST" });
      if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      this.#heard.delete(message);
      this.#waiting = this.#waiting.filter((each) => each.message !== message);
    } catch {
      this.#say(t("desk.messages.not_done"));
    }
    this.#paint();
  }

  #say(words: string | null): void {
    const problem = byId("messages-problem");
    setHidden(problem, words === null);
    setText(problem, words ?? "");
  }

  #paint(): void {
    const box = this.#box;
    if (box === null) return;
    setHidden(box, this.#waiting.length === 0);
    setText(byId("messages-count"), String(this.#waiting.length));
    setHidden(byId("messages-reason"), !this.#waiting.some((each) => each.taken_by !== null));
    const current = this.#current()?.message;
    reconcile(
      byId("messages"),
      this.#waiting,
      (each) => each.message,
      (each) => this.#row(each),
      (row, each) => this.#paintRow(row, each, each.message === current),
    );
  }

  #row(message: Message): HTMLElement {
    const row = make("li", { class: "desk__message", "data-testid": "message" });
    const words = make("div", {});
    words.append(make("strong", {}, ""), make("span", { class: "soft small tabular" }, ""));
    const play = make("button", { type: "button", class: "button", "data-testid": "message-play" }, "");
    const done = make("button", { type: "button", class: "button button--quiet", "data-testid": "message-done" }, "");
    const find = (): Message => this.#waiting.find((each) => each.message === message.message) ?? message;
    play.addEventListener("click", () => this.#toggle(find()));
    done.addEventListener("click", () => this.#toggleDone(find()));
    row.append(words, play, done);
    return row;
  }

  #paintRow(row: HTMLElement, message: Message, isCurrent: boolean): void {
    const [words, play, done] = [...row.children] as [HTMLElement, HTMLButtonElement, HTMLButtonElement];
    const [name, facts] = [...words.children] as [HTMLElement, HTMLElement];
    const isGoing = this.#going?.message === message.message;
    const isPlaying = this.#playing?.message === message.message;
    setText(name, message.box);
    setText(facts, this.#facts(message, isGoing));
    label(play, t(isPlaying ? "desk.messages.stop" : "desk.messages.play"), isCurrent ? "V" : null);
    label(done, t(isGoing ? "desk.messages.keep" : "desk.messages.done"), isCurrent ? "D" : null);
    play.disabled = (this.#isBusy && !isPlaying) || isGoing;
    setHidden(done, !this.#heard.has(message.message));
    setAttribute(row, "data-going", isGoing ? "" : null);
  }

  #facts(message: Message, isGoing: boolean): string {
    if (isGoing && this.#going !== null) {
      const seconds = Math.max(0, Math.ceil((this.#going.at - Date.now()) / 1000));
      return t("desk.messages.goes", { count: seconds });
    }
    const facts = [formatMoment(message.left_at), formatElapsed(message.length_s)];
    if (message.is_cut) facts.push(t("desk.messages.cut"));
    if (message.taken_by !== null) facts.push(t("desk.messages.taken", { name: message.taken_by }));
    return facts.join(" · ");
  }
}

function label(button: HTMLButtonElement, words: string, key: string | null): void {
  if (button.dataset["label"] === `${words}/${key}`) return;
  button.dataset["label"] = `${words}/${key}`;
  button.replaceChildren(words, ...(key === null ? [] : [" ", make("kbd", { class: "key" }, key)]));
}
