import pytest

from tests.configuration.builders import SMALL, changed, only_problem, published
from tests.configuration.toml_text import Document

RULES = "queues.talk.interflow"


def _small(*rules: dict[str, object], **others: list[dict[str, object]]) -> Document:
    return changed(
        SMALL,
        (RULES, list(rules)),
        *((f"queues.{key}", {"interflow": rules}) for key, rules in others.items()),
    )


def test_a_rule_needs_a_destination() -> None:
    problem = only_problem(_small({"when": "nobody_at_work"}))
    assert (problem.key, problem.message) == (f"{RULES}[1].queue", "is missing.")


def test_a_rule_has_one_destination() -> None:
    rule: dict[str, object] = {"when": "nobody_at_work", "queue": "other", "message": "welcome-en"}
    problem = only_problem(_small(rule, other=[]))
    assert problem.message == "cannot stand beside queue."


@pytest.mark.parametrize(
    ("rule", "key", "nearest"),
    [
        ({"queue": "othr"}, f"{RULES}[1].queue", "other"),
        ({"message": "welcome-us"}, f"{RULES}[1].message", "welcome-es"),
    ],
)
def test_a_destination_exists(rule: dict[str, object], key: str, nearest: str) -> None:
    problem = only_problem(_small({"when": "nobody_at_work", **rule}, other=[]))
    assert (problem.key, problem.nearest) == (key, nearest)


def test_a_maximum_wait_says_how_long() -> None:
    problem = only_problem(_small({"when": "waited", "message": "welcome-en"}))
    assert (problem.key, problem.message) == (f"{RULES}[1].after_s", "is missing.")


def test_a_wait_stands_only_where_one_waits() -> None:
    rule: dict[str, object] = {"when": "nobody_at_work", "after_s": 60, "message": "welcome-en"}
    assert "is asked when a call comes" in only_problem(_small(rule)).message


def test_each_cause_stands_once_in_a_queue() -> None:
    rule: dict[str, object] = {"when": "nobody_at_work", "message": "welcome-en"}
    assert only_problem(_small(rule, rule)).key == f"{RULES}[2].when"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_found_and_told_once(length: int) -> None:
    queues = ["talk", "talk-2", "talk-3"][:length]
    onward = dict(zip(queues, [*queues[1:], "talk"], strict=True))
    rules: dict[str, list[dict[str, object]]] = {
        key: [{"when": "nobody_at_work", "queue": to}]
        for key, to in onward.items()
        if key != "talk"
    }
    problem = only_problem(_small({"when": "nobody_at_work", "queue": onward["talk"]}, **rules))
    assert problem.key == f"{RULES}[1].queue"
    assert problem.message == f"sends calls in a circle: {' -> '.join([*queues, 'talk'])}."


def test_a_way_that_ends_is_no_circle() -> None:
    rule: dict[str, object] = {"when": "nobody_at_work", "queue": "other"}
    published(_small(rule, other=[{"when": "nobody_at_work", "message": "welcome-en"}]))


def test_rules_that_leave_those_on_call_no_time_are_refused() -> None:
    document = changed(
        _small({"when": "nobody_at_work", "message": "welcome-en"}),
        ("queues.talk.on_call", ["amira"]),
    )
    assert "would never be rung" in only_problem(document).message


def test_what_comes_after_the_maximum_wait_is_warned_of() -> None:
    document = changed(
        _small({"when": "waited", "after_s": 60, "message": "welcome-en"}),
        ("queues.talk.ceiling_s", 60),
    )
    (warning,) = published(document).warnings
    assert warning.key == "queues.talk.ceiling_s"
    assert "never reached" in warning.message


def test_a_voicemail_box_exists() -> None:
    rule: dict[str, object] = {"when": "waited", "after_s": 600, "voicemail": "nigth"}
    problem = only_problem(changed(_small(rule), ("voicemail.night", {})))
    assert (problem.key, problem.nearest) == (f"{RULES}[1].voicemail", "night")


def test_the_rules_of_a_surge_are_held_to_the_same() -> None:
    rules = [{"when": "waited", "message": "welcome-en"}]
    problem = only_problem(changed(SMALL, ("surge.flood.queues.talk.interflow", rules)))
    assert (problem.key, problem.message) == (
        "surge.flood.queues.talk.interflow[1].after_s",
        "is missing.",
    )
    steps = [{"after_s": 60}, {"after_s": 30}]
    problem = only_problem(changed(SMALL, ("surge.flood.queues.talk.overflow", steps)))
    assert "the step before comes after 60" in problem.message


def test_a_circle_that_a_surge_alone_makes_is_found() -> None:
    usual = _small({"when": "waited", "after_s": 600, "queue": "other"}, other=[])
    back = [{"when": "waited", "after_s": 600, "queue": "talk"}]
    problem = only_problem(changed(usual, ("surge.flood.queues.other.interflow", back)))
    assert problem.message == (
        "sends calls in a circle: other -> talk -> other, while the surge flood is on."
    )


def test_a_surge_offers_callbacks_only_where_the_queue_makes_them() -> None:
    changes = ("surge.flood.queues.talk", {"callback_offer_after_s": 60})
    assert "nobody is called back" in only_problem(changed(SMALL, changes)).message
    both = {"callback_offer_after_s": 60, "offers_callbacks": False}
    problem = only_problem(
        changed(SMALL, ("queues.talk.callback", {}), ("surge.flood.queues.talk", both))
    )
    assert problem.message == "cannot stand beside offers_callbacks = false."
