// The demo's first page: the few figures of what goes on now, and the plug. Pulling it is measured here, from the
// moment the server stopped answering until it answered again, and what is said afterwards is what was seen.

import { byId, find, make, setText, showOffline } from "../lib/dom.ts";
import { formatNumber, t } from "../lib/i18n.ts";
import {
  CentreClock,
  everySecond,
  formatElapsed,
  formatExactTime,
  formatTime,
} from "../lib/time.ts";
import type { Figures, Picture } from "../wallboard/picture.ts";
import { PictureStream } from "../wallboard/stream.ts";

const NOTHING = "–";
/** How often the server is asked whether it is there, once the plug is pulled. */
const ASK_EACH_MS = 50;
/** A server that has not gone by then was not killed. */
const GONE_WITHIN_MS = 8000;
/** A stream may be away for so long before the page speaks of it. */
const GAP_MS = 5000;
/** After this the page says that something is wrong, and goes on asking. */
const BACK_WITHIN_MS = 20_000;

class Now {
  readonly #root: HTMLElement;
  readonly #clock = new CentreClock();
  readonly #stream: PictureStream<Picture>;
  #picture: Picture | null = null;
  #isLive = false;
  #lostAt: number | null = null;
  #waiters: ((total: Figures) => void)[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#stream = new PictureStream<Picture>(root.dataset["events"] ?? "", {
      picture: (picture) => {
        this.#picture = picture;
        this.#isLive = true;
        this.#lostAt = null;
        this.#clock.hear(picture.now, picture.speed);
        this.#show();
        for (const waiter of this.#waiters.splice(0)) waiter(picture.total);
      },
      lost: () => {
        this.#isLive = false;
        this.#lostAt = Date.now();
        this.#show();
      },
    });
    this.#stream.open();
    everySecond(() => this.#show());
  }

  get total(): Figures | null {
    return this.#picture?.total ?? null;
  }

  /** Opens the stream anew and gives the first figures that come. */
  next(): Promise<Figures> {
    const coming = new Promise<Figures>((resolve) => this.#waiters.push(resolve));
    this.#stream.open();
    return coming;
  }

  #show(): void {
    const total = this.#picture?.total;
    this.#root.toggleAttribute("data-stale", !this.#isLive);
    this.#showLoss();
    if (total === undefined) return;
    this.#write("waiting", formatNumber(total.waiting));
    this.#write("talking", formatNumber(total.talking));
    this.#write("ready", formatNumber(total.ready));
    // While the figures are old, the wait stands still with them.
    if (!this.#isLive) return;
    const since = total.longest_since;
    this.#write("longest", since === null ? NOTHING : formatElapsed(this.#clock.secondsSince(since)));
  }

  /** A gap as short as that of a pulled plug is no news. */
  #showLoss(): void {
    const isNews = this.#lostAt !== null && Date.now() - this.#lostAt > GAP_MS;
    const time = formatTime((this.#lostAt ?? 0) * 1000);
    showOffline(isNews ? t("common.offline_since", { time }) : null);
  }

  #write(name: string, text: string): void {
    setText(find(this.#root, `[data-figure="${name}"]`), text);
  }
}

/** Returns which life of the server answers; null if none does. */
async function lifeNow(): Promise<string | null> {
  try {
    const answer = await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(1000) });
    return answer.ok ? ((await answer.json()) as { life: string }).life : null;
  } catch {
    return null;
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => window.setTimeout(resolve, milliseconds));

/** Asks until this life answers no more; gives when it was first asked in vain, or null after `GONE_WITHIN_MS`. */
async function waitUntilGone(life: string | null): Promise<number | null> {
  const end = performance.now() + GONE_WITHIN_MS;
  while (performance.now() < end) {
    const asked = performance.now();
    // The next life may answer at once: who asks meanwhile waits at its door and is not turned away.
    if ((await lifeNow()) !== life) return asked;
    await pause(ASK_EACH_MS);
  }
  return null;
}

/** Asks until any life answers; gives when it did, or null after `BACK_WITHIN_MS`. */
async function waitUntilThere(): Promise<number | null> {
  const end = performance.now() + BACK_WITHIN_MS;
  while (performance.now() < end) {
    if ((await lifeNow()) !== null) return performance.now();
    await pause(ASK_EACH_MS);
  }
  return null;
}

class Plug {
  readonly #form: HTMLFormElement;
  readonly #result: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #now: Now | null;

  constructor(form: HTMLFormElement, result: HTMLElement, now: Now | null) {
    this.#form = form;
    this.#result = result;
    this.#now = now;
    this.#button = find<HTMLButtonElement>(form, "button");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#button.disabled) void this.#pull();
    });
  }

  async #pull(): Promise<void> {
    this.#button.disabled = true;
    this.#say("quiet", t("front.plug.pulling"));
    const before = this.#now?.total ?? null;
    const life = await lifeNow();
    const wasPulled = await this.#ask();
    const gone = wasPulled ? await waitUntilGone(life) : null;
    if (gone === null) {
      this.#say("warn", t("front.plug.alive"));
    } else {
      await this.#follow(gone, before);
    }
    this.#button.disabled = false;
  }

  /** A server that dies before it has answered was pulled as well. */
  async #ask(): Promise<boolean> {
    try {
      const answer = await fetch(this.#form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
      });
      return answer.ok;
    } catch {
      return true;
    }
  }

  async #follow(gone: number, before: Figures | null): Promise<void> {
    const time = formatExactTime((performance.timeOrigin + gone) * 1000);
    this.#say("warn", t("front.plug.gone", { time }));
    let back = await waitUntilThere();
    while (back === null) {
      this.#say("bad", t("front.plug.away"));
      back = await waitUntilThere();
    }
    const seconds = Math.max(0.1, Math.round((back - gone) / 100) / 10);
    const lines = [t("front.plug.back", { time, seconds })];
    this.#say("good", ...lines);
    const after = (await this.#now?.next()) ?? null;
    if (before !== null && after !== null) lines.push(compared(before, after));
    this.#say("good", ...lines);
  }

  #say(tone: string, ...lines: readonly string[]): void {
    const words = lines.map((line) => make("p", {}, line));
    this.#result.replaceChildren(
      make("div", { class: "notice", "data-tone": tone }, make("div", { class: "stack" }, ...words)),
    );
  }
}

function compared(before: Figures, after: Figures): string {
  const { waiting, talking } = after;
  if (before.waiting === waiting && before.talking === talking) {
    return t("front.plug.same", { waiting, talking });
  }
  return t("front.plug.changed", {
    waiting,
    talking,
    waiting_before: before.waiting,
    talking_before: before.talking,
  });
}

const root = document.getElementById("now");
const now = root === null ? null : new Now(root);
const form = document.getElementById("plug");
if (form instanceof HTMLFormElement) new Plug(form, byId("plug-result"), now);
