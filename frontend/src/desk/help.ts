// How does she get help with a call? A silent hand: one key raises it, the supervisors' room shows it, and here she
// sees who comes. Her caller hears nothing of it. It goes down by her word, or with the work on that call.

import { announce, byId, setAttribute, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { AgentView } from "../lib/protocol.ts";

/** Shows her hand, and says it when somebody comes. */
export class HelpHand {
  #told = "";

  paint(view: AgentView): void {
    const { help } = view;
    const words = help === null ? t("desk.help.words") : t(...comingWords(help.by));
    setText(byId("help-words"), words);
    setText(byId("help-act"), t(help === null ? "desk.help.ask" : "desk.help.down"));
    setAttribute(byId("help"), "aria-pressed", String(help !== null));
    setAttribute(byId("help-box"), "data-tone", help === null ? null : help.by === null ? "warn" : "good");
    const told = help === null ? "" : words;
    if (told !== "" && told !== this.#told) announce(told);
    this.#told = told;
  }
}

function comingWords(by: string | null): [string, Record<string, string>?] {
  return by === null ? ["desk.help.up"] : ["desk.help.coming", { name: by }];
}
