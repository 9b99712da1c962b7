"""What waiting callers are told, and the estimate that it rests on."""

import msgspec

from openline.engine import Announcements, FlowsWhen, Settings, ToMessage
from openline.engine import commands as c
from openline.engine import events as e
from openline.model import Duration, Instant, Origin, Reason
from tests.builders import flows, seconds
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

EVERY_30_S = Announcements(place=True, wait=True, every=seconds(30))


def _centre(told: Announcements = EVERY_30_S) -> Settings:
    english = msgspec.structs.replace(ENGLISH, announcements=told)
    return another_version(queues=(english, SPANISH, CRISIS))


def _talk(night: Rehearsal, agent: str, leg: str, talk_s: float) -> None:
    """Lets the agent handle one call in so many seconds."""
    night.ready(agent)
    night.arrive(leg)
    night.accept(agent)
    night.wait(talk_s)
    night.hang_up(agent)
    night.finish(agent, ready=False)


def test_who_waits_is_told_his_place_at_the_entry() -> None:
    night = Rehearsal(_centre())
    night.arrive("web:1")
    order = only(night.arrive("web:2").commands, c.AnnounceWait)
    assert (order.leg, order.place, order.wait) == ("web:2", 2, None)


def test_the_announcement_comes_after_the_music_so_that_it_is_what_holds() -> None:
    night = Rehearsal(_centre())
    assert kinds(night.arrive("web:1").commands) == ["PlayMusic", "AnnounceWait"]


def test_who_is_offered_at_once_is_told_nothing() -> None:
    night = Rehearsal(_centre())
    night.ready("ben")
    assert "AnnounceWait" not in kinds(night.arrive("web:1").commands)


def test_he_is_told_again_and_again_and_his_place_moves_on() -> None:
    night = Rehearsal(_centre())
    night.arrive("web:1")
    night.arrive("web:2")
    night.wait(20)
    night.leave("web:1")
    told = only(night.wait(10), e.WaitAnnounced)
    assert (told.place, told.next_at) == (1, Instant(night.now + seconds(30)))
    assert kinds(night.wait(60)) == ["WaitAnnounced", "WaitAnnounced"]


def test_without_a_rhythm_he_is_told_once() -> None:
    night = Rehearsal(_centre(Announcements(place=True, wait=True)))
    night.arrive("web:1")
    assert night.wait(600) == []


def test_place_and_wait_can_each_be_off() -> None:
    for place, wait in ((True, False), (False, True)):
        night = Rehearsal(_centre(Announcements(place=place, wait=wait)))
        for number in range(5):
            _talk(night, "ben", f"web:{number}", 60)
        night.ready("ben")
        night.arrive("web:busy")
        order = only(night.arrive("web:1").commands, c.AnnounceWait)
        assert (order.place is not None, order.wait is not None) == (place, wait)


def test_the_wait_is_the_place_times_the_handle_time_by_those_at_work() -> None:
    night = Rehearsal(_centre())
    for number in range(5):
        _talk(night, "ben", f"web:{number}", 60)
    for agent in ("ben", "cleo"):
        night.ready(agent)
        night.arrive(f"web:{agent}")
        night.accept(agent)
    night.arrive("web:1")
    order = only(night.arrive("web:2").commands, c.AnnounceWait)
    assert (order.place, order.wait) == (2, Duration(seconds(60)))


def test_nothing_is_said_of_the_wait_where_too_few_calls_were_handled() -> None:
    night = Rehearsal(_centre())
    for number in range(4):
        _talk(night, "ben", f"web:{number}", 60)
    night.ready("ben")
    night.arrive("web:busy")
    assert only(night.arrive("web:1").commands, c.AnnounceWait).wait is None


def test_a_ring_is_not_spoken_over() -> None:
    night = Rehearsal(_centre())
    night.arrive("web:1")
    night.wait(25)
    night.ready("ben")
    events = night.wait(5)
    assert only(events, e.WaitAnnounced).place is None
    assert "AnnounceWait" not in kinds(night.steps[-1].outcome.commands)


def test_who_is_lost_for_the_moment_is_told_nothing_and_keeps_his_place() -> None:
    night = Rehearsal(_centre())
    night.arrive("web:1")
    night.arrive("web:2")
    night.wait(25)
    night.lose("web:1")
    told = [event for event in night.wait(5) if isinstance(event, e.WaitAnnounced)]
    assert [event.place for event in told] == [None, 2]


def test_places_are_counted_apart_for_practice() -> None:
    night = Rehearsal(_centre())
    night.arrive("web:1")
    outcome = night.arrive("lesson:1", origin=Origin.PRACTICE)
    assert only(outcome.events, e.WaitAnnounced).place == 1


def test_a_changed_configuration_tells_everybody_anew() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    assert only(night.publish(_centre()).events, e.WaitAnnounced).place == 1


def test_what_was_handled_is_remembered_over_a_restart() -> None:
    night = Rehearsal(_centre())
    for number in range(5):
        _talk(night, "ben", f"web:{number}", 60)
    night.ready("ben")
    night.restart("desk:ben")
    night.arrive("web:busy")
    assert only(night.arrive("web:1").commands, c.AnnounceWait).wait == seconds(60)


def test_who_would_wait_too_long_is_sent_elsewhere_as_he_comes() -> None:
    rule = flows(FlowsWhen.LONG_WAIT, ToMessage(sound="sorry"), 100)
    english = msgspec.structs.replace(ENGLISH, interflow=(rule,))
    night = Rehearsal(another_version(queues=(english, SPANISH, CRISIS)))
    for number in range(5):
        _talk(night, "ben", f"web:{number}", 60)
    night.ready("ben")
    night.arrive("web:busy")
    assert "CallSent" not in kinds(night.arrive("web:1").events)  # 60 s
    assert only(night.arrive("web:2").events, e.CallSent).reason is Reason.LONG_WAIT  # 120 s
