// The last hours as bars, one for each quarter of an hour: answered below, gave up on top (hatched), what is not
// decided yet as an outline. Drawn in the picture's own pixels, so that letters are never stretched, and drawn anew
// only when the figures or the size changed. Bars are as many as the centre sends: nothing grows.

import { t } from "../lib/i18n.ts";
import { formatTime } from "../lib/time.ts";
import type { Interval } from "./picture.ts";

const SVG = "http://www.w3.org/2000/svg";
const SLOTS = 24;
const QUARTER = 15 * 60 * 1_000_000;

export class Strip {
  readonly #svg: SVGSVGElement;
  #drawn = "";
  #intervals: readonly Interval[] = [];
  #zone: string | undefined;

  constructor(svg: SVGSVGElement) {
    this.#svg = svg;
    new ResizeObserver(() => this.#draw()).observe(svg);
  }

  show(intervals: readonly Interval[], zone: string): void {
    this.#intervals = intervals;
    this.#zone = zone;
    this.#draw();
  }

  #draw(): void {
    const { width, height } = this.#svg.getBoundingClientRect();
    const state = JSON.stringify([this.#intervals, this.#zone, width, height]);
    if (state === this.#drawn || width === 0) return;
    this.#drawn = state;
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(...this.#parts(width, height));
    this.#svg.setAttribute("aria-label", this.#summary());
  }

  *#parts(width: number, height: number): Generator<SVGElement> {
    const letter = Math.max(12, Math.min(width * 0.016, height * 0.13));
    const foot = letter * 1.6;
    const head = letter * 0.9;
    const left = letter * 2.4;
    const base = height - foot;
    const most = Math.max(4, ...this.#intervals.map((interval) => interval.offered));
    const top = niceCeiling(most);
    const slot = (width - left) / SLOTS;
    const y = (count: number): number => base - (count / top) * (base - head);

    yield hatching(letter / 14);
    for (const count of [0, top / 2, top]) {
      yield part("line", { x1: left, x2: width, y1: y(count), y2: y(count), class: "strip__rule" });
      yield words(String(count), left - letter * 0.6, y(count) + letter * 0.35, letter, "end");
    }
    // The newest stands at the right; a morning with few quarters leaves the left side empty.
    const shift = SLOTS - this.#intervals.length;
    let taken = 0;
    for (const [index, interval] of this.#intervals.entries()) {
      const x = left + (index + shift) * slot;
      yield* bar(interval, x + slot * 0.14, slot * 0.72, y);
      const label = formatTime(interval.start, this.#zone);
      if (label.endsWith(":00")) {
        yield part("line", { x1: x, x2: x, y1: base, y2: base + letter * 0.35, class: "strip__rule" });
        // On a narrow screen some hours stay without their words, so that those there can be read.
        const room = letter * 3;
        const at = Math.min(x, width - room);
        if (at >= taken) {
          yield words(label, at, height - letter * 0.2, letter, "start");
          taken = at + room + letter * 0.5;
        }
      }
    }
  }

  #summary(): string {
    const first = this.#intervals[0];
    const last = this.#intervals.at(-1);
    if (first === undefined || last === undefined) return t("wallboard.strip.title");
    const sum = (pick: (interval: Interval) => number): number =>
      this.#intervals.reduce((total, interval) => total + pick(interval), 0);
    return t("wallboard.strip.summary", {
      from: formatTime(first.start, this.#zone),
      to: formatTime(last.start + QUARTER, this.#zone),
      arrived: sum((interval) => interval.arrived),
      answered: sum((interval) => interval.answered),
      abandoned: sum((interval) => interval.abandoned),
    });
  }
}

function* bar(
  interval: Interval,
  x: number,
  width: number,
  y: (count: number) => number,
): Generator<SVGElement> {
  const open = Math.max(0, interval.offered - interval.answered - interval.abandoned);
  let below = 0;
  for (const [kind, count] of [
    ["answered", interval.answered],
    ["abandoned", interval.abandoned],
    ["open", open],
  ] as const) {
    if (count === 0) continue;
    const height = y(below) - y(below + count);
    yield part("rect", { x, y: y(below + count), width, height, class: `strip__${kind}` });
    below += count;
  }
}

/** Rounds up to a round number whose half is whole: 4, 6, 8, 10, 20, 30, 40, 50… */
function niceCeiling(count: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const step of unit === 1 ? [4, 6, 8, 10] : [2, 3, 4, 5, 6, 8, 10]) {
      if (count <= step * unit) return step * unit;
    }
  }
}

function part(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === "number" ? value.toFixed(1) : value);
  }
  return element;
}

function words(text: string, x: number, y: number, size: number, anchor: string): SVGElement {
  const element = part("text", { x, y, "font-size": size, "text-anchor": anchor, class: "strip__words" });
  element.textContent = text;
  return element;
}

function hatching(scale: number): SVGElement {
  const pattern = part("pattern", {
    id: "hatching",
    width: 6,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: `rotate(45) scale(${scale.toFixed(2)})`,
  });
  pattern.append(part("rect", { width: 6, height: 6, class: "strip__hatch-ground" }));
  pattern.append(part("rect", { width: 2.5, height: 6, class: "strip__hatch-line" }));
  const definitions = document.createElementNS(SVG, "defs");
  definitions.append(pattern);
  return definitions;
}
