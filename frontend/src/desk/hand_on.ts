// To whom can she hand her call on? A dialogue that asks the centre while it is open, since colleagues come and go;
// and a bar about the colleague who was asked for advice. If the call ends meanwhile the dialogue closes and says so:
// nobody is handed a call that is over.

import { announce, byId, find, make, reconcile, setAttribute, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { AgentView, DeskCallView, PartyView, TargetsMessage } from "../lib/protocol.ts";

const ASK_EVERY_MS = 3000;

type To = Readonly<Record<string, string>>;

export interface HandOnActs {
  /** Asks the centre where the call could go now. */
  look(): void;
  transfer(to: To): void;
  consult(to: To): void;
  /** Asks somebody to join, such as an interpreter. */
  third(to: To): void;
  /** Lets somebody go who joined. */
  dismiss(party: number): void;
  complete(): void;
  cancel(): void;
  tell(words: string): void;
}

/** Lists who is in the call besides the two; who listens hinders nothing. */
function othersIn(call: DeskCallView | null): readonly PartyView[] {
  return call?.parties.filter((party) => party.kind !== "listener") ?? [];
}

export class HandOn {
  readonly #acts: HandOnActs;
  readonly #dialog = byId("hand-dialog", HTMLDialogElement);
  #call: number | null = null;
  #targets: TargetsMessage | null = null;
  #asking = 0;

  constructor(acts: HandOnActs) {
    this.#acts = acts;
    this.#dialog.addEventListener("close", () => window.clearInterval(this.#asking));
    byId("hand-complete").addEventListener("click", () => acts.complete());
    byId("hand-cancel").addEventListener("click", () => acts.cancel());
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  /** Opens the dialogue, if this call can go anywhere. */
  open(): void {
    if (this.#call === null || this.isOpen || byId("hand-on").hidden) return;
    this.#paint();
    this.#dialog.showModal();
    byId("hand-heading").focus();
    this.#acts.look();
    this.#asking = window.setInterval(() => this.#acts.look(), ASK_EVERY_MS);
  }

  /** Takes what the centre says about where the call could go. */
  hear(targets: TargetsMessage): void {
    if (targets.call !== this.#call) return;
    this.#targets = targets;
    this.#paint();
  }

  /** Follows the call: a new one is asked about, one that ends closes the dialogue. */
  follow(view: AgentView): void {
    const call = view.call?.id ?? null;
    if (call !== this.#call) {
      const wasOpen = this.isOpen;
      this.#call = call;
      this.#targets = null;
      if (wasOpen) {
        this.#dialog.close();
        this.#acts.tell(t("desk.hand.call_ended"));
        announce(t("desk.hand.call_ended"));
      }
      if (call !== null) this.#acts.look();
    }
    this.#paintButton(view.call);
    this.#paintParty(view.call);
    this.#paintThirds(view.call);
    this.#paintListener(view.call);
    if (byId("hand-on").hidden && this.isOpen) this.#dialog.close();
  }

  #paintButton(call: DeskCallView | null): void {
    const can = this.#targets?.can ?? [];
    const isPossible = ["transfer", "consult", "three"].some((each) => can.includes(each));
    // Whoever only gives advice has nothing to hand on, and one colleague is asked at a time.
    const isAsking = othersIn(call).some((party) => party.kind === "consulted" || party.state === "ringing");
    const isHers = call !== null && call.asked_by === null && !isAsking;
    setHidden(byId("hand-on"), !isPossible || !isHers || call.callback?.dialling === true);
  }

  /** Says who listens, for nobody listens unseen. */
  #paintListener(call: DeskCallView | null): void {
    const listener = call?.asked_by == null ? call?.parties.find((party) => party.kind === "listener") : undefined;
    setHidden(byId("heard"), listener === undefined);
    if (listener === undefined) return;
    const words = t(`desk.heard.${listener.mode ?? "listen"}`, { name: listener.name });
    if (byId("heard").textContent !== words) announce(words);
    setText(byId("heard"), words);
  }

  #paintParty(call: DeskCallView | null): void {
    const isHers = call?.asked_by == null;
    const party = isHers ? othersIn(call).find((each) => each.kind === "consulted") : undefined;
    setHidden(byId("hand-party"), party === undefined);
    if (party === undefined) return;
    const words = t(`desk.hand.party.${party.state}`, { name: party.name });
    if (byId("hand-party-words").textContent !== words) announce(words);
    setText(byId("hand-party-words"), words);
    setHidden(byId("hand-complete"), party.state !== "joined");
    setText(byId("hand-complete"), t("desk.hand.complete", { name: party.name }));
    setText(byId("hand-cancel"), t(party.state === "joined" ? "desk.hand.back" : "desk.hand.stop"));
  }

  /** Shows who joined the conversation, or is rung for it, each with the way to let them go. */
  #paintThirds(call: DeskCallView | null): void {
    // Whoever is only asked for advice lets nobody go.
    const thirds = call?.asked_by === null ? call.parties.filter((each) => each.kind === "third" && !each.emergency) : [];
    const known = new Set([...byId("hand-thirds").children].map((row) => row.textContent));
    reconcile(
      byId("hand-thirds"),
      thirds,
      (party) => String(party.id),
      (party) => {
        const button = make("button", { type: "button", class: "button", "data-testid": "dismiss" });
        button.addEventListener("click", () => this.#acts.dismiss(party.id));
        return make("li", { class: "hand__third" }, make("span"), button);
      },
      (row, party) => {
        setText(find(row, "span"), t(`desk.hand.third.${party.state}`, { name: party.name }));
        setText(find(row, "button"), t("desk.hand.dismiss", { name: party.name }));
        if (!known.has(row.textContent)) announce(find(row, "span").textContent ?? "");
      },
    );
    setHidden(byId("hand-thirds"), thirds.length === 0);
  }

  #paint(): void {
    const can = this.#targets?.can ?? [];
    const rows = <Row extends { readonly key: string }>(
      id: string,
      items: readonly Row[],
      about: (row: Row) => string,
      name: (row: Row) => string,
      to: (row: Row) => To,
    ): void =>
      reconcile(
        byId(id),
        items,
        (row) => row.key,
        (row) => this.#makeRow(to(row), name(row)),
        (element, row) => {
          setText(find(element, ".hand__name"), name(row));
          setText(find(element, ".hand__about"), about(row));
          setHidden(find(element, "[data-what=consult]"), !can.includes("consult"));
          setHidden(find(element, "[data-what=transfer]"), !can.includes("transfer"));
          setHidden(find(element, "[data-what=third]"), !can.includes("three") || "waiting" in row);
        },
      );
    const { agents, queues, outside } = this.#targets ?? { agents: [], queues: [], outside: [] };
    rows("hand-agents", agents, (row) => row.skills.join(", "), (row) => row.name, (row) => ({ agent: row.key }));
    rows(
      "hand-queues",
      queues,
      (row) => t("desk.hand.waiting", { count: row.waiting }),
      (row) => row.name,
      (row) => ({ queue: row.key }),
    );
    const dialled = can.includes("outside") ? outside : [];
    rows("hand-outside", dialled, (row) => t(`desk.hand.outside.${row.kind}`), (row) => row.name, (row) => ({ outside: row.key }));
    setHidden(byId("hand-outside-part"), dialled.length === 0);
    setHidden(byId("hand-nobody"), this.#targets === null || agents.length > 0);
    setAttribute(this.#dialog, "aria-busy", this.#targets === null ? "true" : null);
  }

  #makeRow(to: To, name: string): HTMLLIElement {
    const button = (what: "consult" | "third" | "transfer"): HTMLButtonElement => {
      const words = t(`desk.hand.${what}`);
      const made = make(
        "button",
        { type: "button", class: "button", "data-what": what, "aria-label": `${words}: ${name}` },
        words,
      );
      made.addEventListener("click", () => {
        this.#dialog.close();
        this.#acts[what](to);
      });
      return made;
    };
    return make(
      "li",
      { class: "hand__row" },
      make("span", { class: "hand__name" }),
      make("span", { class: "hand__about soft small" }),
      make("span", { class: "hand__acts" }, button("consult"), button("third"), button("transfer")),
    );
  }
}
