// Which words stand on the screen? The page carries the ones it needs as JSON (`#catalogue`, written by
// src/openline/web/catalogue.py); `t` picks one and fills in its places.
//
// A message is a text with `{name}` in it, or the two forms of a plural, of which `count` chooses.
// Numbers are written the language's way. An id that is not there shows itself: a test on the server finds
// it before a reader does.

export type Values = Readonly<Record<string, string | number>>;
type Message = string | readonly [one: string, other: string];

interface Catalogue {
  readonly language: string;
  readonly messages: Readonly<Record<string, Message>>;
}

function load(): Catalogue {
  const element = document.getElementById("catalogue");
  if (element === null) return { language: document.documentElement.lang || "en", messages: {} };
  return JSON.parse(element.textContent ?? "{}") as Catalogue;
}

const catalogue = load();
const plurals = new Intl.PluralRules(catalogue.language);
const numbers = new Intl.NumberFormat(catalogue.language, { maximumFractionDigits: 1 });

/** The language of this page, such as "en". */
export const language: string = catalogue.language;

/** Writes a number the language's way, with one decimal at most. */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** Says whether the page carries a message of that id (for ids that are put together, such as reasons). */
export function has(id: string): boolean {
  return Object.hasOwn(catalogue.messages, id);
}

/** Gives the words for `id`; `values.count` chooses between the forms of a plural. */
export function t(id: string, values: Values = {}): string {
  const message = catalogue.messages[id];
  if (message === undefined) return id;
  const text = typeof message === "string" ? message : pickForm(message, values["count"]);
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

function pickForm(forms: readonly [string, string], count: string | number | undefined): string {
  return plurals.select(Number(count ?? 0)) === "one" ? forms[0] : forms[1];
}
