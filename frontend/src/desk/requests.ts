// What has she asked for that the centre has not answered yet? Each thing is asked once until then; a refusal is said in
// words, unless what was wanted holds already.

import { has, t } from "../lib/i18n.ts";
import type { AgentView, Saying } from "../lib/protocol.ts";
import { toast } from "./screen.ts";
import { isWorthTelling } from "./words.ts";

export class Requests {
  readonly #pending = new Set<string>();
  readonly #send: (saying: { t: string; what: string }) => void;
  readonly #changed: () => void;

  constructor(send: (saying: { t: string; what: string }) => void, changed: () => void) {
    this.#send = send;
    this.#changed = changed;
  }

  get pending(): ReadonlySet<string> {
    return this.#pending;
  }

  /** Asks, unless the same was asked and is not answered yet. */
  ask(what: string, more: Readonly<Record<string, unknown>> = {}): void {
    if (!this.#pending.has(what)) this.say(what, more);
  }

  say(what: string, more: Readonly<Record<string, unknown>>): void {
    this.#pending.add(what);
    this.#send({ t: "do", what, ...more });
    this.#changed();
  }

  /** Takes the centre's answer; `view` is how she is now. */
  answered(said: Saying, refusal: string | null, view: AgentView | null): void {
    const what = String(said["what"] ?? said.t);
    this.#pending.delete(what);
    if (refusal !== null && isWorthTelling(what, view)) {
      const id = `desk.refused.${refusal}`;
      toast(has(id) ? t(id) : t("desk.refused.other", { reason: t(`reason.${refusal}`) }));
    }
    this.#changed();
  }
}
