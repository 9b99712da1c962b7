// What does the agent write down? One required answer and an optional note, about one call. What she typed
// stays in the page, and nowhere else, until the centre has it; a new call begins with an empty form.

import { byId, make, reconcile, setHidden, setText } from "../lib/dom.ts";
import type { Choice } from "../lib/protocol.ts";

/** Is the form for the call that goes on, or that has just ended. */
export class WorkForm {
  #call: number | null = null;
  #form = byId("work", HTMLFormElement);
  #note = byId("note", HTMLTextAreaElement);
  #missing = byId("disposition-missing");

  constructor() {
    this.#form.addEventListener("change", () => setHidden(this.#missing, true));
    this.#note.addEventListener("keydown", (event) => {
      // Leaves the field, so that the letters work as keys again.
      if (event.key === "Escape") this.#note.blur();
    });
  }

  get note(): string {
    return this.#note.value;
  }

  get hasWords(): boolean {
    return this.#note.value.trim() !== "";
  }

  /** Shows the form for this call with these answers to choose from. */
  show(call: number | null, dispositions: readonly Choice[]): void {
    reconcile(
      byId("dispositions"),
      dispositions,
      (choice) => choice.key,
      (choice) =>
        make(
          "label",
          { class: "choice" },
          make("input", { type: "radio", name: "disposition", value: choice.key, required: true }),
          make("span"),
        ),
      (label, choice) => setText(label.lastElementChild ?? label, choice.name),
    );
    if (call === null || call === this.#call) return;
    this.#call = call;
    this.#form.reset();
    setHidden(this.#missing, true);
  }

  /** Gives the answer chosen; without one it says so, goes there, and gives null. */
  disposition(): string | null {
    const chosen = this.#form.querySelector<HTMLInputElement>("input[name=disposition]:checked");
    if (chosen) return chosen.value;
    setHidden(this.#missing, false);
    this.#form.querySelector<HTMLInputElement>("input[name=disposition]")?.focus();
    return null;
  }
}
