// The screen on the wall: shows the picture that the centre sends, counts the longest waits on between two pictures,
// says plainly when it shows old figures, and never has to be loaded anew.

import { byId, find, make, reconcile, setAttribute, setHidden, setText } from "../lib/dom.ts";
import { formatNumber, language, t } from "../lib/i18n.ts";
import { CentreClock, everySecond, formatDuration, formatElapsed, formatTime } from "../lib/time.ts";
import type { Figures, Picture, QueueFigures, Target } from "../wallboard/picture.ts";
import { PictureStream } from "../wallboard/stream.ts";
import { Strip } from "../wallboard/strip.ts";
import { onCallId, troubleOf, worstOf, type Trouble } from "../wallboard/trouble.ts";

const NOTHING = "–";
/** Characters; a number with more, such as a wait of hours, is written smaller to stay in its box. */
const LONG = 5;
const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });

const board = byId("board");
const headline = byId("board-headline");
const headlineWords = byId("board-headline-words");
const queueRows = byId("board-queues", HTMLTableSectionElement);
const clock = new CentreClock();
const strip = new Strip(byId("board-strip", SVGSVGElement));

let picture: Picture | null = null;
/** The centre's time at which the figures stopped being live; null while they are. */
let staleSince: number | null = null;
let isConnected = true;

const stream = new PictureStream<Picture>(address(chosenOrigins()), {
  picture(latest) {
    picture = latest;
    isConnected = true;
    staleSince = null;
    clock.hear(latest.now, latest.speed);
    showPicture(latest);
    showLive();
  },
  lost() {
    isConnected = false;
    if (picture !== null) staleSince = clock.now();
    showLive();
  },
});

function address(origins: string): string {
  return `${board.dataset["events"] ?? ""}?origins=${origins}`;
}

/** What is counted: as the page's own address says; in a demo, simulated callers too. */
function chosenOrigins(): string {
  const asked = new URLSearchParams(location.search).get("origins");
  if (board.dataset["demo"] !== "yes") return "real";
  return asked === "real" ? "real" : "real,simulated";
}

function showPicture(latest: Picture): void {
  const { total } = latest;
  showBig("waiting", formatNumber(total.waiting), t("wallboard.waiting.today", { count: total.arrived }));
  showBig("service_level", percent(total.service_level), serviceLevelWords(latest));
  showBig(
    "ready",
    formatNumber(total.ready),
    t("wallboard.ready.others", {
      talking: total.talking,
      wrap_up: total.wrap_up,
      paused: total.paused,
    }),
  );
  strip.show(latest.strip, latest.zone);
  showBand(latest);
}

function showBand(latest: Picture): void {
  const parts: string[] = [];
  if (latest.origins.includes("simulated")) parts.push(t("wallboard.simulated_band"));
  if (latest.speed !== 1) parts.push(t("wallboard.speed", { speed: latest.speed }));
  const band = byId("board-band");
  setText(band, parts.join(" · "));
  setHidden(band, parts.length === 0);
}

/** Shows what moves with time alone: the clock, the waits, who is in trouble, whether all this is live. */
function showLive(): void {
  const now = staleSince ?? clock.now();
  const zone = picture?.zone;
  setText(byId("board-clock"), formatTime(clock.now(), zone));
  setText(byId("board-zone"), zone === undefined ? "" : zoneName(clock.now(), zone));
  setAttribute(board, "data-state", picture === null ? "loading" : isConnected ? "live" : "stale");
  if (picture !== null) {
    const latest = picture;
    const { total } = latest;
    showBig(
      "longest",
      total.waiting > 0 ? formatElapsed(waitSeconds(total, now)) : NOTHING,
      total.target === null
        ? ""
        : t("wallboard.longest.target", { duration: formatDuration(total.target.within_s) }),
    );
    const queues = latest.queues.map((queue) => ({
      queue,
      trouble: troubleOf(queue, waitSeconds(queue, now)),
    }));
    reconcile(queueRows, queues, ({ queue }) => queue.key, makeRow, (row, { queue, trouble }) =>
      showRow(row, queue, trouble, now),
    );
    setAttribute(queueRows, "data-rows", latest.queues.length > 6 ? "many" : "few");
    showHeadline(total, worstOf(queues));
  } else if (!isConnected) {
    say("warn", t("wallboard.headline.never"));
  }
}

function showHeadline(
  total: Figures,
  worst: { readonly queue: QueueFigures; readonly trouble: Trouble } | null,
): void {
  if (staleSince !== null) {
    const time = formatTime(staleSince, picture?.zone);
    say("warn", t("wallboard.headline.stale", { time }));
  } else if (worst?.trouble === "unstaffed" && worst.queue.unstaffed !== null) {
    const { unstaffed } = worst.queue;
    const time = formatTime(unstaffed.rung_at ?? unstaffed.ring_at ?? unstaffed.since, picture?.zone);
    say("bad", t(onCallId(unstaffed), { queue: worst.queue.name, time }));
  } else if (worst !== null) {
    say(
      worst.trouble === "below_target" ? "warn" : "bad",
      t(`wallboard.headline.${worst.trouble}`, {
        queue: worst.queue.name,
        count: worst.queue.waiting,
        duration: formatDuration(worst.queue.target?.within_s ?? 0),
      }),
    );
  } else {
    const isQuiet = total.waiting + total.talking === 0;
    say("good", t(isQuiet ? "wallboard.headline.quiet" : "wallboard.headline.calm"));
  }
}

function say(tone: string, words: string): void {
  setAttribute(headline, "data-tone", tone);
  setText(headlineWords, words);
}

function showBig(name: string, number: string, more: string): void {
  const big = byId(`big-${name}`);
  const place = find(big, "[data-number]");
  setText(place, number);
  setAttribute(place, "data-long", number.length > LONG ? "" : null);
  // A space keeps the line's height, so that nothing moves when words come.
  setText(find(big, "[data-more]"), more || "\u00a0");
}

function serviceLevelWords(latest: Picture): string {
  const { total } = latest;
  if (total.service_level === null) return t("wallboard.service_level.none");
  if (total.target === null) return t("wallboard.service_level.by_queue");
  return t("wallboard.service_level.target", {
    share: percents.format(total.target.percent / 100),
    duration: formatDuration(total.target.within_s),
  });
}

function makeRow(): HTMLTableRowElement {
  return make(
    "tr",
    {},
    make("th", { scope: "row", "data-cell": "name" }),
    make("td", { "data-cell": "trouble" }, make("span", { class: "badge", hidden: true })),
    make("td", { class: "number", "data-cell": "waiting" }),
    make("td", { class: "number", "data-cell": "longest" }),
    make("td", { class: "number", "data-cell": "service_level" }),
    make("td", { class: "number", "data-cell": "target" }),
    make("td", { class: "number", "data-cell": "ready" }),
  );
}

function showRow(
  row: HTMLTableRowElement,
  queue: QueueFigures,
  trouble: Trouble | null,
  now: number,
): void {
  const cell = (name: string): HTMLElement => find(row, `[data-cell="${name}"]`);
  setText(cell("name"), queue.name);
  setText(cell("waiting"), formatNumber(queue.waiting));
  setText(cell("longest"), queue.waiting > 0 ? formatElapsed(waitSeconds(queue, now)) : NOTHING);
  setText(cell("service_level"), percent(queue.service_level));
  setText(cell("target"), targetWords(queue.target));
  setText(cell("ready"), formatNumber(queue.ready));
  setAttribute(row, "data-trouble", trouble);
  const badge = find(row, ".badge");
  setHidden(badge, trouble === null);
  if (trouble !== null) {
    setAttribute(badge, "data-tone", trouble === "below_target" ? "warn" : "bad");
    setText(badge, t(`wallboard.trouble.${trouble}`));
  }
}

function waitSeconds(figures: Figures, now: number): number {
  if (figures.longest_since === null) return 0;
  return Math.max(0, (now - figures.longest_since) / 1_000_000);
}

/** Rounds down: 79.9 % with a target of 80 % has not reached it. */
function percent(share: number | null): string {
  if (share === null) return NOTHING;
  // Some languages put a space before the sign; in large figures a narrow one is enough.
  return percents.format(Math.floor(share * 100 + 1e-9) / 100).replace("\u00a0", "\u202f");
}

function targetWords(target: Target | null): string {
  if (target === null) return NOTHING;
  return t("wallboard.target", {
    share: percents.format(target.percent / 100),
    seconds: target.within_s,
  });
}

let zoneKnown = { hour: -1, zone: "", name: "" };

/** Names the zone as of now ("CST", "CDT"); asked once an hour, since making a format is costly. */
function zoneName(now: number, zone: string): string {
  const hour = Math.floor(now / 3_600_000_000);
  if (zoneKnown.hour !== hour || zoneKnown.zone !== zone) {
    const parts = new Intl.DateTimeFormat(`${language}-US`, {
      timeZone: zone,
      timeZoneName: "short",
    }).formatToParts(new Date(now / 1000));
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
    zoneKnown = { hour, zone, name };
  }
  return zoneKnown.name;
}

const originButtons = [...document.querySelectorAll<HTMLButtonElement>("#board-origins button")];

function pressOrigins(origins: string): void {
  for (const button of originButtons) {
    setAttribute(button, "aria-pressed", button.value === origins ? "true" : "false");
  }
}

for (const button of originButtons) {
  button.addEventListener("click", () => {
    pressOrigins(button.value);
    history.replaceState(null, "", button.value === "real" ? "?origins=real" : location.pathname);
    stream.open(address(button.value));
  });
}

pressOrigins(chosenOrigins());
stream.open();
everySecond(showLive);
