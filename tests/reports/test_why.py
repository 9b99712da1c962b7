"""The story of a call: waited because, offered because."""

import msgspec

from openline.engine import FlowsWhen, State, ToQueue
from openline.engine import inputs as i
from openline.engine.state import Snapshot
from openline.model import CallId, LegId, LineKey, Origin, Reason, SealedRef
from openline.reports.why import RecordedStep, WhyStep, why_of
from tests.builders import flows, step
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal


def _record(night: Rehearsal) -> list[RecordedStep]:
    with_events = [step for step in night.steps if step.outcome.events]
    return [(n, each.now, each.outcome.events) for n, each in enumerate(with_events, start=1)]


def _why(night: Rehearsal, call: int) -> tuple[WhyStep, ...]:
    return why_of(CallId(call), _record(night))


def _whats(story: tuple[WhyStep, ...]) -> list[str]:
    return [told.what for told in story]


def _one(story: tuple[WhyStep, ...], what: str) -> WhyStep:
    (found,) = [told for told in story if told.what == what]
    return found


def test_it_waited_because_nobody_was_at_work_and_so_many_were_before_it() -> None:
    night = Rehearsal()
    for leg in ("web:1", "web:2", "web:3"):
        night.arrive(leg)
    queued = _one(_why(night, 3), "CallQueued")
    assert queued.because is Reason.NO_GREETING
    assert queued.details == {
        "line": "direct",
        "origin": "real",
        "queue": "english",
        "entry": 1,
        "before": 2,
        "able": 0,
        "able_ready": 0,
        "waits_because": "nobody_at_work",
    }


def test_it_waited_because_all_who_could_take_it_were_in_calls() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.ready("dora")  # she has no English
    night.arrive("web:2")
    details = _one(_why(night, 2), "CallQueued").details
    assert (details["able"], details["able_ready"]) == (1, 0)
    assert details["waits_because"] == "nobody_ready"


def test_it_was_offered_to_the_longest_idle_of_so_many() -> None:
    night = Rehearsal()
    for agent in ("ana", "ben", "cleo", "dora"):
        night.ready(agent)
        night.wait(1)
    night.arrive("web:1")
    offered = _one(_why(night, 1), "CallOffered")
    assert offered.because is Reason.LONGEST_IDLE
    assert offered.details == {
        "queue": "english",
        "agent": "ana",
        "before": 0,
        "able": 3,
        "able_ready": 3,
    }


def test_where_somebody_was_ready_nothing_says_that_it_waited() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.arrive("web:1")
    assert "waits_because" not in _one(_why(night, 1), "CallQueued").details


def test_the_story_goes_to_the_end_of_the_work_after_the_call_and_no_further() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.wait(60)
    night.hang_up("ben")
    night.arrive("web:2")
    night.wait(30)
    night.finish("ben")
    story = _why(night, 1)
    assert _whats(story) == [
        "CallArrived",
        "CallQueued",
        "CallOffered",
        "OfferAccepted",
        "SoundSessionStarted",
        "CallEnded",
        "WrapUpStarted",
        "WrapUpFinished",
    ]
    assert story[5].details["talked_s"] == 60
    assert story[7].details["took_s"] == 30


def test_offers_that_came_to_nothing_are_told_with_who_it_was() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.decline("ben")
    night.ready("ana")
    night.wait(20)
    story = _why(night, 1)
    assert _one(story, "OfferDeclined").details == {"agent": "ben"}
    assert _one(story, "OfferMissed").details == {"agent": "ana"}


def test_overflow_and_interflow_are_told() -> None:
    english = msgspec.structs.replace(
        ENGLISH,
        overflow=(step(20, es=1),),
        interflow=(flows(FlowsWhen.WAITED, ToQueue(queue=SPANISH.key), 40),),
    )
    night = Rehearsal(another_version(queues=(english, SPANISH, CRISIS)))
    night.sign_in("dora")
    night.arrive("web:1")
    night.wait(40)
    story = _why(night, 1)
    widened = _one(story, "CallWidened")
    assert widened.because is Reason.WAITED
    assert widened.details["waits_because"] == "nobody_at_work"
    sent = _one(story, "CallSent")
    assert (sent.because, sent.details["left"]) == (Reason.MAXIMUM_WAIT, "english")
    assert sent.details["waited_s"] == 40


def test_it_can_be_told_from_any_state_before_the_call() -> None:
    night = Rehearsal()
    night.ready("dora")
    before = msgspec.msgpack.encode(night.state.snapshot())
    known = len(_record(night))
    night.arrive("web:1")
    night.leave("web:1")
    state = State.restored(msgspec.msgpack.decode(before, type=Snapshot))
    assert why_of(CallId(1), _record(night)[known:], state) == _why(night, 1)


def test_of_a_call_that_never_was_there_is_no_why() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    assert _why(night, 7) == ()


def test_the_sealed_caller_and_the_note_are_in_no_why() -> None:
    night = Rehearsal()
    night.see(
        i.LegArrived(
            leg=LegId("web:1"),
            line=LineKey("direct"),
            origin=Origin.REAL,
            caller=SealedRef("sealed-canary"),
        )
    )
    night.ready("ben")
    night.accept("ben")
    night.hang_up("ben")
    night.see(
        i.WrapUpFinishRequested(
            agent=night.agent("ben").key, disposition="helped", note=SealedRef("note-canary")
        )
    )
    told = repr(_why(night, 1))
    assert "canary" not in told
    assert "helped" not in told
