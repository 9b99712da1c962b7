// Do headset and network work, before a caller depends on them? Calls the place of Asterisk that says back what it
// hears: what comes back went through microphone, browser, network, and all the way home.

import type { RTCSession, UA } from "./jssip.js";

const CONNECT_MS = 8000;
const SPEAK_MS = 12_000;
const WHOLE_MS = 25_000;
const LOOK_EVERY_MS = 100;
/** A voice is louder than this, and the noise of a room is not. */
const LOUD = 0.01;
/** So many looks must be loud: a click is no voice. */
const LOUD_LOOKS = 5;

export type Finding = "trying" | "speak" | "fine" | "unheard" | "no_way" | "over";

interface EchoParts {
  readonly agent: UA;
  readonly address: string;
  readonly track: MediaStreamTrack;
  readonly ice: RTCConfiguration;
  heard(stream: MediaStream): void;
  answering(session: RTCSession): void;
  tell(finding: Finding): void;
}

/** Is one trial, until it has ended. */
export class Echo {
  #parts: EchoParts;
  #session: RTCSession;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #looking: ReturnType<typeof setInterval> | undefined;
  #context: AudioContext | null = null;
  #isOver = false;

  constructor(parts: EchoParts) {
    this.#parts = parts;
    parts.tell("trying");
    this.#after(CONNECT_MS, () => this.#end("no_way"));
    this.#after(WHOLE_MS, () => this.#end("over"));
    this.#session = parts.agent.call(parts.address, {
      mediaStream: new MediaStream([parts.track]),
      pcConfig: parts.ice,
      eventHandlers: {
        peerconnection: ({ peerconnection }) => this.#attend(peerconnection),
        failed: () => this.#end("no_way"),
        ended: () => this.#end("over"),
      },
    });
    parts.answering(this.#session);
  }

  /** Ends it without another word. */
  stop(): void {
    this.#end("over");
  }

  #attend(peer: RTCPeerConnection): void {
    peer.addEventListener("track", ({ track }) => {
      const stream = new MediaStream([track]);
      this.#parts.heard(stream);
      peer.addEventListener("connectionstatechange", () => {
        if (peer.connectionState === "connected") this.#listen(stream);
        if (peer.connectionState === "failed") this.#end("no_way");
      });
      if (peer.connectionState === "connected") this.#listen(stream);
    });
  }

  #listen(stream: MediaStream): void {
    if (this.#isOver || this.#context) return;
    this.#forgetTimers();
    this.#after(WHOLE_MS, () => this.#end("over"));
    this.#parts.tell("speak");
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    let looks = 0;
    this.#after(SPEAK_MS, () => {
      if (looks < LOUD_LOOKS) this.#parts.tell("unheard");
    });
    this.#looking = setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      const power = wave.reduce((sum, value) => sum + value * value, 0) / wave.length;
      if (Math.sqrt(power) < LOUD) return;
      looks += 1;
      if (looks === LOUD_LOOKS) this.#parts.tell("fine");
    }, LOOK_EVERY_MS);
  }

  #end(finding: "no_way" | "over"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forgetTimers();
    clearInterval(this.#looking);
    void this.#context?.close();
    if (!this.#session.isEnded()) this.#session.terminate();
    this.#parts.tell(finding);
  }

  #after(milliseconds: number, call: () => void): void {
    this.#timers.push(setTimeout(call, milliseconds));
  }

  #forgetTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }
}
