"""Whether agents' time is booked to what they did."""

import random

from openline.engine import events as e
from openline.engine.inputs import PauseRequested
from openline.engine.transitions import AGENT_TRANSITIONS
from openline.measures import AgentTime, Presence, occupancy
from openline.measures.presence import LEADS_TO, move_of
from openline.model import Instant
from tests.builders import (
    ANN,
    CARLA,
    CONFERRING_ACTS,
    ES,
    USUAL_ACTS,
    Night,
    a_centre,
    play,
    seconds,
)


def presence_of(night: Night) -> Presence:
    presence = Presence()
    for now, events in night.record:
        for event in events:
            presence.notice(now, event)
    return presence


def test_an_event_leads_to_one_state_whatever_the_state_before() -> None:
    for moves in AGENT_TRANSITIONS.values():
        for kind, state in moves.items():
            assert LEADS_TO[kind] is state


def test_every_event_that_moves_an_agent_tells_whom_and_to_what() -> None:
    seed = 2
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    night = Night(a_centre(), Instant(0))
    met = set()
    acts = (*USUAL_ACTS, *CONFERRING_ACTS * 9)
    for _ in range(14_000):
        seen = len(night.record)
        play(night, [(chance.choice(acts), chance.randrange(1000), chance.expovariate(0.2))])
        moves = {}
        for _, events in night.record[seen:]:
            for event in events:
                move = move_of(event)
                if move is not None:
                    moves[move[0]] = move[1]
                    met.add(type(event))
        for key, state in moves.items():
            assert night.state.agents[key].state is state
    # Nobody listens here: no line of this centre says that its callers may be heard.
    assert met == set(LEADS_TO) - {e.ListeningStarted}


def test_time_is_booked_to_what_the_agent_did_and_pauses_count_for_no_occupancy() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(CARLA)
    night.wait(seconds(100))
    leg = night.arrive(ES)
    night.wait(seconds(5))
    night.answer(CARLA)
    night.wait(seconds(240))
    night.hang_up(leg)
    night.wait(seconds(75))
    night.finish(CARLA, ready=False)
    night.wait(seconds(1_000))
    night.sign_in(CARLA)
    night.see(PauseRequested(agent=CARLA, pause_reason="meal"))
    night.wait(seconds(1_000))
    time = presence_of(night).time(CARLA, night.now)
    assert time == AgentTime(
        ready=seconds(105), talking=seconds(240), wrap_up=seconds(75), paused=seconds(2_000)
    )
    assert occupancy(time) == 315 / 420


def test_the_present_state_counts_up_to_now_and_asking_twice_changes_nothing() -> None:
    night = Night(a_centre(), Instant(0))
    night.sign_in(ANN)
    night.wait(seconds(30))
    night.sign_in(CARLA)
    night.wait(seconds(30))
    presence = presence_of(night)
    assert presence.whole(night.now) == AgentTime(ready=seconds(90))
    assert presence.whole(night.now) == AgentTime(ready=seconds(90))
    assert presence.time(CARLA, night.now) == AgentTime(ready=seconds(30))
