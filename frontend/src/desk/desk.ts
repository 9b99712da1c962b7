// How does the desktop work? Joins the connection, the sound, the alert and the screen, and turns what the
// agent does into requests. The centre's view is the only truth: nothing is shown before it says so.

import { announce, byId, setAttribute, setHidden } from "../lib/dom.ts";
import { DeskAlert } from "../lib/alert.ts";
import { t } from "../lib/i18n.ts";
import { showParts } from "../lib/parts.ts";
import type { AgentView, Saying, ToDesk } from "../lib/protocol.ts";
import { CentreSocket, pageSurroundings, type LinkState, type Surroundings } from "../lib/socket.ts";
import { CentreClock } from "../lib/time.ts";
import { Captions } from "./captions.ts";
import { Writing } from "../lib/writing.ts";
import { Emergency } from "./emergency.ts";
import { Guide } from "./guide.ts";
import { HandOn } from "./hand_on.ts";
import { HelpHand } from "./help.ts";
import { Memos } from "./memos.ts";
import { KeptRecording, RecordingLight } from "./recording.ts";
import { acknowledge, isAcknowledged } from "./missed.ts";
import { paintEnd, paintView } from "./paint.ts";
import { Requests } from "./requests.ts";
import * as screen from "./screen.ts";
import { ChangedSkills } from "./skills.ts";
import { Voice } from "./voice.ts";
import type { Sound } from "./words.ts";
import { WorkForm } from "./work_form.ts";

const ARMED_MS = 3000;

/** Is the desktop. */
export class Desk {
  #clock = new CentreClock();
  #alert = new DeskAlert(() => this.#paintSoundOff());
  #form = new WorkForm();
  #voice: Voice;
  #socket: CentreSocket<ToDesk>;
  #view: AgentView | null = null;
  #captions = new Captions();
  #requests = new Requests(
    (saying) => this.#socket.say(saying),
    () => this.paint(),
  );
  /** Has the centre been told to send her practice calls only, since she has no microphone? Null: not known. */
  #practisesOnly: boolean | null = null;
  /** Does she answer at a telephone of her own? Then no sound comes to the page. */
  #hasTelephone = false;
  /** Does she take a call there by pressing a key, as at an ordinary telephone? */
  #presses = false;
  #armedUntil = 0;
  #isGettingReady = false;
  #guide = new Guide();
  #help = new HelpHand();
  #skills = new ChangedSkills((words) => screen.toast(words));
  readonly recording = new RecordingLight();
  readonly kept = new KeptRecording();
  readonly memos = new Memos((memo) => void this.#socket.mention({ t: "read", memo }));
  #writing = new Writing({
    say: (saying) => this.#socket.say(saying),
    mention: (saying) => this.#socket.mention(saying),
    nameOf: (line) => (line.own ? t("writing.you") : (line.name ?? t(`writing.by.${line.by}_at_desk`))),
  });
  #handOn = new HandOn({
    look: () => void this.#socket.mention({ t: "targets" }),
    transfer: (to) => this.#requests.ask("transfer", to),
    consult: (to) => this.#requests.ask("consult", to),
    third: (to) => this.#requests.ask("add_third", to),
    dismiss: (party) => this.#requests.ask("dismiss", { party }),
    complete: () => this.#requests.ask("complete"),
    cancel: () => this.#requests.ask("cancel_consult"),
    tell: (words) => screen.toast(words),
  });

  #emergency = new Emergency({
    look: () => void this.#socket.mention({ t: "targets" }),
    connect: (service) => this.#requests.ask("add_third", { outside: service }),
    dismiss: (party) => this.#requests.ask("dismiss", { party }),
  });

  constructor(path: string, remote: HTMLAudioElement, after: Surroundings["after"]) {
    this.#voice = new Voice(remote, {
      say: (saying) => this.#socket.say(saying),
      mention: (saying) => this.#socket.mention(saying),
      changed: () => this.paint(),
      device: (kind) => {
        screen.toast(t(`desk.microphone.${kind}`));
        this.paint();
      },
    });
    this.#socket = new CentreSocket<ToDesk>(pageSurroundings(path, after), {
      hello: () => ({ t: "hello", session: this.#voice.session }),
      message: (message) => this.#hear(message),
      state: (state) => this.#linkChanged(state),
      answered: (said, refusal) => this.#answered(said, refusal),
    });
  }

  start(): void {
    this.#socket.start();
  }

  get isRinging(): boolean {
    return this.#view?.state === "offered";
  }

  /** Whether leaving the page would lose something. */
  get isBusy(): boolean {
    return this.#view?.state === "talking" || (this.#view?.state === "wrap_up" && this.#form.hasWords);
  }

  // --- what the agent does -------------------------------------------------------------------

  /** Takes any click or key: sound may begin, and the sound of a miss ends. */
  touch(): void {
    this.#alert.unlock();
    this.#voice.unblock();
    if (this.#alert.kind === "missed" && this.#view) {
      this.#alert.stop();
      acknowledge(this.#view.since);
      this.paint();
    }
  }

  async ready(): Promise<void> {
    if (this.#view?.state !== "paused" && this.#view?.state !== "signed_out") return;
    this.#alert.unlock();
    this.#alert.askForNotifications();
    this.#isGettingReady = true;
    const hasMicrophone = await this.#openMicrophone();
    this.#isGettingReady = false;
    if (!hasMicrophone) {
      this.#guide.microphone();
      return;
    }
    if (!this.#voice.isReachable) {
      screen.toast(t("desk.phone.not_yet"));
      return;
    }
    // After a reload the page does not know what it said before it.
    if (this.#practisesOnly !== false) this.#servePracticeOnly(false);
    this.#requests.ask("ready");
  }

  /** Lets her hear herself by way of the telephones, before a caller does. */
  async tryHeadset(): Promise<void> {
    this.#alert.unlock();
    const hasMicrophone = await this.#voice.tryOut((finding) => {
      screen.paintTrial(finding);
      if (finding === "over" || finding === "no_way") this.#letMicrophoneGo();
    });
    this.paint();
    if (!hasMicrophone) this.#guide.microphone();
  }

  #letMicrophoneGo(): void {
    if (this.#view) this.#followMicrophone(this.#view);
  }

  /** Sends a key's tone to whom she speaks with, such as a number outside that asks for one. */
  press(key: string): void {
    this.#voice.press(key);
  }

  /** Goes ready for practice although there is no microphone. */
  practiseWithout(): void {
    this.#voice.trouble = null;
    this.#servePracticeOnly(true);
    this.#requests.ask("ready");
    this.paint();
  }

  /** Tells the centre whether real calls may come. Said before `ready`, so that none slips in between. */
  #servePracticeOnly(isOnly: boolean): void {
    this.#practisesOnly = isOnly;
    this.#requests.say("practice", { on: isOnly || (this.#view?.practice ?? false), only: isOnly });
  }

  pause(reason?: string): void {
    const view = this.#view;
    if (!view || view.state === "signed_out" || view.state === "wrap_up") return;
    const key = reason ?? view.pause_reasons[0]?.key;
    if (key === undefined || (view.state === "paused" && view.pause_reason === key)) return;
    this.#requests.ask("pause", { pause_reason: key });
  }

  async answer(): Promise<void> {
    const offer = this.#view?.offer;
    // At a telephone one answers by picking up.
    if (!offer || this.#hasTelephone) return;
    if (offer.origin === "real" && offer.medium === "voice" && !(await this.#openMicrophone())) {
      // She could not be heard: the call goes to somebody else at once.
      this.#requests.ask("decline", { offer: offer.id });
      return;
    }
    // Where the page is the telephone, picking up accepts.
    if (this.#voice.isTelephone) this.#voice.take();
    else this.#requests.ask("accept", { offer: offer.id });
  }

  decline(): void {
    const offer = this.#view?.offer;
    if (offer) this.#requests.ask("decline", { offer: offer.id });
  }

  hold(): void {
    if (this.#view?.call) this.#requests.ask("hold");
  }

  resume(): void {
    if (this.#view?.call) this.#requests.ask("resume");
  }

  toggleHold(): void {
    if (this.#view?.call?.held_since == null) this.hold();
    else this.resume();
  }

  toggleMute(): void {
    const call = this.#view?.call;
    if (!call || call.origin !== "real" || call.medium === "typed" || this.#hasTelephone) return;
    const isWithColleague = call.asked_by !== null || call.parties.some((party) => party.state === "joined");
    if (call.held_since !== null && !isWithColleague) return;
    this.#voice.isMuted = !this.#voice.isMuted;
    announce(t(this.#voice.isMuted ? "desk.call.mic_muted" : "desk.call.mic_on"));
    this.paint();
  }

  endCall(): void {
    if (this.#view?.call) this.#requests.ask("hang_up");
  }

  /** Ends the call by key: the first press asks, the second within three seconds ends. */
  endCallByKey(): void {
    if (!this.#view?.call) return;
    if (Date.now() < this.#armedUntil) {
      this.endCall();
      return;
    }
    this.#armedUntil = Date.now() + ARMED_MS;
    announce(t("desk.call.end_again"));
    setTimeout(() => this.paint(), ARMED_MS + 50);
    this.paint();
  }

  /** Opens the dialogue in which she hands the call on or asks a colleague. */
  handOn(): void {
    if (this.#view?.call) this.#handOn.open();
  }

  /** Opens the question which emergency service her caller is to be connected with. */
  callEmergency(): void {
    this.#emergency.open();
  }

  /** Whether a dialogue is open that takes the keys. */
  get isAsking(): boolean {
    return this.#handOn.isOpen || this.#emergency.isOpen;
  }

  /** Raises her hand for a supervisor, or takes it down. */
  toggleHelp(): void {
    const view = this.#view;
    if (view?.state === "talking" || view?.state === "wrap_up") this.#requests.ask("help", { on: view.help === null });
  }

  /** Ends a callback that did not reach the caller, with one word on who or what answered. */
  closeCallback(word: "wrong_person" | "answering_machine" | "message_left"): void {
    const callback = this.#view?.call?.callback;
    if (callback && !callback.dialling) this.#requests.ask("close_callback", { word });
  }

  /** Moves the reminder of the wrap-up on; as often as she likes. */
  takeLonger(): void {
    if (this.#view?.wrap_up) this.#requests.ask("extend");
  }

  /** Closes the work after the call: ready for the next, paused, or for the break after a hard call. */
  async finish(then: "ready" | "pause" | "break"): Promise<void> {
    const view = this.#view;
    if (view?.state !== "wrap_up" || (then === "break" && view.recovery_break_s === 0)) return;
    const disposition = this.#form.disposition();
    if (disposition === null) return;
    const canBeReady = then === "ready" && (this.#practisesOnly === true || (await this.#openMicrophone()));
    this.#requests.ask("finish", {
      disposition,
      note: this.#form.note,
      ready: canBeReady,
      pause_reason: canBeReady ? null : (view.pause_after ?? view.pause_reasons[0]?.key ?? null),
      recovery: then === "break",
    });
  }

  setPractice(isOn: boolean): void {
    this.#requests.ask("practice", { on: isOn });
  }

  /** Begins work again after a sign-out, takes it over from another tab, or asks to be let in anew. */
  startAgain(): void {
    const { kind } = this.#socket.state;
    if (kind === "refused") {
      // Whoever has to sign in is led there.
      location.reload();
    } else if (kind === "elsewhere") {
      this.#view = null;
      this.#socket.restart();
    } else {
      void this.ready();
    }
  }

  /** Ends work, and calls back when the centre knows, or after a second. */
  signOut(then: () => void): void {
    const isThere = this.#socket.state.kind === "online" && this.#view?.state !== "signed_out";
    if (isThere) this.#requests.ask("sign_out");
    const giveUp = Date.now() + 1000;
    const look = (): void => {
      if (!this.#requests.pending.has("sign_out") || Date.now() > giveUp) then();
      else setTimeout(look, 50);
    };
    look();
  }

  // --- what the centre says ------------------------------------------------------------------

  #hear(message: ToDesk): void {
    switch (message.t) {
      case "welcome":
        this.#voice.ice = message.ice;
        this.#hasTelephone = message.telephone === true;
        this.#presses = message.presses === true;
        this.#voice.register(message.phone ?? null);
        break;
      case "view":
        this.#clock.hear(message.now);
        this.#take(message.agent);
        break;
      case "caption":
        if (this.#captions.hear(message.call, message.text)) screen.paintCaptions(this.#captions.of);
        break;
      case "connect":
        if (!this.#isPractice) this.#voice.order(message);
        break;
      case "lines": {
        const isNew = this.#writing.call !== message.call;
        this.#writing.hear(message);
        this.paint();
        // Who answers a typed call writes next.
        if (isNew && message.may_write) this.#writing.focus();
        break;
      }
      case "music":
      case "text":
      case "resume":
      case "hold":
      case "quiet":
      case "signal":
        this.#voice.order(message);
        this.paint();
        break;
      case "telephone":
      case "sip":
        this.#voice.hearPhone(message);
        break;
      case "targets":
        this.#handOn.hear(message);
        this.#emergency.hear(message);
        if (this.#view) this.#handOn.follow(this.#view);
        break;
      case "error":
        screen.toast(message.message);
        break;
      case "memos":
        this.memos.hear(message.memos);
        break;
      case "done":
      case "refused":
      case "elsewhere":
      case "beat":
        break;
    }
  }

  get #isPractice(): boolean {
    const origin = this.#view?.call?.origin ?? this.#view?.offer?.origin;
    return origin !== undefined && origin !== "real";
  }

  #take(view: AgentView): void {
    const before = this.#view;
    this.#view = view;
    const keys = view.call?.keys ?? [];
    if (keys.length > 0 && String(keys) !== String(before?.call?.keys)) {
      announce(t("desk.call.key_pressed", { key: keys.at(-1) ?? "" }));
    }
    this.recording.follow(view.call?.id ?? null, view.call?.recording ?? null);
    this.kept.follow(view.wrap_up?.call ?? null, view.wrap_up?.recorded ?? false);
    if (view.call && view.call.id !== before?.call?.id) this.#beginCall(view.call.id);
    if (view.call) {
      this.#captions.merge(view.call.captions);
      // A practice caller speaks in captions; there is nobody to connect to.
      if (view.call.origin !== "real") this.#voice.endCall();
    } else if (before?.call) {
      this.#voice.endCall();
      this.#armedUntil = 0;
    }
    this.#followMicrophone(view);
    this.#voice.follow(view);
    this.#followAlert(view);
    this.#handOn.follow(view);
    this.#emergency.follow(view);
    this.#skills.follow(view);
    this.paint();
    // How it was found at first is read as the page itself.
    if (before && before.state !== view.state) this.#guide.entered(view);
  }

  #beginCall(call: number): void {
    this.#captions.begin(call);
    this.#voice.isMuted = false;
  }

  /** Keeps the microphone while a call may come, and lets it go when none will. */
  #followMicrophone(view: AgentView): void {
    if (this.#hasTelephone) return;
    if (view.state === "signed_out" || view.state === "paused") {
      if (!this.#isGettingReady && !this.#requests.pending.has("ready")) this.#voice.release();
      // Who signs in again is sent real calls again.
      if (view.state === "signed_out") this.#practisesOnly = null;
      return;
    }
    const isNeeded = view.state !== "wrap_up" && !this.#isPractice && this.#practisesOnly !== true;
    // After a reload the browser still has the permission, and gives the microphone without a click.
    if (isNeeded) this.#voice.keep();
  }

  #followAlert(view: AgentView): void {
    if (view.offer) {
      this.#alert.start("offer", t("desk.alert.offer"));
    } else if (view.state === "paused" && view.reason === "offer_missed" && !isAcknowledged(view.since)) {
      this.#alert.start("missed", t("desk.alert.missed"));
    } else {
      this.#alert.stop();
    }
    this.#paintSoundOff();
  }

  #answered(said: Saying, refusal: string | null): void {
    if (said.t === "write") {
      this.#writing.answered(said, refusal);
      return;
    }
    this.#requests.answered(said, refusal, this.#view);
  }

  #linkChanged(state: LinkState): void {
    this.#voice.link(state.kind === "online");
    if (state.kind === "elsewhere" || state.kind === "refused") {
      this.#alert.stop();
      this.#voice.resign();
      this.#voice.endCall();
      this.#voice.release();
    }
    this.paint();
    if (state.kind === "elsewhere" || state.kind === "refused") this.#guide.end();
  }

  // --- what is shown -------------------------------------------------------------------------

  /** Paints everything from what is known now. */
  paint(): void {
    const view = this.#view;
    showParts(document, this.#state(), byId("main"));
    setAttribute(document.documentElement, "data-busy", this.isBusy ? "" : null);
    if (view) this.#paintView(view);
    paintEnd(this.#socket.state, this.#view);
  }

  #paintView(view: AgentView): void {
    const isHeard = this.#hasTelephone || this.#voice.isHeard;
    const isOffline = this.#socket.state.kind === "offline";
    const sound: Sound = { isHeard, isOffline, isMicrophoneLost: this.#voice.isMicrophoneLost };
    paintView(view, {
      sound,
      captions: this.#captions.of,
      hasTelephone: this.#hasTelephone,
      isTelephone: this.#voice.isTelephone,
      presses: this.#presses,
      practisesOnly: this.#practisesOnly === true,
      isMuted: this.#voice.isMuted,
      quality: this.#voice.quality,
      isEndArmed: Date.now() < this.#armedUntil,
      hasMissed: this.#alert.kind === "missed",
      pending: this.#requests.pending,
      clock: this.#clock,
    });
    this.#help.paint(view);
    if (view.call) this.#guide.call(view.call.id, screen.callWords(view.call, sound));
    this.#paintWriting(view);
    this.#form.show(view.call?.id ?? view.wrap_up?.call ?? null, view.dispositions);
    this.tick();
  }

  /** Shows the conversation of the call she has, or wraps up; nothing of it stays after that. */
  #paintWriting(view: AgentView): void {
    const call = view.call?.id ?? view.wrap_up?.call ?? null;
    if (this.#writing.call !== null && this.#writing.call !== call) this.#writing.forget();
    this.#writing.show(call !== null && this.#writing.call === call);
  }

  /** Paints what changes by the second. */
  tick(): void {
    const { state } = this.#socket;
    const isOurs = state.kind !== "elsewhere" && state.kind !== "refused";
    if (this.#view && isOurs) screen.paintTimes(this.#view, this.#clock);
    const awayMs = state.kind === "offline" ? Date.now() - state.since : 0;
    screen.paintOffline(awayMs, this.#socket.isOwed);
  }

  #state(): string {
    const link = this.#socket.state.kind;
    if (link === "elsewhere" || link === "refused") return link;
    if (!this.#view) return "loading";
    const isIdle = this.#view.state === "paused" || this.#view.state === "signed_out";
    return isIdle && this.#voice.trouble !== null ? "microphone" : this.#view.state;
  }

  #paintSoundOff(): void {
    const wantsSound = this.#view?.state === "ready" || this.#alert.kind !== null;
    setHidden(byId("sound-off"), !wantsSound || this.#alert.isAudible);
  }

  // --- small steps ---------------------------------------------------------------------------

  /** Opens the microphone; shows what stands in the way and gives false where it cannot. */
  async #openMicrophone(): Promise<boolean> {
    if (this.#hasTelephone) return true;
    const isOpen = await this.#voice.open();
    if (this.#voice.trouble !== null) screen.paintMicrophone(this.#voice.trouble);
    this.paint();
    return isOpen;
  }
}
