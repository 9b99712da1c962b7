// What a tab holds of its call: call/ticket.ts.

import assert from "node:assert/strict";
import test from "node:test";
import { Ticket, type Store } from "../src/call/ticket.ts";

function storage(): Store & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  };
}

test("the ticket of a call is there when it is over, and spent by the next", () => {
  const store = storage();
  const ticket = new Ticket(() => store);
  ticket.hold("first");
  assert.deepEqual([ticket.token, ticket.redial], ["first", null]);
  ticket.over();
  assert.deepEqual([ticket.token, ticket.redial], [null, "first"]);
  ticket.hold("second");
  assert.equal(ticket.redial, null);
  ticket.over();
  assert.equal(ticket.redial, "second");
});

test("an end that is told twice keeps the ticket", () => {
  const store = storage();
  const ticket = new Ticket(() => store);
  ticket.hold("first");
  ticket.over();
  ticket.over();
  assert.equal(ticket.redial, "first");
});

test("the quick exit leaves nothing behind", () => {
  const store = storage();
  const ticket = new Ticket(() => store);
  ticket.hold("first");
  ticket.over();
  ticket.forget();
  assert.equal(store.held.size, 0);
});

test("without storage there is no ticket and no fault", () => {
  const ticket = new Ticket(() => {
    throw new Error("denied");
  });
  ticket.hold("first");
  ticket.over();
  assert.deepEqual([ticket.token, ticket.redial], [null, null]);
});
