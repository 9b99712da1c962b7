// Acting on people, lines and the surge: one dialogue that says what will happen and whether it can be undone, and a
// note afterwards that undoes it. Nothing is shown as done before the centre has said so.

import { announce, byId, make, setHidden, setText } from "../lib/dom.ts";
import { has, t } from "../lib/i18n.ts";

export interface Act {
  readonly words: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly isDanger?: boolean;
  /** What to say when it is done; `when` of the answer is put in. */
  readonly done: (answer: Answer) => string;
  readonly undo: ((answer: Answer) => Act | null) | null;
}

export interface Answer {
  readonly when?: "now" | "after_call";
  /** Of a message: its number, and how many it has reached. */
  readonly memo?: number;
  readonly reached?: number;
}

export interface Question {
  readonly heading: string;
  readonly words: string;
  readonly why: string;
  readonly acts: readonly Act[];
  /** A dialogue of its own that this one leads to. */
  readonly more?: { readonly words: string; readonly open: () => void } | null;
}

const DONE_MS = 15_000;
let timer = 0;

/** Opens the dialogue with its choices. */
export function ask(question: Question): void {
  const dialog = byId("act", HTMLDialogElement);
  tell(question);
  setHidden(byId("act-problem"), true);
  byId("act-choices").replaceChildren(
    ...question.acts.map((act) => {
      const button = make(
        "button",
        { type: "button", class: act.isDanger ? "button button--danger" : "button" },
        act.words,
      );
      button.addEventListener("click", () => void take(act, button));
      return button;
    }),
  );
  const { more } = question;
  if (more != null) {
    const button = make("button", { type: "button", class: "button" }, more.words);
    button.addEventListener("click", () => {
      dialog.close();
      more.open();
    });
    byId("act-choices").append(button);
  }
  dialog.showModal();
  byId("act-heading").focus();
}

/** Says anew what the dialogue is about, when that changed meanwhile. */
export function tell(question: Question): void {
  setText(byId("act-heading"), question.heading);
  setText(byId("act-words"), question.words);
  setText(byId("act-why"), question.why);
}

/** Does one act, with its note and its undo afterwards. */
export async function take(act: Act, button: HTMLButtonElement | null): Promise<void> {
  button?.setAttribute("aria-busy", "true");
  const { answer, problem } = await send(act);
  button?.removeAttribute("aria-busy");
  if (problem !== null) {
    const place = document.querySelector<HTMLElement>("dialog[open] [data-problem]");
    if (place !== null) {
      setText(place, problem);
      setHidden(place, false);
    } else {
      note(problem, null);
    }
    return;
  }
  document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
  note(act.done(answer), act.undo?.(answer) ?? null);
}

async function send(act: Act): Promise<{ answer: Answer; problem: string | null }> {
  try {
    const response = await fetch(act.path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(act.body),
    });
    const told = (await response.json()) as Answer & { error?: { code: string } };
    if (response.ok) return { answer: told, problem: null };
    const id = `room.refused.${told.error?.code ?? "other"}`;
    return { answer: {}, problem: t(has(id) ? id : "room.refused.other") };
  } catch {
    return { answer: {}, problem: t("room.refused.away") };
  }
}

/** Says what was done, with the way back. */
export function note(words: string, undo: Act | null): void {
  setText(byId("done-words"), words);
  const button = byId("undo");
  setHidden(button, undo === null);
  button.onclick = undo === null ? null : () => void take(undo, null);
  setHidden(byId("done"), false);
  announce(words);
  clearTimeout(timer);
  timer = window.setTimeout(() => setHidden(byId("done"), true), DONE_MS);
}
