// Puts a whole view of the centre, and what the page itself knows beside it, on the screen. Remembers nothing.

import { byId, setHidden, setText } from "../lib/dom.ts";
import { has, t } from "../lib/i18n.ts";
import type { AgentView } from "../lib/protocol.ts";
import type { LinkState } from "../lib/socket.ts";
import type { CentreClock } from "../lib/time.ts";
import { runRing } from "./ring.ts";
import * as screen from "./screen.ts";
import type { Sound } from "./words.ts";

/** What the page knows and the centre does not. */
export interface Known {
  readonly sound: Sound;
  readonly captions: readonly string[];
  /** Does she answer at a telephone of her own? */
  readonly hasTelephone: boolean;
  /** Is this page her telephone, as far as Asterisk is concerned? */
  readonly isTelephone: boolean;
  /** Does she take a call there by pressing a key? */
  readonly presses: boolean;
  readonly practisesOnly: boolean;
  readonly isMuted: boolean;
  readonly quality: Parameters<typeof screen.paintCall>[1]["quality"];
  readonly isEndArmed: boolean;
  /** Does the sound of a miss call her? */
  readonly hasMissed: boolean;
  readonly pending: ReadonlySet<string>;
  readonly clock: CentreClock;
}

/** Paints everything but what changes by the second. */
export function paintView(view: AgentView, known: Known): void {
  const { hasTelephone, practisesOnly, pending } = known;
  screen.paintState(view, practisesOnly);
  screen.paintQueues(view.queues);
  screen.paintDay(view.day);
  screen.paintPaused(view);
  screen.paintOffer(view);
  screen.paintCallback(view.call);
  screen.paintKeys(view.call);
  screen.paintWrapUp(view);
  screen.paintBreak(view);
  screen.paintCaptions(known.captions);
  const { isMuted, quality, isEndArmed } = known;
  screen.paintCall(view, { ...known.sound, isMuted, quality, isEndArmed });
  if (!view.call && !view.offer && !view.wrap_up) screen.paintPractice(null);
  setHidden(byId("quiet-alert"), !known.hasMissed);
  const isUnheard = known.sound.isMicrophoneLost && !hasTelephone && !practisesOnly;
  setText(byId("waiting-words"), t(`desk.waiting.${isUnheard ? "microphone" : practisesOnly ? "practice" : "words"}`));
  setHidden(byId("answer"), hasTelephone);
  setHidden(byId("pick-up"), !hasTelephone || known.presses);
  setHidden(byId("pick-up-and-press"), !known.presses);
  setHidden(byId("mute"), hasTelephone);
  setHidden(byId("telephone-lost"), !(hasTelephone && view.unreachable));
  // A typed call hears nothing, and an invented caller neither.
  const isSpoken = view.call?.origin === "real" && view.call.medium === "voice";
  setHidden(byId("tones-part"), !known.isTelephone || !isSpoken);
  setHidden(byId("trial-part"), !known.isTelephone);
  setHidden(byId("phone-lost"), !(known.isTelephone && view.unreachable));
  if (!pending.has("practice")) byId("practice", HTMLInputElement).checked = view.practice;
  runRing(byId("offer-ring", SVGElement), view.offer, known.clock);
  screen.paintPending(pending);
}

/** Says why nothing more comes to this page, where that is so. */
export function paintEnd(link: LinkState, view: AgentView | null): void {
  if (link.kind === "elsewhere") {
    screen.paintEnd("elsewhere", t("desk.elsewhere.words"));
  } else if (link.kind === "refused") {
    const words = `desk.not_let_in.${link.code}`;
    screen.paintEnd("refused", has(words) ? t(words) : link.message);
  } else if (view?.state === "signed_out") {
    const words = view.reason === "absent" ? "absent" : "words";
    screen.paintEnd("signed_out", t(`desk.signed_out.${words}`));
  }
}
