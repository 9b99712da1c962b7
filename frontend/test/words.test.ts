// Which words and keys apply when: call/words.ts, desk/words.ts, desk/keyboard.ts, lib/microphone.ts.

import assert from "node:assert/strict";
import test from "node:test";
import { placeWords, waitWords } from "../src/call/words.ts";
import { actOf, type Press } from "../src/desk/keyboard.ts";
import { callNoticeId, hearsId, isWorthTelling, mergeCaptions, partId } from "../src/desk/words.ts";
import { browserFamily, troubleOf } from "../src/lib/microphone.ts";
import type { AgentView, DeskCallView } from "../src/lib/protocol.ts";

test("a place up to ten is a word, a further one a number, and none is not said", () => {
  assert.deepEqual(placeWords({ state: "queued", place: 3 }), { id: "call.place.3" });
  assert.deepEqual(placeWords({ state: "queued", place: 11 }), { id: "call.place.more", count: 11 });
  assert.equal(placeWords({ state: "queued", place: null }), null);
  assert.equal(placeWords({ state: "offered", place: 1 }), null);
});

test("a wait is rounded up, and nothing is promised where nothing is known", () => {
  const wait = (estimate_s: number | null) => waitWords({ state: "queued", estimate_s });
  assert.deepEqual(wait(230), { id: "call.wait.minutes", count: 4, number: 4 });
  assert.deepEqual(wait(721), { id: "call.wait.minutes", count: 15, number: 15 });
  assert.deepEqual(wait(59), { id: "call.wait.soon" });
  assert.deepEqual(wait(60), { id: "call.wait.minutes", count: 1, number: 1 });
  assert.deepEqual(wait(3700), { id: "call.wait.long" });
  assert.deepEqual(wait(null), { id: "call.wait.unknown" });
});

const press: Press = { key: "a", isModified: false, isRepeat: false, focus: "page", isRinging: true };

test("letters act, in either case, except while one types or holds another key", () => {
  assert.equal(actOf(press), "answer");
  assert.equal(actOf({ ...press, key: "A" }), "answer");
  assert.equal(actOf({ ...press, focus: "field" }), null);
  assert.equal(actOf({ ...press, isModified: true }), null);
  assert.equal(actOf({ ...press, isRepeat: true }), null);
  assert.equal(actOf({ ...press, key: "z" }), null);
});

test("enter and space answer while it rings, but press a button that has the focus", () => {
  for (const key of ["Enter", " "]) {
    assert.equal(actOf({ ...press, key }), "answer");
    assert.equal(actOf({ ...press, key, focus: "control" }), null);
    assert.equal(actOf({ ...press, key, isRinging: false }), null);
  }
});

const call: DeskCallView = {
  id: 1,
  line: "Line",
  queue: "Queue",
  origin: "real",
  medium: "voice",
  answered_at: 0,
  keys: [],
  recording: null,
  asked_by: null,
  part: null,
  parties: [],
  callback: null,
  held_since: null,
  session: 1,
  other_lost: false,
  captions: [],
};
const sound = { isHeard: true, isOffline: false, isMicrophoneLost: false };

test("the agent reads what the caller hears", () => {
  assert.equal(hearsId(call, sound), "desk.hears.you");
  assert.equal(hearsId(call, { ...sound, isHeard: false }), "desk.hears.music");
  assert.equal(hearsId({ ...call, held_since: 5 }, sound), "desk.hears.music");
  assert.equal(hearsId({ ...call, other_lost: true }, sound), "desk.hears.nothing");
  assert.equal(hearsId({ ...call, origin: "practice" }, { ...sound, isHeard: false }), "desk.hears.practice");
});

test("who takes part in a colleague's call reads as what", () => {
  assert.equal(partId({ ...call, asked_by: "Ana", part: "listener" }), "desk.call.listened");
  assert.equal(partId({ ...call, asked_by: "Ana", part: "consulted" }), "desk.call.asked");
});

test("the worst trouble of a call is the one that is told", () => {
  assert.equal(callNoticeId(call, sound), null);
  assert.equal(callNoticeId({ ...call, other_lost: true }, { ...sound, isOffline: true }), "desk.call.offline");
  assert.equal(callNoticeId({ ...call, other_lost: true }, sound), "desk.call.caller_lost");
  assert.equal(callNoticeId(call, { ...sound, isMicrophoneLost: true }), "desk.call.microphone_lost");
  assert.equal(callNoticeId(call, { ...sound, isHeard: false }), "desk.call.joining");
  assert.equal(callNoticeId({ ...call, origin: "practice" }, { ...sound, isHeard: false }), null);
});

test("a refusal is not told when what was wanted holds already", () => {
  const talking = { state: "talking", call } as unknown as AgentView;
  assert.equal(isWorthTelling("accept", talking), false);
  assert.equal(isWorthTelling("hold", talking), true);
  assert.equal(isWorthTelling("resume", talking), false);
  assert.equal(isWorthTelling("accept", { state: "ready" } as unknown as AgentView), true);
});

test("captions that came since a view are not taken back by an older one", () => {
  assert.deepEqual(mergeCaptions(["a", "b"], ["a"]), ["a", "b"]);
  assert.deepEqual(mergeCaptions(["a"], ["a", "b"]), ["a", "b"]);
  assert.deepEqual(mergeCaptions(["a", "b"], ["c"]), ["c"]);
});

test("an error of the browser is a trouble with words", () => {
  assert.equal(troubleOf(new DOMException("", "NotAllowedError")), "refused");
  assert.equal(troubleOf(new DOMException("", "NotFoundError")), "missing");
  assert.equal(troubleOf(new DOMException("", "NotReadableError")), "in_use");
  assert.equal(troubleOf(new TypeError()), "unknown");
});

test("the browser is known by what it says of itself", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
  assert.equal(browserFamily(`${mac} Version/17.4 Safari/605.1.15`), "safari");
  assert.equal(browserFamily("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"), "firefox");
  assert.equal(browserFamily("Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"), "chrome");
  assert.equal(browserFamily("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36"), "chrome_phone");
  assert.equal(browserFamily("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) Version/17.4 Safari/604.1"), "safari_phone");
});
