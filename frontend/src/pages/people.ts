// The link that was just made: one press copies it, and the field selects itself.

import { byId, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";

const link = document.querySelector<HTMLInputElement>("#link");

if (link !== null && "clipboard" in navigator) {
  const copy = byId("copy", HTMLButtonElement);
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      setText(copy, t("people.link.copied"));
    } catch {
      // The browser may refuse; the field is there to copy from by hand.
      link.focus();
      link.select();
    }
  });
  link.addEventListener("focus", () => link.select());
}
