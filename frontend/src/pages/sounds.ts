// What callers hear: listens to each recording, opens the dialogue in which another one is spoken, and goes back to an
// older one. Asked anew when something was changed and when somebody comes back to the page.

import { byId, find, make, reconcile, setHidden, setText, showOffline } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { Listener } from "../lib/take.ts";
import { formatMoment, formatTime } from "../lib/time.ts";
import { take } from "../room/acts.ts";
import { choose, nameOf, STOCK, type Sound, type Version } from "../room/sounds.ts";
import { Speaking } from "../room/speaking.ts";

const listener = new Listener();
const speaking = new Speaking(() => void look());
let shown: readonly Sound[] = [];

async function look(): Promise<void> {
  try {
    const answer = await fetch("/api/sounds", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    shown = ((await answer.json()) as { sounds: Sound[] }).sounds;
    showOffline(null);
    paint();
  } catch {
    showOffline(t("common.offline_since", { time: formatTime(Date.now() * 1000) }));
  }
}

function paint(): void {
  setHidden(byId("sounds-none"), shown.length > 0);
  reconcile(byId("sounds"), shown, (sound) => sound.sound, makeSound, paintSound);
}

function makeSound(sound: Sound): HTMLElement {
  const now = (): Sound => shown.find((each) => each.sound === sound.sound) ?? sound;
  const listen = make("button", { type: "button", class: "button", "data-listen": "" }, t("sounds.listen"));
  listen.addEventListener("click", () => void play(listen, now().url));
  const speak = make("button", { type: "button", class: "button", "data-testid": "speak" }, t("sounds.speak"));
  speak.addEventListener("click", () => {
    listener.stop();
    speaking.open(now());
  });
  return make(
    "li",
    { class: "card sounds__sound", "data-sound": sound.sound },
    make("h2", {}),
    make("ul", { class: "sounds__where soft small" }),
    make("p", { "data-heard": "" }),
    make("div", { class: "row" }, listen, speak),
    make("details", { hidden: "" }, make("summary", {}, t("sounds.takes")), make("ul", { class: "sounds__takes" })),
  );
}

function paintSound(row: HTMLElement, sound: Sound): void {
  const name = nameOf(sound);
  setText(find(row, "h2"), name);
  const others = sound.where.slice(1).map((use) => t(`sounds.where.${use.kind}`, { name: use.name }));
  find(row, ".sounds__where").replaceChildren(...others.map((words) => make("li", {}, words)));
  setText(find(row, "[data-heard]"), heardWords(sound));
  for (const button of row.querySelectorAll(":scope > .row > button")) {
    button.setAttribute("aria-label", `${button.textContent}: ${name}`);
  }
  setHidden(find(row, "details"), sound.versions.length === 0);
  const takes = sound.versions.map((version) => makeTake(sound, version));
  if (sound.versions.length > 0) takes.push(makeTake(sound, null));
  find(row, ".sounds__takes").replaceChildren(...takes);
}

function heardWords(sound: Sound): string {
  const version = sound.versions.find((each) => each.take === sound.heard);
  return version === undefined ? t("sounds.heard.stock") : t("sounds.heard", spokenOf(version));
}

function spokenOf(version: Version): { name: string; moment: string; seconds: number } {
  return { name: version.by, moment: formatMoment(version.at), seconds: version.length_s };
}

/** A version that can be heard again; null is the recording that came with Openline. */
function makeTake(sound: Sound, version: Version | null): HTMLElement {
  const number = version === null ? STOCK : version.take;
  const words = version === null ? t("sounds.take.stock") : t("sounds.take", spokenOf(version));
  const listen = make("button", { type: "button", class: "button" }, t("sounds.listen"));
  listen.setAttribute("aria-label", `${t("sounds.listen")}: ${words}`);
  listen.addEventListener("click", () => void play(listen, version?.url ?? sound.stock_url));
  const row = make("li", { class: "sounds__take" }, make("span", {}, words), listen);
  if (number === sound.heard) {
    row.append(make("span", { class: "badge", "data-tone": "good" }, t("sounds.take.heard")));
  } else {
    const use = make("button", { type: "button", class: "button" }, t("sounds.take.use"));
    use.setAttribute("aria-label", `${t("sounds.take.use")}: ${words}`);
    use.addEventListener("click", () => void take(choose(sound, number, "", () => void look()), use));
    row.append(use);
  }
  return row;
}

async function play(button: HTMLButtonElement, url: string): Promise<void> {
  if (button.getAttribute("aria-pressed") === "true") {
    listener.stop();
    return;
  }
  button.setAttribute("aria-pressed", "true");
  const over = (): void => button.setAttribute("aria-pressed", "false");
  try {
    await listener.play(url, over);
  } catch {
    over();
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look();
});
void look();
