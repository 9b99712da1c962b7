// What has a practice caller said in this call? Lines come one by one, and all of them again with each view.

import { mergeCaptions } from "./words.ts";

/** Keeps the lines of the call that she has. */
export class Captions {
  #call: number | null = null;
  #lines: readonly string[] = [];

  get of(): readonly string[] {
    return this.#lines;
  }

  begin(call: number): void {
    this.#call = call;
    this.#lines = [];
  }

  merge(lines: readonly string[]): void {
    this.#lines = mergeCaptions(this.#lines, lines);
  }

  /** Takes one line; says whether it is new and of this call. */
  hear(call: number, line: string): boolean {
    if (this.#call !== call || this.#lines.at(-1) === line) return false;
    this.#lines = [...this.#lines, line];
    return true;
  }
}
