// Tables go to a spreadsheet and paper: a button copies what stands in a field, another prints the page.

import { announce, byId, setHidden } from "./dom.ts";
import { t } from "./i18n.ts";

async function copy(text: HTMLTextAreaElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    // Without HTTPS a page may only copy what is selected.
    const details = text.closest("details");
    if (details !== null) details.open = true;
    text.select();
    document.execCommand("copy");
  }
  announce(t("far.script.copied"));
}

/** Makes the buttons of an answer that copy and print do so; without scripts they are hidden. */
export function prepareTables(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
    setHidden(button, false);
    button.onclick = () => window.print();
  }
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    setHidden(button, false);
    button.onclick = () => void copy(byId(button.dataset["copy"] ?? "", HTMLTextAreaElement));
  }
}
