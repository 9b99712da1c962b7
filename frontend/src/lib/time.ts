// What time is it at the centre, and how is it written? Instants are microseconds since 1970 UTC, as in the
// messages; the centre's clock rules, and this page's clock is only used to count on from it.

import { language, t } from "./i18n.ts";

export type Instant = number;

const SECOND = 1_000_000;

/** Follows the centre's clock: `hear` each `now` it sends, ask `now` at any time. */
export class CentreClock {
  #heard: Instant | null = null;
  #heardAt = 0;
  #rate = 1;

  /** `rate` is how fast the centre's time runs; in a hurried demo it is not 1. */
  hear(now: Instant, rate = 1): void {
    this.#heard = now;
    this.#heardAt = localNow();
    this.#rate = rate;
  }

  /** The centre's time; before it was heard for the first time, this machine's. */
  now(): Instant {
    if (this.#heard === null) return Date.now() * 1000;
    return this.#heard + (localNow() - this.#heardAt) * this.#rate;
  }

  /** Whole seconds from `instant` until now; never negative. */
  secondsSince(instant: Instant): number {
    return Math.max(0, Math.floor((this.now() - instant) / SECOND));
  }

  /** Whole seconds from now to `instant`, rounded up; never negative. */
  secondsUntil(instant: Instant): number {
    return Math.max(0, Math.ceil((instant - this.now()) / SECOND));
  }
}

// Counts on through changes of the wall clock. It may stand still while the machine sleeps; the next `hear`
// puts that right.
function localNow(): Instant {
  return performance.now() * 1000;
}

/** Writes a duration as a counter: "0:07", "12:30", "1:02:03". */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** Writes a sum of durations in little room: "0:11", "12:30", and from an hour on "1 h 02". */
export function formatSum(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return formatElapsed(seconds);
  const rest = String(minutes % 60).padStart(2, "0");
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${rest}`;
}

/** Writes a duration in words: "40 seconds", "3 minutes", "2 hours"; rounded to its largest unit. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return t("common.seconds", { count: Math.max(0, Math.round(seconds)) });
  if (seconds < 3600) return t("common.minutes", { count: Math.round(seconds / 60) });
  return t("common.hours", { count: Math.round(seconds / 3600) });
}

/** Writes the time of day, "04:12", in `zone` (default: this machine's). */
export function formatTime(instant: Instant, zone?: string): string {
  return timeFormat(zone, false).format(new Date(instant / 1000));
}

/** Writes the time of day to the second, "04:12:07". */
export function formatExactTime(instant: Instant, zone?: string): string {
  return timeFormat(zone, true).format(new Date(instant / 1000));
}

/** Writes day and time with the zone, for a title on hover: "Saturday, 7 March, 04:12 CST". */
export function formatMoment(instant: Instant, zone?: string): string {
  return new Intl.DateTimeFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(new Date(instant / 1000));
}

// One format for each zone: making one costs far more than using it, and a wallboard asks each second.
const timeFormats = new Map<string, Intl.DateTimeFormat>();

function timeFormat(zone: string | undefined, hasSeconds: boolean): Intl.DateTimeFormat {
  const key = `${zone ?? ""} ${hasSeconds}`;
  const known = timeFormats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(hasSeconds ? { second: "2-digit" } : {}),
    ...(zone === undefined ? {} : { timeZone: zone }),
  });
  timeFormats.set(key, made);
  return made;
}

/**
 * Calls `tick` about each second, shortly after the second turns over, so that several counters on a page move
 * together. Returns the function that stops it.
 */
export function everySecond(tick: () => void): () => void {
  let timer = 0;
  const turn = (): void => {
    tick();
    timer = window.setTimeout(turn, 1000 - (Date.now() % 1000) + 5);
  };
  turn();
  return () => window.clearTimeout(timer);
}
