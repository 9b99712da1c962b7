import pytest

from openline.configuration import ConfigurationError, Sounds, load_text
from tests.configuration.builders import (
    EVERYTHING,
    SMALL,
    changed,
    only_problem,
    problems,
    published,
)
from tests.configuration.toml_text import write

CALLERS = "simulation.callers.0"
COLLEAGUES = "simulation.colleagues.0"


@pytest.mark.parametrize(
    ("path", "value", "key", "nearest"),
    [
        ("lines.night.queue", "genral", "lines.night.queue", "general"),
        ("lines.night.greeting", "welcome-us", "lines.night.greeting", "welcome-es"),
        ("lines.night.hold_music", "pianoo", "lines.night.hold_music", "piano"),
        (
            "queues.general.needs",
            {"spanish": 1},
            "queues.general.needs.spanish",
            "es",
        ),
        ("agents.amira.skills", {"enn": 1}, "agents.amira.skills.enn", "en"),
        ("centre.time_zone", "Chicago", "centre.time_zone", "America/Chicago"),
        ("centre.time_zone", "new york", "centre.time_zone", "America/New_York"),
        ("skills.en.name", {"english": "E"}, "skills.en.name.english", "en"),
        ("queues.general.on_call", ["amirra"], "queues.general.on_call[1]", "amira"),
        (f"{CALLERS}.line", "nigt", "simulation.callers[1].line", "night"),
        (f"{CALLERS}.transfer_to", "genral", "simulation.callers[1].transfer_to", "general"),
        (f"{COLLEAGUES}.skills", {"sp": 1}, "simulation.colleagues[1].skills.sp", None),
        (
            f"{COLLEAGUES}.breaks.0.pause_reason",
            "meel",
            "simulation.colleagues[1].breaks[1].pause_reason",
            "meal",
        ),
    ],
)
def test_a_word_that_names_nothing_is_told_with_the_nearest_that_does(
    path: str, value: object, key: str, nearest: str | None
) -> None:
    problem = only_problem(changed(EVERYTHING, (path, value)))
    assert (problem.key, problem.nearest) == (key, nearest)
    assert problem.message.startswith("there is no ")


def test_what_does_not_exist_is_told_like_this() -> None:
    document = changed(
        SMALL,
        ("skills", {"en": {}, "es": {"name": "Spanish"}}),
        ("queues.talk.needs", {"spanish": 1}),
    )
    _, lines = write(document)
    line = lines["queues", "talk", "needs", "spanish"]
    assert only_problem(document).text == (
        f'openline.toml:{line}: queues.talk.needs.spanish: there is no skill "spanish". '
        'Did you mean "es"? Skills here: en, es.'
    )


@pytest.mark.parametrize(
    ("path", "value", "key", "words"),
    [
        ("agents.sim-en-001", {}, "agents.sim-en-001", "cannot be the key of an agent."),
        ("telephony.turn.secret_file", "x", "telephony.turn.secret", "cannot stand beside"),
        ("simulation.day.open.end", "16:00", "simulation.day.open.end", "the same as start"),
        (
            f"{COLLEAGUES}.shifts.0.end",
            "22:00",
            "simulation.colleagues[1].shifts[1].end",
            "the same as start",
        ),
        (
            f"{COLLEAGUES}.breaks.0.after_s",
            20_000,
            "simulation.colleagues[1].breaks[1]",
            "ends after the shortest shift",
        ),
        (
            "simulation.callers",
            [{"line": "night", "talk_mean_s": 60, "share": 0}],
            "simulation.callers[1].share",
            "cannot be 0 in every group",
        ),
        (
            "simulation.day.weekday_factors",
            [0] * 7,
            "simulation.day.weekday_factors",
            "cannot be 0 on every day",
        ),
        (f"{CALLERS}.silent_share", 0.9, "simulation.callers[1]", "add up to more than 1"),
        (f"{CALLERS}.redial_least_s", 601, "simulation.callers[1].redial_least_s", "more than"),
        ("queues.general.ceiling_s", 24, "queues.general.ceiling_s", "less than one ring"),
        ("queues.general.on_call", ["amira"] * 2, "queues.general.on_call[2]", '"amira" again'),
        ("centre.languages", ["en", "es", "en"], "centre.languages[3]", 'is "en" again'),
        (
            f"{COLLEAGUES}.shifts.0.days",
            ["mon", "mon"],
            "simulation.colleagues[1].shifts[1].days[2]",
            'is "mon" again',
        ),
    ],
)
def test_what_contradicts_something_else_is_told(
    path: str, value: object, key: str, words: str
) -> None:
    problem = only_problem(changed(EVERYTHING, (path, value)))
    assert problem.key == key
    assert words in problem.message


def test_a_relay_needs_a_secret() -> None:
    document = changed(SMALL, ("telephony.turn.urls", ["turn:turn.example.org"]))
    assert only_problem(document).key == "telephony.turn.secret_file"


def test_two_groups_of_colleagues_cannot_share_a_prefix() -> None:
    group = EVERYTHING["simulation"]["colleagues"][0]
    document = changed(EVERYTHING, ("simulation.colleagues", [group, group]))
    assert only_problem(document).key == "simulation.colleagues[2].prefix"


def test_a_table_that_says_how_people_are_rung_says_how() -> None:
    assert only_problem(changed(SMALL, ("on_call.notify", {"limit_s": 5}))).key == "on_call.notify"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("store.url", "postgres:hunter22"),
        ("on_call.notify", {"webhook": "ftp://example.org/hunter22"}),
    ],
)
def test_an_address_that_may_hold_a_secret_is_not_repeated(path: str, value: object) -> None:
    problem = only_problem(changed(SMALL, (path, value)))
    assert "hunter22" not in problem.text
    assert "this text" in problem.text


def test_a_ceiling_is_compared_with_the_ring_that_holds_where_none_is_given() -> None:
    assert only_problem(changed(SMALL, ("queues.talk.ceiling_s", 19))).key == (
        "queues.talk.ceiling_s"
    )
    published(changed(SMALL, ("queues.talk.ceiling_s", 20)))


def test_a_line_speaks_only_a_language_of_the_centre() -> None:
    document = changed(SMALL, ("centre.languages", ["en"]), ("lines.night.language", "es"))
    assert only_problem(document).allowed == "Languages here: en."


def test_a_reference_is_checked_though_another_key_has_a_wrong_type() -> None:
    document = changed(SMALL, ("queues.talk.priority", []), ("lines.night.queue", "tlak"))
    text, _ = write(document)
    with pytest.raises(ConfigurationError) as caught:
        load_text(text, "openline.toml")
    assert [p.key for p in caught.value.problems] == ["queues.talk.priority", "lines.night.queue"]


def test_the_known_sounds_can_be_handed_in() -> None:
    document = changed(SMALL, ("lines.night.greeting", "ours"), ("lines.night.hold_music", "sea"))
    text, _ = write(document)
    sounds = Sounds(greetings=("ours",), music=("sea",))
    assert load_text(text, "openline.toml", sounds=sounds).settings.lines[0].greeting == "ours"


def test_the_fullest_and_the_smallest_configuration_are_right() -> None:
    published(EVERYTHING)
    published(SMALL)


def test_a_file_with_thousands_of_wrong_words_is_told_without_guessing_at_each() -> None:
    wrong = {f"a{number}": {"skills": {"enn": 1}} for number in range(300)}
    found = problems(changed(SMALL, ("skills", {"en": {}}), ("agents", wrong)))
    assert [problem.nearest for problem in found] == ["en"] * 200 + [None] * 100


def test_overflow_asks_for_skills_that_exist() -> None:
    steps = [{"after_s": 30, "needs": {"enn": 1}}]
    problem = only_problem(changed(EVERYTHING, ("queues.general.overflow", steps)))
    assert (problem.key, problem.nearest) == ("queues.general.overflow[1].needs.enn", "en")


@pytest.mark.parametrize("second", [30, 60])
def test_each_step_of_overflow_comes_later_than_the_last(second: int) -> None:
    steps = [{"after_s": 60}, {"after_s": second, "needs": {"en": 1}}]
    problem = only_problem(changed(EVERYTHING, ("queues.general.overflow", steps)))
    assert problem.key == "queues.general.overflow[2].after_s"
    assert "the step before comes after 60" in problem.message
