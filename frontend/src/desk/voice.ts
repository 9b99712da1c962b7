// Can the agent hear and be heard? Her microphone, the conversation, and what plays besides: opened when
// she becomes ready, let go when no call will come.

import type { Quality } from "../lib/line_quality.ts";
import { Microphone, MicrophoneError, type MicrophoneTrouble } from "../lib/microphone.ts";
import { Player } from "../lib/player.ts";
import type { Ice, Saying, SoundMessage } from "../lib/protocol.ts";
import { Conversation } from "../lib/sound_session.ts";

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

  constructor(remote: HTMLAudioElement, listener: Listener) {
    this.#listener = listener;
    this.#player = new Player({ heard: () => {}, blocked: () => listener.changed() });
    this.#microphone = new Microphone((change) => {
      this.isMicrophoneLost = change.kind === "lost";
      this.#conversation.refreshMicrophone();
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
    return this.#conversation.quality;
  }

  get isMuted(): boolean {
    return this.#microphone.isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#microphone.isMuted = isMuted;
  }

  set ice(ice: Ice) {
    this.#conversation.ice = ice;
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
      this.#conversation.refreshMicrophone();
      this.#listener.changed();
    });
  }

  /** Ends the sound of a call; the microphone stays. */
  endCall(): void {
    this.#conversation.end();
    this.#microphone.isMuted = false;
  }

  /** Lets the microphone go. */
  release(): void {
    this.#microphone.close();
    this.isMicrophoneLost = false;
  }
}
