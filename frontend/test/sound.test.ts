// When a side counts as heard or lost, and how good the line is: lib/sound_watch.ts, lib/line_quality.ts.

import assert from "node:assert/strict";
import test from "node:test";
import { judge, readSample, type LineSample } from "../src/lib/line_quality.ts";
import { SoundWatch } from "../src/lib/sound_watch.ts";

function watched(): { watch: SoundWatch; said: boolean[]; pass(milliseconds: number): void } {
  let now = 0;
  let timers: { readonly at: number; readonly call: () => void }[] = [];
  const said: boolean[] = [];
  const watch = new SoundWatch(
    (milliseconds, call) => {
      const timer = { at: now + milliseconds, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    (isUp) => said.push(isUp),
  );
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    for (const timer of due) timer.call();
  };
  return { watch, said, pass };
}

test("a session that is not connected within eight seconds is lost", () => {
  const { watch, said, pass } = watched();
  watch.see("connecting");
  pass(7999);
  assert.deepEqual(said, []);
  pass(1);
  assert.deepEqual(said, [false]);
});

test("a session that connects late is heard after all", () => {
  const { watch, said, pass } = watched();
  pass(8000);
  watch.see("connected");
  assert.deepEqual(said, [false, true]);
});

test("a short disconnection is not told", () => {
  const { watch, said, pass } = watched();
  watch.see("connected");
  watch.see("disconnected");
  pass(2999);
  watch.see("connected");
  pass(60_000);
  assert.deepEqual(said, [true]);
});

test("a disconnection of three seconds is told once, and so is a failure", () => {
  const { watch, said, pass } = watched();
  watch.see("connected");
  watch.see("disconnected");
  pass(3000);
  watch.see("failed");
  assert.deepEqual(said, [true, false]);
});

test("a stopped watch says nothing more", () => {
  const { watch, said, pass } = watched();
  watch.stop();
  watch.see("failed");
  pass(10_000);
  assert.deepEqual(said, []);
});

const calm: LineSample = { received: 1000, lost: 0, jitterMs: 5, roundTripMs: 40 };

test("the word for the line follows loss, jitter and delay", () => {
  const later = (more: Partial<LineSample>): LineSample => ({ ...calm, received: 1250, ...more });
  assert.equal(judge(calm, later({})), "good");
  assert.equal(judge(calm, later({ lost: 10 })), "fair");
  assert.equal(judge(calm, later({ lost: 40 })), "poor");
  assert.equal(judge(calm, later({ jitterMs: 50 })), "fair");
  assert.equal(judge(calm, later({ roundTripMs: 900 })), "poor");
});

test("nothing sent is no judgement, and late packets are no loss", () => {
  assert.equal(judge(calm, calm), null);
  assert.equal(judge({ ...calm, lost: 5 }, { ...calm, received: 1250, lost: 3 }), "good");
});

test("a sample is read from the audio that came in and the pair in use", () => {
  const entries = [
    { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.05 },
    { type: "inbound-rtp", kind: "audio", packetsReceived: 7, packetsLost: 1, jitter: 0.01 },
  ];
  assert.deepEqual(readSample(entries), { received: 7, lost: 1, jitterMs: 10, roundTripMs: 50 });
  assert.equal(readSample(entries.slice(0, 2)), null);
});
