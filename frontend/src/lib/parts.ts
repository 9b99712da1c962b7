// Which parts of the page does a state show? Those whose `data-for` names it. The state itself stands on
// <html data-state>, for styles and for tests.

import { setHidden } from "./dom.ts";

/**
 * Shows the parts of `state` and hides those of the others. A focus that was in a hidden part goes to `refuge`, so
 * that the next Tab does not begin at the top of the page.
 */
export function showParts(root: ParentNode, state: string, refuge: HTMLElement): void {
  document.documentElement.dataset["state"] = state;
  const focused = document.activeElement;
  for (const part of root.querySelectorAll<HTMLElement>("[data-for]")) {
    setHidden(part, !(part.dataset["for"] ?? "").split(" ").includes(state));
  }
  if (focused?.closest("[hidden]")) refuge.focus({ preventScroll: true });
}
