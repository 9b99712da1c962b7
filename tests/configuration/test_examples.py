from collections import Counter
from datetime import datetime
from math import cos, pi, sqrt
from pathlib import Path

import pytest

from openline.configuration import Published, load
from openline.model import MINUTE, SECOND, Instant
from openline.simulation import ColleagueGroup, WorldProfile, simulate
from openline.simulation.arrivals import HOUR

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> tuple[Published, WorldProfile]:
    published = load(EXAMPLES / f"{name}.toml")
    assert published.simulation is not None
    return published, published.simulation


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.toml")), ids=lambda file: file.name)
def test_an_example_is_right_and_nothing_in_it_is_warned_of(file: Path) -> None:
    assert load(file).warnings == ()


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.toml")), ids=lambda file: file.name)
def test_everything_in_an_example_has_a_name_in_both_languages(file: Path) -> None:
    published = load(file)
    for (_, key), texts in published.names.items():
        assert set(texts) == {"en", "es"}, key


def on_duty(group: ColleagueGroup, day: int, minute: int) -> bool:
    """Whether she works, breaks apart, at this minute of this weekday; one week is a ring."""
    for shift in group.shifts:
        length = (shift.end_minute - shift.start_minute) % 1440
        for starts in shift.days:
            since = ((day - starts) * 1440 + minute - shift.start_minute) % (7 * 1440)
            on_break = any(
                pause.after <= since * MINUTE < pause.after + pause.length for pause in shift.breaks
            )
            if since < length and not on_break:
                return True
    return False


def load_at(profile: WorldProfile, hour: float, lines: set[str]) -> float:
    """Offered load of the lines in erlangs: calls times handle time, before anyone gives up."""
    whole = sum(group.share for group in profile.callers)
    curve = 1 + profile.amplitude * cos(2 * pi * (hour - profile.peak_hour) / 24)
    load = 0.0
    for group in profile.callers:
        if group.line in lines:
            mute = group.silent_share + group.early_hang_up_share + group.wrong_number_share
            talk = (1 - mute) * (group.talk_mean + group.hold_share * group.hold_mean)
            calls_an_hour = profile.calls_per_day / 24 * curve * group.share / whole
            load += calls_an_hour * (talk + group.wrap_up_mean) / (60 * MINUTE)
    return load


def test_the_yardstick_has_its_agents_and_their_skills() -> None:
    published, profile = example("yardstick")
    skills = Counter(
        level.skill
        for agent in published.settings.agents
        if published.is_simulated(agent.key)
        for level in agent.skills
    )
    assert len(profile.colleagues) == 180
    assert skills == {"en": 180, "es": 62, "crisis": 40, "legal": 28, "partner": 60}


def test_the_yardstick_has_its_callers() -> None:
    _, profile = example("yardstick")
    assert profile.calls_per_day == 6500
    assert profile.weekday_factors == (1.10, 1.05, 1.02, 1.00, 1.00, 0.93, 0.90)
    shares = Counter[str]()
    for group in profile.callers:
        shares[group.line] += round(group.share * 10)
    public = 1000 - shares["partner"]
    assert sum(shares.values()) == 1000
    assert shares["partner"] == 150
    assert shares["family-es"] / public == pytest.approx(0.27, abs=0.005)


@pytest.mark.parametrize(
    ("lines", "skill"),
    [
        ({"family-en", "web", "family-es", "partner", "legal"}, "en"),
        ({"family-es"}, "es"),
        ({"partner"}, "partner"),
    ],
)
def test_the_yardsticks_shifts_carry_the_mean_load_at_every_half_hour(
    lines: set[str], skill: str
) -> None:
    published, profile = example("yardstick")
    able = {
        agent.key
        for agent in published.settings.agents
        if any(level.skill == skill for level in agent.skills)
    }
    groups = [group for group in profile.colleagues if group.agents[0] in able]
    for minute in range(15, 1440, 30):
        there = sum(on_duty(group, day, minute) for group in groups for day in range(7)) / 7
        assert there > load_at(profile, minute / 60, lines), minute


def test_the_small_line_has_fourteen_volunteers_one_to_three_at_once_and_one_after_midnight() -> (
    None
):
    _, profile = example("small-line")
    assert len(profile.colleagues) == 14
    assert profile.calls_per_day == 60
    for day in range(7):
        for minute in range(0, 1440, 30):
            there = sum(on_duty(group, day, minute) for group in profile.colleagues)
            if minute < 2 * 60:
                assert there == 1
            elif minute < 16 * 60:
                assert there == 0
            else:
                assert 1 <= there <= 3


@pytest.mark.parametrize(
    ("name", "calls_a_day", "talk_min", "patience_min", "target"),
    [
        ("crisis-line", 900, 14, 5, (90, 20)),
        ("211-line", 3500, 7, 3, (80, 60)),
        ("small-line", 60, 22, 5, (70, 60)),
    ],
)
def test_an_example_has_the_numbers_that_are_the_same_everywhere(
    name: str, calls_a_day: float, talk_min: float, patience_min: float, target: tuple[float, int]
) -> None:
    published, profile = example(name)
    assert profile.calls_per_day == calls_a_day
    assert {group.talk_mean for group in profile.callers} == {talk_min * MINUTE}
    assert {group.patience_mean for group in profile.callers} == {patience_min * MINUTE}
    targets = {(each.percent, each.within // SECOND) for each in published.targets.values()}
    assert targets == {target}


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.toml")), ids=lambda file: file.name)
def test_an_example_lives_through_its_busiest_hour(file: Path) -> None:
    published, profile = example(file.stem)
    day = datetime(2026, 3, 31, int(profile.peak_hour), tzinfo=published.zone)
    start = Instant(int(day.timestamp()) * SECOND)
    # An hour before it, so that it does not begin with empty queues.
    before = simulate(published.settings, profile, Instant(start - HOUR), start)
    hour = simulate(published.settings, profile, Instant(start - HOUR), Instant(start + HOUR))
    arrived = hour.arrived - before.arrived
    opened = (profile.closes_minute - profile.opens_minute) % 1440 or 1440
    expected = profile.calls_per_day * 60 / opened * (1 + profile.amplitude)
    # Redials and a busy day add to it; chance takes away.
    assert expected / 2 - 4 * sqrt(expected) < arrived < 2 * expected + 4 * sqrt(expected)
    answered = sum(queue.answered for queue in hour.queues.values())
    ended = sum(queue.answered + queue.abandoned for queue in hour.queues.values())
    assert answered > ended / 2
    assert all(queue.answered for queue in hour.queues.values())
