// Looks anew each quarter of a minute while somebody looks, and says aloud only that something changed.

import { announce, showOffline } from "../lib/dom.ts";
import { t } from "../lib/i18n.ts";

const EVERY_MS = 15_000;

async function look(): Promise<void> {
  if (document.hidden) return;
  const here = document.querySelector<HTMLElement>("[data-again]");
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const there = page.querySelector<HTMLElement>("[data-again]");
    showOffline(null);
    if (here === null || there === null || here.innerHTML === there.innerHTML) return;
    here.replaceChildren(...there.childNodes);
    announce(here.querySelector(".health__all")?.textContent?.trim() ?? "");
  } catch {
    const time = new Date().toLocaleTimeString(document.documentElement.lang);
    showOffline(t("common.offline_since", { time }));
  }
}

setInterval(() => void look(), EVERY_MS);
