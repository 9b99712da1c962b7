// The pages of the record work without scripts. With them a filter takes effect as it is chosen, views can be kept in
// this browser (names and filters, never calls), and the story leads back to the list as it was.

import { byId, make, setHidden } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { offerRecording } from "../lib/recording.ts";

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
  for (const name of ["from", "to", "older", "newer"]) query.delete(name);
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

/** Makes what stands on the page work; again when an answer has taken the place of the wait for it. */
function begin(): void {
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
  for (const box of document.querySelectorAll<HTMLElement>("[data-recording]")) offerRecording(box);
  if (document.querySelector("[data-still]")) void askAgain();
}

const BETWEEN_MS = 500;
const LOST_MS = 5000;

function later(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Asks for this page until it has its answer, and puts that in its place; nobody has to load it again. */
async function askAgain(): Promise<void> {
  for (;;) {
    await later(BETWEEN_MS);
    const page = await fetchedPage();
    const [here, there] = [document.querySelector("[data-still]"), page?.querySelector("[data-still]")];
    if (here === null) return;
    const lost = here.querySelector<HTMLElement>("[data-still-lost]");
    if (lost) setHidden(lost, page !== null);
    if (page === null) {
      await later(LOST_MS);
    } else if (there) {
      showProgress(here, there);
    } else {
      showAnswer(page);
      return;
    }
  }
}

/** Gives this page as the centre would show it now; null where it does not answer. */
async function fetchedPage(): Promise<Document | null> {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Signed out meanwhile, or a gateway that speaks for a centre that is away: then the person is asked, or waits.
    if (page.querySelector(".reading")) return page;
    if (answer.redirected) location.assign(answer.url);
    return null;
  } catch {
    return null;
  }
}

function showProgress(here: Element, there: Element): void {
  const words = there.querySelector("[data-still-words]")?.textContent ?? "";
  const shown = here.querySelector("[data-still-words]");
  // The same words are not said twice to those who hear them.
  if (shown && shown.textContent !== words) shown.textContent = words;
  const bar = there.querySelector("progress");
  for (const name of ["max", "value"]) {
    const value = bar?.getAttribute(name);
    if (value != null) here.querySelector("progress")?.setAttribute(name, value);
  }
  const [token, newer] = [here, there].map((each) => each.querySelector<HTMLInputElement>("[name=question]"));
  if (token && newer) token.value = newer.value;
}

function showAnswer(page: Document): void {
  const [here, there] = [document.querySelector(".reading"), page.querySelector(".reading")];
  if (!here || !there) return;
  here.replaceWith(document.adoptNode(there));
  begin();
  const heading = there.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

begin();
