// How does a page stay in touch with the centre? One WebSocket at a time, opened anew whenever it is
// lost, with a heartbeat both ways. What matters is numbered and kept in an outbox until the centre
// has answered it, so nothing that a person did is lost in a gap, and doing it twice changes nothing.
//
// No message leaves before the centre has said `welcome` to the `hello` of this very socket. Timers,
// the clock and the socket itself come from outside, so that the rules can be tried without any.

import { parse, type LinkMessage, type Saying } from "./protocol.ts";

/** Waits before the attempts that follow a loss, in milliseconds; the last one repeats. */
export const RETRY_MS = [0, 300, 600, 1200, 2400, 3000] as const;
export const BEAT_MS = 3000;
/** A connection that has said nothing for this long is taken as lost. */
export const SILENCE_MS = 8000;
const TICK_MS = 1000;

export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "online" }
  | { readonly kind: "offline"; readonly since: number }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "closed" };

/** What is used of a WebSocket. */
export interface Wire {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

/** What the connection needs of the world around it. */
export interface Surroundings {
  open(): Wire;
  /** Milliseconds of the wall clock. */
  now(): number;
  /** Calls once after so many milliseconds; the result takes it back. */
  after(milliseconds: number, call: () => void): () => void;
  /** Calls whenever the network or the person comes back; the result takes it back. */
  onWake(call: () => void): () => void;
}

export interface Listener<Message> {
  /** The first message on every socket. */
  hello(): Saying;
  message(message: Message): void;
  state(state: LinkState): void;
  /** The centre answered a numbered message: it is done, or refused for a reason. */
  answered?(said: Saying, refusal: string | null): void;
}

type Answered = { readonly t: "refused"; readonly n: number; readonly reason: string };

/** Is the page's one connection to the centre. */
export class CentreSocket<Message extends { readonly t: string }> {
  #around: Surroundings;
  #listener: Listener<Message>;
  #wire: Wire | null = null;
  #isWelcome = false;
  #state: LinkState = { kind: "connecting" };
  #attempt = 0;
  #nextNumber = 1;
  #outbox = new Map<number, Saying>();
  #openedAt = 0;
  #heardAt = 0;
  #beatAt = 0;
  #cancelRetry: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #cancelWake: (() => void) | null = null;

  constructor(around: Surroundings, listener: Listener<Message>) {
    this.#around = around;
    this.#listener = listener;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Whether something said has not been answered yet. */
  get isOwed(): boolean {
    return this.#outbox.size > 0;
  }

  /** Connects, and from then on stays connected until `stop`. */
  start(): void {
    this.#cancelWake = this.#around.onWake(() => this.#wake());
    this.#open();
  }

  /** Says what matters: numbered, kept, and sent again until it is answered. */
  say(saying: Saying): void {
    const n = this.#nextNumber++;
    const numbered = { ...saying, n };
    this.#outbox.set(n, numbered);
    this.mention(numbered);
  }

  /** Says what is worth nothing later; returns false when it could not be said now. */
  mention(saying: Saying): boolean {
    if (!this.#wire || !this.#isWelcome) return false;
    this.#wire.send(JSON.stringify(saying));
    return true;
  }

  /** Says `hello` again on a new socket; also after a stop. */
  restart(): void {
    this.stop({ kind: "connecting" });
    this.#attempt = 0;
    this.start();
  }

  /** Ends the connection; only `restart` brings it back. */
  stop(state: LinkState = { kind: "closed" }): void {
    this.#cancelWake?.();
    this.#cancelRetry?.();
    this.#drop();
    this.#become(state);
  }

  #open(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#drop();
    const wire = this.#around.open();
    this.#wire = wire;
    this.#openedAt = this.#heardAt = this.#beatAt = this.#around.now();
    wire.onopen = () => wire.send(JSON.stringify(this.#listener.hello()));
    wire.onmessage = (event) => this.#hear(event.data);
    wire.onclose = () => this.#lose();
    this.#tickLater();
  }

  #tickLater(): void {
    this.#cancelTick = this.#around.after(TICK_MS, () => {
      this.#tickLater();
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.#around.now();
    // The wall clock may have been set back.
    if (now < this.#heardAt) this.#openedAt = this.#heardAt = this.#beatAt = now;
    const isSilent = now - this.#heardAt >= SILENCE_MS;
    const isShutOut = !this.#isWelcome && now - this.#openedAt >= SILENCE_MS;
    if (isSilent || isShutOut) this.#lose();
    else if (now - this.#beatAt >= BEAT_MS) this.#beat(now);
  }

  #beat(now: number): void {
    if (this.mention({ t: "beat" })) this.#beatAt = now;
  }

  #hear(data: unknown): void {
    const now = this.#around.now();
    this.#heardAt = now;
    const message = typeof data === "string" ? parse<Message>(data) : null;
    if (message === null) return;
    const known = message as unknown as LinkMessage | Answered;
    switch (known.t) {
      case "beat":
        // Browsers slow the timers of hidden pages down to one a minute, but never an arriving message.
        if (now - this.#beatAt >= BEAT_MS / 2) this.#beat(now);
        return;
      case "done":
        this.#settle(known.n, null);
        return;
      case "refused":
        this.#settle(known.n, known.reason);
        return;
      case "elsewhere":
        this.stop({ kind: "elsewhere" });
        return;
      case "error":
        if (!known.retry) {
          this.stop({ kind: "refused", code: known.code, message: known.message });
          return;
        }
        break;
      case "welcome":
        this.#isWelcome = true;
        this.#attempt = 0;
        this.#beatAt = now;
        this.#listener.message(message);
        for (const said of this.#outbox.values()) this.mention(said);
        this.#become({ kind: "online" });
        return;
    }
    this.#listener.message(message);
  }

  #settle(n: number, refusal: string | null): void {
    const said = this.#outbox.get(n);
    this.#outbox.delete(n);
    if (said) this.#listener.answered?.(said, refusal);
  }

  #lose(): void {
    this.#drop();
    if (this.#state.kind !== "offline") {
      this.#become({ kind: "offline", since: this.#around.now() });
    }
    const wait = RETRY_MS[Math.min(this.#attempt, RETRY_MS.length - 1)] ?? 0;
    this.#attempt += 1;
    if (wait === 0) this.#open();
    else this.#cancelRetry = this.#around.after(wait, () => this.#open());
  }

  #wake(): void {
    const isQuiet = this.#around.now() - this.#heardAt > BEAT_MS + TICK_MS;
    // An attempt that is only just under way is left alone.
    if (this.#wire && (!isQuiet || (!this.#isWelcome && this.#attempt === 0))) return;
    this.#attempt = 0;
    this.#lose();
  }

  #drop(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    this.#isWelcome = false;
    const wire = this.#wire;
    this.#wire = null;
    if (!wire) return;
    wire.onopen = wire.onmessage = wire.onclose = null;
    wire.close();
  }

  #become(state: LinkState): void {
    this.#state = state;
    this.#listener.state(state);
  }
}

/** Gives the surroundings of a real page, with the socket at this path of the page's own server. */
export function pageSurroundings(path: string, after: Surroundings["after"] = timeout): Surroundings {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = url.hash = "";
  return {
    open: () => {
      const socket = new WebSocket(url);
      const wire: Wire = {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text);
        },
        close: () => socket.close(),
      };
      socket.onopen = () => wire.onopen?.();
      socket.onmessage = (event) => wire.onmessage?.({ data: event.data });
      socket.onclose = () => wire.onclose?.();
      return wire;
    },
    now: () => Date.now(),
    after,
    onWake: (call) => {
      const seen = () => {
        if (document.visibilityState === "visible") call();
      };
      addEventListener("online", call);
      addEventListener("pageshow", seen);
      document.addEventListener("visibilitychange", seen);
      return () => {
        removeEventListener("online", call);
        removeEventListener("pageshow", seen);
        document.removeEventListener("visibilitychange", seen);
      };
    },
  };
}

function timeout(milliseconds: number, call: () => void): () => void {
  const id = setTimeout(call, milliseconds);
  return () => clearTimeout(id);
}
