"""To whom queues may send calls outside: a number of the list, told before, and reachable."""

from typing import Any

import pytest

from openline.engine import FlowsWhen, Interflow, ToOutside
from openline.model import SECOND, Duration, OutsideKey
from tests.configuration.builders import SMALL, changed, only_problem, problems, published
from tests.configuration.toml_text import Document

RULES = "queues.talk.interflow"
PARTNER = {"number": "+1 512 555 0100"}
LINE = next(iter(SMALL["lines"]))
SENT: dict[str, Any] = {"outside": "partner", "announcement": "connecting-en"}


def _small(*rules: dict[str, object], **outside: Any) -> Document:
    """Returns the small centre whose queue has these rules, and this one destination outside."""
    known = {"partner": {**PARTNER, **outside}}
    return changed(SMALL, ("outside", known), (RULES, list(rules)))


def _waited(after_s: int = 600, **others: object) -> dict[str, object]:
    return {"when": "waited", "after_s": after_s, **others}


def test_a_queue_sends_calls_to_a_number_outside_and_says_so_before() -> None:
    found = published(_small(_waited(3_000, **SENT)))
    assert found.settings.queues[0].interflow == (
        Interflow(
            when=FlowsWhen.WAITED,
            to=ToOutside(outside=OutsideKey("partner")),
            after=Duration(3_000 * SECOND),
            announcement="connecting-en",
        ),
    )
    assert "512" not in repr(found.settings)


def test_a_number_that_nobody_listed_is_told_with_the_nearest() -> None:
    problem = only_problem(_small(_waited(outside="partnr", announcement="connecting-en")))
    assert (problem.key, problem.nearest) == (f"{RULES}[1].outside", "partner")


def test_callers_are_told_before_they_are_connected_with_others() -> None:
    problem = only_problem(_small(_waited(outside="partner")))
    assert problem.key == f"{RULES}[1].announcement"
    assert problem.message.startswith("is missing: callers are told")


def test_the_announcement_is_a_recording() -> None:
    problem = only_problem(_small(_waited(outside="partner", announcement="connecting-us")))
    assert problem.nearest == "connecting-es"


def test_an_announcement_stands_only_beside_a_number() -> None:
    problem = only_problem(_small(_waited(message="closed-en", announcement="connecting-en")))
    assert problem.message == "stands where no number outside is rung."


def test_no_queue_calls_an_emergency_service() -> None:
    problem = only_problem(_small(_waited(**SENT), number="911", kind="emergency"))
    assert "by people alone" in problem.message


def test_a_place_is_always_kept() -> None:
    problem = only_problem(_small(_waited(**SENT, keeps_place=False)))
    assert problem.key == f"{RULES}[1].keeps_place"


def test_a_number_of_the_centre_itself_is_a_circle() -> None:
    entry = {"kind": "number", "number": "+15125550100"}
    document = changed(_small(_waited(**SENT)), (f"lines.{LINE}.entries", {"phone": entry}))
    message = problems(document)[0].message
    assert message.startswith("sends calls in a circle")
    assert LINE in message


def test_another_rule_of_the_same_cause_may_follow() -> None:
    assert published(_small(_waited(600, **SENT), _waited(1_200, message="closed-en"))).warnings


@pytest.mark.parametrize(
    "rules",
    [
        (_waited(600, message="closed-en"), _waited(1_200, **SENT)),
        (_waited(600, message="closed-en"), _waited(600, **SENT)),
        ({"when": "nobody_at_work", "message": "closed-en"}, {"when": "nobody_at_work", **SENT}),
    ],
)
def test_but_not_before_it(rules: tuple[dict[str, object], ...]) -> None:
    problem = only_problem(_small(*rules))
    assert problem.key == f"{RULES}[2].when"
    assert "has left already" in problem.message


def test_two_numbers_for_one_cause_are_one_too_many() -> None:
    problem = only_problem(_small(_waited(600, **SENT), _waited(900, **SENT)))
    assert problem.key == f"{RULES}[2].when"


def test_a_number_that_no_telephony_can_ring_is_warned_of() -> None:
    (found,) = published(_small(_waited(**SENT))).warnings
    assert found.key == f"{RULES}[1].outside"
    assert "no telephony can ring this number" in found.message


def test_lines_whose_calls_may_not_go_there_are_named() -> None:
    document = _small(_waited(**SENT), lines=["other"])
    document = changed(document, ("lines.other", {"queue": "other"}), ("queues.other", {}))
    found = [each.message for each in published(document).warnings]
    assert f"is not for calls of {LINE}: they stay in the queue." in found
