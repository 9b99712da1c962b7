// What every page does: the menus at its upper edge close by themselves, and the appearance changes without
// loading the page anew (on the desk or in a call that would interrupt somebody).

import { find, setAttribute } from "../lib/dom.ts";

const menus = document.querySelectorAll<HTMLDetailsElement>("details[data-menu]");

document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (menu.open && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    find(menu, "summary").focus();
  }
});

function wearTheme(theme: string): void {
  setAttribute(document.documentElement, "data-theme", theme === "auto" ? null : theme);
  const meta = document.querySelector('meta[name="color-scheme"]');
  if (meta !== null) setAttribute(meta, "content", theme === "auto" ? "light dark" : theme);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    if (!(event.submitter instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const theme = event.submitter.value;
    wearTheme(theme);
    for (const button of form.querySelectorAll<HTMLButtonElement>("button[name=theme]")) {
      setAttribute(button, "aria-pressed", button.value === theme ? "true" : "false");
    }
    const menu = form.closest("details");
    if (menu !== null) menu.open = false;
    // Only the memory of the choice is lost when the server is away; the page is worn as asked.
    void fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ theme }),
    }).catch(() => undefined);
  });
}
