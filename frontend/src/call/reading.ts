// What does a caller who types read where others hear a recording? Shows its words for as long as they take to
// be read, and then says that it was heard. A question stays much longer: the answers stand below it.

import { byId, setHidden, setText } from "../lib/dom.ts";
import { has, t } from "../lib/i18n.ts";

const SHORTEST_MS = 2500;
const MS_A_LETTER = 60;
const QUESTION_MS = 25_000;

/** Shows the words of recordings. */
export class Reading {
  #playback: number | string | null = null;
  #begunAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isQuestion: () => boolean;
  #heard: (playback: number | string) => void;

  constructor(isQuestion: () => boolean, heard: (playback: number | string) => void) {
    this.#isQuestion = isQuestion;
    this.#heard = heard;
  }

  /** Shows the words of a recording; the same order again changes nothing. */
  show(playback: number | string, sound: string): void {
    if (playback === this.#playback) return;
    this.stop();
    this.#playback = playback;
    this.#begunAt = Date.now();
    const words = wordsOf(sound);
    setText(byId("call-read"), words);
    setHidden(byId("call-read"), words === "");
    this.#wait(Math.max(SHORTEST_MS, words.length * MS_A_LETTER));
  }

  /** Ends it: there is something else to be read. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#playback = null;
    setHidden(byId("call-read"), true);
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#isQuestion() ? this.#begunAt + QUESTION_MS - Date.now() : 0;
      if (left > 0) this.#wait(left);
      else if (this.#playback !== null) this.#heard(this.#playback);
    }, milliseconds);
  }
}

/** Gives the words of a recording in the page's language; its name ends with the language it is spoken in. */
function wordsOf(sound: string): string {
  const id = `call.read.${sound.replace(/-[a-z]{2}$/, "")}`;
  return has(id) ? t(id) : "";
}
