// What does a person read when there is no microphone? A heading, a sentence, and the steps that mend it
// in the browser at hand; the same for callers and agents.

import { make } from "./dom.ts";
import { has, t } from "./i18n.ts";
import { browserFamily, type MicrophoneTrouble } from "./microphone.ts";

export interface TroubleWords {
  readonly heading: string;
  readonly words: string;
  readonly steps: readonly string[];
}

export function troubleWords(trouble: MicrophoneTrouble): TroubleWords {
  const base = `call.microphone.${trouble}`;
  // Only a refusal is mended differently in each browser.
  const mend = trouble === "refused" ? `${base}.${browserFamily(navigator.userAgent)}` : base;
  const steps: string[] = [];
  for (let step = 1; has(`${mend}.${step}`); step += 1) steps.push(t(`${mend}.${step}`));
  return { heading: t(`${base}.heading`), words: t(`${base}.words`), steps };
}

/** Writes the steps into a list. */
export function showSteps(list: Element, steps: readonly string[]): void {
  list.replaceChildren(...steps.map((step) => make("li", {}, step)));
}
