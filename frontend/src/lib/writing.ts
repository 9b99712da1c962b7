// How do two people write to each other? Keeps the lines of a typed call as the centre tells them, shows them,
// and says what is written here. The same on the caller's page and on the desktop; the markup stands in
// _writing.html.
//
// A line of one's own stands there at once, and says by a word how far it has come. A screen reader is told the
// others' finished lines and nothing else: neither what they are still typing nor one's own words back.

import { announce, byId, find, make, reconcile, setAttribute, setHidden, setText } from "./dom.ts";
import { t } from "./i18n.ts";
import type { LinesMessage, Saying, WrittenLine } from "./protocol.ts";
import { formatTime } from "./time.ts";

const TYPING_EVERY_MS = 150;
/** In place of words, where only that somebody types is told. */
const SOMETHING = "…";
/** How near its limit a line is before that is said. */
const NEAR = 200;

interface Parts {
  /** Says what matters, until it is answered. */
  say(saying: Saying): void;
  /** Says what is worth nothing later. */
  mention(saying: Saying): boolean;
  /** Names whoever wrote a line, for who reads it here. */
  nameOf(line: Pick<WrittenLine, "by" | "name" | "own">): string;
}

interface Waiting {
  readonly key: string;
  readonly text: string;
}

interface Shown {
  readonly key: string;
  readonly line: Pick<WrittenLine, "by" | "name" | "own" | "aside" | "text">;
  readonly at: number | null;
  readonly state: "sending" | "sent" | "delivered" | null;
}

/** Is the part of a page in which two people write. */
export class Writing {
  #parts: Parts;
  #call: number | null = null;
  #lines: readonly WrittenLine[] = [];
  #waiting: readonly Waiting[] = [];
  #told: LinesMessage | null = null;
  #isFirst = true;
  #typed = "";
  #typing: ReturnType<typeof setTimeout> | undefined;
  #next = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    byId("writing-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    const field = this.#field;
    field.addEventListener("input", () => this.#type());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
  }

  /** The call whose conversation is known. */
  get call(): number | null {
    return this.#call;
  }

  /** Whether a line would be read now. */
  get mayWrite(): boolean {
    return this.#told?.may_write ?? false;
  }

  /** Whether something was written in it. */
  get hasLines(): boolean {
    return this.#lines.length > 0 || this.#waiting.length > 0;
  }

  /** Takes what is new of the conversation. */
  hear(message: LinesMessage): void {
    if (message.call !== this.#call) this.forget();
    const known = this.#lines.length;
    this.#call = message.call;
    this.#told = message;
    this.#lines = [...this.#lines.slice(0, message.after), ...message.lines];
    const kept = new Set(this.#lines.map((line) => line.key));
    this.#waiting = this.#waiting.filter(({ key }) => !kept.has(key));
    // How it was found when the page opened is there to be read.
    if (!this.#isFirst) this.#speak(this.#lines.slice(known).filter((line) => !line.own));
    this.#isFirst = false;
    if (message.lines.length > 0) this.#parts.mention({ t: "shown", n: this.#lines.length });
    this.paint();
  }

  /** Takes the answer to a line that was said. */
  answered(said: Saying, refusal: string | null): void {
    if (said.t !== "write" || refusal === null) return;
    const lost = this.#waiting.find(({ key }) => key === said["key"]);
    this.#waiting = this.#waiting.filter((line) => line !== lost);
    // What could not be taken is given back to be changed, or said later.
    if (lost && this.#field.value === "") this.#field.value = lost.text;
    this.#note(t(`writing.refused.${refusal}`, { limit: this.#told?.limit ?? 0 }));
    this.paint();
  }

  /** Shows the conversation, or hides it. */
  show(isShown: boolean): void {
    setHidden(byId("writing"), !isShown);
  }

  /** Puts the cursor where one writes. */
  focus(): void {
    this.#field.focus();
  }

  /** Takes in that the call is over: what was written stays to be read, and nothing more comes. */
  end(): void {
    if (this.#told) this.#told = { ...this.#told, may_write: false, drafts: [] };
    this.#note(null);
    this.paint();
  }

  /** Leaves nothing of it on the page. */
  forget(): void {
    clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#call = this.#told = null;
    this.#lines = this.#waiting = [];
    this.#isFirst = true;
    this.#typed = this.#field.value = "";
    this.#note(null);
    this.paint();
  }

  paint(): void {
    const scroll = byId("writing-scroll");
    const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 24;
    setHidden(byId("writing-empty"), this.hasLines);
    reconcile(byId("writing-lines"), this.#shown(), ({ key }) => key, create, (item, shown) => this.#update(item, shown));
    this.#paintDraft();
    const { mayWrite } = this;
    const hadFocus = document.activeElement === this.#field;
    setHidden(byId("writing-form"), !mayWrite);
    if (hadFocus && !mayWrite) scroll.focus({ preventScroll: true });
    this.#paintHint();
    if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  get #field(): HTMLTextAreaElement {
    return byId("writing-text", HTMLTextAreaElement);
  }

  #shown(): readonly Shown[] {
    const delivered = this.#told?.delivered ?? 0;
    const lines = this.#lines.map((line, index): Shown => {
      const state = !line.own || line.aside ? null : index < delivered ? "delivered" : "sent";
      return { key: String(index), line, at: line.at, state };
    });
    const own = { by: "caller", name: null, own: true, aside: false } as const;
    const waiting = this.#waiting.map(
      ({ key, text }): Shown => ({ key, line: { ...own, text }, at: null, state: "sending" }),
    );
    return [...lines, ...waiting];
  }

  #update(item: HTMLElement, { line, at, state }: Shown): void {
    setAttribute(item, "data-own", line.own ? "" : null);
    setAttribute(item, "data-aside", line.aside ? "" : null);
    const name = this.#parts.nameOf(line);
    setText(find(item, ".writing__by"), line.aside ? t("writing.aside", { name }) : name);
    setText(find(item, ".writing__text"), line.text);
    const word = state === null ? "" : t(`writing.state.${state}`);
    const time = at === null ? "" : formatTime(at);
    setText(find(item, ".writing__state"), [time, word].filter(Boolean).join(" · "));
  }

  #paintDraft(): void {
    const [draft] = this.#told?.drafts ?? [];
    const element = byId("writing-draft");
    setHidden(element, draft === undefined);
    if (draft === undefined) return;
    const isHidden = draft.text === SOMETHING || !this.#told?.as_typed;
    setText(element, isHidden ? t("writing.is_typing") : draft.text);
  }

  #paintHint(): void {
    const limit = this.#told?.limit ?? 0;
    const left = limit - this.#field.value.length;
    const how = t(this.#told?.as_typed ? "writing.as_typed" : "writing.by_line");
    const room = left < 0 ? t("writing.too_long", { count: -left }) : t("writing.left", { count: left });
    setText(byId("writing-hint"), limit > 0 && left < NEAR ? room : how);
    setAttribute(this.#field, "aria-invalid", left < 0 ? "true" : null);
  }

  #send(): void {
    const text = whole(this.#field.value).trim();
    if (text === "" || !this.#told?.may_write) return;
    if (text.length > this.#told.limit) {
      this.#note(t("writing.refused.line_too_long", { limit: this.#told.limit }));
      return;
    }
    clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#note(null);
    this.#next += 1;
    const key = `${Date.now().toString(36)}-${this.#next}-${Math.random().toString(36).slice(2, 10)}`;
    this.#waiting = [...this.#waiting, { key, text }];
    this.#typed = this.#field.value = "";
    this.#parts.say({ t: "write", key, text });
    this.paint();
    byId("writing-scroll").scrollTop = byId("writing-scroll").scrollHeight;
  }

  /** Tells the other side what stands in the field, a few times a second at most. */
  #type(): void {
    this.#paintHint();
    if (this.#typing !== undefined) return;
    this.#typing = setTimeout(() => {
      this.#typing = undefined;
      const words = whole(this.#field.value);
      // By lines, what is not sent yet stays here.
      const text = this.#told?.as_typed || words === "" ? words : SOMETHING;
      if (text === this.#typed || text.length > (this.#told?.limit ?? 0)) return;
      this.#typed = text;
      this.#parts.mention({ t: "typing", text });
    }, TYPING_EVERY_MS);
  }

  #speak(lines: readonly WrittenLine[]): void {
    if (lines.length === 0) return;
    announce(lines.map((line) => `${this.#parts.nameOf(line)}: ${line.text}`).join(" "));
  }

  #note(words: string | null): void {
    setHidden(byId("writing-note"), words === null);
    setText(byId("writing-note"), words ?? "");
    if (words !== null) announce(words);
  }
}

function create(): HTMLLIElement {
  return make(
    "li",
    { class: "writing__line" },
    make("span", { class: "writing__by small" }),
    make("p", { class: "writing__text", dir: "auto" }),
    make("span", { class: "writing__state small soft tabular" }),
  );
}

/** Leaves out halves of characters, which no text can hold. */
function whole(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "");
}
