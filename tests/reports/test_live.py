"""Whether the wallboard tells the truth: from the engine's own state, and from a second count."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.engine import AgentState, CallState, Snapshot, State
from openline.measures import DEFINITIONS, INTERVAL, Day
from openline.model import SECOND, Instant, Origin, QueueKey
from openline.reports import CivilDays, LivePicture, Picture, ShownQueue, Target
from openline.reports.live import Figures
from tests.builders import (
    ANN,
    BEN,
    CARLA,
    EN,
    ENGLISH,
    ES,
    SPANISH,
    USUAL_ACTS,
    Act,
    Night,
    a_centre,
    play,
    seconds,
)
from tests.measures.recount import entries, recount

CHICAGO = ZoneInfo("America/Chicago")
DAYS = CivilDays(CHICAGO)
QUEUES = (
    ShownQueue(key=ENGLISH, name="English", target=Target(percent=80, within=seconds(20))),
    ShownQueue(key=SPANISH, name="Español", target=Target(percent=80, within=seconds(30))),
)
REAL = (Origin.REAL,)
ASKED: tuple[tuple[Origin, ...], ...] = (
    REAL,
    (Origin.REAL, Origin.SIMULATED),
    (Origin.PRACTICE,),
    tuple(Origin),
)
MIDNIGHT = DAYS.start_of(DAYS.day_of(Instant(1_775_000_000 * SECOND)))
NOON = Instant(MIDNIGHT + seconds(12 * 3600))


def followed(night: Night, queues: Sequence[ShownQueue] = QUEUES) -> LivePicture:
    """Returns the picture that was fed with the night's whole record, step by step."""
    picture = LivePicture(State(), queues, CHICAGO)
    for now, events in night.record:
        picture.noticed(now, events)
    return picture


def drawn(night: Night, origins: Sequence[Origin] = REAL) -> Picture:
    return followed(night).picture(origins, night.now)


def row(picture: Picture, key: QueueKey) -> Figures:
    return next(queue for queue in picture["queues"] if queue["key"] == key)


def copied(state: State) -> State:
    """Returns the state as a restart would read it."""
    written = msgspec.json.encode(state.snapshot())
    return State.restored(msgspec.json.decode(written, type=Snapshot))


# --- the form -------------------------------------------------------------------------------


FIGURES = {
    *("waiting", "longest_since", "ready", "talking", "wrap_up", "paused"),
    *("arrived", "offered", "answered", "answered_in_target", "abandoned", "short_abandoned"),
    *("service_level", "asa_s", "abandon_rate", "target"),
}


def test_the_picture_has_the_form_of_the_page_protocol() -> None:
    picture = drawn(Night(a_centre(), NOON))
    assert set(picture) == {
        *("now", "zone", "origins", "demo", "speed", "total", "queues", "strip"),
    }
    assert (picture["zone"], picture["origins"]) == ("America/Chicago", ["real"])
    assert set(picture["total"]) == FIGURES
    assert [set(queue) for queue in picture["queues"]] == [
        FIGURES | {"key", "name", "unstaffed", "in_time"}
    ] * 2
    assert set(picture["strip"][0]) == {
        *("start", "arrived", "offered", "answered", "abandoned", "service_level"),
    }
    assert msgspec.json.decode(msgspec.json.encode(picture)) == picture


def test_every_figure_of_the_picture_is_defined() -> None:
    shown = FIGURES - {"target", "longest_since", "asa_s"} | {"longest_wait", "asa"}
    assert shown <= {definition.key for definition in DEFINITIONS}


def test_an_empty_centre_shows_zeros_and_dashes() -> None:
    total = drawn(Night(a_centre(), NOON))["total"]
    assert (total["waiting"], total["longest_since"], total["offered"]) == (0, None, 0)
    assert (total["service_level"], total["asa_s"], total["abandon_rate"]) == (None, None, None)


def test_the_total_has_a_target_only_where_all_queues_share_one() -> None:
    night = Night(a_centre(), NOON)
    assert drawn(night)["total"]["target"] is None
    shared = [
        ShownQueue(key=queue.key, name=queue.name, target=QUEUES[0].target) for queue in QUEUES
    ]
    picture = followed(night, shared)
    assert picture.picture(REAL, NOON)["total"]["target"] == {"percent": 80, "within_s": 20}


def test_a_queue_without_a_target_has_no_service_level_and_leaves_the_total_alone() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(ANN)
    night.hear_greeting(night.arrive(EN))
    night.answer(ANN)
    night.hang_up(night.arrive(ES))
    queues = (QUEUES[0], ShownQueue(key=SPANISH, name="Español"))
    picture = followed(night, queues).picture(REAL, NOON)
    assert row(picture, SPANISH)["service_level"] is None
    assert row(picture, SPANISH)["abandoned"] == 1
    assert picture["total"]["service_level"] == 1
    assert picture["total"]["abandoned"] == 1
    assert picture["strip"][-1]["service_level"] == 1


def test_a_call_that_rings_at_an_agent_still_waits() -> None:
    night = Night(a_centre(), NOON)
    night.arrive(ES)
    night.wait(seconds(10))
    night.sign_in(CARLA)
    spanish = row(drawn(night), SPANISH)
    assert (spanish["waiting"], spanish["longest_since"]) == (1, NOON)
    night.answer(CARLA)
    spanish = row(drawn(night), SPANISH)
    assert (spanish["waiting"], spanish["longest_since"], spanish["talking"]) == (0, None, 1)
    assert (spanish["asa_s"], spanish["service_level"]) == (10, 1)


# --- the day --------------------------------------------------------------------------------


def test_at_local_midnight_the_day_starts_anew_and_who_waits_still_waits() -> None:
    night = Night(a_centre(), Instant(MIDNIGHT - seconds(60)))
    night.arrive(ES)
    night.wait(seconds(59))
    assert drawn(night)["total"]["offered"] == 1
    night.wait(seconds(1))
    total = drawn(night)["total"]
    assert (total["offered"], total["waiting"], total["longest_since"]) == (
        0,
        1,
        MIDNIGHT - seconds(60),
    )
    night.sign_in(CARLA)
    night.answer(CARLA)
    assert drawn(night)["total"]["answered"] == 0, "the call belongs to yesterday"


@pytest.mark.parametrize(
    ("of", "hours"),
    [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)],
)
def test_days_of_a_clock_change_are_counted_whole(of: date, hours: int) -> None:
    today = Day(of.toordinal())
    night = Night(a_centre(), DAYS.start_of(Day(today - 1)))
    picture = LivePicture(State(), QUEUES, CHICAGO)
    fed, midnights = 0, []
    for _ in range(4 * (24 + hours) + 1):
        night.hang_up(night.arrive(ES))
        for now, events in night.record[fed:]:
            picture.noticed(now, events)
        fed = len(night.record)
        shown = picture.picture(REAL, night.now)
        starts = [interval["start"] for interval in shown["strip"]]
        assert starts == list(range(starts[0], night.now + 1, INTERVAL)), "no gap, none twice"
        assert len(starts) == min(24, shown["total"]["arrived"])
        assert all(interval["arrived"] == 1 for interval in shown["strip"])
        if shown["total"]["arrived"] == 1:
            midnights.append(night.now)
        night.wait(INTERVAL)
    assert midnights == [DAYS.start_of(Day(today + n)) for n in (-1, 0, 1)]
    assert midnights[2] - midnights[1] == hours * 3600 * SECOND


# --- against the engine's state and a second count ------------------------------------------

acts = st.lists(
    st.tuples(
        st.sampled_from(USUAL_ACTS),
        st.integers(0, 1000),
        st.sampled_from((0, 0.5, 3, 16, 31, 140, 700)),
    ),
    min_size=20,
    max_size=80,
)


def now_figures(state: State, origins: Sequence[Origin], queue: QueueKey | None) -> object:
    """Returns what the state itself says of a queue, or of all, counted by plain loops."""
    waiting = [
        call.waiting_since
        for call in state.calls.values()
        if call.state in (CallState.QUEUED, CallState.OFFERED)
        and call.has_leg
        and call.origin in origins
        and queue in (None, call.queue)
    ]
    agents = [
        agent.state
        for agent in state.agents.values()
        if any(origin in origins for origin in agent.origins)
        and (queue is None or queue in state.index.queues_of(agent.key))
    ]
    return (
        len(waiting),
        min((since for since in waiting if since is not None), default=None),
        agents.count(AgentState.READY),
        agents.count(AgentState.TALKING),
        agents.count(AgentState.WRAP_UP),
        agents.count(AgentState.PAUSED),
    )


def shown_now(figures: Figures) -> object:
    return (
        figures["waiting"],
        figures["longest_since"],
        figures["ready"],
        figures["talking"],
        figures["wrap_up"],
        figures["paused"],
    )


def assert_tells_what_the_state_says(picture: LivePicture, night: Night) -> None:
    for origins in ASKED:
        drawn = picture.picture(origins, night.now)
        assert shown_now(drawn["total"]) == now_figures(night.state, origins, None)
        for shown in drawn["queues"]:
            assert shown_now(shown) == now_figures(night.state, origins, shown["key"])


@given(acts=acts)
def test_what_is_shown_of_now_is_what_the_engine_holds(acts: list[Act]) -> None:
    night = Night(a_centre(), NOON)
    picture = LivePicture(State(), QUEUES, CHICAGO)
    fed = 0
    for act in acts:
        play(night, [act])
        for now, events in night.record[fed:]:
            picture.noticed(now, events)
        fed = len(night.record)
        assert_tells_what_the_state_says(picture, night)


@given(acts=acts)
def test_what_is_shown_of_today_is_what_the_naive_count_finds(acts: list[Act]) -> None:
    night = Night(a_centre(), Instant(MIDNIGHT - seconds(120)))
    play(night, acts)
    found = [x for x in entries(night.record) if DAYS.day_of(x.began) == DAYS.day_of(night.now)]
    for origins in ASKED:
        for shown, queue in zip(drawn(night, origins)["queues"], QUEUES, strict=True):
            assert queue.target is not None
            of_queue = [x for x in found if x.queue == queue.key and x.origin in origins]
            counted = recount(of_queue, queue.target.within, 5 * SECOND)
            assert shown["offered"] == counted["offered"]
            assert shown["answered"] == counted["answered"]
            assert shown["answered_in_target"] == counted["answered_in_target"]
            assert shown["abandoned"] == counted["abandoned"]
            assert shown["short_abandoned"] == counted["short_abandoned"]
            ended = counted["answered"] + counted["abandoned"] + counted["left_for_callback"]
            good = counted["answered_in_target"] + counted["callbacks_in_target"]
            level = good / ended if ended else None
            assert shown["service_level"] == level


@given(before=acts, after=acts, start=st.sampled_from((-7_200, -600, -30, 30, 40_000)))
def test_a_picture_resumed_in_the_middle_equals_one_fed_from_the_beginning(
    before: list[Act], after: list[Act], start: int
) -> None:
    night = Night(a_centre(), Instant(MIDNIGHT + seconds(start)))
    night.sign_in(BEN)
    play(night, before)
    whole = followed(night)
    today = DAYS.start_of(DAYS.day_of(night.now))
    since_midnight = [(now, events) for now, events in night.record if now >= today]
    resumed = LivePicture.resumed(copied(night.state), since_midnight, QUEUES, CHICAGO)
    seen = len(night.record)
    for act in (("pause", 0, 0.0), *after):
        play(night, [act])
        for now, events in night.record[seen:]:
            whole.noticed(now, events)
            resumed.noticed(now, events)
        seen = len(night.record)
        for origins in ASKED:
            assert resumed.picture(origins, night.now) == whole.picture(origins, night.now)


def test_a_resumed_picture_counts_the_day_so_far_and_knows_who_waits_since_yesterday() -> None:
    night = Night(a_centre(), Instant(MIDNIGHT - seconds(10)))
    night.arrive(ES)
    night.wait(seconds(20))
    night.hang_up(night.arrive(ES))
    since_midnight = [step for step in night.record if step[0] >= MIDNIGHT]
    resumed = LivePicture.resumed(copied(night.state), since_midnight, QUEUES, CHICAGO)
    total = resumed.picture(REAL, night.now)["total"]
    assert (total["offered"], total["abandoned"], total["waiting"]) == (1, 1, 1)
    assert total["longest_since"] == MIDNIGHT - seconds(10)


# --- the estimate ---------------------------------------------------------------------------


def test_the_wait_estimate_counts_who_is_at_work_for_the_queue() -> None:
    night = Night(a_centre(), NOON)
    queues = (
        QUEUES[0],
        ShownQueue(key=SPANISH, name="Español", usual_handle_time=seconds(600)),
    )
    picture = followed(night, queues)
    assert picture.estimate(SPANISH, Origin.REAL, 1) is None, "nobody is there"
    night.sign_in(BEN)
    night.sign_in(CARLA)
    night.arrive(ES)
    picture = followed(night, queues)
    assert picture.estimate(SPANISH, Origin.REAL, 3) == seconds(900)
    assert picture.estimate(ENGLISH, Origin.REAL, 3) is None, "no call has ended there yet"
