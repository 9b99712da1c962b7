// Which key does what on the desktop? One letter for each common act; off while one types in a field,
// while a dialogue is open, and when the person switched the keys off (in the map behind `?`).

export type Act =
  | "ready"
  | "pause"
  | "answer"
  | "decline"
  | "hold"
  | "mute"
  | "end"
  | "hand"
  | "emergency"
  | "help"
  | "wrong"
  | "finish"
  | "longer"
  | "break"
  | "message"
  | "message_done"
  | "read"
  | "recording"
  | "keys";

export const KEYS: Readonly<Record<string, Act>> = {
  r: "ready",
  p: "pause",
  a: "answer",
  x: "decline",
  h: "hold",
  m: "mute",
  e: "end",
  t: "hand",
  "!": "emergency",
  s: "help",
  w: "wrong",
  f: "finish",
  l: "longer",
  b: "break",
  v: "message",
  d: "message_done",
  g: "read",
  c: "recording",
  "?": "keys",
};

const SWITCH = "openline-keys";

/** What of a key press and of the page decides. */
export interface Press {
  readonly key: string;
  /** With Ctrl, Alt or the system's key: not ours. */
  readonly isModified: boolean;
  readonly isRepeat: boolean;
  /** Where the focus is. */
  readonly focus: "field" | "control" | "page";
  readonly isRinging: boolean;
}

/** Gives the act that a key press means, or null. */
export function actOf(press: Press): Act | null {
  if (press.isModified || press.isRepeat || press.focus === "field") return null;
  // On a button, Enter and space press that button.
  if (press.isRinging && press.focus === "page" && ["Enter", " "].includes(press.key)) return "answer";
  return KEYS[press.key.toLowerCase()] ?? null;
}

/** Says where the focus is. */
export function focusOf(element: Element | null): Press["focus"] {
  if (!(element instanceof HTMLElement)) return "page";
  if (element.isContentEditable) return "field";
  if (element.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return "field";
  return element.matches("button, a[href], input, summary") ? "control" : "page";
}

/** Whether the person wants the keys; yes unless switched off on this machine. */
export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

export function switchKeys(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(SWITCH);
    else localStorage.setItem(SWITCH, "off");
  } catch {
    // Not kept: then the switch holds until the page is left.
  }
}
