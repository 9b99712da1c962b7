import pytest

from tests.configuration.builders import (
    EVERYTHING,
    SMALL,
    changed,
    only_problem,
    problems,
    published,
)
from tests.configuration.toml_text import Document


def said(document: Document) -> str:
    return "\n".join(problem.text for problem in problems(document))


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("lines.night.leads_to", {"menu": "mian"}, 'there is no menu "mian"'),
        ("lines.night.leads_to", {}, "names nothing as the place to send calls to"),
        (
            "lines.night.leads_to",
            {"menu": "main", "queue": "general"},
            "names queue, menu as the place to send calls to",
        ),
        ("menus.main.otherwise", {"queue": "genral"}, 'there is no queue "genral"'),
        ("menus.main.otherwise", {"voicemail": "bx"}, 'there is no voicemail box "bx"'),
        ("menus.main.prompt", "menu-family", 'there is no recording "menu-family"'),
        ("lines.night.hours", "ofice", 'there is no set of hours "ofice"'),
        ("lines.night.emergency", {"message": "closed-de"}, 'there is no recording "closed-de"'),
        ("hours.office.public_holidays", {"country": "UX"}, 'there is no country "UX"'),
        (
            "hours.office.public_holidays",
            {"country": "US", "region": "ZZ"},
            'there is no region "ZZ"',
        ),
        ("voicemail.box.queue", "genral", 'there is no queue "genral"'),
        ("surge.flood.queues", {"generl": {"priority": 1}}, 'there is no queue "generl"'),
        ("recordings.hello.en", "welcom-en", 'there is no recording "welcom-en"'),
    ],
)
def test_what_does_not_exist_is_told(key: str, value: object, words: str) -> None:
    assert words in said(changed(EVERYTHING, (key, value)))


def test_a_topic_must_be_named() -> None:
    choice = {"queue": "general", "topic": "legl"}
    assert 'there is no topic "legl"' in said(
        changed(EVERYTHING, ("menus.main.choices", {"1": choice}))
    )


def test_hours_need_a_place_to_go_and_the_other_way_round() -> None:
    hours = {"hours": {"day": {"weekdays": ["09:00-17:00"]}}}
    without = changed({**SMALL, **hours}, ("lines.night.hours", "day"))
    assert "says nothing of what callers meet outside the hours" in said(without)
    alone = changed(SMALL, ("lines.night.closed", {"message": "closed-en"}))
    assert "has no hours beside it" in said(alone)


def test_a_date_must_be_in_the_calendar() -> None:
    wrong = changed(EVERYTHING, ("hours.office.special", {"2026-02-30": []}))
    assert "is no day of the calendar" in said(wrong)


def test_a_span_must_be_one() -> None:
    assert "07:00-22:00" in said(changed(EVERYTHING, ("hours.office.weekdays", ["7-22"])))


def test_a_surge_must_change_something() -> None:
    assert "changes nothing" in said(changed(EVERYTHING, ("surge.flood", {})))


# --- listening -----------------------------------------------------------------------------------


def test_supervisors_listen_only_where_the_greeting_says_that_calls_may_be_heard() -> None:
    told = [
        ("lines.night.greeting", "welcome-en"),
        ("lines.night.may_be_heard", True),
        ("lines.night.listening", True),
    ]
    assert published(changed(SMALL, *told)).settings.lines[0].listening
    assert not published(changed(SMALL, *told[:2])).settings.lines[0].listening
    problem = only_problem(changed(SMALL, told[0], told[2]))
    assert problem.key == "lines.night.listening"
    assert problem.message == "needs callers who know that they may be heard."
    problem = only_problem(changed(SMALL, *told[1:]))
    assert problem.message == "is said of a line that has no greeting."


def test_a_surge_must_not_take_away_the_greeting_that_says_so() -> None:
    heard = changed(
        SMALL,
        ("lines.night.greeting", "welcome-en"),
        ("lines.night.may_be_heard", True),
        ("lines.night.listening", True),
    )
    greeting = {"greeting": "many-en"}
    problem = only_problem(changed(heard, ("surge", {"flood": {"lines": {"night": greeting}}})))
    assert problem.key == "surge.flood.lines.night.greeting"
    says_so = {**greeting, "may_be_heard": True}
    again = published(changed(heard, ("surge", {"flood": {"lines": {"night": says_so}}})))
    assert again.settings.lines[0].listening
