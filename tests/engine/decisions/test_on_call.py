import msgspec

from openline.engine import Settings
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import Origin, Reason
from tests.builders import seconds
from tests.engine.builders import ANA as ANA_SETTINGS
from tests.engine.builders import CRISIS, DORA, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

AFTER_S = 60


def _with_list(after_s: int = AFTER_S) -> Settings:
    english = msgspec.structs.replace(
        ENGLISH, on_call=(ANA_SETTINGS.key, DORA.key), on_call_after=seconds(after_s)
    )
    return another_version(queues=(english, SPANISH, CRISIS))


def _rung(events: list[e.AnyEvent]) -> list[e.OnCallRung]:
    return [event for event in events if isinstance(event, e.OnCallRung)]


def test_whoever_is_on_call_is_rung_when_a_call_waits_and_nobody_is_there() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    assert not _rung(night.wait(AFTER_S - 1))
    night.wait(1)
    rung = [one for one in night.steps[-1].outcome.commands if isinstance(one, c.RingOnCall)]
    assert [(one.agent, one.leg) for one in rung] == [
        ("ana", "oncall:ana"),
        ("dora", "oncall:dora"),
    ]
    assert {one.reason for one in rung} == {Reason.NOBODY_AT_WORK}


def test_without_a_delay_they_are_rung_at_once() -> None:
    night = Rehearsal(_with_list(0))
    outcome = night.arrive("web:1")
    assert kinds(outcome.events)[-2:] == ["QueueUnstaffed", "OnCallRung"]


def test_the_list_is_rung_once_however_many_call_and_however_long_it_lasts() -> None:
    night = Rehearsal(_with_list())
    for number in range(5):
        night.arrive(f"web:{number}")
        night.wait(AFTER_S)
    night.wait(3_600)
    assert len(_rung(night.events)) == 1


def test_all_who_pause_at_once_are_the_same_as_nobody_there() -> None:
    night = Rehearsal(_with_list())
    for key in ("ben", "cleo"):
        night.ready(key)
    night.arrive("web:1")
    for key in ("cleo", "ben"):
        night.pause(key)
    assert len(_rung(night.wait(AFTER_S))) == 1


def test_nobody_is_rung_while_one_is_in_a_talk_or_in_wrap_up() -> None:
    night = Rehearsal(_with_list())
    night.talk("ben", "web:1")
    night.arrive("web:2")
    assert not _rung(night.wait(3_600))
    night.hang_up("ben")
    assert not _rung(night.wait(3_600))
    night.finish("ben", ready=False)
    assert len(_rung(night.wait(AFTER_S))) == 1


def test_who_is_at_work_for_other_calls_only_does_not_count_and_is_not_rung() -> None:
    night = Rehearsal(_with_list())
    night.ready("dora")
    night.arrive("web:1")
    (rung,) = _rung(night.wait(AFTER_S))
    assert rung.agents == ("ana",)


def test_somebody_who_comes_in_time_ends_it() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    night.wait(AFTER_S - 1)
    assert "QueueStaffed" in kinds(night.ready("ben").events)
    night.accept("ben")
    assert not _rung(night.wait(3_600))


def test_after_somebody_was_there_the_list_may_be_rung_again() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    night.wait(AFTER_S)
    night.ready("ana")
    night.decline("ana")
    assert len(_rung(night.wait(AFTER_S))) == 1


def test_a_caller_who_gives_up_ends_it_and_the_next_begins_anew() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    night.wait(AFTER_S - 1)
    assert "QueueStaffed" in kinds(night.leave("web:1").events)
    night.arrive("web:2")
    assert not _rung(night.wait(AFTER_S - 1))
    assert len(_rung(night.wait(1))) == 1


def test_a_caller_whose_page_comes_and_goes_rings_nobody_twice() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    night.wait(AFTER_S)
    for _ in range(10):
        night.lose("web:1")
        night.wait(10)
        night.come_back("web:1")
        night.wait(AFTER_S)
    assert len(_rung(night.events)) == 1


def test_a_practice_call_rings_nobody_at_home() -> None:
    night = Rehearsal(_with_list(0))
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.arrive("world:1", origin=Origin.SIMULATED)
    assert not _rung(night.wait(3_600))


def test_an_agent_who_serves_practice_only_does_not_count() -> None:
    night = Rehearsal(_with_list())
    night.sign_in("ben", Origin.PRACTICE)
    night.ready("ben")
    night.arrive("web:1")
    assert len(_rung(night.wait(AFTER_S))) == 1


def test_the_last_caller_who_is_gone_at_the_very_moment_rings_nobody() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    night.wait(AFTER_S - 15)
    night.lose("web:1")
    assert not _rung(night.oversleep(15))


def test_a_configuration_without_the_list_ends_it() -> None:
    night = Rehearsal(_with_list())
    night.arrive("web:1")
    outcome = night.see(i.ConfigurationPublished(settings=another_version(version=3)))
    assert only(outcome.events, e.QueueStaffed).queue == ENGLISH.key
    assert night.engine.next_wakeup() is None
