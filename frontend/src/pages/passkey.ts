// Asks the browser for a passkey: to come in, or to make one. The page gives the challenge's address; a browser
// that cannot is told apart before anybody presses anything, and why it cannot is said.

import { byId, find, setHidden, setText } from "../lib/dom.ts";
import { has, t } from "../lib/i18n.ts";

interface Told {
  readonly to?: string;
  readonly error?: { readonly code: string };
}

/** A passkey belongs to the name of a page: an address of numbers has none. */
function isPossible(): boolean {
  const isNumbers = /^[\d.]+$|:/.test(location.hostname.replace(/^\[|\]$/g, ""));
  return (
    window.isSecureContext &&
    !isNumbers &&
    "PublicKeyCredential" in window &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
  );
}

class PasskeyButton {
  readonly #place: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #problem: HTMLElement;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.#button = find(place, "button");
    this.#problem = find(place, "[role=alert]");
    if (isPossible()) {
      setHidden(this.#button, false);
      this.#button.addEventListener("click", () => void this.#press());
    } else if (this.#isNew) {
      const cannot = find<HTMLElement>(place, "[data-cannot]");
      setText(cannot, t("passkey.said.cannot"));
      setHidden(cannot, false);
    }
  }

  get #isNew(): boolean {
    return "new" in this.#place.dataset;
  }

  async #press(): Promise<void> {
    setHidden(this.#problem, true);
    this.#button.disabled = true;
    const problem = await this.#ask();
    this.#button.disabled = false;
    if (problem === null) return;
    const id = `passkey.said.${problem}`;
    setText(find(this.#problem, "p"), t(has(id) ? id : "passkey.said.passkey_wrong"));
    setHidden(this.#problem, false);
  }

  /** Returns what went wrong, or null when the page goes on. */
  async #ask(): Promise<string | null> {
    const path = this.#place.dataset["passkey"] ?? "";
    let credential: PublicKeyCredential;
    try {
      const asked = await post(`${path}/challenge`, {});
      if (!asked.ok) return "away";
      credential = await this.#credential((await asked.json()) as { publicKey: object });
    } catch (error) {
      if (error instanceof DOMException && error.name === "InvalidStateError") return "passkey_known";
      return error instanceof DOMException ? "cancelled" : "away";
    }
    const next = this.#place.dataset["next"] ?? "";
    const more = this.#isNew ? { label: label(), next } : { next };
    try {
      const response = await post(path, { answer: credential.toJSON(), ...more });
      const told = (await response.json()) as Told;
      if (!response.ok) return told.error?.code ?? "away";
      location.assign(told.to ?? "/");
      return null;
    } catch {
      return "away";
    }
  }

  async #credential(asked: { publicKey: object }): Promise<PublicKeyCredential> {
    const got = this.#isNew
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
            asked.publicKey as PublicKeyCredentialCreationOptionsJSON,
          ),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
            asked.publicKey as PublicKeyCredentialRequestOptionsJSON,
          ),
        });
    if (!(got instanceof PublicKeyCredential)) throw new DOMException("", "NotAllowedError");
    return got;
  }
}

function label(): string {
  return document.getElementById("passkey-label") === null
    ? ""
    : byId("passkey-label", HTMLInputElement).value;
}

function post(path: string, body: object): Promise<Response> {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
}

for (const place of document.querySelectorAll<HTMLElement>("[data-passkey]")) new PasskeyButton(place);
