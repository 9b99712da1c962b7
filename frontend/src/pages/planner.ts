// The planner's page works without scripts: each question is a form, each answer a page. With them a number that is
// changed is answered in its place, a question that is no longer wanted can be stopped, and tables can be copied.

import { announce, byId, make, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { ask, prepareStop, sayStrange } from "../lib/asked.ts";
import { readLines } from "../lib/lines.ts";
import { prepareTables } from "../lib/tables.ts";

/** These change only when they were left, and then mean something else at once. */
const CARRIED = ["planner-calls", "planner-roster", "planner-was", "planner-took"] as const;

const form = byId("planner-form", HTMLFormElement);

/** Puts the answer of another page into this one; what has the focus keeps it. */
function take(page: Document): void {
  const isAnswered = page.getElementById("planner-said") !== null;
  const focused = document.activeElement;
  const show = focused instanceof HTMLButtonElement && focused.name === "show" ? focused.value : null;
  for (const selector of ["#planner-answer", ".reading__top"]) {
    const fresh = page.querySelector(selector);
    if (fresh !== null) document.querySelector(selector)?.replaceWith(document.adoptNode(fresh));
  }
  for (const id of CARRIED) {
    const fresh = page.getElementById(id);
    if (fresh instanceof HTMLTextAreaElement) byId(id, HTMLTextAreaElement).value = fresh.value;
  }
  takeFields(page);
  const shown = page.getElementById("planner-show");
  if (shown instanceof HTMLInputElement) byId("planner-show", HTMLInputElement).value = shown.value;
  if (isAnswered) {
    // What was in the files stands in the fields now.
    for (const file of form.querySelectorAll<HTMLInputElement>("input[type=file]")) file.value = "";
    for (const details of form.querySelectorAll<HTMLDetailsElement>("details")) details.open = false;
  }
  prepare();
  if (show !== null) document.querySelector<HTMLElement>(`[name=show][value="${show}"]`)?.focus();
  const said = document.getElementById("planner-changed") ?? document.getElementById("planner-said");
  if (said !== null) announce(said.textContent ?? "");
}

/** Takes over what is wrong with a field; what is typed in it stays as it is. */
function takeFields(page: Document): void {
  for (const field of form.querySelectorAll<HTMLInputElement>(".planner__field input")) {
    const fresh = page.getElementById(field.id);
    if (!(fresh instanceof HTMLInputElement)) continue;
    for (const name of ["aria-invalid", "aria-describedby"]) {
      const value = fresh.getAttribute(name);
      if (value === null) field.removeAttribute(name);
      else field.setAttribute(name, value);
    }
    const words = (input: Element): Element | null => input.parentElement?.querySelector("p") ?? null;
    const old = words(field);
    const now = words(fresh);
    if (now !== null && old !== null) old.replaceWith(document.adoptNode(now));
    else if (now !== null) field.after(document.adoptNode(now));
    else old?.remove();
  }
}

async function askPlan(submitter: HTMLElement | null): Promise<void> {
  const sent = new FormData(form);
  if (submitter instanceof HTMLButtonElement && submitter.name !== "") sent.set(submitter.name, submitter.value);
  const page = await ask(form, sent);
  if (page === null) return;
  if (page.getElementById("planner-answer") === null) sayStrange();
  else take(page);
}

let living: AbortController | null = null;

/** Is a line of the twin's answer: what is known after a run, or why nothing is. */
interface Lived {
  readonly done?: number;
  readonly of?: number;
  readonly html?: string;
  readonly problem?: string;
}

function showLived(line: Lived): void {
  if (line.problem !== undefined) {
    const words = make("p", { role: "alert" }, line.problem);
    byId("planner-twin-answer").replaceChildren(words);
    return;
  }
  const bar = byId("planner-twin-bar", HTMLProgressElement);
  bar.max = line.of ?? 1;
  bar.value = line.done ?? 0;
  setText(byId("planner-twin-far"), t("planner.script.lived", { done: line.done ?? 0, of: line.of ?? 0 }));
  const part = new DOMParser().parseFromString(line.html ?? "", "text/html");
  byId("planner-twin-answer").replaceChildren(...part.body.childNodes);
}

/** Lets the twin live the plan, and shows what is known after each run; stopping keeps what was known last. */
async function live(): Promise<void> {
  living?.abort();
  const mine = new AbortController();
  living = mine;
  const [askIt, stop, bar] = [byId("planner-twin-ask"), byId("planner-twin-stop"), byId("planner-twin-bar")];
  const setBusy = (isBusy: boolean): void => {
    setHidden(askIt, isBusy);
    setHidden(stop, !isBusy);
    setHidden(bar, !isBusy);
    (isBusy ? stop : askIt).focus();
  };
  setBusy(true);
  setText(byId("planner-twin-far"), "");
  try {
    const answer = await fetch("/planner/twin", { method: "POST", body: new FormData(form), signal: mine.signal });
    await readLines<Lived>(answer, (line) => {
      if (living === mine) showLived(line);
    });
  } catch {
    if (living === mine && !mine.signal.aborted) announce(t("far.script.lost"));
  }
  // Another answer may stand here by now.
  if (living !== mine || !askIt.isConnected) return;
  living = null;
  setBusy(false);
  const said = document.getElementById("planner-twin-said");
  if (said !== null) announce(said.textContent ?? "");
}

/** Makes the buttons of an answer do something. */
function prepare(): void {
  living?.abort();
  living = null;
  const twin = document.getElementById("planner-twin");
  if (twin !== null) {
    setHidden(twin, false);
    byId("planner-twin-ask").onclick = () => void live();
    byId("planner-twin-stop").onclick = () => living?.abort();
  }
  prepareTables();
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-file") === true) return;
  event.preventDefault();
  void askPlan(event.submitter);
});
form.addEventListener("change", (event) => {
  const field = event.target;
  const isTurned = field instanceof HTMLElement && field.closest(".planner__turn") !== null;
  // Before the first answer there is more to fill in.
  if (isTurned && document.getElementById("planner-said") !== null) form.requestSubmit();
});
prepareStop();
prepare();
