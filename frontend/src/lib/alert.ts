// How is an agent called who looks elsewhere? By sound, by the title of the tab, and by a notification
// where she allowed them. The sound is one looped piece, so that it needs no timer: browsers slow those
// of hidden pages down, but not a sound that plays.

export type AlertKind = "offer" | "missed";

/** Notes of one round: when they begin, how high they are, how long they last; all in seconds and hertz. */
interface Round {
  readonly seconds: number;
  readonly notes: readonly { readonly at: number; readonly hertz: number; readonly lasts: number }[];
}

const ROUNDS: Readonly<Record<AlertKind, Round>> = {
  offer: {
    seconds: 2.6,
    notes: [
      { at: 0, hertz: 587, lasts: 0.5 },
      { at: 0.22, hertz: 784, lasts: 0.9 },
    ],
  },
  missed: {
    seconds: 2,
    notes: [
      { at: 0, hertz: 440, lasts: 0.45 },
      { at: 0.5, hertz: 349, lasts: 0.8 },
    ],
  },
};

const LOUDNESS = 0.35;

/** Calls the agent to the page until it is told to stop. */
export class DeskAlert {
  #context: AudioContext | null = null;
  #source: AudioBufferSourceNode | null = null;
  #kind: AlertKind | null = null;
  #title = document.title;
  #flashing: ReturnType<typeof setInterval> | undefined;
  #note: Notification | null = null;
  #onAudible: () => void;

  /** `onAudible` is told when sound becomes possible, or no longer is. */
  constructor(onAudible: () => void) {
    this.#onAudible = onAudible;
  }

  get kind(): AlertKind | null {
    return this.#kind;
  }

  /** Whether sound can be made; false until the first click or key on the page. */
  get isAudible(): boolean {
    return this.#context?.state === "running";
  }

  /** Makes sound possible; call it in a click or a key. */
  unlock(): void {
    const context = this.#open();
    if (context.state !== "running") void context.resume();
  }

  /** Asks once whether notifications may be shown; call it in a click or a key. */
  askForNotifications(): void {
    if ("Notification" in window && Notification.permission === "default") {
      // Some browsers refuse the question itself; then there are none.
      void Notification.requestPermission().catch(() => "denied");
    }
  }

  /** Begins to call; `words` stand in the title and in the notification. */
  start(kind: AlertKind, words: string): void {
    if (this.#kind === kind) return;
    this.stop();
    this.#kind = kind;
    document.documentElement.dataset["alert"] = kind;
    this.#sound(ROUNDS[kind]);
    this.#title = document.title;
    let isWords = true;
    document.title = words;
    this.#flashing = setInterval(() => {
      isWords = !isWords;
      document.title = isWords ? words : this.#title;
    }, 1000);
    this.#notify(words);
  }

  stop(): void {
    if (this.#kind === null) return;
    this.#kind = null;
    delete document.documentElement.dataset["alert"];
    this.#source?.stop();
    this.#source = null;
    clearInterval(this.#flashing);
    document.title = this.#title;
    this.#note?.close();
    this.#note = null;
  }

  #open(): AudioContext {
    if (this.#context) return this.#context;
    this.#context = new AudioContext();
    this.#context.onstatechange = () => this.#onAudible();
    return this.#context;
  }

  #sound(round: Round): void {
    // A page that was loaded anew may have no right to sound yet; then this waits for `unlock`.
    const context = this.#open();
    const source = context.createBufferSource();
    source.buffer = render(context, round);
    source.loop = true;
    source.connect(context.destination);
    source.start();
    this.#source = source;
  }

  #notify(words: string): void {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    try {
      const note = new Notification(words, { tag: "openline", requireInteraction: true });
      note.onclick = () => {
        window.focus();
        note.close();
      };
      this.#note = note;
    } catch {
      // Phones allow notifications to service workers only; sound and title must do.
    }
  }
}

/** Writes one round of soft, bell-like notes. */
function render(context: AudioContext, round: Round): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, Math.round(round.seconds * rate), rate);
  const samples = buffer.getChannelData(0);
  for (const { at, hertz, lasts } of round.notes) {
    const first = Math.round(at * rate);
    const count = Math.min(Math.round(lasts * rate), samples.length - first);
    for (let i = 0; i < count; i += 1) {
      const seconds = i / rate;
      const swell = Math.min(1, seconds / 0.02) * Math.exp((-4 * seconds) / lasts);
      const fall = Math.min(1, (count - i) / (0.03 * rate));
      const wave = Math.sin(2 * Math.PI * hertz * seconds) + 0.25 * Math.sin(4 * Math.PI * hertz * seconds);
      samples[first + i] = (samples[first + i] ?? 0) + LOUDNESS * swell * fall * wave * 0.8;
    }
  }
  return buffer;
}
