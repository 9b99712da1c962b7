// What is heard besides people: a greeting once, music in a loop. A greeting that is missing, broken or
// stuck counts as heard, so that nobody waits for a file. Where the browser forbids sound without a click,
// the page is told, shows a button, and `unblock` goes on from there.

const FADE_MS = 300;
const FADE_STEP_MS = 30;
/** A greeting that makes no progress for this long counts as heard. */
export const STUCK_MS = 10_000;

export type PlaybackId = number | string;

interface Listener {
  /** The greeting was heard to its end. */
  heard(playback: PlaybackId): void;
  /** The browser wants a click before any sound, or wants it no longer. */
  blocked(isBlocked: boolean): void;
}

/** Plays what the centre orders; one sound at a time. */
export class Player {
  #listener: Listener;
  #greeting: { readonly playback: PlaybackId; readonly element: HTMLAudioElement } | null = null;
  #heard: PlaybackId | null = null;
  #stuck: ReturnType<typeof setTimeout> | undefined;
  #music: { readonly url: string; readonly element: HTMLAudioElement } | null = null;
  #isQuiet = false;
  #blocked = new Set<HTMLAudioElement>();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** The greeting that is being played, or null. */
  get playback(): PlaybackId | null {
    return this.#greeting?.playback ?? null;
  }

  get hasMusic(): boolean {
    return this.#music !== null;
  }

  /** Plays a greeting once; goes on with it if it is that one already. */
  greet(playback: PlaybackId, url: string): void {
    if (this.#greeting?.playback === playback) return;
    if (this.#heard === playback) {
      this.#listener.heard(playback);
      return;
    }
    this.stop();
    const element = new Audio(url);
    this.#greeting = { playback, element };
    element.onended = element.onerror = () => this.#endGreeting(playback);
    element.onplaying = element.ontimeupdate = () => this.#watchGreeting(playback);
    this.#watchGreeting(playback);
    void this.keepPlaying(element);
  }

  /** Plays music in a loop; goes on with it if it is that already. */
  music(url: string): void {
    this.#dropGreeting();
    if (this.#music?.url === url) return;
    this.#stopMusic();
    const element = new Audio(url);
    element.loop = true;
    element.volume = 0;
    element.muted = this.#isQuiet;
    this.#music = { url, element };
    void this.keepPlaying(element).then(() => fade(element, 1));
  }

  /** Ends greeting and music. */
  stop(): void {
    this.#dropGreeting();
    this.#stopMusic();
  }

  /** Silences the music, or lets it be heard again; greetings and people are always heard. */
  setQuiet(isQuiet: boolean): void {
    this.#isQuiet = isQuiet;
    if (this.#music) this.#music.element.muted = isQuiet;
  }

  /** Starts an element, and remembers it where the browser first wants a click. */
  async keepPlaying(element: HTMLAudioElement): Promise<void> {
    if (!element.paused) return;
    try {
      await element.play();
      this.#setBlocked(element, false);
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : "";
      if (name === "NotAllowedError") this.#setBlocked(element, true);
      // AbortError: it was stopped before it began. Anything else of a greeting comes as its `error` too.
    }
  }

  /** Goes on with everything that was blocked; call it in a click. */
  unblock(): void {
    for (const element of [...this.#blocked]) {
      void this.keepPlaying(element);
      if (element === this.#music?.element) fade(element, 1);
    }
  }

  #watchGreeting(playback: PlaybackId): void {
    clearTimeout(this.#stuck);
    this.#stuck = setTimeout(() => {
      const isWaitingForClick = this.#greeting && this.#blocked.has(this.#greeting.element);
      if (isWaitingForClick) this.#watchGreeting(playback);
      else this.#endGreeting(playback);
    }, STUCK_MS);
  }

  #endGreeting(playback: PlaybackId): void {
    if (this.#greeting?.playback !== playback) return;
    this.#dropGreeting();
    this.#heard = playback;
    this.#listener.heard(playback);
  }

  #dropGreeting(): void {
    clearTimeout(this.#stuck);
    const element = this.#greeting?.element;
    this.#greeting = null;
    if (!element) return;
    element.onended = element.onerror = element.onplaying = element.ontimeupdate = null;
    this.#release(element);
  }

  #stopMusic(): void {
    const element = this.#music?.element;
    this.#music = null;
    if (element) fade(element, 0, () => this.#release(element));
  }

  #release(element: HTMLAudioElement): void {
    element.pause();
    element.removeAttribute("src");
    this.#setBlocked(element, false);
  }

  #setBlocked(element: HTMLAudioElement, isBlocked: boolean): void {
    const before = this.#blocked.size > 0;
    if (isBlocked) this.#blocked.add(element);
    else this.#blocked.delete(element);
    const after = this.#blocked.size > 0;
    if (before !== after) this.#listener.blocked(after);
  }
}

const fading = new WeakMap<HTMLAudioElement, ReturnType<typeof setInterval>>();

/** Brings the volume to `goal` in a moment; a newer fade of the same element replaces an older one. */
function fade(element: HTMLAudioElement, goal: 0 | 1, then: () => void = () => {}): void {
  clearInterval(fading.get(element));
  const step = (FADE_STEP_MS / FADE_MS) * (goal === 1 ? 1 : -1);
  const timer = setInterval(() => {
    element.volume = Math.min(1, Math.max(0, element.volume + step));
    if (element.volume !== goal) return;
    clearInterval(timer);
    then();
  }, FADE_STEP_MS);
  fading.set(element, timer);
}
