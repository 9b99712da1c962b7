// How does a supervisor answer a hand? He says that he comes, she sees it, and the others see that it is taken; until
// he takes it back, when the hand is up again for everybody.

import { t } from "../lib/i18n.ts";
import type { Help } from "../lib/protocol.ts";
import type { Act } from "./acts.ts";
import type { Person } from "./picture.ts";

/** Makes the act of coming to somebody, or of not coming after all. */
export function come(person: Person, isComing: boolean): Act {
  return {
    words: t(isComing ? "room.help.come" : "room.help.not_after_all"),
    path: `/api/agents/${encodeURIComponent(person.key)}/help`,
    body: { coming: isComing },
    done: () => t(isComing ? "room.help.done" : "room.help.undone", { name: person.name }),
    undo: () => ({ ...come(person, !isComing), undo: null }),
  };
}

/** Says how it stands with a hand. */
export function comesWords(help: Help): string {
  return help.by === null ? t("room.help.up") : t("room.help.comes", { name: help.by });
}
