// How good is the line, in a word? Judged from what the browser counted between two looks at it. The
// thresholds are where speech begins to suffer: the ITU's 150 ms one way is 300 ms there and back, and
// Opus hides about one lost packet in fifty.

export type Quality = "good" | "fair" | "poor";

/** What is read from one report of statistics. */
export interface LineSample {
  readonly received: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
}

interface Fields {
  readonly type?: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
}

/** Reads a sample from the entries of an RTCStatsReport; null before any sound came. */
export function readSample(entries: Iterable<unknown>): LineSample | null {
  let sound: Fields | null = null;
  let roundTrip = 0;
  for (const entry of entries as Iterable<Fields>) {
    if (entry.type === "inbound-rtp" && entry.kind === "audio") sound = entry;
    if (entry.type === "candidate-pair" && entry.nominated) {
      roundTrip = entry.currentRoundTripTime ?? roundTrip;
    }
  }
  if (sound === null) return null;
  return {
    received: sound.packetsReceived ?? 0,
    lost: sound.packetsLost ?? 0,
    jitterMs: (sound.jitter ?? 0) * 1000,
    roundTripMs: roundTrip * 1000,
  };
}

/** Judges the time between two samples; null where nothing was sent in it (hold, silence). */
export function judge(before: LineSample, after: LineSample): Quality | null {
  const received = after.received - before.received;
  // Late packets are counted back, so the difference may be negative.
  const lost = Math.max(0, after.lost - before.lost);
  if (received + lost <= 0) return null;
  const share = lost / (received + lost);
  if (share > 0.08 || after.jitterMs > 80 || after.roundTripMs > 700) return "poor";
  if (share > 0.02 || after.jitterMs > 40 || after.roundTripMs > 350) return "fair";
  return "good";
}
