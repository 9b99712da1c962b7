"""The statement accounts for all that is kept, in the terms of the configuration, in all words."""

import pytest

from openline.app.privacy import COLUMNS, ENTRIES, SEALED, as_markdown, as_text, statement
from openline.configuration import Published, load_text
from openline.sealing import SealedKind
from openline.web import load_catalogues
from tests.centre.small_published import TEXT, a_published

CATALOGUES = load_catalogues()


def published(retention: str = "") -> Published:
    return load_text(f"{TEXT}\n[retention]\n{retention}\n", "small.toml")


def told(key: str, centre: Published, language: str = "en") -> str:
    (entry,) = (e for e in statement(centre, CATALOGUES[language]).kept if e.key == key)
    return entry.how_long


def test_every_column_and_every_sealed_kind_is_accounted_for() -> None:
    assert set(SEALED) == set(SealedKind)
    said = statement(a_published(), CATALOGUES["en"])
    found = {column for entry in said.kept for column in entry.columns}
    assert found == set(COLUMNS)
    assert [entry.key for entry in said.kept] == list(ENTRIES)


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_is_left_without_words(language: str) -> None:
    said = statement(a_published(), CATALOGUES[language])
    for text in (as_text(said), as_markdown(said)):
        assert "privacy." not in text
        assert "{" not in text


def test_the_terms_are_those_of_the_configuration() -> None:
    usual = published()
    assert [told(key, usual) for key in ("record", "note", "caller_number", "session")] == [
        "396 days",
        "90 days",
        "24 hours",
        "24 hours",
    ]
    child_line = published("number_minutes = 30\nnote_days = 1\ncallback_days = 3")
    assert told("caller_number", child_line) == "30 minutes"
    assert told("note", child_line, "es") == "24 horas"
    assert told("callback_number", child_line) == "until the callback has ended; 3 days at most"


def test_markdown_is_one_table_and_one_list() -> None:
    lines = as_markdown(statement(a_published(), CATALOGUES["es"])).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == len(ENTRIES) + 2
    assert {row.count("|") for row in rows} == {6}
    assert lines[0].startswith("# ")
