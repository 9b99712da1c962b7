// The first page of an empty centre: proposes the clock of this machine, unless somebody chose another.

import { byId } from "../lib/dom.ts";

const zone = byId("time_zone", HTMLInputElement);
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = Array.from(byId("zones", HTMLDataListElement).options, (option) => option.value);

// What the server proposes is nobody's choice.
if (zone.value === "UTC" && known.includes(here)) zone.value = here;
