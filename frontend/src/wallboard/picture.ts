// What the centre sends to wallboards; the same shapes as in docs/reference/page-protocol.md.

import type { Instant } from "../lib/time.ts";

export interface Target {
  readonly percent: number;
  readonly within_s: number;
}

export interface Figures {
  readonly waiting: number;
  readonly longest_since: Instant | null;
  readonly ready: number;
  readonly talking: number;
  readonly wrap_up: number;
  readonly paused: number;
  readonly arrived: number;
  readonly offered: number;
  readonly answered: number;
  readonly answered_in_target: number;
  readonly abandoned: number;
  readonly short_abandoned: number;
  readonly service_level: number | null;
  readonly asa_s: number | null;
  readonly abandon_rate: number | null;
  readonly target: Target | null;
}

/** Callers wait and nobody is at work: since when, and when people at home will be or were rung. */
export interface Unstaffed {
  readonly since: Instant;
  readonly ring_at: Instant | null;
  readonly rung_at: Instant | null;
  readonly rung: number;
}

export interface QueueFigures extends Figures {
  readonly key: string;
  readonly name: string;
  readonly unstaffed: Unstaffed | null;
  /** Who is at work and may take its calls, at once or when they overflow, by the rules in force. */
  readonly in_time: number;
}

export interface Interval {
  readonly start: Instant;
  readonly arrived: number;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly service_level: number | null;
}

export interface Picture {
  readonly now: Instant;
  readonly zone: string;
  readonly origins: readonly string[];
  readonly demo: boolean;
  readonly speed: number;
  readonly total: Figures;
  readonly queues: readonly QueueFigures[];
  readonly strip: readonly Interval[];
}
