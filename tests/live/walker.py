"""Does a day's work with nothing but a document in hand: presses what stands there in bold.

A document is walked section by section. Whatever is bold in a section must stand on the page, while
that section is walked, as the name of something: a button, a link, a heading, a field, a column. So
a button that is renamed on one side only is found. ` …` at the end of such words stands for what
differs from centre to centre.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ElementHandle, Page, TimeoutError

from tests.live.people import WITHIN_MS

BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)

# What names are shown on the page, without the key beside a word, a count or an explanation.
NAMES = """
  const aside = "kbd, .soft, .badge, .tabular, .visually-hidden, [hidden]";
  const spaced = (text) => text.replace(/\\s+/g, " ").trim();
  const wordsOf = (element) => {
    const copy = element.cloneNode(true);
    for (const each of copy.querySelectorAll(aside)) each.remove();
    return spaced(copy.textContent);
  };
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const named = "a, button, summary, h1, h2, h3, label, legend, th, dt, strong, .legend, " +
    "[role=group] > span, [aria-label], [placeholder]";
  const pressed = "a, button, summary, label";
  const namesOf = (element) => [
    wordsOf(element), spaced(element.textContent), element.ariaLabel, element.placeholder,
  ].filter(Boolean);
  const isCalled = (name, words) =>
    name === words || (words.endsWith(" …") && name.startsWith(words.slice(0, -1)));
"""
SHOWN = f"""(wanted) => {{ {NAMES}
  const shown = [...document.querySelectorAll(named)].filter(isShown);
  const all = shown.flatMap(namesOf);
  for (const select of document.querySelectorAll("select")) {{
    const options = isShown(select) ? [...select.options] : [];
    all.push(...options.map((option) => spaced(option.textContent)));
  }}
  return wanted.filter((words) => all.some((name) => isCalled(name, words)));
}}"""
PRESSED = f"""([words, within]) => {{ {NAMES}
  const top = document.querySelector("dialog:modal") ?? document;
  const place = within === null ? top : [...top.querySelectorAll("li, tr, section")]
    .filter((each) => isShown(each) && each.textContent.includes(within)).at(-1);
  if (!place) return null;
  const fits = (each) => isShown(each) && !each.disabled && each.ariaHidden !== "true" &&
    namesOf(each).some((name) => isCalled(name, words));
  return [...place.querySelectorAll(pressed)].find(fits) ?? null;
}}"""


def sections(document: Path) -> dict[str, list[str]]:
    """Returns the bold words of each section of a document, in order and each once."""
    found = {}
    for part in document.read_text("utf-8").split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        words = (re.sub(r"\s+", " ", each) for each in BOLD.findall(text))
        found[heading] = list(dict.fromkeys(words))
    return found


def code_blocks(document: Path) -> list[str]:
    """Returns what stands in the document to be copied."""
    return re.findall(r"^```text\n(.*?)^```", document.read_text("utf-8"), re.DOTALL | re.MULTILINE)


class Walker:
    """Is somebody at a page with a document in hand."""

    def __init__(self, page: Page, document: Path) -> None:
        self.page = page
        self.document = document
        self._section = ""
        self._wanted: list[str] = []
        self._missing: set[str] = set()

    def presses(self, words: str, *, within: str | None = None) -> None:
        """Presses what the section calls so; within a row or part that shows other words."""
        self._is_told(words)
        self.looks()
        self._found(words, within).click(timeout=WITHIN_MS)
        self.looks()

    def writes(self, field: str, text: str) -> None:
        """Writes into the field that the section calls so."""
        self._is_told(field)
        self.looks()
        label = self._found(field, None)
        box = label.evaluate_handle("(label) => label.control ?? label").as_element()
        assert box is not None
        box.fill(text)

    def chooses(self, field: str, option: str) -> None:
        """Chooses from the list that the section calls so."""
        self._is_told(field)
        self._is_told(option)
        self.looks()
        self.page.get_by_label(field, exact=True).select_option(label=option)

    def finds(self, *words: str) -> None:
        """Waits until these words of the section stand on the page."""
        for each in words:
            self._is_told(each)
            self.page.wait_for_function(
                f"(words) => ({SHOWN})([words]).length > 0", arg=each, timeout=WITHIN_MS
            )
        self.looks()

    def is_in(self, state: str) -> None:
        """Waits until the desk is in a state."""
        self.page.wait_for_selector(
            f"html[data-state={state}]", timeout=WITHIN_MS, state="attached"
        )
        self.looks()

    def looks(self) -> None:
        """Ticks off what stands on the page now."""
        if self._missing:
            self._missing -= set(self.page.evaluate(SHOWN, sorted(self._missing)))

    @contextmanager
    def reading(self, section: str) -> Iterator[None]:
        """Walks one section: at its end everything bold in it must have been on the page."""
        self._section = section
        self._wanted = sections(self.document)[section]
        self._missing = set(self._wanted)
        yield
        deadline = time.monotonic() + WITHIN_MS / 1_000
        while self._missing and time.monotonic() < deadline:
            self.looks()
            self.page.wait_for_timeout(50)
        assert not self._missing, f"{self._place}: nothing there is called {self._missing}"

    @property
    def _place(self) -> str:
        return f"{self.document.name}, {self._section!r}"

    def _is_told(self, words: str) -> None:
        assert words in self._wanted, f"{self._place} does not speak of {words!r}"

    def _found(self, words: str, within: str | None) -> ElementHandle:
        try:
            handle = self.page.wait_for_function(
                PRESSED, arg=[words, within], timeout=WITHIN_MS
            ).as_element()
        except TimeoutError as error:
            raise AssertionError(f"{self._place}: {words!r} cannot be pressed") from error
        assert handle is not None
        return handle


def walk(walker: Walker, steps: Sequence[Callable[[], None]]) -> None:
    """Walks a document from its first section to its last, each with the step for it."""
    for section, does in zip(sections(walker.document), steps, strict=True):
        with walker.reading(section):
            does()
