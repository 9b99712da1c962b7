// Writing to an agent, or to everybody on duty: a few words that are shown on the desk and kept nowhere.

import { byId, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { take, type Act } from "./acts.ts";
import type { Person } from "./picture.ts";

let to: Pick<Person, "key" | "name"> | null = null;

/** Opens the dialogue; null is everybody on duty. */
export function write(person: Pick<Person, "key" | "name"> | null): void {
  to = person;
  setText(byId("memo-heading"), person === null ? t("room.memo.all") : t("room.memo.to", { name: person.name }));
  byId("memo-words", HTMLTextAreaElement).value = "";
  setHidden(byId("memo-problem"), true);
  byId("memo-dialog", HTMLDialogElement).showModal();
  byId("memo-words").focus();
}

function sending(words: string): Act {
  const person = to;
  return {
    words: "",
    path: "/api/memos",
    body: { to: person?.key ?? null, words },
    done: (answer) =>
      person === null ? t("room.memo.done.all", { count: answer.reached ?? 0 }) : t("room.memo.done", { name: person.name }),
    undo: (answer) => ({
      words: "",
      path: `/api/memos/${answer.memo ?? 0}/withdrawal`,
      body: {},
      done: (undone) => t(undone.reached === 0 ? "room.memo.read_already" : "room.memo.undone"),
      undo: null,
    }),
  };
}

/** Makes the dialogue and the button to everybody work. */
export function offerMemos(): void {
  byId("memo-all").addEventListener("click", () => write(null));
  byId("memo-form", HTMLFormElement).addEventListener("submit", (event) => {
    if (event.submitter?.getAttribute("value") === "cancel") return;
    event.preventDefault();
    const words = byId("memo-words", HTMLTextAreaElement).value.trim();
    if (words !== "") void take(sending(words), byId("memo-send", HTMLButtonElement));
  });
}
