import msgspec
import pytest

from openline.engine import (
    AnyDestination,
    CallOutcome,
    CallState,
    Settings,
    State,
    ToMessage,
    ToQueue,
    ToVoicemail,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.sending import send_to
from openline.model import CommandId, Instant, LegId, LineKey, Origin, Reason
from tests.builders import line, seconds
from tests.engine.builders import BOX, CRISIS, DIRECT, ENGLISH, PUBLIC, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

CALLER = LegId("web:1")
ASKED = Reason.ASKED


def _leading_to(to: AnyDestination, hop_limit: int = 8) -> Settings:
    direct = msgspec.structs.replace(DIRECT, leads_to=to)
    return another_version(lines=(PUBLIC, direct), boxes=(BOX,), hop_limit=hop_limit)


def _finished(night: Rehearsal) -> i.PlaybackFinished:
    playback = night.call(CALLER).playback
    assert playback is not None
    return i.PlaybackFinished(leg=CALLER, playback=playback)


# --- messages ------------------------------------------------------------------------------


def test_a_caller_hears_a_message_and_then_the_call_ends() -> None:
    night = Rehearsal(_leading_to(ToMessage(sound="come-again")))
    arrived = night.arrive(CALLER)
    assert only(arrived.commands, c.PlayMessage).sound == "come-again"
    assert only(arrived.events, e.CallSent).to == ToMessage(sound="come-again")
    heard = night.see(_finished(night))
    ended = only(heard.events, e.CallEnded)
    assert (ended.outcome, ended.reason) == (CallOutcome.HEARD_MESSAGE, Reason.MESSAGE_HEARD)
    assert kinds(heard.commands) == ["HangUpLeg"]


def test_a_message_whose_end_is_never_reported_counts_as_heard() -> None:
    night = Rehearsal(_leading_to(ToMessage(sound="come-again")))
    night.arrive(CALLER)
    night.wait(119)
    assert night.call(CALLER).state is CallState.MESSAGE
    assert only(night.wait(2), e.CallEnded).reason is Reason.MESSAGE_OVERDUE


def test_who_comes_back_hears_his_message_again_as_the_same_playback() -> None:
    night = Rehearsal(_leading_to(ToMessage(sound="come-again")))
    first = only(night.arrive(CALLER).commands, c.PlayMessage)
    night.lose(CALLER)
    assert night.come_back(CALLER).commands == (first,)


def test_the_greeting_comes_first() -> None:
    night = Rehearsal(
        another_version(
            lines=(msgspec.structs.replace(PUBLIC, leads_to=ToQueue(queue=CRISIS.key)),)
        )
    )
    night.arrive(CALLER, line="public")
    queued = only(night.hear_greeting(CALLER).events, e.CallQueued)
    assert (queued.queue, queued.reason) == (CRISIS.key, Reason.LED_ON)


def test_a_practice_call_is_led_nowhere_but_to_an_agent() -> None:
    night = Rehearsal(_leading_to(ToMessage(sound="come-again")))
    night.arrive(CALLER, origin=Origin.PRACTICE)
    assert night.call(CALLER).queue == ENGLISH.key


# --- voicemail -----------------------------------------------------------------------------


@pytest.fixture
def box_night() -> Rehearsal:
    night = Rehearsal(_leading_to(ToVoicemail(box=BOX.key)))
    night.arrive(CALLER)
    return night


def _recording(night: Rehearsal) -> CommandId:
    return only(night.see(_finished(night)).commands, c.RecordVoicemail).id


def test_the_recording_begins_when_the_prompt_was_heard(box_night: Rehearsal) -> None:
    assert only(box_night.steps[-1].outcome.commands, c.PlayMessage).sound == BOX.prompt
    order = only(box_night.see(_finished(box_night)).commands, c.RecordVoicemail)
    assert (order.box, order.limit) == (BOX.key, BOX.limit)
    assert box_night.call(CALLER).state is CallState.VOICEMAIL


def test_what_was_spoken_is_left_in_the_box(box_night: Rehearsal) -> None:
    recording = _recording(box_night)
    said = box_night.see(
        i.VoicemailEnded(leg=CALLER, recording=recording, length=seconds(12), message=None)
    )
    left = only(said.events, e.VoicemailLeft)
    assert (left.box, left.length, left.line) == (BOX.key, seconds(12), LineKey("direct"))
    assert only(said.events, e.CallEnded).outcome is CallOutcome.VOICEMAIL_LEFT


def test_silence_is_no_message(box_night: Rehearsal) -> None:
    recording = _recording(box_night)
    silent = box_night.see(i.VoicemailEnded(leg=CALLER, recording=recording, length=seconds(0)))
    assert kinds(silent.events) == ["CallEnded"]
    assert only(silent.events, e.CallEnded).outcome is CallOutcome.HEARD_MESSAGE


def test_where_nothing_can_be_recorded_the_caller_hears_so(box_night: Rehearsal) -> None:
    recording = _recording(box_night)
    failed = box_night.see(i.CommandFailed(command=recording, leg=CALLER, why="cannot_record"))
    assert only(failed.commands, c.PlayMessage).sound == BOX.cannot_record
    assert only(failed.events, e.MessageStarted).reason is Reason.CANNOT_RECORD
    ended = only(box_night.see(_finished(box_night)).events, e.CallEnded)
    assert ended.outcome is CallOutcome.HEARD_MESSAGE


def test_a_recording_that_is_never_reported_ends_after_its_limit(box_night: Rehearsal) -> None:
    _recording(box_night)
    assert not box_night.wait(149)
    assert only(box_night.wait(2), e.CallEnded).reason is Reason.VOICEMAIL_OVERDUE


def test_the_end_of_another_recording_means_nothing(box_night: Rehearsal) -> None:
    _recording(box_night)
    late = box_night.see(i.VoicemailEnded(leg=CALLER, recording=CommandId(1), length=seconds(5)))
    assert only(late.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE


def test_who_comes_back_speaks_into_the_same_recording(box_night: Rehearsal) -> None:
    recording = _recording(box_night)
    box_night.lose(CALLER)
    assert only(box_night.come_back(CALLER).commands, c.RecordVoicemail).id == recording


def test_a_box_that_somebody_speaks_into_cannot_be_taken_away(box_night: Rehearsal) -> None:
    refused = box_night.publish(another_version(version=3))
    assert only(refused.events, e.InputPassedOver).reason is Reason.CONFIGURATION_IN_USE


# --- being sent on from a queue ------------------------------------------------------------


def _waiting(settings: Settings) -> tuple[State, Instant]:
    night = Rehearsal(settings)
    night.arrive(CALLER, line="direct")
    night.wait(40)
    return night.state, night.now


def _sent(state: State, now: Instant, to: AnyDestination) -> tuple[bool, Decision]:
    state.now = now
    decision = Decision(state)
    return send_to(decision, state.calls_by_leg[CALLER], to, ASKED), decision


def test_a_call_that_is_sent_to_another_queue_counts_its_place_from_its_first_wait() -> None:
    state, now = _waiting(another_version())
    since = state.calls_by_leg[CALLER].waiting_since
    went, decision = _sent(state, now, ToQueue(queue=CRISIS.key))
    assert went
    sent = only(decision.events, e.CallSent)
    assert (sent.left, sent.waited, sent.hops) == (ENGLISH.key, seconds(40), 1)
    queued = only(decision.events, e.CallQueued)
    assert (queued.queue, queued.entry, queued.waiting_since) == (CRISIS.key, 2, since)


def test_a_call_that_was_sent_on_is_in_the_old_line_no_more() -> None:
    state, now = _waiting(another_version())
    call = state.calls_by_leg[CALLER]
    _sent(state, now, ToQueue(queue=CRISIS.key))
    assert state.index.callers.waiting((ENGLISH.key, Origin.REAL)) == []
    assert state.index.callers.waiting((CRISIS.key, Origin.REAL)) == [call.id]


def test_the_wait_of_who_was_sent_to_a_message_is_that_of_the_queue_he_left() -> None:
    state, now = _waiting(another_version())
    _sent(state, now, ToMessage(sound="come-again"))
    call = state.calls_by_leg[CALLER]
    assert (call.state, call.waited, call.queue) == (CallState.MESSAGE, seconds(40), ENGLISH.key)


def test_past_the_hop_limit_who_waits_stays_where_he_waits() -> None:
    state, now = _waiting(another_version(hop_limit=0))
    went, decision = _sent(state, now, ToMessage(sound="come-again"))
    assert not went
    assert kinds(decision.events) == ["HopLimitReached"]
    assert state.calls_by_leg[CALLER].is_waiting


def test_past_the_hop_limit_who_does_not_wait_goes_to_the_queue_of_his_line() -> None:
    night = Rehearsal(_leading_to(ToMessage(sound="come-again"), hop_limit=0))
    arrived = night.arrive(CALLER)
    assert kinds(arrived.events) == ["CallArrived", "HopLimitReached", "CallQueued"]
    assert only(arrived.events, e.CallQueued).reason is Reason.HOP_LIMIT


def test_a_line_of_its_own_is_free_to_lead_into_its_own_queue() -> None:
    night = Rehearsal(
        another_version(
            lines=(
                msgspec.structs.replace(
                    line(LineKey("direct"), ENGLISH.key), leads_to=ToQueue(queue=ENGLISH.key)
                ),
            )
        )
    )
    night.arrive(CALLER)
    assert night.call(CALLER).queue == ENGLISH.key
