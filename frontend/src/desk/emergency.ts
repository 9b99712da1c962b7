// Connecting a caller with somebody who comes, such as an ambulance: one key away, and not to be hit by accident. The
// key opens a dialogue whose buttons take nothing in its first second and have no key of their own. The caller stays
// with her throughout; while it rings, when somebody is there and when nobody came to be is said in plain words.

import { announce, byId, make, reconcile, setHidden, setText } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";
import type { AgentView, DeskCallView, TargetsMessage } from "../lib/protocol.ts";

const GUARD_MS = 1000;

export interface EmergencyActs {
  /** Asks the centre where the call could go now. */
  look(): void;
  connect(service: string): void;
  /** Rings no longer, or lets the service go. */
  dismiss(party: number): void;
}

export class Emergency {
  readonly #acts: EmergencyActs;
  readonly #dialog = byId("emergency-dialog", HTMLDialogElement);
  #call: DeskCallView | null = null;
  #targets: TargetsMessage | null = null;
  #opened = 0;
  /** The service that rings or is there, and whether she let it go herself. */
  #rung: { readonly id: number; readonly name: string; isJoined: boolean; isDismissed: boolean } | null = null;
  /** The service at which nobody answered; said until she tries again or the call ends. */
  #failed: string | null = null;

  constructor(acts: EmergencyActs) {
    this.#acts = acts;
    byId("emergency-stop").addEventListener("click", () => {
      if (this.#rung === null) return;
      this.#rung.isDismissed = true;
      acts.dismiss(this.#rung.id);
    });
    byId("emergency-again").addEventListener("click", () => this.open());
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  /** Opens the question, if this call is hers and services are configured for it. */
  open(): void {
    if (this.isOpen || byId("emergency").hidden) return;
    this.#paint();
    this.#opened = Date.now();
    this.#dialog.showModal();
    // Not on a button: whoever goes on pressing keys connects nobody.
    byId("emergency-heading").focus();
    this.#acts.look();
  }

  /** Takes what the centre says about where the call could go. */
  hear(targets: TargetsMessage): void {
    this.#targets = targets;
    this.#paint();
  }

  /** Follows the call: what rings, what answered, and what came to nothing. */
  follow(view: AgentView): void {
    const { call } = view;
    if (call?.id !== this.#call?.id) {
      this.#rung = this.#failed = null;
      if (this.isOpen) this.#dialog.close();
    }
    this.#call = call;
    const service = call?.parties.find((party) => party.emergency);
    if (service !== undefined) {
      if (this.#rung?.id !== service.id) {
        this.#rung = { id: service.id, name: service.name, isJoined: false, isDismissed: false };
      }
      this.#rung.isJoined = service.state === "joined";
      this.#failed = null;
    } else if (this.#rung !== null) {
      if (!this.#rung.isJoined && !this.#rung.isDismissed) this.#failed = this.#rung.name;
      this.#rung = null;
    }
    this.#paint();
  }

  #paint(): void {
    const services = this.#services();
    const isHers = this.#call !== null && this.#call.asked_by === null && this.#call.callback?.dialling !== true;
    setHidden(byId("emergency"), services.length === 0 || !isHers || this.#rung !== null);
    this.#paintState();
    const can = this.#targets?.can ?? [];
    const isAble = can.includes("outside") && can.includes("three");
    setText(byId("emergency-words"), t(isAble ? "desk.emergency.words" : "desk.emergency.unable"));
    reconcile(
      byId("emergency-services"),
      services,
      (service) => service.key,
      (service) => {
        const words = t("desk.emergency.connect", { name: service.name });
        const button = make("button", { type: "button", class: "button button--danger button--large" }, words);
        button.addEventListener("click", () => this.#connect(service.key));
        return make("li", {}, button, make("strong", {}, service.name));
      },
      (row) => {
        setHidden(row.children[0] as HTMLElement, !isAble);
        setHidden(row.children[1] as HTMLElement, isAble);
      },
    );
  }

  #services(): TargetsMessage["outside"] {
    if (this.#targets === null || this.#targets.call !== this.#call?.id) return [];
    return this.#targets.outside.filter((each) => each.kind === "emergency");
  }

  #connect(service: string): void {
    if (Date.now() - this.#opened < GUARD_MS) return;
    this.#dialog.close();
    this.#acts.connect(service);
  }

  #paintState(): void {
    const box = byId("emergency-state");
    const words =
      this.#rung !== null
        ? t(this.#rung.isJoined ? "desk.emergency.joined" : "desk.emergency.ringing", { name: this.#rung.name })
        : this.#failed !== null
          ? t("desk.emergency.failed", { name: this.#failed })
          : "";
    const isNew = words !== "" && byId("emergency-told").textContent !== words;
    setText(byId("emergency-told"), words);
    setHidden(box, words === "");
    setHidden(byId("emergency-stop"), this.#rung === null);
    if (this.#rung !== null) {
      const stop = this.#rung.isJoined ? t("desk.hand.dismiss", { name: this.#rung.name }) : t("desk.emergency.stop");
      setText(byId("emergency-stop"), stop);
    }
    setHidden(byId("emergency-again"), this.#failed === null);
    if (isNew) announce(words);
  }
}
