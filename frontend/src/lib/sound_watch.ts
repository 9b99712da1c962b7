// Is the other side heard, or no longer? Turns the moods of a peer connection into the two words that the
// centre is told. Rule (page protocol): heard when connected; lost when failed, when disconnected for more
// than 3 s, or when not connected within 8 s of the beginning. The same word is not said twice in a row.

export const CONNECT_WITHIN_MS = 8000;
export const MEND_WITHIN_MS = 3000;

type After = (milliseconds: number, call: () => void) => () => void;

/** Watches one session. */
export class SoundWatch {
  #after: After;
  #report: (isUp: boolean) => void;
  #said: boolean | null = null;
  #cancel: (() => void) | null = null;

  constructor(after: After, report: (isUp: boolean) => void) {
    this.#after = after;
    this.#report = report;
    this.#lostAfter(CONNECT_WITHIN_MS);
  }

  get isUp(): boolean {
    return this.#said === true;
  }

  /** Takes in the state of the connection. */
  see(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      this.#stopWaiting();
      this.#say(true);
    } else if (state === "failed") {
      this.#stopWaiting();
      this.#say(false);
    } else if (state === "disconnected" && this.#cancel === null) {
      this.#lostAfter(MEND_WITHIN_MS);
    }
  }

  stop(): void {
    this.#stopWaiting();
    this.#report = () => {};
  }

  #lostAfter(milliseconds: number): void {
    this.#cancel = this.#after(milliseconds, () => {
      this.#cancel = null;
      this.#say(false);
    });
  }

  #stopWaiting(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #say(isUp: boolean): void {
    if (this.#said === isUp) return;
    this.#said = isUp;
    this.#report(isUp);
  }
}
