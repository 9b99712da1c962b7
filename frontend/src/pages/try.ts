// Tries a change on the twin: each run that is finished is shown at once, and stopping ends the computation itself.
// What was known last stays.

import { announce, byId, make, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { readLines } from "../lib/lines.ts";

/** Is a line of the answer: what is known after a run, or why nothing is. */
interface Tried {
  readonly done?: number;
  readonly of?: number;
  readonly far?: string;
  readonly html?: string;
  readonly problem?: string;
  /** Of a given table, each with its row and column. */
  readonly faults?: readonly string[];
  readonly wrong?: Readonly<Record<string, string>>;
}

const form = byId("try-form", HTMLFormElement);
const answer = byId("try-answer");
let trying: AbortController | null = null;

/** Marks the fields that cannot be understood; the others have their hints back. */
function mark(wrong: Readonly<Record<string, string>>): void {
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")) {
    const words = document.getElementById(`try-${field.name}-words`);
    const why = wrong[field.name];
    if (why === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
    if (words === null) continue;
    words.className = why === undefined ? "field__hint" : "field__wrong";
    setText(words, why ?? words.dataset["hint"] ?? "");
  }
  const first = form.querySelector<HTMLElement>("[aria-invalid]");
  const details = first?.closest("details");
  if (details) details.open = true;
  first?.focus();
}

function show(line: Tried): void {
  if (line.problem !== undefined) {
    mark(line.wrong ?? {});
    const notice = make("div", { class: "notice", "data-tone": "warn", role: "alert" }, make("p", {}, line.problem));
    if (line.faults !== undefined) {
      const list = make("ul", { class: "forecast__findings" });
      list.append(...line.faults.map((each) => make("li", {}, each)));
      notice.append(list);
    }
    answer.replaceChildren(notice);
    return;
  }
  const bar = byId("try-bar", HTMLProgressElement);
  bar.max = Math.max(line.of ?? 1, 1);
  bar.value = line.done ?? 0;
  setText(byId("try-far"), line.far ?? "");
  if (line.html === undefined || line.html === "") return;
  const part = new DOMParser().parseFromString(line.html, "text/html");
  answer.replaceChildren(...part.body.childNodes);
}

async function ask(): Promise<void> {
  trying?.abort();
  const mine = new AbortController();
  trying = mine;
  const [stop, bar] = [byId("try-stop"), byId("try-bar")];
  const setBusy = (isBusy: boolean): void => {
    setHidden(stop, !isBusy);
    setHidden(bar, !isBusy);
  };
  mark({});
  setBusy(true);
  setText(byId("try-far"), t("try.script.begins"));
  answer.replaceChildren();
  try {
    const told = await fetch(form.action, { method: "POST", body: new FormData(form), signal: mine.signal });
    await readLines<Tried>(told, (line) => {
      if (trying === mine) show(line);
    });
    if (trying === mine) setText(byId("try-far"), "");
  } catch {
    if (trying === mine) {
      const why = t(mine.signal.aborted ? "try.script.stopped" : "try.script.failed");
      setText(byId("try-far"), why);
      announce(why);
    }
  }
  if (trying !== mine) return;
  trying = null;
  setBusy(false);
  const said = document.getElementById("try-said");
  if (said !== null) announce(said.textContent ?? "");
}

/** Opens the fields of a forecast and roster where its callers are chosen. */
function showPlanned(): void {
  const chosen = form.querySelector<HTMLSelectElement>("[name=callers]");
  if (chosen?.value === "planned") byId("try-planned", HTMLDetailsElement).open = true;
}

form.addEventListener("change", showPlanned);
/** Whoever gives a table wants its calls. */
for (const name of ["calls", "roster"]) {
  for (const field of form.querySelectorAll<HTMLElement>(`[name=${name}], [name=${name}_file]`)) {
    field.addEventListener("change", () => {
      const chosen = form.querySelector<HTMLSelectElement>("[name=callers]");
      if (chosen !== null) chosen.value = "planned";
    });
  }
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask();
});
byId("try-stop").addEventListener("click", () => {
  trying?.abort();
  byId("try-ask").focus();
});
