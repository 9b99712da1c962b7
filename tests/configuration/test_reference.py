import re
from pathlib import Path

from openline.configuration import load_text
from openline.configuration.reference import SMALLEST, default_words, header, page
from openline.configuration.shapes import tables

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "configuration.md"


def test_the_reference_says_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m openline.configuration.reference "
        "> docs/reference/configuration.md"
    )


def test_the_reference_lists_every_key_with_its_default_and_meaning() -> None:
    sections = dict(
        re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", page(), re.MULTILINE | re.DOTALL)
    )
    for name, table in tables():
        section = sections.pop(header(name))
        for key, field in table.model_fields.items():
            assert field.description
            row = next(line for line in section.splitlines() if line.startswith(f"| `{key}` |"))
            assert row.endswith(f"| {default_words(field)} | {field.description} |")
    assert sections == {}


def test_durations_carry_their_unit() -> None:
    for _, table in tables():
        for key in table.model_fields:
            if any(word in key for word in ("timeout", "limit", "within", "mean", "after")):
                assert key.endswith("_s"), key


def test_the_smallest_configuration_of_the_reference_is_right_and_short() -> None:
    published = load_text(SMALLEST, "openline.toml")
    assert published.warnings == ()
    assert SMALLEST.count("\n") <= 25
