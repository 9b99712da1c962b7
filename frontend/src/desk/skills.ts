// A supervisor changed what she can take: it stands beside her queues as long as it holds, and is said aloud once.

import { announce, byId, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { AgentView } from "../lib/protocol.ts";
import { formatTime } from "../lib/time.ts";

export class ChangedSkills {
  /** What was said last; null before the first view, which is read as the page itself. */
  #told: string | null = null;
  readonly #tell: (words: string) => void;

  constructor(tell: (words: string) => void) {
    this.#tell = tell;
  }

  follow(view: AgentView): void {
    const { skills_changed: changed } = view;
    const queues = view.queues.map((queue) => queue.key).join(" ");
    const state = `${changed?.by ?? ""}/${changed?.since ?? 0}/${queues}`;
    const words =
      changed === null ? "" : t("desk.skills.changed", { name: changed.by, time: formatTime(changed.since) });
    setText(byId("skills-changed"), words);
    setHidden(byId("skills-changed"), changed === null);
    if (this.#told !== null && this.#told !== state) {
      const said = words || t("desk.skills.as_before");
      this.#tell(said);
      announce(said);
    }
    this.#told = state;
  }
}
