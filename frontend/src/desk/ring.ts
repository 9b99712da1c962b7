// How long is an offer still hers? A ring that shrinks with the lease. One animation of the browser drives
// it, so that no script runs for it; whoever wants no motion sees the number only.

import type { OfferView } from "../lib/protocol.ts";
import type { CentreClock } from "../lib/time.ts";

let shown = "";
let running: Animation | null = null;

/** Lets the ring run to the offer's end; goes on undisturbed with the one that runs already. */
export function runRing(ring: Element, offer: OfferView | null, clock: CentreClock): void {
  const key = offer ? `${offer.id}:${offer.expires_at}` : "";
  if (key === shown) return;
  shown = key;
  running?.cancel();
  running = null;
  if (!offer || offer.lease_s <= 0) return;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  running = ring.animate([{ strokeDashoffset: "0" }, { strokeDashoffset: "100" }], {
    duration: offer.lease_s * 1000,
    fill: "forwards",
  });
  running.currentTime = offer.lease_s * 1000 - (offer.expires_at - clock.now()) / 1000;
}
