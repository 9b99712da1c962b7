// The forecast page works without scripts: the question is a form, the answer a page. With them the answer comes in
// its place with how far it is, a question can be stopped, and what was typed stays whatever happens.

import { announce, byId } from "../lib/dom.ts";
import { ask, prepareStop, sayStrange } from "../lib/asked.ts";
import { prepareTables } from "../lib/tables.ts";

const form = byId("forecast-form", HTMLFormElement);

function take(page: Document): void {
  const fresh = page.getElementById("forecast-answer");
  if (fresh === null) {
    sayStrange();
    return;
  }
  byId("forecast-answer").replaceWith(document.adoptNode(fresh));
  const lines = page.getElementById("forecast-lines");
  if (lines !== null) byId("forecast-lines").replaceWith(document.adoptNode(lines));
  prepareTables();
  const answer = byId("forecast-answer");
  answer.scrollIntoView({ block: "start" });
  announce(answer.querySelector(".reading__about, .notice")?.textContent ?? "");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void ask(form, new FormData(form)).then((page) => {
    if (page !== null) take(page);
  });
});
prepareStop();
prepareTables();
