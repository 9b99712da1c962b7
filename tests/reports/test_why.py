"""The story of a call: waited because, offered because."""

import msgspec

from openline.engine import FlowsWhen, State, ToQueue
from openline.engine import inputs as i
from openline.engine.state import Snapshot
from openline.model import SECOND, CallId, LegId, LineKey, Origin, Reason, SealedRef
from openline.reports.story import Chapter, Story
from tests.builders import flows, step
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal


def _why(night: Rehearsal, call: int, state: State | None = None, after: int = 0) -> list[Chapter]:
    story = Story(CallId(call), state or State())
    with_events = [each for each in night.steps if each.outcome.events][after:]
    for number, each in enumerate(with_events, start=after + 1):
        story.take(number, each.now, each.outcome.events)
    return list(story.chapters(night.now))


def _whats(story: list[Chapter]) -> list[str]:
    return [told.event for told in story]


def _one(story: list[Chapter], what: str) -> Chapter:
    (found,) = [told for told in story if told.event == what]
    return found


def test_it_waited_because_nobody_was_at_work_and_so_many_were_before_it() -> None:
    night = Rehearsal()
    for leg in ("web:1", "web:2", "web:3"):
        night.arrive(leg)
    queued = _one(_why(night, 3), "CallQueued")
    assert queued.reason == Reason.NO_GREETING.value
    assert (
        queued.facts.items()
        >= {
            "queue": "english",
            "entry": 1,
            "before": 2,
            "able": 0,
            "able_ready": 0,
            "waits_because": "nobody_at_work",
        }.items()
    )
    assert queued.words.endswith("Before it: 2. At work who could take it: 0; of them ready: 0.")


def test_it_waited_because_all_who_could_take_it_were_in_calls() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.ready("dora")  # she has no English
    night.arrive("web:2")
    details = _one(_why(night, 2), "CallQueued").facts
    assert (details["able"], details["able_ready"]) == (1, 0)
    assert details["waits_because"] == "nobody_ready"


def test_it_was_offered_to_the_longest_idle_of_so_many() -> None:
    night = Rehearsal()
    for agent in ("ana", "ben", "cleo", "dora"):
        night.ready(agent)
        night.wait(1)
    night.arrive("web:1")
    offered = _one(_why(night, 1), "CallOffered")
    assert offered.reason == Reason.LONGEST_IDLE.value
    assert (
        offered.facts.items() >= {"agent": "ana", "before": 0, "able": 3, "able_ready": 3}.items()
    )


def test_where_somebody_was_ready_nothing_says_that_it_waited() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.arrive("web:1")
    assert "waits_because" not in _one(_why(night, 1), "CallQueued").facts


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
    assert story[5].facts["talked"] == 60 * SECOND
    assert story[7].facts["took"] == 30 * SECOND


def test_offers_that_came_to_nothing_are_told_with_who_it_was() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.decline("ben")
    night.ready("ana")
    night.wait(20)
    story = _why(night, 1)
    assert _one(story, "OfferDeclined").facts["agent"] == "ben"
    assert _one(story, "OfferMissed").facts["agent"] == "ana"


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
    assert widened.reason == Reason.WAITED.value
    assert widened.facts["waits_because"] == "nobody_at_work"
    sent = _one(story, "CallSent")
    assert (sent.reason, sent.facts["left"]) == (Reason.MAXIMUM_WAIT.value, "english")
    assert sent.facts["waited"] == 40 * SECOND


def test_it_can_be_told_from_any_state_before_the_call() -> None:
    night = Rehearsal()
    night.ready("dora")
    before = msgspec.msgpack.encode(night.state.snapshot())
    known = sum(bool(each.outcome.events) for each in night.steps)
    night.arrive("web:1")
    night.leave("web:1")
    state = State.restored(msgspec.msgpack.decode(before, type=Snapshot))
    assert _why(night, 1, state, known) == _why(night, 1)


def test_of_a_call_that_never_was_there_is_no_why() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    assert _why(night, 7) == []


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
