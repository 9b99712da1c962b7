// Small steps on the document. Rule: write only what changed, so that nothing flickers, selections stay and a
// screen reader hears a live region once.

/** Finds the element of that id; throws when template and script disagree. */
export function byId<T extends Element = HTMLElement>(
  id: string,
  type: new () => T = HTMLElement as unknown as new () => T,
): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return found;
}

/** Finds the first match below `root`; throws when there is none. */
export function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new Error(`the page has nothing that matches ${selector}`);
  return found;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute, or takes it away when `value` is null. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

export function setHidden(element: HTMLElement, isHidden: boolean): void {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

type Attributes = Readonly<Record<string, string | boolean | null>>;

/** Makes an element. `true` sets a bare attribute; `false` and null leave it out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/**
 * Makes the children of `parent` be one element for each item, in order, reusing those that are there by key:
 * an element under the pointer or with the focus stays the same element.
 */
export function reconcile<Item, E extends Element>(
  parent: Element,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  create: (item: Item) => E,
  update: (element: E, item: Item) => void,
): void {
  const old = new Map<string, E>();
  for (const child of parent.children) {
    const key = child.getAttribute("data-key");
    if (key !== null) old.set(key, child as E);
  }
  let next: Element | null = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = old.get(key);
    if (element === undefined) {
      element = create(item);
      element.setAttribute("data-key", key);
    }
    old.delete(key);
    update(element, item);
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  for (const element of old.values()) element.remove();
}

/** Joins what stands in several elements for the ear: a heading is followed by a pause, an empty one left out. */
export function spokenText(...elements: readonly Element[]): string {
  const texts = elements.map((element) => element.textContent?.trim() ?? "").filter(Boolean);
  return texts.map((text, i) => (i + 1 < texts.length && !/[.!?…]$/.test(text) ? `${text}.` : text)).join(" ");
}

/** Lets a screen reader say `text`, politely; the region `#announcer` stands in base.html. */
export function announce(text: string): void {
  const region = document.getElementById("announcer");
  if (region === null) return;
  // The same words twice are only said again when the region was empty in between.
  region.textContent = "";
  window.setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/** Shows the offline words at the lower edge of the page, or takes them away with null. */
export function showOffline(text: string | null): void {
  const slot = document.querySelector<HTMLElement>("[data-offline]");
  if (slot === null) return;
  const words = slot.querySelector(".offline__words");
  if (words !== null && text !== null) setText(words, text);
  setHidden(slot, text === null);
}
