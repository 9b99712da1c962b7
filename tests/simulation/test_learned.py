"""What is learnt of simulated weeks is what was put into them; drawn days are like them."""

from collections import Counter
from datetime import date
from itertools import takewhile

import msgspec
import pytest

from openline.engine import Outcome, Settings
from openline.model import MINUTE, SECOND, AgentKey, Duration, Instant, Origin, RefusedError
from openline.simulation import Witness, WorldProfile, simulate
from openline.simulation.behaviour import CallerName
from openline.simulation.changes import Changes, ExtraPeople
from openline.simulation.civil import instant_of, zone
from openline.simulation.experience import Experience, believed
from openline.simulation.learned import (
    LearnedArrivals,
    LearnedWorld,
    changed_learned,
    people_like,
)
from openline.simulation.learning import Learnt, learn
from openline.simulation.recorded import RecordedTimeline
from openline.simulation.shifts import Duty
from tests.simulation.worlds import small_line

HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONE = zone("America/Chicago")
SINCE = instant_of(date(2026, 1, 5), 0, ZONE)
WEEKS = 4
UNTIL = Instant(SINCE + WEEKS * 7 * DAY)


def lived(profile_of: WorldProfile, settings: Settings) -> Witness:
    witness = Witness([Origin.SIMULATED])

    def noted(_: object, now: Instant, outcome: Outcome) -> None:
        witness.take(now, outcome.events)

    simulate(settings, profile_of, SINCE, UNTIL, on_step=noted)
    return witness


@pytest.fixture(scope="module")
def world() -> LearnedWorld:
    settings, profile = small_line(11)
    profile = msgspec.structs.replace(profile, calls_per_day=200, busyness_cv=0.3)
    witness = lived(profile, settings)
    return LearnedWorld(
        settings=settings,
        learnt=learn(witness, ZONE, SINCE, UNTIL),
        duties={agent: tuple(each) for agent, each in witness.duties.items()},
    )


def learnt(world: LearnedWorld) -> Learnt:
    return world.learnt


def test_arrivals_are_learnt_by_weekday_and_half_hour(world: LearnedWorld) -> None:
    (line,) = learnt(world).lines
    assert abs(sum(map(sum, line.per_half_hour)) / 7 - 200) < 25
    closed = [line.per_half_hour[day][h] for day in range(7) for h in range(6, 30)]
    # Open from 16:00 to 2:00; only a redial may come later.
    assert max(closed) < 0.3


def test_how_days_differ_is_told_from_chance(world: LearnedWorld) -> None:
    assert 0.18 < learnt(world).busyness_cv < 0.42
    settings, profile = small_line(12)
    steady = msgspec.structs.replace(profile, busyness_cv=0.0)
    assert learn(lived(steady, settings), ZONE, SINCE, UNTIL).busyness_cv < 0.12


def test_patience_and_redials_are_learnt(world: LearnedWorld) -> None:
    (line,) = learnt(world).lines
    assert line.has_own_patience
    # Their patience was drawn with a mean of 300 s: half have left after 208 s.
    assert abs(line.patience.at(0.5) / SECOND - 208) < 30
    assert abs(learnt(world).redial_share - 0.35) < 0.05
    after = learnt(world).redials_after
    assert 2 * MINUTE <= after[0] <= after[-1] <= 15 * MINUTE + SECOND


def test_talk_is_as_it_was(world: LearnedWorld) -> None:
    (line,) = learnt(world).lines
    talks = [work.talk for part in line.works for work in part]
    assert abs(sum(talks) / len(talks) / SECOND / (22 * 60) - 1) < 0.1


def test_who_is_new_takes_longer_and_does_so_in_the_twin() -> None:
    settings, profile = small_line(11)
    witness = lived(msgspec.structs.replace(profile, calls_per_day=200), settings)
    answered = Counter(call.agent for call in witness.calls.values() if call.agent)
    (new, calls), *_ = answered.most_common(1)
    for call in witness.calls.values():
        if call.agent == new and call.talk is not None:
            call.talk = Duration(call.talk * 3 // 2)
    witness.first_calls = dict.fromkeys(witness.first_calls, Instant(SINCE - 200 * DAY))
    witness.first_calls[new] = Instant(SINCE + 14 * DAY)
    found = learn(witness, ZONE, SINCE, UNTIL)
    pace = found.experience
    assert sum(pace.calls) == sum(call.talk is not None for call in witness.calls.values())
    assert pace.calls[0] == calls
    assert pace.calls[1] == pace.calls[2] == 0
    assert 1.2 < pace.talk[0] / pace.talk[3] < 1.6
    assert abs(pace.wrap_up[0] - 1) < 0.25

    twin = Witness([Origin.SIMULATED])

    def noted(_: object, now: Instant, outcome: Outcome) -> None:
        twin.take(now, outcome.events)

    duties = {agent: tuple(each) for agent, each in witness.duties.items()}
    drawn = LearnedWorld(settings=settings, learnt=found, duties=duties)
    simulate(settings, people_like(drawn), SINCE, UNTIL, on_step=noted)
    again = learn(twin, ZONE, SINCE, UNTIL)
    # In the twin she answers anew, and is known by what she takes.
    hers = [call.talk for call in twin.calls.values() if call.agent == new and call.talk]
    others = [call.talk for call in twin.calls.values() if call.agent != new and call.talk]
    assert 1.15 < (sum(hers) / len(hers)) / (sum(others) / len(others)) < 1.65
    assert abs(again.calls / found.calls - 1) < 0.2


def test_who_answers_where_the_record_begins_may_have_been_there_before() -> None:
    agent, other = AgentKey("ana"), AgentKey("ben")
    first = {agent: Instant(SINCE + DAY), other: Instant(SINCE + 20 * DAY)}
    known = Experience(first_calls=believed(first, SINCE))
    at = Instant(SINCE + 21 * DAY)
    assert [known.band(each, at) for each in (agent, other)] == [3, 0]
    assert Experience(first_calls=first).band(agent, at) == 1
    assert known.band(AgentKey("never-seen"), at) == 3


def test_drawn_weeks_are_like_the_recorded_ones(world: LearnedWorld) -> None:
    drawn = [
        simulate(
            world.settings,
            people_like(msgspec.structs.replace(world, seed=seed)),
            SINCE,
            UNTIL,
        )
        for seed in (1, 2)
    ]
    for summary in drawn:
        assert abs(summary.arrived / learnt(world).calls - 1) < 0.2
    assert drawn[0] != drawn[1]


def callers(world: LearnedWorld) -> dict[CallerName, Instant]:
    until = SINCE + 7 * DAY
    coming = takewhile(lambda each: each[0] < until, LearnedArrivals(world).after(SINCE))
    return {CallerName(hour=hour, index=index): at for at, hour, index in coming}


def test_more_volume_is_the_same_callers_and_others(world: LearnedWorld) -> None:
    before = callers(world)
    twice = callers(changed_learned(world, Changes(volume=2.0)))
    half = callers(changed_learned(world, Changes(volume=0.5)))
    assert before.items() < twice.items()
    assert half.items() < before.items()
    assert 1.8 < len(twice) / len(before) < 2.2


def test_an_extra_person_and_an_outage_change_who_is_there(world: LearnedWorld) -> None:
    more = changed_learned(
        world,
        Changes(
            extra=(ExtraPeople(start_minute=17 * 60, end_minute=19 * 60),),
            outages=((18 * 60, 19 * 60),),
        ),
    )
    timeline = RecordedTimeline(more.duties[AgentKey("extra-1-1")], ("rest",))
    duties = [timeline.at(Instant(SINCE + hour * HOUR)).duty for hour in (16, 17, 18, 19)]
    assert duties == [Duty.OFF, Duty.ON, Duty.BREAK, Duty.OFF]
    assert AgentKey("extra-1-1") in {agent.key for agent in more.settings.agents}


def test_fewer_people_and_an_earlier_callback(world: LearnedWorld) -> None:
    changed = changed_learned(world, Changes(people=-1, callback_after=Duration(MINUTE)))
    assert len(changed.duties) == len(world.duties) - 1
    assert all(queue.callback is not None for queue in changed.settings.queues)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Changes(people=-9), "people worked in this period"),
        (Changes(people=2), "Say when: --extra 2x18:00-22:00"),
        (Changes(volume=99.0), "from 0 to 9"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(world: LearnedWorld, change: Changes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        changed_learned(world, change)
