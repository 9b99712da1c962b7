// Small courtesies of the sign-in page: it says when caps lock is on, and a second click sends nothing twice.

import { byId, find, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";

const form = byId("sign-in", HTMLFormElement);
const password = byId("password", HTMLInputElement);
const hint = byId("caps-lock");
const button = find<HTMLButtonElement>(form, "button[type=submit]");
const words = button.textContent ?? "";

for (const kind of ["keydown", "keyup"] as const) {
  password.addEventListener(kind, (event) => {
    setText(hint, event.getModifierState?.("CapsLock") ? t("sign_in.caps_lock") : "");
  });
}

form.addEventListener("submit", () => {
  button.disabled = true;
  setText(button, t("sign_in.busy"));
});

// The browser may show this page again from its memory, after "back".
window.addEventListener("pageshow", () => {
  button.disabled = false;
  setText(button, words);
});
