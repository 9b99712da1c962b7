import re
from importlib import import_module
from pathlib import Path

import pytest

from openline.web.catalogue import load_catalogues
from tests.docs.pages import (
    ADRS,
    IMAGES,
    ROOT,
    anchors,
    files_named,
    links,
    modules_named,
    name_of,
    pages,
)

PAGES = pages()
LARGEST_IMAGES = 1_500_000

# Files that an operator makes or that other programs have; the page says where they come from.
NOT_IN_THE_CHECKOUT = {
    "evening.toml",
    "openline.toml",
    "fr.measures.po",
    "LANGUAGE.po",
}

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), target


@every_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    for name in files_named(page):
        if name in NOT_IN_THE_CHECKOUT:
            continue
        # Within a page that speaks of the engine, `index.py` is the engine's.
        places = [
            ROOT,
            ROOT / "src/openline",
            ROOT / "src/openline/engine",
            ROOT / "tests/properties",
        ]
        assert any((place / name).exists() for place in places), name


@every_page
def test_every_module_that_is_named_exists(page: Path) -> None:
    for name in modules_named(page):
        module, _, part = name.rpartition(".")
        if not hasattr(import_module(module), part):
            import_module(name)


def test_every_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for target in links(page):
            there = (page.parent / target.partition("#")[0]).resolve()
            if there.suffix == ".md" and there.exists():
                waiting.append(there)
    changes = ROOT / "changes.d"
    unreached = [
        name_of(page) for page in PAGES if page not in seen and changes not in page.parents
    ]
    assert unreached == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/tutorial/first-day-*.md")), ids=name_of)
def test_what_a_first_day_says_a_page_may_say_is_in_the_catalogue(page: Path) -> None:
    # What is bold is looked for on the pages themselves, by tests/live/test_first_days.py.
    text = re.sub(r"```.*?```|\*\*.+?\*\*", "", page.read_text("utf-8"), flags=re.DOTALL)
    messages = load_catalogues()["en"].messages.values()
    sayings = "\n".join(form for forms in messages for form in forms)
    quoted = [re.sub(r"\s+", " ", each) for each in re.findall(r"\*([^*]+)\*", text)]
    assert [words for words in quoted if words not in sayings] == []


def test_the_readme_leads_to_who_gets_the_next_call() -> None:
    assert "src/openline/engine/routing.py" in links(ROOT / "README.md")


def test_every_picture_is_shown_on_some_page_and_all_are_small() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for target in links(page)}
    pictures = sorted(IMAGES.iterdir())
    assert [picture.name for picture in pictures if picture not in shown] == []
    assert sum(picture.stat().st_size for picture in pictures) <= LARGEST_IMAGES


def test_decisions_are_numbered_without_gaps_and_none_twice() -> None:
    files = sorted(ADRS.glob("*.md"))
    numbers = [int(file.name.split("-")[0]) for file in files]
    assert numbers == list(range(1, len(files) + 1))


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "README.md").read_text("utf-8")
    assert [f.name for f in sorted(ADRS.glob("*.md")) if f"(adr/{f.name})" not in listed] == []


@pytest.mark.parametrize("file", sorted(ADRS.glob("*.md")), ids=lambda file: str(file.stem))
def test_a_decision_has_its_parts(file: Path) -> None:
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+", file.stem)
    text = file.read_text("utf-8")
    assert text.startswith(f"# {file.stem[:4]}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
    ]
