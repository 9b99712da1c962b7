// What does somebody hear who does not see the desktop, and where does the focus go? A screen reader is told of
// offers, of her own state and of what her caller hears; of nothing that counts, and of nothing twice. The focus goes
// to the next act, but never away from a note that is being written.

import { announce, byId, spokenText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { AgentView } from "../lib/protocol.ts";
import { whyWords } from "./screen.ts";

/** Guides through one session at the desk. */
export class Guide {
  #call: number | null = null;
  #toldOfCall = "";

  /** Tells a new state. */
  entered(view: AgentView): void {
    if (view.offer) {
      announce(t("desk.alert.offer_words", { line: view.offer.line, queue: view.offer.queue }));
      lead("answer");
      return;
    }
    announce(`${t(`desk.state.${view.state}`)}. ${whyWords(view)}`);
    // The button that had the focus may be gone; the keys must not end in nothing.
    lead("main");
  }

  /** Tells what changed for her caller; how a call begins is told with her state. */
  call(id: number, words: string): void {
    if (id === this.#call && words !== this.#toldOfCall) announce(words);
    this.#call = id;
    this.#toldOfCall = words;
  }

  /** Tells that there is no microphone, and leads to the button that tries again. */
  microphone(): void {
    tell("mic-heading", "mic-words");
    lead("mic-again");
  }

  /** Tells why no work goes on in this page. */
  end(): void {
    tell("end-heading", "end-words");
  }
}

function tell(...ids: readonly string[]): void {
  announce(spokenText(...ids.map((id) => byId(id))));
}

function lead(id: string): void {
  if (document.activeElement instanceof HTMLTextAreaElement) return;
  // The page itself is where it was; a button must be in sight.
  byId(id).focus({ preventScroll: id === "main" });
}
