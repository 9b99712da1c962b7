"""Whether every figure can answer "what is this?", and whether the reference says the same."""

from pathlib import Path

import pytest

from openline.engine.estimate import LONGEST_TOLD
from openline.measures import DEFINITIONS, ServiceLevelVariant, definition
from openline.measures.definitions import Definition
from openline.measures.fold import SHORT_ABANDON
from openline.model import MINUTE, SECOND

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"
UNITS = {"count", "seconds", "share"}


def row_of(entry: Definition) -> str:
    return f"| `{entry.key}` | {entry.name} | {entry.unit} | {entry.words} | {entry.source} |"


def test_the_reference_holds_exactly_the_definitions_of_the_code_in_their_order() -> None:
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert rows == [row_of(entry) for entry in DEFINITIONS]


def test_keys_are_unique_and_units_are_known() -> None:
    keys = [entry.key for entry in DEFINITIONS]
    assert len(set(keys)) == len(keys)
    assert {entry.unit for entry in DEFINITIONS} <= UNITS


@pytest.mark.parametrize("variant", ServiceLevelVariant)
def test_every_variant_of_the_service_level_is_defined(variant: ServiceLevelVariant) -> None:
    headline = variant is ServiceLevelVariant.HEADLINE
    key = "service_level" if headline else f"service_level.{variant.value}"
    assert definition(key).unit == "share"


def test_the_numbers_in_the_words_are_those_of_the_code() -> None:
    assert (
        f"({SHORT_ABANDON // SECOND} seconds unless it is set)"
        in definition("short_abandoned").words
    )
    assert LONGEST_TOLD == 60 * MINUTE
    assert "at most one hour" in definition("wait_estimate").words


def test_a_definition_names_its_entries_in_the_catalogues() -> None:
    asa = definition("asa")
    assert (asa.name_id, asa.words_id) == ("measure.asa.name", "measure.asa.definition")
