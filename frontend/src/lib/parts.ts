// Which parts of the page does a state show? Those whose `data-for` names it. The state itself stands on
// <html data-state>, for styles and for tests.

import { setHidden } from "./dom.ts";

/** Shows the parts of `state` and hides those of the others. */
export function showParts(root: ParentNode, state: string): void {
  document.documentElement.dataset["state"] = state;
  for (const part of root.querySelectorAll<HTMLElement>("[data-for]")) {
    setHidden(part, !(part.dataset["for"] ?? "").split(" ").includes(state));
  }
}
