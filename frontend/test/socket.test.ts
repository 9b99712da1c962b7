// The rules of lib/socket.ts, tried with a clock that is turned by hand.

import assert from "node:assert/strict";
import test from "node:test";
import { CentreSocket, type LinkState, type Wire } from "../src/lib/socket.ts";
import type { Saying } from "../src/lib/protocol.ts";

interface Heard {
  readonly t: string;
  readonly [field: string]: unknown;
}

/** A page with its network, its clock and its ears. */
class World {
  time = 0;
  /** By how much the wall clock was set, against the time that passes. */
  step = 0;
  wires: FakeWire[] = [];
  states: LinkState[] = [];
  heard: Heard[] = [];
  answers: [Saying, string | null][] = [];
  session: number | null = null;
  wake: () => void = () => {};
  #timers: { readonly at: number; readonly call: () => void }[] = [];
  readonly socket: CentreSocket<Heard>;

  constructor() {
    this.socket = new CentreSocket<Heard>(
      {
        open: () => {
          const wire = new FakeWire();
          this.wires.push(wire);
          return wire;
        },
        now: () => this.time + this.step,
        after: (milliseconds, call) => {
          const timer = { at: this.time + milliseconds, call };
          this.#timers.push(timer);
          return () => {
            this.#timers = this.#timers.filter((other) => other !== timer);
          };
        },
        onWake: (call) => {
          this.wake = call;
          return () => {
            this.wake = () => {};
          };
        },
      },
      {
        hello: () => ({ t: "hello", session: this.session }),
        message: (message) => this.heard.push(message),
        state: (state) => this.states.push(state),
        answered: (said, refusal) => this.answers.push([said, refusal]),
      },
    );
    this.socket.start();
  }

  get wire(): FakeWire {
    const wire = this.wires.at(-1);
    assert.ok(wire);
    return wire;
  }

  get state(): LinkState | undefined {
    return this.states.at(-1);
  }

  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.time = due.at;
      due.call();
    }
    this.time = end;
  }

  connect(): void {
    this.wire.onopen?.();
    this.hear({ t: "welcome" });
  }

  hear(message: object): void {
    this.wire.onmessage?.({ data: JSON.stringify(message) });
  }
}

class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: Saying[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Saying);
  }

  close(): void {
    this.isClosed = true;
  }

  kinds(): string[] {
    return this.sent.map((said) => said.t);
  }
}

test("hello is the first message, and nothing else leaves before the welcome", () => {
  const world = new World();
  world.socket.say({ t: "do", what: "ready" });
  world.wire.onopen?.();
  assert.deepEqual(world.wire.kinds(), ["hello"]);
  world.hear({ t: "welcome" });
  assert.deepEqual(world.wire.sent[1], { t: "do", what: "ready", n: 1 });
  assert.equal(world.state?.kind, "online");
});

test("what was not answered is sent again in order after a reconnect", () => {
  const world = new World();
  world.connect();
  for (const what of ["ready", "hold", "resume"]) world.socket.say({ t: "do", what });
  world.hear({ t: "done", n: 2 });
  world.wire.onclose?.();
  world.connect();
  assert.deepEqual(
    world.wire.sent.map((said) => said["n"]),
    [undefined, 1, 3],
  );
  world.hear({ t: "done", n: 1 });
  world.hear({ t: "done", n: 3 });
  assert.equal(world.socket.isOwed, false);
});

test("a refusal is told once, with what was asked", () => {
  const world = new World();
  world.connect();
  world.socket.say({ t: "do", what: "hold" });
  world.hear({ t: "refused", n: 1, reason: "not_in_this_state" });
  world.hear({ t: "refused", n: 1, reason: "not_in_this_state" });
  assert.deepEqual(world.answers, [[{ t: "do", what: "hold", n: 1 }, "not_in_this_state"]]);
});

test("what is only mentioned is lost while there is no connection", () => {
  const world = new World();
  assert.equal(world.socket.mention({ t: "signal" }), false);
  world.connect();
  assert.equal(world.socket.mention({ t: "signal" }), true);
  assert.deepEqual(world.wire.kinds(), ["hello", "signal"]);
});

test("attempts follow the schedule, and begin anew after a welcome", () => {
  const world = new World();
  world.connect();
  const begun: number[] = [];
  world.wire.onclose?.();
  for (let attempt = 0; attempt < 7; attempt += 1) {
    const before = world.wires.length;
    begun.push(world.time);
    world.wire.onclose?.();
    while (world.wires.length === before) world.pass(100);
  }
  assert.deepEqual(
    begun.map((time, index) => time - (begun[index - 1] ?? 0)),
    [0, 300, 600, 1200, 2400, 3000, 3000],
  );
  world.connect();
  const before = world.wires.length;
  world.wire.onclose?.();
  assert.equal(world.wires.length, before + 1);
});

test("offline is told once, since the first loss", () => {
  const world = new World();
  world.connect();
  world.pass(1000);
  world.wire.onclose?.();
  world.wire.onclose?.();
  world.pass(5000);
  assert.deepEqual(world.states, [{ kind: "online" }, { kind: "offline", since: 1000 }]);
});

test("a silent connection is given up after eight seconds", () => {
  const world = new World();
  world.connect();
  world.pass(7000);
  assert.equal(world.wires.length, 1);
  world.pass(1500);
  assert.equal(world.wires.length, 2);
  assert.equal(world.wires[0]?.isClosed, true);
});

test("a connection that beats but never welcomes is given up too", () => {
  const world = new World();
  world.wire.onopen?.();
  for (let second = 0; second < 9; second += 1) {
    world.pass(1000);
    if (world.wires.length === 1) world.hear({ t: "beat" });
  }
  assert.equal(world.wires.length, 2);
});

test("the page beats every three seconds", () => {
  const world = new World();
  world.connect();
  for (let second = 0; second < 12; second += 1) {
    world.pass(1000);
    world.hear({ t: "view" });
  }
  assert.equal(world.wire.kinds().filter((kind) => kind === "beat").length, 4);
});

test("a beat of the centre is answered although the page's own timers sleep", () => {
  const world = new World();
  world.connect();
  world.time += 3000;
  world.hear({ t: "beat" });
  assert.deepEqual(world.wire.kinds(), ["hello", "beat"]);
});

test("a wall clock set back does not cut the connection", () => {
  const world = new World();
  world.connect();
  world.pass(2000);
  world.hear({ t: "beat" });
  world.step = -60_000;
  world.pass(7000);
  world.hear({ t: "beat" });
  assert.equal(world.wires.length, 1);
});

test("waking up opens at once what waits for its next attempt", () => {
  const world = new World();
  world.connect();
  world.wire.onclose?.();
  world.wire.onclose?.();
  world.pass(300);
  world.wire.onclose?.();
  const before = world.wires.length;
  world.wake();
  assert.equal(world.wires.length, before + 1);
});

test("waking up leaves a connection alone that was heard just now", () => {
  const world = new World();
  world.connect();
  world.pass(2000);
  world.wake();
  assert.equal(world.wires.length, 1);
});

test("waking up after a sleep does not trust the old connection", () => {
  const world = new World();
  world.connect();
  world.time += 60_000;
  world.wake();
  assert.equal(world.wires.length, 2);
});

test("the tab that was replaced stays silent until it is asked to take over", () => {
  const world = new World();
  world.connect();
  world.hear({ t: "elsewhere" });
  world.wake();
  world.pass(60_000);
  assert.equal(world.wires.length, 1);
  assert.equal(world.state?.kind, "elsewhere");
  world.socket.restart();
  world.connect();
  assert.equal(world.state?.kind, "online");
});

test("an error that ends it ends it, another one is only told", () => {
  const world = new World();
  world.connect();
  world.hear({ t: "error", code: "unknown_message", message: "no", retry: true });
  assert.equal(world.heard.at(-1)?.t, "error");
  world.hear({ t: "error", code: "sign_in", message: "sign in", retry: false });
  world.pass(60_000);
  assert.equal(world.wires.length, 1);
  assert.deepEqual(world.state, { kind: "refused", code: "sign_in", message: "sign in" });
});

test("what cannot be read is passed over", () => {
  const world = new World();
  world.connect();
  world.wire.onmessage?.({ data: "{" });
  world.wire.onmessage?.({ data: "[1]" });
  world.wire.onmessage?.({ data: '{"n":1}' });
  assert.deepEqual(
    world.heard.map((message) => message.t),
    ["welcome"],
  );
});
