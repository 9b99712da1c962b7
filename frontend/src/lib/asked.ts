// An answer that takes a while: how far it is, a way to stop it, and what is said when the server goes away in the
// middle. Stopping, or leaving the page, ends the computation itself.

import { announce, byId, setHidden, setText } from "./dom.ts";
import { t } from "./i18n.ts";
import { readLines } from "./lines.ts";

const SHOWN_AS_BUSY_AFTER_MS = 400;

/** Is a line of the answer: how far it is, and at the end the page. */
interface Told {
  readonly far?: string;
  readonly done?: number;
  readonly of?: number;
  readonly page?: string;
}

let asking: AbortController | null = null;

function showFar(line: Told): void {
  setText(byId("asked-far"), line.far ?? "");
  const bar = byId("asked-bar", HTMLProgressElement);
  if (line.of === undefined || line.of === 0) bar.removeAttribute("value");
  else {
    bar.max = line.of;
    bar.value = line.done ?? 0;
  }
}

function say(words: string): void {
  const place = byId("asked-lost");
  setText(place, words);
  setHidden(place, words === "");
}

/** Sends a form and shows how far its answer is; returns the page that came, or null where none did. */
export async function ask(form: HTMLFormElement, sent: FormData): Promise<Document | null> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  say("");
  const busy = window.setTimeout(() => setHidden(byId("asked-busy"), false), SHOWN_AS_BUSY_AFTER_MS);
  let found: Document | null = null;
  try {
    const headers = { Accept: "application/x-ndjson" };
    const answer = await fetch(form.action, { method: "POST", body: sent, headers, signal: mine.signal });
    let page: string | undefined;
    if (answer.headers.get("Content-Type")?.startsWith("application/x-ndjson") === true) {
      await readLines<Told>(answer, (line) => {
        if (line.page !== undefined) page = line.page;
        else if (asking === mine) showFar(line);
      });
      // The lines ended before the page: whoever wrote them is gone.
      if (page === undefined) throw new Error("ended in the middle");
    } else page = await answer.text();
    if (asking === mine) found = new DOMParser().parseFromString(page, "text/html");
  } catch {
    // A newer question that took its place speaks for itself.
    if (asking === mine) {
      if (mine.signal.aborted) announce(t("far.script.stopped"));
      else say(t("far.script.lost"));
    }
  } finally {
    window.clearTimeout(busy);
    if (asking === mine) {
      asking = null;
      setHidden(byId("asked-busy"), true);
      setText(byId("asked-far"), "");
      byId("asked-bar").removeAttribute("value");
    }
  }
  return found;
}

/** Says that what came is no page that can be shown, as where somebody was signed out meanwhile. */
export function sayStrange(): void {
  say(t("far.script.strange"));
}

/** Makes the button that stops do so. */
export function prepareStop(): void {
  byId("asked-stop").addEventListener("click", () => asking?.abort());
}
