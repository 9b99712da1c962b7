// The pages of the record work without scripts. With them a filter takes effect as it is chosen, views can be kept in
// this browser (names and filters, never calls), and the story leads back to the list as it was.

import { byId, make, setHidden } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";

const KEPT = "openline-views";

interface View {
  readonly name: string;
  readonly query: string;
}

function submitOnChoice(form: HTMLFormElement): void {
  form.addEventListener("change", (event) => {
    // A date is typed in parts, and is whole only when the field is left.
    if (event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
  // What was not chosen need not stand in the address.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}

function isView(value: unknown): value is View {
  const view = value as Partial<View> | null;
  return typeof view?.name === "string" && typeof view.query === "string";
}

function keptViews(): View[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(found) ? found.filter(isView) : [];
  } catch {
    return [];
  }
}

function keepViews(views: readonly View[]): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(views));
  } catch {
    // Not kept: then there are none the next time.
  }
}

/** Gives the filters of this page; the days are left out, so that a view is of today whenever it is opened. */
function filtersHere(): string {
  const query = new URLSearchParams(location.search);
  for (const name of ["from", "to", "page"]) query.delete(name);
  return query.toString();
}

function showViews(): void {
  const views = keptViews();
  setHidden(byId("views-none"), views.length > 0);
  byId("views-list").replaceChildren(
    ...views.map(({ name, query }) => {
      const words = t("calls.views.drop", { name });
      const drop = make("button", { type: "button", class: "button", "aria-label": words, title: words }, "×");
      drop.addEventListener("click", () => {
        keepViews(keptViews().filter((other) => other.name !== name));
        showViews();
      });
      return make("li", {}, make("a", { href: `/calls?${query}` }, name), drop);
    }),
  );
}

function offerViews(): void {
  setHidden(byId("views"), false);
  showViews();
  byId("views-keep", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const input = byId("views-name", HTMLInputElement);
    const name = input.value.trim();
    if (name === "") return;
    keepViews([...keptViews().filter((view) => view.name !== name), { name, query: filtersHere() }]);
    input.value = "";
    showViews();
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("[data-filters]")) submitOnChoice(form);
if (document.getElementById("views")) offerViews();
for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  setHidden(button, false);
  button.addEventListener("click", () => window.print());
}
for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (!document.referrer.startsWith(`${location.origin}/calls`)) return;
    event.preventDefault();
    history.back();
  });
}
