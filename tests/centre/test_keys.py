"""Keys instead of a voice: who sees them, how many, and that they are nowhere else."""

from openline.centre.keys import KEPT, TalkKeys
from openline.engine.inputs import HangUpRequested
from openline.model import AgentKey, CallId, Instant, LegId
from tests.builders import CARLA, ES, Night, a_centre


def _talk() -> tuple[Night, LegId, list[AgentKey], TalkKeys]:
    night = Night(a_centre(), Instant(0))
    told: list[AgentKey] = []
    night.sign_in(CARLA)
    leg = night.arrive(ES)
    night.answer(CARLA)
    return night, leg, told, TalkKeys(night.state, told.append)


def _call(night: Night) -> CallId:
    return next(iter(night.state.calls))


def test_a_key_is_shown_to_who_talks_with_the_caller() -> None:
    night, leg, told, keys = _talk()
    keys.press(leg, "1")
    assert keys.of(_call(night)) == ("1",)
    assert told == [CARLA]


def test_only_the_last_few_are_kept_fewer_than_a_number_has() -> None:
    night, leg, _, keys = _talk()
    for key in "2025550142":
        keys.press(leg, key)
    assert keys.of(_call(night)) == tuple("2025550142"[-KEPT:])


def test_what_is_no_key_and_who_talks_with_nobody_shows_nothing() -> None:
    night, leg, told, keys = _talk()
    keys.press(leg, "x")
    keys.press(LegId("web:nobody"), "1")
    waiting = night.arrive(ES)
    keys.press(waiting, "1")
    assert told == []


def test_they_are_gone_with_the_conversation_and_on_no_record() -> None:
    night, leg, _, keys = _talk()
    call, before = _call(night), len(night.record)
    keys.press(leg, "7")
    assert len(night.record) == before
    night.see(HangUpRequested(agent=CARLA))
    for now, events in night.record[before:]:
        keys.noticed(now, events)
    assert keys.of(call) == ()
