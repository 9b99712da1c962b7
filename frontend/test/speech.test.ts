// What a voice becomes before callers hear it: lib/speech.ts.

import assert from "node:assert/strict";
import test from "node:test";
import { RATE, raised, trimmed, wavOf } from "../src/lib/speech.ts";

function voice(seconds: number, strength: number): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, at) => strength * Math.sin(at / 5));
}

function joined(...parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

test("silence at both ends goes, but for a breath; what is between words stays", () => {
  const silence = new Float32Array(2 * RATE);
  const spoken = joined(silence, voice(1, 0.5), silence, voice(1, 0.5), silence);
  const seconds = trimmed(spoken).length / RATE;
  assert.ok(Math.abs(seconds - 4.4) < 0.01, String(seconds));
});

test("where nobody speaks nothing is left", () => {
  assert.equal(trimmed(voice(3, 0.01)).length, 0);
  assert.equal(raised(new Float32Array(0)).length, 0);
});

test("a quiet voice is raised, a whisper not to a storm, and a loud one not at all", () => {
  const peak = (samples: Float32Array): number => samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  assert.ok(Math.abs(peak(raised(voice(1, 0.4))) - 0.8) < 0.01);
  assert.ok(peak(raised(voice(1, 0.05))) < 0.31);
  assert.ok(Math.abs(peak(raised(voice(1, 0.95))) - 0.95) < 0.01);
});

test("a WAV file says what it is, and holds every sample", () => {
  const bytes = wavOf(Float32Array.from([0, 1, -1, 0.5, 7]));
  const view = new DataView(bytes.buffer);
  assert.equal(new TextDecoder().decode(bytes.slice(0, 4)), "RIFF");
  assert.equal(view.getUint32(24, true), RATE);
  assert.equal(view.getUint32(40, true), 10);
  const samples = [0, 1, 2, 3, 4].map((at) => view.getInt16(44 + 2 * at, true));
  assert.deepEqual(samples, [0, 32767, -32767, 16384, 32767]);
});
