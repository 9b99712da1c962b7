// How do the figures come, for months on end? By an event stream that the browser opens again by itself when it
// breaks off. What the browser does not notice is noticed here: a refused stream (it gives up for good) and a
// silent one (the network went away without a word). Each picture is whole, so nothing is missed by a gap.

export interface StreamListener<Picture> {
  picture(picture: Picture): void;
  /** The figures are not live any more; said once for each loss. */
  lost(): void;
}

/** The browser's own attempts get this long before the stream is opened anew. */
const PATIENCE_MS = 5000;
/** The centre says `beat` at least each five seconds; three missing are a loss. */
const SILENCE_MS = 15_000;

export class PictureStream<Picture> {
  #url: string;
  readonly #listener: StreamListener<Picture>;
  #source: EventSource | null = null;
  #watch = 0;
  #isLost = false;
  #hasBeats = false;

  constructor(url: string, listener: StreamListener<Picture>) {
    this.#url = url;
    this.#listener = listener;
    window.addEventListener("online", () => this.#isLost && this.open());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#isLost) this.open();
    });
  }

  /** Opens the stream, anew if it is open; another `url` brings other figures from now on. */
  open(url: string = this.#url): void {
    this.#url = url;
    this.#source?.close();
    const source = new EventSource(url);
    this.#source = source;
    source.addEventListener("picture", (event: MessageEvent<string>) => {
      this.#heard();
      this.#listener.picture(JSON.parse(event.data) as Picture);
    });
    source.addEventListener("beat", () => {
      this.#hasBeats = true;
      this.#heard();
    });
    source.addEventListener("error", () => this.#lost());
    this.#watchFor(PATIENCE_MS);
  }

  #heard(): void {
    this.#isLost = false;
    if (this.#hasBeats) this.#watchFor(SILENCE_MS);
    else window.clearTimeout(this.#watch);
  }

  #lost(): void {
    if (!this.#isLost) {
      this.#isLost = true;
      this.#listener.lost();
    }
    this.#watchFor(this.#source?.readyState === EventSource.CLOSED ? 1000 : PATIENCE_MS);
  }

  /** Opens the stream anew when nothing is heard for so long. */
  #watchFor(milliseconds: number): void {
    window.clearTimeout(this.#watch);
    this.#watch = window.setTimeout(() => {
      this.#lost();
      this.open();
    }, milliseconds);
  }
}
