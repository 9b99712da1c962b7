"""Do eight answers make a configuration that is right, whatever they are?"""

import tomllib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.configuration import load_text
from openline.configuration.beginning import (
    QUESTIONS,
    Answers,
    answer_from,
    configuration_from,
    folder_of,
    key_of,
    mistakes,
    said,
)
from openline.web import load_catalogues

SMALL = Answers(name="Evening Line", people=("Amira", "Ben"))

ENGLISH = load_catalogues()["en"].text

words = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=30)
any_answers = st.builds(
    Answers,
    name=words,
    languages=st.lists(st.sampled_from(["en", "es"]), max_size=2).map(tuple),
    time_zone=st.sampled_from(["America/Chicago", "Europe/Madrid", "Chicago"]),
    hours=st.sampled_from(["", "daily 22-2", "lun-vie 9:00-13:00, 15-18", "Mon 9", "mon 9-25"]),
    topics=st.lists(words | st.sampled_from(["En", "es"]), max_size=3).map(tuple),
    people=st.lists(words | st.sampled_from(["Sim One", "1"]), max_size=4).map(tuple),
    recovery_break_min=st.integers(-1, 121),
)


@given(any_answers)
def test_answers_in_which_nothing_is_wrong_make_a_configuration_that_is_right(
    answers: Answers,
) -> None:
    everybody = Answers(
        **{**{q: getattr(answers, q) for q in QUESTIONS}, "on_call": answers.people}
    )
    if not mistakes(everybody):
        settings = load_text(configuration_from(everybody), "openline.toml").settings
        assert len(settings.queues) == len(answers.topics) * len(answers.languages)
        # Everybody can take every call, so nobody is forgotten by mistake.
        needs = {level.skill for queue in settings.queues for level in queue.needs}
        assert all({s.skill for s in agent.skills} >= needs for agent in settings.agents)


def test_the_smallest_answers_make_one_queue_without_skills_and_no_warning() -> None:
    published = load_text(configuration_from(SMALL), "openline.toml")
    assert published.warnings == ()
    assert [queue.needs for queue in published.settings.queues] == [()]
    assert [agent.key for agent in published.settings.agents] == ["amira", "ben"]
    assert published.centre_name("en") == "Evening Line"
    assert published.simulation is None


def test_topics_and_languages_have_lines_queues_and_skills_of_their_own() -> None:
    answers = Answers(
        name="Línea", languages=("es", "en"), topics=("Legal help", "Food"), people=("Ana",)
    )
    settings = load_text(configuration_from(answers), "openline.toml").settings
    assert [line.key for line in settings.lines] == [
        *("legal-help-es", "legal-help-en", "food-es", "food-en"),
    ]
    assert [level.skill for level in settings.queues[0].needs] == ["es", "legal-help"]


def test_those_on_call_are_on_every_queue_and_the_file_says_how_they_could_be_rung() -> None:
    answers = Answers(name="X", people=("Amira", "Ben"), on_call=("Ben",))
    text = configuration_from(answers)
    published = load_text(text, "openline.toml")
    assert [queue.on_call for queue in published.settings.queues] == [("ben",)]
    assert len(published.warnings) == 1  # nothing says yet how
    mended = text.replace("# [on_call.notify]", "[on_call.notify]").replace("# command", "command")
    mended = mended.replace("/usr/local/bin/ring-at-home", "/bin/true")
    assert load_text(mended, "openline.toml").warnings == ()


def test_a_configuration_holds_no_more_than_was_asked_for() -> None:
    assert set(tomllib.loads(configuration_from(SMALL))) == {"centre", "queues", "lines", "agents"}


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("name", "", "A name is needed"),
        ("name", "x" * 61, "at most 60"),
        ("name", "日本", "a letter from a to z"),
        ("name", "a\nb", "on one line"),
        ("languages", ("spanish",), 'Did you mean "es"?'),
        ("languages", ("en", "en"), "once"),
        ("languages", (), "At least one"),
        ("time_zone", "chicago", 'Did you mean "America/Chicago"?'),
        ("hours", "after six", '"after six" cannot be understood'),
        ("topics", ("Food", "food!"), "cannot be told apart"),
        ("topics", (), "At least one"),
        ("people", (), "At least one"),
        ("people", ("Sim One",), "simulated"),
        ("people", ("??",), "it needs a letter"),
        ("on_call", ("Bem",), 'Did you mean "Ben"?'),
        ("on_call", ("Ben", "Ben"), "once"),
        ("recovery_break_min", 121, "0 to 120"),
    ],
)
def test_a_mistake_is_told_at_its_question(question: str, answer: object, words: str) -> None:
    values = {each: getattr(SMALL, each) for each in QUESTIONS}
    found = mistakes(Answers(**{**values, question: answer}))
    assert list(found) == [question]
    assert words in said(found[question], ENGLISH)


def test_opening_hours_close_every_line_at_other_times_and_callers_are_told() -> None:
    answers = msgspec.structs.replace(
        SMALL, hours="Mon-Fri 18-22; Sat 10-14", languages=("en", "es")
    )
    text = configuration_from(answers)
    published = load_text(text, "openline.toml")
    assert published.warnings == ()
    assert [line.hours for line in published.settings.lines] == ["open", "open"]
    assert 'mon = ["18:00-22:00"]' in text
    assert "closed-es" in text
    assert [each.key for each in published.settings.hours] == ["open"]


def test_what_is_typed_becomes_the_answer_that_was_meant() -> None:
    assert answer_from("topics", "Food,  Legal help\n\nTalk") == ("Food", "Legal help", "Talk")
    assert answer_from("recovery_break_min", " 20 ") == 20
    assert answer_from("recovery_break_min", "soon") == -1
    assert answer_from("name", " X ") == "X"


def test_the_folder_is_named_after_the_helpline_unless_another_was_chosen() -> None:
    assert folder_of(Answers(name="Línea de la Noche")) == "linea-de-la-noche"
    assert folder_of(Answers(name="X", folder="/srv/line")) == "/srv/line"
    assert key_of("211") == "k-211"
