import pytest

from openline.configuration.words import nearest_word
from tests.configuration.builders import EVERYTHING, SMALL, changed, only_problem, problems
from tests.configuration.toml_text import Document


def said(document: Document) -> str:
    return only_problem(document).text.partition(": ")[2]


def test_an_unknown_key_is_told_with_the_nearest_one_and_all_there_are() -> None:
    document = changed(SMALL, ("practice.after", 20))
    assert said(document) == (
        'practice.after: there is no key "after" here. Did you mean "after_s"? '
        "Keys here: enabled, after_s."
    )


def test_a_key_that_slid_under_another_header_is_told_where_it_belongs() -> None:
    document = changed(SMALL, ("lines.night.amplitude", 3))
    assert said(document) == (
        'lines.night.amplitude: there is no key "amplitude" here. Keys here: name, language, '
        "queue, greeting, hold_music, writing, leads_to, entries, consent, hours, closed, "
        "emergency, may_be_heard, listening. "
        "A key of that name belongs in [simulation.day]."
    )


def test_a_misspelt_key_is_not_told_again_as_missing() -> None:
    document = changed(SMALL, ("lines.night", {"que": "talk"}))
    assert said(document).startswith(
        'lines.night.que: there is no key "que" here. Did you mean "queue"?'
    )


def test_a_missing_key_is_told_with_an_example() -> None:
    document = changed(SMALL, ("centre", {"name": "Night Line"}))
    assert said(document) == (
        "centre.time_zone: is missing. Allowed: the name of a time zone, "
        'for example "America/Chicago".'
    )


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("queues.talk.priority", 11, "cannot be 11. Allowed: a whole number from 0 to 10."),
        (
            "queues.talk.priority",
            "high",
            'cannot be the text "high". Allowed: a whole number from 0 to 10.',
        ),
        (
            "queues.talk.priority",
            10**50,
            "cannot be so large a number. Allowed: a whole number from 0 to 10.",
        ),
        (
            "queues.talk.service_level.percent",
            0,
            "cannot be 0. Allowed: a number above 0, up to 100.",
        ),
        ("practice.enabled", 1, "cannot be 1. Allowed: true or false."),
        (
            "lines.night.name",
            "",
            "cannot be an empty text. Allowed: text in quotes, or one for each language, "
            'as in { en = …, es = … }, for example "Night line".',
        ),
        (
            "centre.languages",
            [],
            'cannot be an empty list. Allowed: a list in [ ], each one of "en", "es", at least 1.',
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(path: str, value: object, words: str) -> None:
    assert said(changed(SMALL, (path, value))) == f"{path}: {words}"


def test_a_choice_is_told_with_the_word_that_was_meant() -> None:
    problem = only_problem(changed(SMALL, ("lines.night.language", "Spanish")))
    assert problem.nearest == "es"


def test_a_weekday_in_full_is_understood() -> None:
    document = changed(EVERYTHING, ("simulation.colleagues.0.shifts.0.days.1", "Tuesday"))
    assert only_problem(document).nearest == "tue"


def test_a_key_with_capitals_is_told_what_keys_look_like() -> None:
    document = changed(SMALL, ("agents.Amira Lopez", {}))
    assert said(document).startswith(
        'agents."Amira Lopez": cannot be a key. Allowed: up to 40 lower-case letters'
    )


def test_a_secret_is_never_repeated() -> None:
    document = changed(EVERYTHING, ("telephony.turn.secret", "pässword"))
    assert "pässword" not in only_problem(document).text


def test_all_problems_are_told_at_once_in_the_order_of_the_lines() -> None:
    found = problems(
        changed(
            SMALL,
            ("agents.amira.skills", {"fr": 1}),
            ("lines.night.queue", "tlak"),
            ("queues.talk.priority", "high"),
            ("centre.time_zone", "Chicago"),
        )
    )
    assert [problem.key for problem in found] == [
        "centre.time_zone",
        "queues.talk.priority",
        "lines.night.queue",
        "agents.amira.skills.fr",
    ]
    lines = [problem.line for problem in found if problem.line is not None]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("word", "nearest"), [("spanish", "es"), ("ES", "es"), ("partnr", "partner"), ("xyz", None)]
)
def test_the_nearest_word_is_found_by_spelling_or_by_display_name(
    word: str, nearest: str | None
) -> None:
    known = {"en": ["English"], "es": ["Spanish"], "partner": []}
    assert nearest_word(word, known) == nearest
