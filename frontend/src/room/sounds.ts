// What callers hear, as the centre tells it, and the acts that change it.

import { language, t } from "../lib/i18n.ts";
import type { Instant } from "../lib/time.ts";
import type { Act } from "./acts.ts";

/** Stands for the recording that came with Openline. */
export const STOCK = 0;

export interface Version {
  readonly take: number;
  readonly at: Instant;
  readonly by: string;
  readonly length_s: number;
  readonly url: string;
}

export interface Sound {
  readonly sound: string;
  readonly where: readonly { readonly kind: string; readonly name: string }[];
  /** Whether it must say that calls may be heard by others. */
  readonly must_tell: boolean;
  readonly heard: number;
  readonly url: string;
  readonly stock_url: string;
  readonly changed_at: Instant | null;
  readonly changed_by: string | null;
  readonly versions: readonly Version[];
}

/** Where it is heard first, and in which language: what people call it. */
export function nameOf(sound: Sound): string {
  const first = sound.where[0];
  if (first === undefined) return sound.sound;
  const place = t(`sounds.where.${first.kind}`, { name: first.name });
  const code = /-([a-z]{2})$/.exec(sound.sound)?.[1];
  const spoken = code === undefined ? undefined : new Intl.DisplayNames([language], { type: "language" }).of(code);
  // Many a line has its language in its name.
  if (spoken === undefined || place.includes(spoken)) return place;
  return t("sounds.in_language", { place, language: spoken });
}

/** Lets callers hear another version; undone by the one that is heard now. */
export function choose(sound: Sound, take: number, words: string, done: () => void): Act {
  return {
    words,
    path: "/api/sounds/choice",
    body: { sound: sound.sound, take, instead_of: sound.heard },
    done: () => {
      done();
      return t(take === STOCK ? "sounds.done.stock" : "sounds.done.again");
    },
    undo: () => ({ ...choose({ ...sound, heard: take }, sound.heard, words, done), undo: null }),
  };
}
