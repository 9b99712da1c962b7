"""Looks at a screen as its readers have it: in English and in Spanish, light and dark.

On each it looks for barriers (axe-core, with the rules of WCAG 2.2 A and AA and good practice), for
words that are not in the reader's language, for a width that makes one scroll sideways, for what
the browser complains of (a breach of the content-security policy is such a complaint), and for
anything that was fetched from another host. It notes what it finds and goes on, so that a test
shows everything at once.

axe-core and the questions below come in as the debugger's code, to which the policy does not apply;
so the pages are looked at with their policy in force.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from openline.web.catalogue import load_catalogues
from tests.live.people import WITHIN_MS

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

DESKTOP = (1280, 720)
ALSO = {"at 200 % zoom": (640, 360), "on a phone": (390, 844)}

# A dark page is the light one in other colours, so only the rules about colours are tried again.
LOOK_FOR_BARRIERS = """() => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const colours = ["color-contrast", "link-in-text-block"];
  const find = async (theme, runOnly) => {
    document.documentElement.dataset.theme = theme;
    // A colour that changes by a transition is the new one only at its end, however short it is.
    for (const each of document.getAnimations()) {
      if (each instanceof CSSTransition) each.finish();
    }
    const options = { runOnly, resultTypes: ["violations"], preload: false };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        `${theme}: ${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
  };
  const look = async () => {
    const light = await find("light", { type: "tag", values: tags });
    const dark = await find("dark", { type: "rule", values: colours });
    document.documentElement.dataset.theme = "light";
    return [...light, ...dark];
  };
  window.barriers = look();
}"""

READ_WORDS = """() => {
  const words = new Set([document.title]);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!parentElement.matches("script, style, noscript *") && isShown(parentElement)) {
      words.add(textContent.replace(/\\s+/g, " ").trim());
    }
  }
  const spoken = ["aria-label", "aria-description", "title", "alt", "placeholder"];
  for (const element of document.querySelectorAll(spoken.map((name) => `[${name}]`).join())) {
    if (!isShown(element)) continue;
    for (const name of spoken) words.add(element.getAttribute(name) ?? "");
  }
  words.delete("");
  return [...words];
}"""

FIND_WHAT_STICKS_OUT = """() => {
  const { clientWidth, scrollWidth } = document.scrollingElement;
  const isOut = (element) => element.getBoundingClientRect().right > clientWidth + 0.5;
  const outer = scrollWidth <= clientWidth ? [] : [...document.body.querySelectorAll("*")];
  // The large numbers of the wallboard have to stay in their boxes, too.
  const isCut = (number) => number.scrollWidth > number.clientWidth + 1;
  const cut = [...document.querySelectorAll("[data-number]")].filter(isCut);
  const found = [...outer.filter(isOut).slice(0, 4), ...cut];
  return found.map((element) => element.cloneNode(false).outerHTML.slice(0, 120));
}"""


LANGUAGES = ("en", "es")


class Examiner:
    """Watches one page, and looks at each screen that it comes to."""

    def __init__(self, page: Page, language: str, base: str) -> None:
        self.page = page
        self.language = language
        self.complaints: list[str] = []
        self._base = base
        self._screen = "before the first screen"
        self._expected: tuple[str, ...] = ()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complain(f"error: {error}"))
        page.on("request", self._on_request)
        page.on("websocket", lambda socket: self._on_address(socket.url))

    @contextmanager
    def expecting(self, *noise: str) -> Iterator[None]:
        """Takes no notice of console lines with these words, as of a cut made on purpose."""
        self._expected = noise
        try:
            yield
        finally:
            self._expected = ()

    def begin_to_look(self, screen: str, *, for_barriers: bool = True) -> None:
        """Begins to look at the screen as it is now; several pages do that at once."""
        self._screen = screen
        if not for_barriers:
            self.page.evaluate("() => { window.barriers = []; }")
            return
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_axe())
        self.page.evaluate(LOOK_FOR_BARRIERS)

    def look(self) -> None:
        """Notes what is found; the screen must be as it was at the beginning."""
        for barrier in self.page.evaluate("window.barriers"):
            self.complain(barrier)
        for words in self.page.evaluate(READ_WORDS):
            if problem := problem_of(words, self.language):
                self.complain(f"{problem}: {words!r}")
        self._fits("on a desktop")
        for place, (width, height) in ALSO.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self._fits(place)
        width, height = DESKTOP
        self.page.set_viewport_size({"width": width, "height": height})

    def _fits(self, place: str) -> None:
        for element in self.page.evaluate(FIND_WHAT_STICKS_OUT):
            self.complain(f"scrolls sideways, or is cut, {place}: {element}")

    def complain(self, text: str) -> None:
        """Notes what is wrong with the screen that is looked at."""
        self.complaints.append(f"[{self._screen}; {self.language}] {text}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not any(words in message.text for words in self._expected):
            self.complain(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        self._on_address(request.url)

    def _on_address(self, url: str) -> None:
        ours = (self._base, self._base.replace("http", "ws", 1), "blob:", "data:", "about:")
        if not url.startswith(ours):
            self.complain(f"asked for {url}")


@functools.cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


class Round:
    """Is one page of each reader, who all do the same things."""

    def __init__(self, browser: Browser, base: str, stack: ExitStack) -> None:
        self._base = base
        self.examiners = []
        width, height = DESKTOP
        for language in LANGUAGES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                permissions=["microphone", "notifications"],
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            context.add_cookies(
                [
                    {"name": "theme", "value": "light", "url": base},
                    {"name": "language", "value": language, "url": base},
                ]
            )
            self.examiners.append(Examiner(context.new_page(), language, base))

    @property
    def pages(self) -> list[Page]:
        """Their pages, in the order of the languages."""
        return [examiner.page for examiner in self.examiners]

    def go(self, path: str) -> None:
        """Opens an address."""
        for page in self.pages:
            page.goto(f"{self._base}{path}")

    def sit_down(self, agents: Sequence[str]) -> None:
        """Takes a desk of the demonstration each."""
        for page, key in zip(self.pages, agents, strict=True):
            page.context.request.post(
                f"{self._base}/demo/sign-in", form={"account": key}, headers={"Origin": self._base}
            )
            page.goto(f"{self._base}/desk?rawmic=1")

    def does(self, test_id: str) -> None:
        """Presses a button."""
        for page in self.pages:
            page.get_by_test_id(test_id).click(timeout=WITHIN_MS)

    def sees(self, state: str) -> None:
        """Waits until every page is in the state."""
        for page in self.pages:
            page.wait_for_selector(f"html[data-state={state}]", timeout=WITHIN_MS, state="attached")

    def shows(self, selector: str) -> None:
        """Waits until a part of every page can be seen."""
        for page in self.pages:
            expect(page.locator(selector).first).to_be_visible(timeout=WITHIN_MS)

    def look(self, screen: str, *, barriers_in: Sequence[str] = LANGUAGES) -> None:
        """Looks at the screen with the eyes of each; for barriers in these languages."""
        for examiner in self.examiners:
            examiner.begin_to_look(screen, for_barriers=examiner.language in barriers_in)
        for examiner in self.examiners:
            examiner.look()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Cuts their network."""
        with ExitStack() as noise:
            for examiner in self.examiners:
                noise.enter_context(examiner.expecting("WebSocket", "net::ERR", "EventSource"))
                examiner.page.context.set_offline(True)
            yield
            for page in self.pages:
                page.context.set_offline(False)

    def are_content(self) -> None:
        """Fails with all that was found, each thing once."""
        found = [text for examiner in self.examiners for text in examiner.complaints]
        assert not found, "\n".join(dict.fromkeys(found))


# --- words --------------------------------------------------------------------------------------


def problem_of(words: str, language: str) -> str | None:
    """Says what is wrong with words on a screen, if anything."""
    if _ids().search(words):
        return "an id in place of words"
    if language != "en" and _english_only(language).fullmatch(words):
        return "English words"
    return None


@functools.cache
def _ids() -> re.Pattern[str]:
    sections = {message_id.split(".")[0] for message_id in load_catalogues()["en"].messages}
    return re.compile(rf"\b(?:{'|'.join(sorted(sections))})(?:\.[a-z0-9_]+)+\b")


@functools.cache
def _english_only(language: str) -> re.Pattern[str]:
    """Returns what matches every English message that is a different one in that language."""
    catalogues = load_catalogues()
    english, other = catalogues["en"].messages, catalogues[language].messages
    same = {form for forms in other.values() for form in forms}
    forms = {form for forms in english.values() for form in forms} - same
    return re.compile("|".join(filter(None, map(_pattern, sorted(forms)))))


def _pattern(form: str) -> str:
    """Returns what matches a message, whatever is in its places; nothing if it has no words."""
    fixed = re.split(r"\{\w+\}", form)
    if len("".join(fixed).strip()) < 3:
        return ""
    return ".+".join(map(re.escape, fixed))
