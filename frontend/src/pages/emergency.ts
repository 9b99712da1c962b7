// The change of the emergency services that waits, on pages that have no live picture: administrators look after
// accounts and health, and never see the room. Looks anew each quarter of a minute, and after each act.

import { byId } from "../lib/dom.ts";
import { CentreClock, everySecond, type Instant } from "../lib/time.ts";
import { paintEmergencyList, tickEmergencyList, type WithList } from "../room/emergency_list.ts";
import type { PendingList } from "../room/picture.ts";

const EVERY_MS = 15_000;
const clock = new CentreClock();
let shown: WithList | null = null;

interface Told {
  readonly now: Instant;
  readonly zone: string;
  readonly pending: PendingList | null;
}

async function look(): Promise<void> {
  if (document.hidden) return;
  try {
    const response = await fetch("/api/emergency-list", { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const told = (await response.json()) as Told;
    clock.hear(told.now);
    shown = { zone: told.zone, emergency_list: told.pending };
    paintEmergencyList(shown);
    tick();
  } catch {
    // The page says by itself that the centre is away; what was told last stays, and counts on.
  }
}

function tick(): void {
  if (shown !== null) tickEmergencyList(shown, clock.now());
}

// An act closes the dialogue when it is done: what it changed is to be seen at once.
byId("act").addEventListener("close", () => void look());
void look();
everySecond(tick);
setInterval(() => void look(), EVERY_MS);
