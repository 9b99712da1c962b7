from pathlib import Path

import msgspec
import pytest

from openline.centre.checking import Break, Checked, check_record
from openline.centre.codec import Step
from openline.engine import Agent, Call, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decisions import acts
from openline.model import Instant
from openline.store.sqlite import SqliteStore
from tests.centre.records import (
    TimedStep,
    keep_an_evening,
    move_in,
    rewrite,
    steps_of,
    tamper,
)
from tests.centre.small_centre import keys_of


def checked(folder: Path, told: list[tuple[int, int]] | None = None) -> Checked:
    store = SqliteStore.open_to_read(folder / "openline.sqlite")
    try:
        keys = keys_of(folder)
        return check_record(store, keys, lambda done, total: (told or []).append((done, total)))
    finally:
        store.close()


def broken(folder: Path) -> Break:
    found = checked(folder).broken
    assert found is not None
    return found


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    folder = tmp_path / "evening"
    keep_an_evening(folder)
    return folder


def test_a_sound_record_is_sound_to_its_end(evening: Path) -> None:
    told = [(0, 0)]
    found = checked(evening, told)
    assert found.broken is None
    assert found.steps == len(steps_of(evening)) > 10
    assert told[-1] == (found.steps, found.steps)


def test_an_empty_record_is_sound(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "openline.sqlite", now=Instant(0), program_version="test")
    store.close()
    assert checked(tmp_path).broken is None


# --- damaged records -----------------------------------------------------------------------


def test_a_record_that_was_cut_short_says_where_it_ends(evening: Path) -> None:
    last = len(steps_of(evening))
    tamper(evening, f"DELETE FROM journal WHERE step > {last - 2}")
    assert broken(evening) == Break(
        step=last - 1,
        at=None,
        invariant=None,
        words=f"the record ends after step {last - 2} and was written to step {last}",
    )


@pytest.mark.parametrize("first", [1, 7])
def test_a_step_that_is_missing_is_named(evening: Path, first: int) -> None:
    tamper(evening, f"DELETE FROM journal WHERE step = {first}")
    found = broken(evening)
    assert found.words == f"step {first} is missing: step {first + 1} stands in its place"
    assert checked(evening).steps == first - 1


def test_a_record_that_was_doubled_is_refused_where_it_begins_again(evening: Path) -> None:
    last = len(steps_of(evening))
    tamper(
        evening,
        f"INSERT INTO journal SELECT step + {last}, at, schema, body, hash FROM journal",
        f"UPDATE journal_head SET step = {2 * last}",
    )
    found = broken(evening)
    assert found.step == last + 1
    assert found.words == "it was changed, or does not belong after the step before it"


def test_a_record_doubled_with_a_new_chain_breaks_an_invariant(evening: Path) -> None:
    last = len(steps_of(evening))
    rewrite(evening, lambda steps: steps + steps)
    found = broken(evening)
    assert (found.step, found.invariant) == (last + 1, "I9")
    assert found.words.startswith("time ran backwards")


def test_a_record_from_a_newer_version_is_refused_in_words(evening: Path) -> None:
    tamper(evening, "UPDATE journal SET schema = 9 WHERE step >= 4")
    found = broken(evening)
    assert found.step == 4
    assert found.words.startswith("it is written in form 9 and this program reads form 1: use")


def test_the_record_of_another_centre_is_refused_in_words(evening: Path, tmp_path: Path) -> None:
    keep_an_evening(tmp_path / "other")
    move_in(evening, tmp_path / "other")
    found = broken(evening)
    assert found.step == 1
    assert found.words == "it was changed, or the record was begun by another centre"


@pytest.mark.parametrize("column", ["at = at + 1", "body = zeroblob(9)", "hash = zeroblob(32)"])
def test_a_step_changed_by_hand_is_found(evening: Path, column: str) -> None:
    tamper(evening, f"UPDATE journal SET {column} WHERE step = 4")
    assert broken(evening).step == 4


# --- forged records ------------------------------------------------------------------------


def test_a_step_left_out_with_a_new_chain_is_found_by_what_follows(evening: Path) -> None:
    first_call = next(
        number
        for number, (_, step) in enumerate(steps_of(evening))
        if isinstance(step.seen, i.LegArrived)
    )
    rewrite(evening, lambda steps: steps[:first_call] + steps[first_call + 1 :])
    found = broken(evening)
    assert found.invariant == "I6"
    assert found.words.endswith("which is not live")


def test_an_event_that_was_bent_breaks_the_invariant_that_speaks_of_it(evening: Path) -> None:
    def bend(step: Step) -> Step:
        events = tuple(
            msgspec.structs.replace(event, waiting_since=Instant(event.waiting_since - 1))
            if isinstance(event, e.CallQueued)
            else event
            for event in step.events
        )
        return Step(seen=step.seen, events=events)

    rewrite(evening, lambda steps: [(at, bend(step)) for at, step in steps])
    assert broken(evening).invariant == "I5"


def test_events_that_contradict_the_state_end_the_check_and_not_the_checker(
    evening: Path,
) -> None:
    def twice_ready(steps: list[TimedStep]) -> list[TimedStep]:
        at, step = next(each for each in steps if isinstance(each[1].seen, i.ReadyRequested))
        return [*steps[:4], (at, Step(seen=step.seen, events=step.events * 2))]

    rewrite(evening, twice_ready)
    found = broken(evening)
    assert (found.step, found.invariant) == (5, None)
    assert found.words.startswith("ReadyRequested cannot follow the step before (BugError(")


def test_a_routing_that_decided_otherwise_is_found_though_its_record_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shortest_idle(state: State, call: Call) -> Agent | None:
        idle = [agent for agent in state.agents.values() if agent.is_idle]
        return max(idle, key=lambda agent: agent.idle_since) if idle else None

    monkeypatch.setattr(acts, "next_agent", shortest_idle)
    keep_an_evening(tmp_path)
    found = broken(tmp_path)
    assert found.invariant == "fairness"
    assert found.words == "carla was offered call 1, though it was the turn of ben"


def test_a_decision_that_today_would_be_another_is_told_with_both(evening: Path) -> None:
    def in_between(steps: list[TimedStep]) -> list[TimedStep]:
        at, _ = steps[-1]
        noted = e.ClockStepNoted(by=1)  # type: ignore[arg-type]
        return [*steps, (at, Step(seen=i.TimePassed(), events=(noted,)))]

    rewrite(evening, in_between)
    found = broken(evening)
    assert found.invariant == "I7"
    assert found.words == "TimePassed leads to nothing now and led to ClockStepNoted then"
