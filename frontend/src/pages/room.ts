// The supervisor's room: who waits, who answers, what is open; worst first, but nothing moves under a pointer.

import { announce, byId, find, make, reconcile, setAttribute, setHidden, setText, showOffline } from "../lib/dom.ts";
import { formatNumber, has, language, t } from "../lib/i18n.ts";
import { CentreClock, everySecond, formatElapsed, formatMoment, formatTime } from "../lib/time.ts";
import { ask, take, tell, type Act, type Question } from "../room/acts.ts";
import { paintEmergencyList, tickEmergencyList } from "../room/emergency_list.ts";
import { paintHandOvers } from "../room/hand_overs.ts";
import { come, comesWords } from "../room/help.ts";
import { listeningActs, listeningWords } from "../room/listening.ts";
import { offerMemos, write } from "../room/memos.ts";
import { byNeed, type Line, type Person, type RoomPicture, type RoomQueue } from "../room/picture.ts";
import { askSkills, changedWords, offerSkills } from "../room/skills.ts";
import { askToTake } from "../room/taking.ts";
import { PictureStream } from "../wallboard/stream.ts";
import { troubleOf, worstOf } from "../wallboard/trouble.ts";

const NOTHING = "–";
const TROUBLES = ["unstaffed", "unattended", "waiting_long", "below_target"];
const percents = new Intl.NumberFormat(language, { style: "percent" });
const clock = new CentreClock();
let picture: RoomPicture | null = null;
let lostAt: number | null = null;
let asked: string | null = null;
/** The keys of those whose hands were up when it was said last. */
let handsUp: ReadonlySet<string> = new Set();

const stream = new PictureStream<RoomPicture>(byId("room").dataset["events"] ?? "", {
  picture: (received) => {
    picture = received;
    lostAt = null;
    clock.hear(received.now, received.speed);
    byId("room").dataset["state"] = "live";
    paint();
  },
  lost: () => {
    lostAt = Date.now();
    byId("room").dataset["state"] = "stale";
  },
});

/** Whether somebody points at a list or is in it: then it keeps its order. */
function isInUse(list: HTMLElement): boolean {
  return list.matches(":hover, :focus-within");
}

function inOrder<Item extends { readonly key: string }>(list: HTMLElement, items: readonly Item[]): Item[] {
  if (!isInUse(list)) return [...items];
  const places = new Map([...list.children].map((child, place) => [child.getAttribute("data-key"), place]));
  const placeOf = (item: Item): number => places.get(item.key) ?? places.size;
  return [...items].sort((a, b) => placeOf(a) - placeOf(b));
}

function waitOf(queue: RoomQueue): number {
  return queue.longest_since === null ? 0 : clock.secondsSince(queue.longest_since);
}

function paint(): void {
  if (picture === null) return;
  paintHandOvers(picture);
  paintEmergencyList(picture);
  paintQueues(picture);
  paintPeople(picture);
  paintLines(picture.lines);
  paintSurge(picture);
  tick();
}

// --- queues ----------------------------------------------------------------------------------

function paintQueues(now: RoomPicture): void {
  const list = byId("queues");
  const rank = (queue: RoomQueue): number => {
    const trouble = troubleOf(queue, waitOf(queue));
    return trouble === null ? TROUBLES.length : TROUBLES.indexOf(trouble);
  };
  const sorted = [...now.queues].sort((a, b) => rank(a) - rank(b));
  reconcile(list, inOrder(list, sorted), (queue) => queue.key, makeQueue, paintQueue);
  const worst = worstOf(now.queues.map((queue) => ({ queue, trouble: troubleOf(queue, waitOf(queue)) })));
  const headline = byId("room-headline");
  setAttribute(headline, "data-tone", worst === null ? "good" : worst.trouble === "below_target" ? "warn" : "bad");
  setText(
    headline,
    worst === null
      ? t("room.calm", { count: now.total.waiting })
      : `${worst.queue.name}: ${t(`wallboard.trouble.${worst.trouble}`)}`,
  );
}

function makeQueue(queue: RoomQueue): HTMLTableRowElement {
  const button = make("button", { type: "button", class: "button button--quiet room__take" }, t("room.take.short"));
  button.addEventListener("click", () => {
    const now = picture?.queues.find((each) => each.key === queue.key);
    if (now !== undefined) askToTake(now);
  });
  const cell = (name: string): HTMLElement => make("td", { class: "number", "data-cell": name });
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("span", { "data-cell": "name" }), " ", make("span", { class: "badge", hidden: true })),
    ...["waiting", "longest", "level", "ready", "talking", "paused"].map(cell),
    make("td", {}, button),
  );
}

function paintQueue(row: HTMLElement, queue: RoomQueue): void {
  const put = (name: string, text: string): void => setText(find(row, `[data-cell=${name}]`), text);
  const trouble = troubleOf(queue, waitOf(queue));
  put("name", queue.name);
  put("waiting", formatNumber(queue.waiting));
  put("longest", queue.waiting > 0 ? formatElapsed(waitOf(queue)) : NOTHING);
  put("level", queue.service_level === null ? NOTHING : percents.format(Math.floor(queue.service_level * 100 + 1e-9) / 100));
  put("ready", formatNumber(queue.ready));
  put("talking", formatNumber(queue.talking));
  put("paused", formatNumber(queue.paused));
  const take = find<HTMLButtonElement>(row, ".room__take");
  take.disabled = queue.waiting === 0;
  setAttribute(take, "aria-label", t("room.take.of", { name: queue.name }));
  const badge = find<HTMLElement>(row, ".badge");
  setHidden(badge, trouble === null);
  if (trouble !== null) {
    setAttribute(badge, "data-tone", trouble === "below_target" ? "warn" : "bad");
    setText(badge, t(`wallboard.trouble.${trouble}`));
  }
}

// --- people ----------------------------------------------------------------------------------

function paintPeople(now: RoomPicture): void {
  const wanted = byId("people-find", HTMLInputElement).value.trim().toLowerCase();
  const found = byNeed(now.people).filter((person) => person.name.toLowerCase().includes(wanted));
  const list = byId("people");
  reconcile(list, inOrder(list, found), (person) => person.key, makePerson, paintPerson);
  setHidden(byId("people-none"), found.length > 0);
  const of = (state: string): number => now.people.filter((person) => person.state === state).length;
  const resting = now.people.filter((person) => person.rests_until !== null).length;
  const counts = t("room.count", { talking: of("talking"), ready: of("ready"), paused: of("paused") });
  setText(byId("people-count"), resting > 0 ? `${counts} · ${t("room.count.resting", { count: resting })}` : counts);
  setText(byId("away-count"), t("room.away", { count: now.away.length }));
  setText(byId("away"), now.away.map((person) => person.name).join(", "));
  sayNewHands(now.people);
  const person = now.people.find((each) => each.key === asked);
  if (person !== undefined && byId("act", HTMLDialogElement).open) tell(questionOf(person));
}

/** Says to whoever does not look at the list that a hand went up, once for each. */
function sayNewHands(people: readonly Person[]): void {
  const up = new Map(people.flatMap((one) => (one.help === null || one.help.by !== null ? [] : [[one.key, one] as const])));
  for (const [key, one] of up) if (!handsUp.has(key)) announce(t("room.help.asks", { name: one.name }));
  handsUp = new Set(up.keys());
  setText(byId("room-help"), [...up.values()].map((one) => t("room.help.asks", { name: one.name })).join(" "));
  setHidden(byId("room-help"), up.size === 0);
}

function makePerson(person: Person): HTMLLIElement {
  const button = make("button", { type: "button", class: "button button--quiet person__act" }, t("room.change"));
  button.addEventListener("click", () => {
    const now = picture?.people.find((each) => each.key === person.key);
    if (now === undefined) return;
    asked = now.key;
    ask(questionOf(now));
  });
  return make(
    "li",
    { class: "person" },
    make("span", { class: "person__name" }),
    make("span", { class: "badge" }),
    make("span", { class: "person__time tabular" }),
    make("span", { class: "person__why soft small" }),
    make("span", { class: "person__acts" }, comeButton(person.key), memoButton(person), button),
  );
}

function comeButton(key: string): HTMLButtonElement {
  const button = make("button", { type: "button", class: "button button--primary person__come", hidden: true }, t("room.help.come"));
  button.addEventListener("click", () => {
    const now = picture?.people.find((each) => each.key === key);
    if (now !== undefined) void take(come(now, true), button);
  });
  return button;
}

function memoButton(person: Person): HTMLButtonElement {
  const words = t("room.memo.to", { name: person.name });
  const button = make("button", { type: "button", class: "button button--quiet", "aria-label": words }, t("room.memo"));
  button.addEventListener("click", () => write(person));
  return button;
}

const TONES: Readonly<Record<string, string>> = { ready: "good", talking: "accent", offered: "accent", wrap_up: "warn" };

function paintPerson(row: HTMLElement, person: Person): void {
  setText(find(row, ".person__name"), person.name);
  const badge = find(row, ".badge");
  const isMissed = person.state === "paused" && person.reason === "offer_missed";
  const isWaitingForHelp = person.help !== null && person.help.by === null;
  setAttribute(row, "data-help", isWaitingForHelp ? "" : null);
  setText(badge, person.unreachable ? t("room.unreachable") : t(`desk.state.${person.state}`));
  setAttribute(badge, "data-tone", person.unreachable || isMissed ? "bad" : (TONES[person.state] ?? null));
  setText(find(row, ".person__why"), whyOf(person));
  const button = find(row, ".person__act");
  setAttribute(button, "aria-label", t("room.change.of", { name: person.name }));
  const comes = find<HTMLElement>(row, ".person__come");
  setHidden(comes, !isWaitingForHelp);
  setAttribute(comes, "aria-label", t("room.help.come.of", { name: person.name }));
}

/** Says why a person is in her state, as far as it can be told in a few words. */
function whyOf(person: Person): string {
  const parts: string[] = [];
  if (person.help !== null) parts.push(comesWords(person.help));
  const reason = picture?.pause_reasons.find((each) => each.key === person.pause_reason);
  if (person.rests_until !== null) parts.push(t("room.rests", { time: formatTime(person.rests_until, picture?.zone) }));
  else if (person.state === "paused" && reason !== undefined) parts.push(reason.name);
  const id = `room.why.${person.reason ?? ""}`;
  if (person.by !== null) parts.push(t("room.by", { name: person.by }));
  else if (has(id)) parts.push(t(id));
  if (person.forced_to !== null) {
    parts.push(t(`room.then.${person.forced_to}`, { name: person.forced_by ?? "" }));
  }
  if (person.skills_changed !== null) parts.push(changedWords(person, picture?.zone ?? ""));
  if (person.listening?.by != null) parts.push(listeningWords(person));
  return parts.join(" · ");
}

function questionOf(person: Person): Question {
  const isInCall = person.state === "talking" || person.state === "offered" || person.state === "wrap_up";
  const state = t(`desk.state.${person.state}`);
  const since = t("room.since", { time: formatElapsed(clock.secondsSince(person.since)) });
  const words = person.rests_until !== null ? "room.change.resting" : isInCall ? "room.change.in_call" : "room.change.words";
  const why = whyOf(person);
  return {
    heading: person.name,
    words: t(words),
    why: [state, since, why, person.listening?.refused == null ? "" : listeningWords(person)].filter(Boolean).join(" · "),
    acts: person.rests_until !== null ? [] : actsFor(person),
    more: picture === null || picture.skills.length === 0 ? null : { words: t("room.skills"), open: () => openSkills(person.key) },
  };
}

/** Opens the dialogue about somebody's skills, as they are now. */
function openSkills(key: string): void {
  const now = picture?.people.find((each) => each.key === key);
  if (now !== undefined && picture !== null) askSkills(now, picture);
}

function actsFor(person: Person): Act[] {
  const acts: Act[] = person.help === null ? [] : [come(person, person.help.by === null)];
  acts.push(...listeningActs(person));
  if (person.state !== "ready") acts.push(force(person, "ready", null));
  for (const reason of picture?.pause_reasons ?? []) {
    if (person.state !== "paused" || person.pause_reason !== reason.key) acts.push(force(person, "paused", reason));
  }
  acts.push(force(person, "signed_out", null));
  return acts;
}

function force(person: Person, to: string, reason: { key: string; name: string } | null): Act {
  const before = person.state;
  const kept = picture?.pause_reasons.find((each) => each.key === person.pause_reason) ?? null;
  return {
    words: reason === null ? t(`room.to.${to}`) : t("room.to.paused", { reason: reason.name }),
    path: `/api/agents/${encodeURIComponent(person.key)}/state`,
    body: { to, ...(reason === null ? {} : { pause_reason: reason.key }) },
    isDanger: to === "signed_out",
    done: (answer) => t(`room.done.${to}.${answer.when ?? "now"}`, { name: person.name }),
    undo: (answer) => {
      // Nobody can be signed in from outside, and what was noted for after a call is changed by choosing again.
      if (to === "signed_out" || answer.when === "after_call") return null;
      if (before !== "ready" && before !== "paused") return null;
      return { ...force(person, before, before === "paused" ? kept : null), undo: null };
    },
  };
}

// --- lines and surge --------------------------------------------------------------------------

function paintLines(lines: readonly Line[]): void {
  reconcile(
    byId("lines"),
    lines,
    (line) => line.key,
    (line) => {
      const button = make("button", { type: "button", class: "button room__line-act" });
      button.addEventListener("click", () => {
        const now = picture?.lines.find((each) => each.key === line.key);
        if (now !== undefined) askLine(now);
      });
      return make(
        "li",
        { class: "room__line" },
        make("span", { class: "room__line-name" }),
        make("span", { class: "badge" }),
        make("span", { class: "soft small room__line-why" }),
        button,
      );
    },
    (row, line) => {
      const isClosedByHand = line.closed_by !== null;
      setText(find(row, ".room__line-name"), line.name);
      const badge = find(row, ".badge");
      setText(badge, t(line.open ? "room.line.open" : isClosedByHand ? "room.line.closed" : "room.line.hours"));
      setAttribute(badge, "data-tone", line.open ? "good" : isClosedByHand ? "warn" : null);
      setText(
        find(row, ".room__line-why"),
        isClosedByHand
          ? t("room.line.by", { name: line.closed_by ?? "", time: formatTime(line.closed_since ?? 0, picture?.zone) })
          : "",
      );
      const button = find(row, "button");
      setText(button, t(isClosedByHand ? "room.line.to_open" : "room.line.to_close"));
      setAttribute(button, "aria-label", t(isClosedByHand ? "room.line.to_open.of" : "room.line.to_close.of", { name: line.name }));
    },
  );
}

function closure(line: Line, closed: boolean): Act {
  return {
    words: t(closed ? "room.line.to_close" : "room.line.to_open"),
    path: `/api/lines/${encodeURIComponent(line.key)}/closure`,
    body: { closed },
    isDanger: closed,
    done: () => t(closed ? "room.line.done.closed" : "room.line.done.open", { name: line.name }),
    undo: () => ({ ...closure(line, !closed), undo: null }),
  };
}

function askLine(line: Line): void {
  const isClosed = line.closed_by !== null;
  asked = null;
  ask({
    heading: line.name,
    words: t(isClosed ? "room.line.ask.open" : "room.line.ask.close"),
    why: "",
    acts: [closure(line, !isClosed)],
  });
}

function surgeTo(key: string | null, name: string): Act {
  const before = picture?.surge ?? null;
  const nameBefore = picture?.surges.find((each) => each.key === before)?.name ?? t("room.surge.usual");
  return {
    words: name,
    path: "/api/surge",
    body: { surge: key },
    done: () => t("room.surge.done", { name }),
    undo: () => ({ ...surgeTo(before, nameBefore), undo: null }),
  };
}

function paintSurge(now: RoomPicture): void {
  setHidden(byId("surge-part"), now.surges.length === 0);
  const usual = { key: "", name: t("room.surge.usual") };
  reconcile(
    byId("surges"),
    [usual, ...now.surges],
    (each) => each.key,
    (each) => {
      const button = make("button", { type: "button", class: "button" }, each.name);
      button.addEventListener("click", () => {
        asked = null;
        const act = surgeTo(each.key === "" ? null : each.key, each.name);
        ask({ heading: each.name, words: t("room.surge.ask"), why: "", acts: [{ ...act, words: t("room.surge.switch") }] });
      });
      return button;
    },
    (button, each) => {
      setAttribute(button, "aria-pressed", (now.surge ?? "") === each.key ? "true" : "false");
    },
  );
}

// --- each second ------------------------------------------------------------------------------

function tick(): void {
  if (lostAt !== null) {
    const awayS = (Date.now() - lostAt) / 1000;
    showOffline(awayS < 1 ? null : t("room.away_from_centre", { time: formatElapsed(awayS) }));
  } else {
    showOffline(null);
  }
  if (picture === null) return;
  tickEmergencyList(picture, clock.now());
  for (const queue of picture.queues) {
    const row = document.querySelector<HTMLElement>(`#queues [data-key="${CSS.escape(queue.key)}"]`);
    if (row !== null) paintQueue(row, queue);
  }
  for (const person of picture.people) {
    const time = document.querySelector(`#people [data-key="${CSS.escape(person.key)}"] .person__time`);
    if (time === null) continue;
    setText(time, formatElapsed(clock.secondsSince(person.since)));
    setAttribute(time, "title", formatMoment(person.since, picture.zone));
  }
}

offerMemos();
offerSkills();
byId("people-find").addEventListener("input", paint);
stream.open();
everySecond(tick);
