import json
import re
from pathlib import Path

import pytest

from openline.model import BugError, Reason
from openline.web.catalogue import load_catalogues

ROOT = Path(__file__).parents[2]
CATALOGUES = load_catalogues()
ENGLISH = CATALOGUES["en"].messages
IDS = sorted(ENGLISH)
SECTIONS = "|".join(sorted({message_id.split(".")[0] for message_id in IDS}))

# A text that begins like an id: in quotes, up to its end or to a place where it goes on by itself.
MENTION = re.compile(rf"""["'`]((?:{SECTIONS})\.[a-z0-9_.]*)(["'`]|\$?\{{)""")
PLACE = re.compile(r"\{(\w+)\}")
FILE_ENDINGS = (".html", ".css", ".js", ".ts", ".svg", ".po", ".py")


def sources() -> list[Path]:
    package = ROOT / "src" / "openline"
    return [
        *package.rglob("*.py"),
        *package.glob("web/templates/*"),
        *ROOT.glob("frontend/src/**/*.ts"),
    ]


def mentions() -> tuple[set[str], set[str]]:
    """Returns the ids that sources name, and the beginnings of those that they put together."""
    whole: set[str] = set()
    beginnings: set[str] = {"reason."}
    for file in sources():
        # A page's selection of ids for its scripts uses none of them yet.
        text = re.sub(r"catalogue\([^)]*\)", "", file.read_text())
        for found, end in MENTION.findall(text):
            if end.endswith("{") or found.endswith("."):
                beginnings.add(found)
            elif not found.endswith(FILE_ENDINGS):
                whole.add(found)
    return whole, beginnings


def test_both_languages_have_the_same_ids() -> None:
    assert sorted(CATALOGUES) == ["en", "es"]
    assert sorted(CATALOGUES["es"].messages) == IDS


@pytest.mark.parametrize("message_id", IDS)
def test_both_languages_have_the_same_places_and_forms(message_id: str) -> None:
    english, spanish = ENGLISH[message_id], CATALOGUES["es"].messages[message_id]
    assert len(english) == len(spanish)
    expected = set(PLACE.findall(english[-1]))
    for forms in (english, spanish):
        assert set(PLACE.findall(forms[-1])) == expected
        # "About a minute" needs no number.
        assert set(PLACE.findall(forms[0])) <= expected
        assert len(forms) > 1 or set(PLACE.findall(forms[0])) == expected


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_translation_is_empty_or_padded(language: str) -> None:
    for message_id, forms in CATALOGUES[language].messages.items():
        for form in forms:
            assert form, message_id
            assert form == form.strip(), message_id


def test_every_id_that_is_used_has_words() -> None:
    whole, beginnings = mentions()
    known = set(IDS)
    # A base may be named whole and completed later: `t(`${base}.words`)`.
    missing = {
        found
        for found in whole - known
        if not any(message_id.startswith(f"{found}.") for message_id in IDS)
    }
    assert missing == set()
    assert [b for b in beginnings if not any(i.startswith(b) for i in IDS)] == []


def test_every_id_is_used() -> None:
    whole, beginnings = mentions()
    bases = tuple(f"{found}." for found in whole - set(IDS))
    unused = [i for i in IDS if i not in whole and not i.startswith((*beginnings, *bases))]
    assert unused == []


@pytest.mark.parametrize("reason", list(Reason), ids=lambda reason: reason.value)
def test_every_reason_has_words(reason: Reason) -> None:
    assert f"reason.{reason.value}" in ENGLISH


def test_no_words_remain_for_a_reason_that_is_gone() -> None:
    known = {f"reason.{reason.value}" for reason in Reason}
    assert {i for i in IDS if i.startswith("reason.")} == known


def test_places_are_filled_and_numbers_written_the_local_way() -> None:
    words = CATALOGUES["en"].text("common.minutes", count=1200)
    assert words == "1,200 minutes"
    assert CATALOGUES["en"].text("common.minutes", count=1) == "1 minute"
    assert CATALOGUES["es"].text("common.minutes", count=1) == "1 minuto"
    assert CATALOGUES["es"].text("common.minutes", count=0) == "0 minutos"


def test_a_value_that_looks_like_a_place_is_not_filled_again() -> None:
    assert "{name}" in CATALOGUES["en"].text("front.team.signed_in", name="{name}")


def test_an_unknown_id_shows_itself() -> None:
    assert CATALOGUES["en"].text("nothing.like.this") == "nothing.like.this"


def test_scripts_get_the_messages_of_their_prefixes_and_no_others() -> None:
    element = str(CATALOGUES["es"].script("common.", "reason."))
    content = json.loads(re.sub(r"</?script[^>]*>", "", element))
    assert content["language"] == "es"
    assert content["messages"]["common.minutes"] == ["{count} minuto", "{count} minutos"]
    assert {i.split(".")[0] for i in content["messages"]} == {"common", "reason"}


def test_words_cannot_end_the_element_that_carries_them(tmp_path: Path) -> None:
    text = 'msgid "a.b"\nmsgstr "</script><b>&"\n'
    (tmp_path / "en.po").write_text(text)
    element = str(load_catalogues(tmp_path)["en"].script("a."))
    assert element.count("<") == 2
    inside = re.sub(r"</?script[^>]*>", "", element)
    assert json.loads(inside)["messages"]["a.b"] == "</script><b>&"


def test_files_of_one_language_add_up_and_may_not_contradict(tmp_path: Path) -> None:
    (tmp_path / "en.po").write_text('msgid "a"\nmsgstr "one"\n')
    (tmp_path / "en.more.po").write_text('msgid "b"\nmsgstr "two"\n')
    assert sorted(load_catalogues(tmp_path)["en"].messages) == ["a", "b"]
    (tmp_path / "en.third.po").write_text('msgid "a"\nmsgstr "three"\n')
    with pytest.raises(BugError, match="another file"):
        load_catalogues(tmp_path)
