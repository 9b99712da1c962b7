// What do a page and the centre say to each other? The types of docs/reference/page-protocol.md: keep
// the two in step. Instants are microseconds by the centre's clock. Raw text ends in `parse`.

export type Instant = number;

export interface Ice {
  readonly servers: RTCIceServer[];
}

export type SignalContent =
  | { readonly description: RTCSessionDescriptionInit }
  | { readonly candidate: RTCIceCandidateInit };

/** Does a caller speak or type? */
export type Medium = "voice" | "typed";

/** What somebody wrote at a stretch. */
export interface WrittenLine {
  /** Set on lines of one's own. */
  readonly key: string | null;
  readonly by: "caller" | "agent" | "supervisor";
  readonly name: string | null;
  readonly own: boolean;
  /** A supervisor whispers it to the agent. */
  readonly aside: boolean;
  readonly at: Instant;
  readonly text: string;
}

/** What is new of a conversation after the first `after` lines, and how it stands. */
export interface LinesMessage {
  readonly t: "lines";
  readonly call: number;
  readonly after: number;
  readonly lines: readonly WrittenLine[];
  readonly drafts: readonly { readonly by: "caller" | "agent"; readonly text: string }[];
  /** How many of the lines have reached the other side. */
  readonly delivered: number;
  readonly may_write: boolean;
  readonly as_typed: boolean;
  /** Characters of a line. */
  readonly limit: number;
}

export type Origin = "real" | "practice" | "simulated";

export interface CallView {
  readonly state: "greeting" | "consent" | "menu" | "message" | "voicemail" | "queued" | "offered" | "talking" | "held" | "ended";
  readonly since: Instant;
  readonly line: string;
  readonly place: number | null;
  readonly estimate_s: number | null;
  readonly other_lost: boolean;
  /** What can be chosen now; empty unless something is asked. */
  readonly choices: readonly CallChoice[];
  readonly medium: Medium;
  readonly reason: string | null;
}

/** A digit of a menu, or of the question for consent, and what it means. */
export interface CallChoice {
  readonly digit: string;
  /** What the configuration calls it; null where the page has words for what it `does`. */
  readonly name: string | null;
  readonly does: "queue" | "menu" | "message" | "voicemail" | "consent";
}

export type AgentState = "signed_out" | "ready" | "offered" | "talking" | "wrap_up" | "paused";

/** A choice that the configuration offers: pause reasons and dispositions. */
export interface Choice {
  readonly key: string;
  readonly name: string;
}

export interface OfferView {
  readonly id: number;
  readonly call: number;
  readonly expires_at: Instant;
  readonly lease_s: number;
  readonly line: string;
  readonly queue: string;
  readonly waiting_since: Instant;
  readonly medium: Medium;
  readonly origin: Origin;
  readonly language: string | null;
  /** Nobody is on the line yet: it is a person to be called back. */
  readonly callback: boolean;
  /** Until when it is safe to call back, where that was said. */
  readonly safe_until: Instant | null;
  /** A colleague asks for advice on her call; null: it is a caller. */
  readonly asked_by: string | null;
}

/** How it stands with the recording of a talk whose caller said yes. */
export type Recording = "on" | "paused" | "held" | "withdrawn" | "failed";

export interface DeskCallView {
  readonly id: number;
  readonly line: string;
  readonly queue: string;
  readonly origin: Origin;
  readonly answered_at: Instant;
  readonly medium: Medium;
  readonly held_since: Instant | null;
  readonly session: number | null;
  readonly other_lost: boolean;
  readonly captions: readonly string[];
  /** The last keys that her caller pressed while they talk. */
  readonly keys: readonly string[];
  /** Null where the caller was not asked or said no. */
  readonly recording: Recording | null;
  /** Set where she calls somebody back. */
  readonly callback: {
    readonly dialling: boolean;
    readonly may_leave_message: boolean;
    readonly safe_until: Instant | null;
  } | null;
  /** It is this colleague's call, who asks for advice. */
  readonly asked_by: string | null;
  /** As what she takes part in it, where it is a colleague's. */
  readonly part: "consulted" | "third" | "listener" | null;
  /** Who else is in the call. */
  readonly parties: readonly PartyView[];
}

export interface PartyView {
  readonly id: number;
  readonly kind: "consulted" | "third" | "listener";
  readonly name: string;
  readonly state: "ringing" | "joined";
  readonly since: Instant;
  /** Who hears whoever listens: nobody, her, or all. */
  readonly mode: "listen" | "whisper" | "barge" | null;
  /** Is it an emergency service, to which the caller's number went along? */
  readonly emergency: boolean;
}

export interface WrapUpView {
  readonly call: number;
  readonly line: string;
  readonly queue: string;
  readonly origin: Origin;
  readonly since: Instant;
  readonly warn_at: Instant;
  readonly limit_s: number;
  readonly over: boolean;
  /** Whether there is a recording of the talk, which its caller may still not want. */
  readonly recorded: boolean;
}

export interface QueueView {
  readonly key: string;
  readonly name: string;
  readonly waiting: number;
  readonly longest_since: Instant | null;
}

/** A silent hand: she wants a supervisor's help. */
export interface Help {
  readonly since: Instant;
  /** The supervisor who comes; null: nobody yet. */
  readonly by: string | null;
}

export interface AgentView {
  readonly key: string;
  readonly name: string;
  readonly state: AgentState;
  readonly since: Instant;
  readonly reason: string | null;
  readonly pause_reason: string | null;
  readonly pause_after: string | null;
  /** The supervisor who brought the present state about. */
  readonly by: string | null;
  /** What a supervisor wants after this call, and who. */
  readonly forced_to: "ready" | "paused" | "signed_out" | null;
  readonly forced_by: string | null;
  /** The end of her recovery break. */
  readonly rests_until: Instant | null;
  /** How long such a break is; 0 where there is none. */
  readonly recovery_break_s: number;
  /** Since when her hand is up, and who comes; null while it is down. */
  readonly help: Help | null;
  /** Who changed what she can take, and when; null: it is as the configuration says. */
  readonly skills_changed: { readonly by: string; readonly since: Instant } | null;
  /** Can she not be reached at her telephone? */
  readonly unreachable: boolean;
  readonly practice: boolean;
  readonly offer: OfferView | null;
  readonly call: DeskCallView | null;
  readonly wrap_up: WrapUpView | null;
  readonly queues: readonly QueueView[];
  readonly day: {
    readonly calls: number;
    readonly talk_s: number;
    readonly wrap_up_s: number;
    readonly paused_s: number;
    readonly missed: number;
  };
  readonly pause_reasons: readonly Choice[];
  readonly dispositions: readonly Choice[];
}

/** The name and the password with which a page registers as a telephone. */
export interface PhoneAccount {
  readonly user: string;
  readonly password: string;
}

/** What passes between Asterisk and a page that is a telephone: whether it can be reached, and SIP. */
export type PhoneMessage =
  | { readonly t: "telephone"; readonly open: boolean }
  | { readonly t: "sip"; readonly text: string };

/** What concerns the connection itself; both pages hear it. */
export type LinkMessage =
  | {
      readonly t: "welcome";
      readonly token?: string;
      readonly ice: Ice;
      readonly telephone?: boolean;
      readonly presses?: boolean;
      /** Set where the page is her telephone: with what it registers. */
      readonly phone?: PhoneAccount | null;
    }
  | { readonly t: "done"; readonly n: number }
  | { readonly t: "error"; readonly code: string; readonly message: string; readonly retry: boolean }
  | { readonly t: "elsewhere" }
  | { readonly t: "beat" };

/** Orders about sound; both pages hear them, and the last one holds. */
export type SoundMessage =
  | { readonly t: "music"; readonly url: string; readonly reason?: string }
  | {
      readonly t: "connect";
      readonly session: number;
      readonly offerer: boolean;
      readonly relay_only: boolean;
    }
  | { readonly t: "resume"; readonly session: number }
  | { readonly t: "hold"; readonly session: number; readonly url?: string }
  | { readonly t: "text"; readonly session: number }
  | { readonly t: "quiet" }
  | { readonly t: "signal"; readonly session: number; readonly data: SignalContent };

export type ToCaller =
  | LinkMessage
  | SoundMessage
  | LinesMessage
  | { readonly t: "read"; readonly playback: number | string; readonly sound: string }
  | { readonly t: "refused"; readonly n: number; readonly reason: string }
  | { readonly t: "play"; readonly playback: number | string; readonly url: string }
  | { readonly t: "view"; readonly now: Instant; readonly call: CallView };

/** Where a call can go now; without a conversation `call` is null and all is empty. */
export interface TargetsMessage {
  readonly t: "targets";
  readonly call: number | null;
  readonly can: readonly string[];
  readonly queues: readonly { readonly key: string; readonly name: string; readonly waiting: number }[];
  readonly agents: readonly { readonly key: string; readonly name: string; readonly skills: readonly string[] }[];
  readonly outside: readonly { readonly key: string; readonly name: string; readonly kind: string }[];
}

/** What a supervisor wrote to her. */
export interface Memo {
  readonly number: number;
  readonly by: string;
  readonly words: string;
  readonly at: Instant;
}

export type ToDesk =
  | { readonly t: "memos"; readonly memos: readonly Memo[] }
  | LinkMessage
  | TargetsMessage
  | SoundMessage
  | PhoneMessage
  | LinesMessage
  | { readonly t: "refused"; readonly n: number; readonly reason: string }
  | { readonly t: "view"; readonly now: Instant; readonly agent: AgentView }
  | {
      readonly t: "caption";
      readonly call: number;
      readonly line: number;
      readonly speaker: string;
      readonly text: string;
    };

/** Anything a page says; a numbered one is kept until the centre has answered it. */
export interface Saying {
  readonly t: string;
  readonly [field: string]: unknown;
}

/** Reads one message of the centre, or null where it is none. The centre is trusted with the rest. */
export function parse<Message extends { readonly t: string }>(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("t" in value)) return null;
  return typeof value.t === "string" ? (value as Message) : null;
}
