// Who takes which calls: an agent's skills are changed in a dialogue of their own, which says before anything is sent in
// which queues she will be. Of two who change the same person the second is told; what was changed can be undone.

import { byId, find, make, setAttribute, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import { formatTime } from "../lib/time.ts";
import { take, type Act } from "./acts.ts";
import type { Levels, Person, RoomPicture, RoomQueue } from "./picture.ts";

const HIGHEST = 5;

let person: Person | null = null;
let queues: readonly RoomQueue[] = [];

/** Opens the dialogue about a person's skills. */
export function askSkills(of: Person, now: RoomPicture): void {
  person = of;
  queues = now.queues;
  setText(byId("skills-heading"), t("room.skills.of", { name: of.name }));
  setText(byId("skills-changed"), changedWords(of, now.zone));
  setHidden(byId("skills-problem"), true);
  byId("skills-list").replaceChildren(...now.skills.map((skill) => makeRow(skill, of.skills[skill.key] ?? 0)));
  sayQueues();
  byId("skills-dialog", HTMLDialogElement).showModal();
  byId("skills-heading").focus();
}

/** Says who changed her skills, if anybody did. */
export function changedWords(of: Person, zone: string): string {
  const changed = of.skills_changed;
  return changed === null ? "" : t("room.skills.changed", { name: changed.by, time: formatTime(changed.since, zone) });
}

function makeRow(skill: { key: string; name: string }, level: number): HTMLElement {
  const select = make("select", { id: `skill-${skill.key}`, "data-skill": skill.key });
  for (let each = 0; each <= HIGHEST; each++) {
    const words = each === 0 ? t("room.skills.none") : t("room.skills.level", { level: each });
    const option = make("option", { value: String(each) }, words);
    setAttribute(option, "selected", each === level ? "" : null);
    select.append(option);
  }
  select.addEventListener("change", sayQueues);
  return make("li", { class: "skills__row" }, make("label", { for: select.id }, skill.name), select);
}

function chosen(): Levels {
  const levels: Record<string, number> = {};
  for (const select of byId("skills-list").querySelectorAll("select")) {
    const level = Number(select.value);
    if (level > 0) levels[select.dataset["skill"] ?? ""] = level;
  }
  return levels;
}

/** Says which queues' calls she takes with what is chosen. */
function sayQueues(): void {
  const levels = chosen();
  const taken = queues.filter((queue) =>
    Object.entries(queue.needs).every(([skill, least]) => (levels[skill] ?? 0) >= least),
  );
  const names = taken.map((queue) => queue.name).join(", ");
  setText(byId("skills-queues"), taken.length === 0 ? t("room.skills.no_queue") : t("room.skills.queues", { names }));
}

function change(of: Person, skills: Levels, before: Levels): Act {
  return {
    words: "",
    path: `/api/agents/${encodeURIComponent(of.key)}/skills`,
    body: { skills, instead_of: before },
    done: () => t("room.skills.done", { name: of.name }),
    undo: () => ({ ...change(of, before, skills), done: () => t("room.skills.undone", { name: of.name }), undo: null }),
  };
}

/** Makes the dialogue work. */
export function offerSkills(): void {
  byId("skills-form", HTMLFormElement).addEventListener("submit", (event) => {
    if (event.submitter?.getAttribute("value") === "cancel") return;
    event.preventDefault();
    if (person !== null) void take(change(person, chosen(), person.skills), find(byId("skills-form"), "#skills-save"));
  });
}
