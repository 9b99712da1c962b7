// What supervisors wrote to her: shown beside the work and never over it, said once to those who hear the page, and gone
// with one key. It moves no button that she may be about to press.

import { announce, byId, make, setHidden } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { Memo } from "../lib/protocol.ts";
import { formatTime } from "../lib/time.ts";

/** Shows memos that were not read yet. */
export class Memos {
  #unread: readonly Memo[] = [];
  #told = 0;
  readonly #read: (memo: number) => void;

  constructor(read: (memo: number) => void) {
    this.#read = read;
  }

  hear(memos: readonly Memo[]): void {
    this.#unread = memos;
    for (const one of memos) {
      if (one.number > this.#told) announce(t("desk.memo.said", { name: one.by, words: one.words }));
    }
    this.#told = Math.max(this.#told, ...memos.map((one) => one.number));
    this.#paint();
  }

  /** Puts away what is shown. */
  read(): void {
    const last = this.#unread.at(-1);
    if (last === undefined) return;
    this.#unread = [];
    this.#read(last.number);
    this.#paint();
  }

  #paint(): void {
    byId("memo-list").replaceChildren(
      ...this.#unread.map(({ by, words, at }) => {
        const from = make("p", { class: "soft small" }, t("desk.memo.from", { name: by, time: formatTime(at) }));
        return make("li", {}, from, make("p", {}, words));
      }),
    );
    setHidden(byId("memos"), this.#unread.length === 0);
  }
}
