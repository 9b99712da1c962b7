// How good is the sound of a connection, while it is one? Looks every few seconds and tells the word.

import { judge, readSample, type LineSample, type Quality } from "./line_quality.ts";

const MEASURE_EVERY_MS = 5000;

/** Measures one peer connection. */
export class LineMeter {
  #peer: RTCPeerConnection;
  #tell: (quality: Quality) => void;
  #measuring: ReturnType<typeof setInterval> | undefined;
  #sample: LineSample | null = null;

  constructor(peer: RTCPeerConnection, tell: (quality: Quality) => void) {
    this.#peer = peer;
    this.#tell = tell;
  }

  /** Begins to measure, or ends it. */
  run(isOn: boolean): void {
    clearInterval(this.#measuring);
    this.#sample = null;
    if (isOn) this.#measuring = setInterval(() => void this.#look(), MEASURE_EVERY_MS);
  }

  async #look(): Promise<void> {
    const sample = readSample((await this.#peer.getStats()).values());
    const quality = sample && this.#sample ? judge(this.#sample, sample) : null;
    this.#sample = sample;
    if (quality !== null) this.#tell(quality);
  }
}
