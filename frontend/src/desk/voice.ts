// Can the agent hear and be heard? Her microphone, the conversation, and what plays besides: opened when
// she becomes ready, let go when no call will come.

import type { Quality } from "../lib/line_quality.ts";
import { Microphone, MicrophoneError, type MicrophoneTrouble } from "../lib/microphone.ts";
import { Player } from "../lib/player.ts";
import type { AgentView, Ice, PhoneAccount, PhoneMessage, Saying, SoundMessage } from "../lib/protocol.ts";
import { Conversation } from "../lib/sound_session.ts";
import type { BrowserPhone } from "./browser_phone.ts";
import type { Finding } from "./echo.ts";

interface Listener {
  say(saying: Saying): void;
  mention(saying: Saying): boolean;
  /** Something that is shown is different now. */
  changed(): void;
  /** The device changed under a page that uses it. */
  device(kind: "changed" | "lost"): void;
}

/** Is the agent's side of the sound. */
export class Voice {
  /** What stood in the way when the microphone was asked for last. */
  trouble: MicrophoneTrouble | null = null;
  isMicrophoneLost = false;
  #listener: Listener;
  #microphone: Microphone;
  #player: Player;
  #conversation: Conversation;
  #remote: HTMLAudioElement;
  #ice: Ice = { servers: [] };
  #account: PhoneAccount | null = null;
  #phone: BrowserPhone | null = null;
  #isLoading = false;
  #isOnline = false;
  #view: AgentView | null = null;

  constructor(remote: HTMLAudioElement, listener: Listener) {
    this.#listener = listener;
    this.#remote = remote;
    this.#player = new Player({ heard: () => {}, blocked: () => listener.changed() });
    this.#microphone = new Microphone((change) => {
      this.isMicrophoneLost = change.kind === "lost";
      this.#refreshMicrophone();
      listener.device(change.kind);
    });
    this.#conversation = new Conversation({
      player: this.#player,
      remote,
      hearsHoldMusic: false,
      microphone: () => this.#microphone.track,
      say: (saying) => listener.say(saying),
      mention: (saying) => listener.mention(saying),
      changed: () => listener.changed(),
    });
  }

  get session(): number | null {
    return this.#conversation.connected;
  }

  get quality(): Quality | null {
    return this.#phone?.quality ?? this.#conversation.quality;
  }

  /** Whether the other side is heard. */
  get isHeard(): boolean {
    return this.#phone?.isUp === true || this.#conversation.connected !== null;
  }

  /** Whether this page is a telephone of the centre's Asterisk. */
  get isTelephone(): boolean {
    return this.#account !== null;
  }

  /** Whether a call can come to this page now. */
  get isReachable(): boolean {
    return this.#account === null || this.#phone?.isRegistered === true;
  }

  get isMuted(): boolean {
    return this.#microphone.isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#microphone.isMuted = isMuted;
    this.#phone?.refreshMicrophone();
  }

  set ice(ice: Ice) {
    this.#ice = ice;
    this.#conversation.ice = ice;
  }

  /** Becomes a telephone, where the centre gives the page an account for that. */
  register(account: PhoneAccount | null): void {
    this.#account = account;
    if (account === null || this.#phone || this.#isLoading) return;
    this.#isLoading = true;
    import("./browser_phone.ts")
      .then(({ BrowserPhone }) => {
        if (this.#account === null) return;
        this.#phone = new BrowserPhone({
          account: this.#account,
          player: this.#player,
          remote: this.#remote,
          ice: () => this.#ice,
          microphone: () => this.#microphone.track,
          isMuted: () => this.#microphone.isMuted,
          mention: (saying) => this.#listener.mention(saying),
          changed: () => this.#listener.changed(),
        });
        this.#phone.link(this.#isOnline);
        if (this.#view) this.#phone.follow(this.#view);
      })
      // The script could not be fetched: it is tried again with the next welcome.
      .catch(() => console.warn("the telephone of this page could not be loaded"))
      .finally(() => {
        this.#isLoading = false;
      });
  }

  /** Learns that the page's socket is there, or no longer. */
  link(isOnline: boolean): void {
    this.#isOnline = isOnline;
    this.#phone?.link(isOnline);
  }

  hearPhone(message: PhoneMessage): void {
    this.#phone?.hear(message);
  }

  follow(view: AgentView): void {
    this.#view = view;
    this.#phone?.follow(view);
  }

  /** Takes the call that rings at this page. */
  take(): void {
    this.#phone?.take();
  }

  press(key: string): void {
    this.#phone?.press(key);
  }

  /** Tries headset and network, or ends a trial; gives false where there is no microphone. */
  async tryOut(tell: (finding: Finding) => void): Promise<boolean> {
    const phone = this.#phone;
    if (!phone?.isRegistered) {
      tell("no_way");
      return true;
    }
    if (phone.isTrying) {
      phone.endTrial();
      return true;
    }
    if (!(await this.open())) return false;
    const track = this.#microphone.track;
    if (track) phone.tryOut(track, tell);
    return true;
  }

  /** Ends being a telephone: another page is it now, or work has ended. */
  resign(): void {
    this.#account = null;
    this.#phone?.stop();
    this.#phone = null;
  }

  order(message: SoundMessage): void {
    this.#conversation.order(message);
  }

  /** Goes on with what the browser held back; call it in a click. */
  unblock(): void {
    this.#player.unblock();
  }

  /** Opens the microphone; gives false, with `trouble`, where it cannot. */
  async open(): Promise<boolean> {
    try {
      await this.#microphone.open();
      this.trouble = null;
      this.isMicrophoneLost = false;
      return true;
    } catch (error) {
      this.trouble = error instanceof MicrophoneError ? error.trouble : "unknown";
      return false;
    }
  }

  /** Sees to it that there is a microphone while a call may come; silently, as after a reload. */
  keep(): void {
    this.trouble = null;
    if (this.#microphone.track || this.isMicrophoneLost) return;
    void this.open().then((isOpen) => {
      this.trouble = null;
      this.isMicrophoneLost = !isOpen;
      this.#refreshMicrophone();
      this.#listener.changed();
    });
  }

  #refreshMicrophone(): void {
    this.#conversation.refreshMicrophone();
    this.#phone?.refreshMicrophone();
  }

  /** Ends the sound of a call; the microphone stays. */
  endCall(): void {
    this.#conversation.end();
    this.#microphone.isMuted = false;
  }

  /** Lets the microphone go. */
  release(): void {
    if (this.#phone?.isTrying) return;
    this.#microphone.close();
    this.isMicrophoneLost = false;
  }
}
