// Takes down what is said into the microphone, and plays sounds back: for a recording that is made on a page.

import type { Microphone } from "./microphone.ts";
import { RATE, raised, trimmed } from "./speech.ts";

const LEVEL_EVERY_MS = 100;

export interface Take {
  /** Ends it and returns the speech; empty where nobody spoke. */
  end(): Promise<Float32Array>;
}

/** Begins to take down; `level` is told ten times a second how loud it is, 0 to 1. */
export async function beginTake(microphone: Microphone, level: (loud: number) => void): Promise<Take> {
  const track = await microphone.open();
  const stream = new MediaStream([track]);
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  const ended = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve(), { once: true }));

  const context = new AudioContext();
  const listening = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(listening);
  const samples = new Float32Array(listening.fftSize);
  const measuring = setInterval(() => {
    listening.getFloatTimeDomainData(samples);
    level(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  }, LEVEL_EVERY_MS);

  recorder.start();
  return {
    async end(): Promise<Float32Array> {
      clearInterval(measuring);
      if (recorder.state !== "inactive") recorder.stop();
      await ended;
      await context.close();
      const written = await new Blob(parts).arrayBuffer();
      // At the rate that is sent: the browser converts it while it decodes.
      const decoded = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(written);
      return raised(trimmed(decoded.getChannelData(0)));
    },
  };
}

/** Plays one sound at a time, for whoever is to judge it. */
export class Listener {
  #context: AudioContext | null = null;
  #playing: AudioBufferSourceNode | null = null;

  /** Plays an address, or samples; `ended` is called when it is over, however that came. */
  async play(sound: string | Float32Array, ended: () => void): Promise<void> {
    this.stop();
    this.#context ??= new AudioContext();
    await this.#context.resume();
    const source = this.#context.createBufferSource();
    source.buffer = await this.#read(this.#context, sound);
    source.connect(this.#context.destination);
    source.addEventListener("ended", () => {
      if (this.#playing === source) this.#playing = null;
      ended();
    });
    this.#playing = source;
    source.start();
  }

  stop(): void {
    this.#playing?.stop();
    this.#playing = null;
  }

  async #read(context: AudioContext, sound: string | Float32Array): Promise<AudioBuffer> {
    if (typeof sound !== "string") {
      const buffer = context.createBuffer(1, sound.length, RATE);
      buffer.copyToChannel(new Float32Array(sound), 0);
      return buffer;
    }
    const answer = await fetch(sound);
    if (!answer.ok) throw new Error(String(answer.status));
    return context.decodeAudioData(await answer.arrayBuffer());
  }
}
