"""Whether an agent's own day is right, across midnight and restarts too."""

from zoneinfo import ZoneInfo

from openline.engine import State
from openline.engine.inputs import HoldRequested, PauseRequested, ReadyRequested
from openline.model import SECOND, AgentKey, Instant, LegId
from openline.reports import CivilDays, DeskDay, DeskDays
from tests.builders import CARLA, ES, Night, a_centre, seconds

DAYS = CivilDays(ZoneInfo("America/Chicago"))
MIDNIGHT = DAYS.start_of(DAYS.day_of(Instant(1_775_000_000 * SECOND)))
NOON = Instant(MIDNIGHT + seconds(12 * 3600))


def day_of(night: Night, key: AgentKey = CARLA) -> DeskDay:
    desk = DeskDays(State(), DAYS)
    for now, events in night.record:
        desk.noticed(now, events)
    return desk.day(key, night.now)


def talks_of(night: Night, key: AgentKey = CARLA) -> dict[str, int]:
    day = day_of(night, key)
    return {"calls": day["calls"], "talk_s": day["talk_s"], "missed": day["missed"]}


def test_talk_is_counted_without_hold_when_the_conversation_is_over() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(CARLA)
    leg = night.arrive(ES)
    night.answer(CARLA)
    night.wait(seconds(100))
    night.see(HoldRequested(agent=CARLA))
    night.wait(seconds(20))
    assert talks_of(night) == {"calls": 0, "talk_s": 0, "missed": 0}
    night.hang_up(leg)
    assert talks_of(night) == {"calls": 1, "talk_s": 100, "missed": 0}


def test_a_conversation_whose_agent_was_lost_is_hers_all_the_same() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(CARLA)
    night.arrive(ES)
    night.answer(CARLA)
    night.wait(seconds(60))
    night.lose(LegId(f"desk:{CARLA}"))
    night.wait(seconds(60))
    assert talks_of(night) == {"calls": 1, "talk_s": 75, "missed": 0}


def test_a_missed_offer_is_counted_and_a_withdrawn_one_is_not() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(CARLA)
    leg = night.arrive(ES)
    night.wait(seconds(21))
    assert day_of(night)["missed"] == 1
    night.sign_in(CARLA)
    night.hang_up(leg)
    assert day_of(night)["missed"] == 1


def test_at_local_midnight_her_day_starts_anew() -> None:
    night = Night(a_centre(), Instant(MIDNIGHT - seconds(60)))
    night.sign_in(CARLA)
    night.arrive(ES)
    night.wait(seconds(59))
    assert day_of(night)["missed"] == 1
    night.wait(seconds(1))
    assert talks_of(night) == {"calls": 0, "talk_s": 0, "missed": 0}


def test_a_conversation_that_was_going_on_at_a_restart_is_counted_whole() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(CARLA)
    leg = night.arrive(ES)
    night.answer(CARLA)
    night.wait(seconds(40))
    desk = DeskDays(night.state, DAYS)
    seen = len(night.record)
    night.wait(seconds(60))
    night.hang_up(leg)
    for now, events in night.record[seen:]:
        desk.noticed(now, events)
    day = desk.day(CARLA, night.now)
    assert (day["calls"], day["talk_s"], day["missed"]) == (1, 100, 0)


def test_a_record_that_begins_in_a_conversation_counts_it_when_it_ends() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(CARLA)
    leg = night.arrive(ES)
    night.answer(CARLA)
    night.record.clear()
    night.wait(seconds(100))
    night.see(HoldRequested(agent=CARLA))
    night.wait(seconds(20))
    night.hang_up(leg)
    assert talks_of(night) == {"calls": 1, "talk_s": 100, "missed": 0}


def test_an_agent_who_did_nothing_yet_has_an_empty_day() -> None:
    assert talks_of(Night(a_centre(), NOON)) == {"calls": 0, "talk_s": 0, "missed": 0}


def test_the_work_after_a_call_and_a_pause_count_when_they_end() -> None:
    night = Night(a_centre(), NOON)
    night.sign_in(CARLA)
    leg = night.arrive(ES)
    night.answer(CARLA)
    night.hang_up(leg)
    night.wait(seconds(40))
    night.finish(CARLA, ready=False)
    day = day_of(night)
    assert (day["wrap_up_s"], day["paused_s"]) == (40, 0)
    night.wait(seconds(300))
    assert day_of(night)["paused_s"] == 0
    night.see(ReadyRequested(agent=CARLA))
    assert day_of(night)["paused_s"] == 300


def test_of_a_pause_over_midnight_only_the_new_day_counts() -> None:
    night = Night(a_centre(), Instant(MIDNIGHT - seconds(600)))
    night.sign_in(CARLA)
    night.see(PauseRequested(agent=CARLA, pause_reason="meal"))
    night.wait(seconds(700))
    night.see(ReadyRequested(agent=CARLA))
    assert day_of(night)["paused_s"] == 100
