// How does a call run on the caller's page? From the press on *Talk* to its end: microphone, connection,
// the centre's orders, and what of it is shown.
//
// The token of the call lives in this tab's sessionStorage while the call does (see ticket.ts): loading the
// page anew goes on with the same call. Leaving by the quick exit takes it away.

import { announce } from "../lib/dom.ts";
import { language, t } from "../lib/i18n.ts";
import { Microphone, MicrophoneError, type MicrophoneChange } from "../lib/microphone.ts";
import { Player } from "../lib/player.ts";
import { Writing } from "../lib/writing.ts";
import type { CallView, Medium, Saying, ToCaller } from "../lib/protocol.ts";
import { CentreSocket, pageSurroundings, type LinkState } from "../lib/socket.ts";
import { Conversation } from "../lib/sound_session.ts";
import { CentreClock, formatElapsed } from "../lib/time.ts";
import {
  endWords,
  paint,
  paintBlocked,
  paintMute,
  paintNotice,
  paintQuiet,
  paintSwitch,
  paintTimer,
  type Screen,
} from "./screen.ts";
import { Reading } from "./reading.ts";
import { Ticket } from "./ticket.ts";

/** How long the centre keeps a call whose page is away; the words change after it. */
const KEPT_MS = 15_000;
const SHORT_MS = 1000;

/** Is the call of this page, if there is one. */
export class CallerCall {
  #line: string;
  #path: string;
  #ticket = new Ticket();
  #clock = new CentreClock();
  #microphone: Microphone;
  #player: Player;
  #conversation: Conversation;
  #socket: CentreSocket<ToCaller> | null = null;
  #view: CallView | null = null;
  #question: number | string | null = null;
  #screen: Screen = { kind: "start" };
  #isMicrophoneLost = false;
  #medium: Medium = "voice";
  /** Is the caller on the way from typing to speaking? Then the microphone is wanted before the centre knows. */
  #isChanging = false;
  #reading = new Reading(
    () => isAsked(this.#view),
    (playback) => this.#socket?.say({ t: "played", playback }),
  );
  #writing = new Writing({
    say: (saying) => this.#socket?.say(saying),
    mention: (saying) => this.#socket?.mention(saying) ?? false,
    nameOf: (line) => t(line.own ? "writing.you" : `writing.by.${line.by}`),
  });

  constructor(line: string, path: string, remote: HTMLAudioElement) {
    this.#line = line;
    this.#path = path;
    this.#microphone = new Microphone((change) => this.#microphoneChanged(change));
    this.#player = new Player({
      heard: (playback) => this.#socket?.say({ t: "played", playback }),
      blocked: paintBlocked,
    });
    this.#conversation = new Conversation({
      player: this.#player,
      remote,
      hearsHoldMusic: true,
      microphone: () => this.#microphone.track,
      say: (saying) => this.#socket?.say(saying),
      mention: (saying) => this.#socket?.mention(saying) ?? false,
      changed: () => this.#refresh(),
    });
  }

  /** Goes on with the call of this tab, if there is one. */
  resume(): void {
    if (this.#ticket.token === null) this.#show({ kind: "start" });
    else this.goOn();
  }

  /** Goes on with the call whose token this tab holds, as it was: by voice or by typing. */
  goOn(): void {
    if (this.#ticket.isTyped) this.type();
    else void this.talk();
  }

  /** Begins a call by voice, or goes on with the one whose token this tab holds. */
  async talk(): Promise<void> {
    if (this.#socket) return;
    this.#show({ kind: "asking" });
    try {
      await this.#microphone.open();
    } catch (error) {
      const trouble = error instanceof MicrophoneError ? error.trouble : "unknown";
      this.#show({ kind: "microphone", trouble });
      return;
    }
    if (!this.#socket) this.#begin("voice");
  }

  /** Begins a call by typing, or goes on with one; nobody is asked for a microphone. */
  type(): void {
    if (!this.#socket) this.#begin("typed");
  }

  #begin(medium: Medium): void {
    this.#medium = medium;
    this.#ticket.isTyped = medium === "typed";
    if (this.#ticket.token === null) this.#writing.forget();
    this.#show({ kind: "connecting" });
    this.#view = null;
    this.#socket = new CentreSocket<ToCaller>(pageSurroundings(this.#path), {
      hello: () => ({
        t: "hello",
        line: this.#line,
        language,
        token: this.#ticket.token,
        redial: this.#ticket.redial,
        session: this.#conversation.connected,
        playback: this.#player.playback,
        medium,
      }),
      message: (message) => this.#hear(message),
      state: (state) => this.#linkChanged(state),
      answered: (said, refusal) => this.#answered(said, refusal),
    });
    this.#socket.start();
  }

  /** Goes on by speaking; asks for the microphone only now. */
  async toVoice(): Promise<void> {
    if (!this.#socket || this.#isChanging) return;
    this.#isChanging = true;
    try {
      await this.#microphone.open();
    } catch {
      this.#isChanging = false;
      paintSwitch(t("call.medium.no_microphone"));
      return;
    }
    this.#socket.say({ t: "medium", medium: "voice" });
  }

  /** Goes on by typing; the microphone is let go when the centre knows. */
  toTyped(): void {
    this.#socket?.say({ t: "medium", medium: "typed" });
  }

  /** Takes what was written off the page. */
  clearWriting(): void {
    this.#writing.forget();
    this.#show(this.#screen);
  }

  #answered(said: Saying, refusal: string | null): void {
    this.#writing.answered(said, refusal);
    if (said.t !== "medium") return;
    this.#isChanging = false;
    paintSwitch(refusal === null ? null : t("call.medium.refused"));
    if (refusal !== null) this.#microphone.close();
  }

  /** Answers the question that is asked, if one is: a key of the pad. */
  press(key: string): void {
    if (this.#view?.state === "talking") {
      // Not said again after a gap: pressed twice it would mean something else.
      if (this.#socket?.mention({ t: "key", digit: key })) announce(t("call.keypad.pressed", { key }));
      return;
    }
    if (this.#question === null || !isAsked(this.#view)) return;
    this.#socket?.say({ t: "digit", playback: this.#question, digit: key });
    announce(t("call.keypad.pressed", { key }));
  }

  hangUp(): void {
    if (!this.#socket) return;
    this.#socket.say({ t: "bye" });
    this.#finish("caller_hung_up");
  }

  /** Leaves at once and leaves nothing behind in this tab; the page is gone after it. */
  vanish(): void {
    this.#socket?.say({ t: "bye" });
    this.#socket?.stop();
    this.#silence();
    this.#writing.forget();
    this.#ticket.forget();
    document.documentElement.hidden = true;
    location.replace("about:blank");
  }

  toggleMute(): void {
    this.#microphone.isMuted = !this.#microphone.isMuted;
    paintMute(this.#microphone.isMuted);
    announce(t(this.#microphone.isMuted ? "call.talking.is_muted" : "call.talking.is_unmuted"));
  }

  setQuiet(isQuiet: boolean): void {
    this.#player.setQuiet(isQuiet);
    paintQuiet(isQuiet);
  }

  /** Lets sound begin that the browser held back; call it in a click. */
  unblock(): void {
    this.#player.unblock();
  }

  /** Writes what changes by the second. */
  tick(): void {
    const view = this.#view;
    if (view && (view.state === "talking" || view.state === "held")) {
      paintTimer(this.#clock.secondsSince(view.since));
    }
    const state = this.#socket?.state;
    this.#paintNotice(state?.kind === "offline" ? Date.now() - state.since : 0);
  }

  #hear(message: ToCaller): void {
    switch (message.t) {
      case "welcome":
        if (message.token) this.#ticket.hold(message.token);
        this.#conversation.ice = message.ice;
        break;
      case "view":
        this.#clock.hear(message.now);
        this.#view = message.call;
        this.#follow(message.call);
        if (message.call.state === "ended") this.#finish(message.call.reason);
        else this.#refresh();
        break;
      case "read":
        this.#question = message.playback;
        this.#reading.show(message.playback, message.sound);
        break;
      case "lines": {
        const couldWrite = this.#writing.mayWrite;
        this.#writing.hear(message);
        this.#refresh();
        if (!couldWrite && this.#writing.mayWrite) this.#writing.focus();
        break;
      }
      case "play":
        this.#question = message.playback;
        this.#player.greet(message.playback, message.url);
        break;
      case "music":
      case "connect":
      case "text":
      case "resume":
      case "hold":
      case "quiet":
      case "signal":
        this.#conversation.order(message);
        this.#refresh();
        break;
      case "error":
      case "done":
      case "refused":
      case "elsewhere":
      case "beat":
        break;
    }
  }

  /** Lets go of what the call does not need any more: the microphone, or words that were to be read. */
  #follow(view: CallView): void {
    if (!["greeting", "consent", "menu", "message", "voicemail"].includes(view.state)) this.#reading.stop();
    if (view.state === "ended") return;
    if (view.medium === "typed" && !this.#isChanging) this.#microphone.close();
    if (view.medium !== this.#medium) announce(t(`call.medium.is_${view.medium}`));
    this.#medium = view.medium;
    this.#ticket.isTyped = view.medium === "typed";
    if (view.medium === "voice") this.#reading.stop();
  }

  #linkChanged(state: LinkState): void {
    switch (state.kind) {
      case "elsewhere":
        this.#leave();
        this.#writing.forget();
        // The other tab holds the call now; the token here would take it back at a reload.
        this.#show({ kind: "elsewhere" });
        break;
      case "refused": {
        const wasOpen = this.#ticket.token !== null;
        this.#ticket.forget();
        this.#leave();
        const why = state.code === "by_telephone" ? "call.by_telephone" : "call.refused";
        const [heading, words] = wasOpen
          ? endWords("call_is_over")
          : [t(`${why}.heading`), t(`${why}.words`)];
        this.#show({ kind: "over", heading, words });
        break;
      }
      default:
        this.tick();
    }
  }

  /** Shows the end; the connection stays until what was said is answered. */
  #finish(reason: string | null): void {
    this.#ticket.over();
    this.#silence();
    this.#writing.end();
    this.#view = null;
    const socket = this.#socket;
    this.#socket = null;
    const [heading, words] = endWords(reason);
    this.#show({ kind: "over", heading, words });
    if (socket) stopWhenAnswered(socket);
  }

  #leave(): void {
    this.#silence();
    this.#view = null;
    this.#socket = null;
  }

  #silence(): void {
    this.#conversation.end();
    this.#reading.stop();
    this.#isChanging = false;
    paintSwitch(null);
    this.#microphone.close();
    this.#microphone.isMuted = false;
    this.#isMicrophoneLost = false;
    paintMute(false);
    paintNotice(null);
  }

  #microphoneChanged(change: MicrophoneChange): void {
    this.#isMicrophoneLost = change.kind === "lost";
    this.#conversation.refreshMicrophone();
    if (change.kind === "changed") announce(t("call.microphone.changed"));
    this.tick();
  }

  #refresh(): void {
    if (!this.#view) return;
    const isHeard = this.#conversation.connected !== null;
    this.#show({ kind: "call", view: this.#view, isHeard });
    this.tick();
  }

  #paintNotice(awayMs: number): void {
    if (this.#isMicrophoneLost) paintNotice(t("call.microphone.lost"));
    // A short gap mends itself before anyone could read about it.
    else if (awayMs < SHORT_MS) paintNotice(null);
    else paintNotice(t(this.#offlineWords(awayMs), { time: formatElapsed(awayMs / 1000) }));
  }

  #offlineWords(awayMs: number): string {
    const state = this.#view?.state;
    if (!state) return "call.offline.starting";
    if (awayMs > KEPT_MS) return "call.offline.late";
    return state === "talking" || state === "held" ? "call.offline.talking" : "call.offline.waiting";
  }

  #show(screen: Screen): void {
    this.#screen = screen;
    paint(this.#screen, { isTyped: this.#medium === "typed", hasLines: this.#writing.hasLines });
  }
}

function isAsked(view: CallView | null): boolean {
  return view?.state === "menu" || view?.state === "consent";
}

function stopWhenAnswered(socket: CentreSocket<ToCaller>): void {
  const giveUp = Date.now() + KEPT_MS;
  const look = (): void => {
    if (!socket.isOwed || Date.now() > giveUp) socket.stop();
    else setTimeout(look, 100);
  };
  look();
}
