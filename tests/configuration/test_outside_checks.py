"""Whom agents may dial: a fixed list, without numbers that cost by the minute."""

import pytest

from openline.engine import OutsideKind, OutsideSettings
from openline.model import SECOND, Duration, LineKey, OutsideKey
from tests.configuration.builders import SMALL, changed, only_problem, published
from tests.configuration.toml_text import Document


def with_outside(**legal: object) -> Document:
    return changed(SMALL, ("outside", {"legal": {"number": "+1 512 555 0100", **legal}}))


def test_a_destination_outside_is_known_by_its_key_and_its_number_to_the_telephony_alone() -> None:
    line = next(iter(SMALL["lines"]))
    found = published(with_outside(name="Legal aid", lines=[line], ring_timeout_s=20))
    assert found.settings.outside == (
        OutsideSettings(
            key=OutsideKey("legal"),
            kind=OutsideKind.SERVICE,
            ring_timeout=Duration(20 * SECOND),
            lines=(LineKey(line),),
        ),
    )
    assert found.outside_numbers == {"legal": "+15125550100"}
    assert "512" not in repr(found.settings)
    assert found.name_of("outside", "legal", "en") == "Legal aid"


@pytest.mark.parametrize(
    "number",
    [
        *("+1 900 555 0100", "+1 (212) 976-0100", "+44 909 879 0100", "+44 7012 345678"),
        *("+49 900 1 234567", "+34 803 123 456", "+33 899 12 34 56", "+39 899 123456"),
        *("+979 1 234 5678", "+881 6 1234 5678", "+52 900 123 4567"),
    ],
)
def test_what_costs_by_the_minute_is_never_dialled(number: str) -> None:
    problem = only_problem(with_outside(number=number))
    assert problem.key == "outside.legal.number"
    assert "premium" in problem.message


@pytest.mark.parametrize("number", ["+1 512 900 0100", "+44 20 7946 0900", "+34 911 23 45 67"])
def test_an_ordinary_number_that_looks_like_one_is_dialled(number: str) -> None:
    assert published(with_outside(number=number)).settings.outside


def test_a_short_number_is_for_emergencies_alone() -> None:
    problem = only_problem(with_outside(number="911"))
    assert problem.message == "has no country code."
    assert (
        published(with_outside(number="911", kind="emergency")).outside_numbers[OutsideKey("legal")]
        == "911"
    )


def test_a_number_has_at_most_fifteen_digits() -> None:
    assert only_problem(with_outside(number="+1 512 555 0100 0000 00")).message == "is too long."


@pytest.mark.parametrize("number", ["512 555 0100", "+1", "call me", "+0 512 555 0100", ""])
def test_what_is_no_number_is_told_with_an_example(number: str) -> None:
    assert '"+1 512 555 0100"' in only_problem(with_outside(number=number)).text


def test_it_serves_lines_that_exist() -> None:
    problem = only_problem(with_outside(lines=["evning"]))
    assert problem.key == "outside.legal.lines[1]"


def test_a_simulated_caller_is_handed_on_to_one_place_that_exists() -> None:
    line = next(iter(SMALL["lines"]))
    callers = [{"line": line, "transfer_share": 0.1, "transfer_outside": "lgal"}]
    world = ("simulation", {"calls_per_day": 100, "callers": callers})
    assert only_problem(changed(with_outside(), world)).nearest == "legal"
    callers[0] |= {"transfer_outside": "legal", "transfer_to": "talk"}
    problem = only_problem(changed(with_outside(), world))
    assert problem.message == "stands beside transfer_to, and a call goes to one of them."
