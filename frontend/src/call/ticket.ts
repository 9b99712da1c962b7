// What does this tab hold of its call? The token that opens it, and after its end the ticket with which
// the next call has the old place back, once, if it comes soon after a drop.
//
// Both live in this tab's sessionStorage and go with it; leaving by the quick exit takes them away. Some
// browsers refuse storage (private mode, a strict setting): then the call does not outlive the page.

const TOKEN = "openline-call";
const REDIAL = "openline-redial";
const TYPED = "openline-typed";

/** Is the part of the browser's storage that is used here. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Keeps what one tab holds of its call. */
export class Ticket {
  #store: () => Store;

  constructor(store: () => Store = () => sessionStorage) {
    this.#store = store;
  }

  /** The token of the call that goes on, or null. */
  get token(): string | null {
    return this.#get(TOKEN);
  }

  /** What a new call may say of the one before: null while one goes on, or where there was none. */
  get redial(): string | null {
    return this.token === null ? this.#get(REDIAL) : null;
  }

  /** Whether the call goes on by typing: then no page asks for the microphone. */
  get isTyped(): boolean {
    return this.#get(TYPED) !== null;
  }

  set isTyped(isTyped: boolean) {
    this.#set(TYPED, isTyped ? "yes" : null);
  }

  /** Holds the call that has begun; the ticket of the one before is spent. */
  hold(token: string): void {
    this.#set(TOKEN, token);
    this.#set(REDIAL, null);
  }

  /** Notes that the call is over. */
  over(): void {
    const token = this.token;
    if (token !== null) this.#set(REDIAL, token);
    this.#set(TOKEN, null);
    this.#set(TYPED, null);
  }

  /** Leaves nothing behind. */
  forget(): void {
    for (const key of [TOKEN, REDIAL, TYPED]) this.#set(key, null);
  }

  #get(key: string): string | null {
    try {
      return this.#store().getItem(key);
    } catch {
      return null;
    }
  }

  #set(key: string, value: string | null): void {
    try {
      if (value === null) this.#store().removeItem(key);
      else this.#store().setItem(key, value);
    } catch {
      // Nothing to keep it in.
    }
  }
}
