// What is made of a voice before callers hear it: the silence at both ends goes, a quiet voice is raised, and it
// becomes a WAV file of one channel and 16 bits.

/** Samples a second, of every recording that is sent. */
export const RATE = 16_000;
/** Of full strength. A sample below is silence. */
const SILENCE = 0.02;
/** So much silence stays at both ends, in seconds. */
const BREATH = 0.2;
/** The strongest sample afterwards. */
const PEAK = 0.8;
/** A voice is raised so many times at most: more would raise the noise of the room. */
const RAISED_AT_MOST = 6;

/** Returns the speech without the silence before and after; nothing where nobody spoke. */
export function trimmed(samples: Float32Array): Float32Array {
  const isLoud = (sample: number): boolean => Math.abs(sample) > SILENCE;
  const first = samples.findIndex(isLoud);
  if (first < 0) return new Float32Array(0);
  const last = samples.findLastIndex(isLoud);
  const breath = Math.round(BREATH * RATE);
  return samples.slice(Math.max(0, first - breath), last + 1 + breath);
}

/** Returns the speech as loud as it may be; what is loud already stays as it is. */
export function raised(samples: Float32Array): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (peak === 0 || peak >= PEAK) return samples;
  const factor = Math.min(RAISED_AT_MOST, PEAK / peak);
  return samples.map((sample) => sample * factor);
}

/** Returns the samples as a WAV file. */
export function wavOf(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string): void => {
    for (let each = 0; each < text.length; each += 1) view.setUint8(at + each, text.charCodeAt(each));
  };
  word(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, at) => {
    const held = Math.max(-1, Math.min(1, sample));
    view.setInt16(44 + 2 * at, Math.round(held * 32_767), true);
  });
  return bytes;
}
