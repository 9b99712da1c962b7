// Where does the voice come from, and what stands in the way? Asks for the microphone, names the trouble
// in a word for which the catalogue has sentences, and takes a new one when a headset is unplugged.
//
// `?rawmic=1` in the address switches the browser's processing off: measuring programs send tones, which
// noise suppression would take for noise.

export type MicrophoneTrouble = "refused" | "missing" | "in_use" | "insecure" | "unknown";

export class MicrophoneError extends Error {
  readonly trouble: MicrophoneTrouble;

  constructor(trouble: MicrophoneTrouble) {
    super(`no microphone: ${trouble}`);
    this.trouble = trouble;
  }
}

/** Names the trouble behind an error of getUserMedia. */
export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = typeof error === "object" && error !== null && "name" in error ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "in_use";
    default:
      return "unknown";
  }
}

export type BrowserFamily = "firefox" | "safari_phone" | "safari" | "chrome_phone" | "chrome";

/** Names the browser whose way of giving permission should be explained. */
export function browserFamily(userAgent: string): BrowserFamily {
  const isApplePhone = /iPhone|iPad|iPod/.test(userAgent);
  // Every browser on an Apple phone asks through the settings of the phone.
  if (isApplePhone) return "safari_phone";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Android/.test(userAgent)) return "chrome_phone";
  if (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)) return "safari";
  return "chrome";
}

export type MicrophoneChange =
  | { readonly kind: "changed"; readonly track: MediaStreamTrack }
  | { readonly kind: "lost"; readonly trouble: MicrophoneTrouble };

/** Holds the page's one microphone. */
export class Microphone {
  #track: MediaStreamTrack | null = null;
  #isMuted = false;
  #isWanted = false;
  #opening: Promise<MediaStreamTrack> | null = null;
  #onChange: (change: MicrophoneChange) => void;
  #isRaw = new URLSearchParams(location.search).get("rawmic") === "1";

  /** `onChange` is told when the device changed under a page that uses it. */
  constructor(onChange: (change: MicrophoneChange) => void) {
    this.#onChange = onChange;
    navigator.mediaDevices?.addEventListener("devicechange", () => {
      if (this.#isWanted && this.#track === null) void this.#replace();
    });
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  set isMuted(isMuted: boolean) {
    this.#isMuted = isMuted;
    if (this.#track) this.#track.enabled = !isMuted;
  }

  /** Opens the microphone, asking the person where needed; throws MicrophoneError. */
  async open(): Promise<MediaStreamTrack> {
    this.#isWanted = true;
    if (this.#track?.readyState === "live") return this.#track;
    this.#opening ??= this.#ask().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Lets the microphone go, so that the browser no longer shows it in use. */
  close(): void {
    this.#isWanted = false;
    this.#forget();
  }

  async #ask(): Promise<MediaStreamTrack> {
    if (!navigator.mediaDevices) throw new MicrophoneError("insecure");
    const isTreated = !this.#isRaw;
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          echoCancellation: isTreated,
          noiseSuppression: isTreated,
          autoGainControl: isTreated,
          channelCount: 1,
        },
      });
    } catch (error) {
      throw new MicrophoneError(troubleOf(error));
    }
    const track = stream.getAudioTracks()[0];
    if (!track) throw new MicrophoneError("missing");
    if (!this.#isWanted) {
      track.stop();
      throw new MicrophoneError("unknown");
    }
    this.#forget();
    this.#track = track;
    track.enabled = !this.#isMuted;
    track.onended = () => {
      if (this.#track !== track) return;
      this.#track = null;
      void this.#replace();
    };
    return track;
  }

  async #replace(): Promise<void> {
    try {
      this.#onChange({ kind: "changed", track: await this.open() });
    } catch (error) {
      const trouble = error instanceof MicrophoneError ? error.trouble : "unknown";
      this.#onChange({ kind: "lost", trouble });
    }
  }

  #forget(): void {
    const track = this.#track;
    this.#track = null;
    if (!track) return;
    track.onended = null;
    track.stop();
  }
}
