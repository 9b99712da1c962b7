"""Night 13: silence.

A caller says nothing. Ana stays with him; somebody must come. She adds the ambulance from the fixed
list: it rings while the two stay together, his number goes along in signalling, and nobody here
sees it. One person may do that, for there is no time to ask a second; so somebody else looks at it
next morning, and until then the room says that it is still to be looked at.
"""

from typing import Any

import msgspec

from openline.centre.keys import TalkKeys
from openline.engine import CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.mix import Hears
from openline.model import SECOND, AgentKey, LegId, OfferId, Reason
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal, only

CALLER, ANA = LegId("sip:caller"), LegId("desk:ana")


def a_silent_call() -> Rehearsal:
    night = Rehearsal()
    night.talk("ana", "sip:caller")
    night.wait(50)
    return night


def test_he_answers_yes_and_no_by_keys_that_nobody_keeps() -> None:
    night = a_silent_call()
    shown: list[AgentKey] = []
    keys = TalkKeys(night.state, shown.append)
    talk = night.call("sip:caller").id

    # "Are you alone? One for yes, two for no." Ana sees each answer as it comes.
    keys.press(CALLER, "1")
    assert (keys.of(talk), shown) == (("1",), ["ana"])
    keys.press(CALLER, "2")
    assert (keys.of(talk), shown) == (("1", "2"), ["ana", "ana"])

    # With the call they are gone; the record never had them.
    before = len(night.steps)
    night.leave("sip:caller")
    for step in night.steps[before:]:
        keys.noticed(step.now, step.outcome.events)
    assert keys.of(talk) == ()
    assert not [event for event in night.events if "digit" in event.__struct_fields__]


def review(night: Rehearsal, by: str, number: OfferId) -> Any:
    return night.see(i.ReviewRequested(by=AgentKey(by), hand_over=number))


def handed_over(night: Rehearsal) -> OfferId:
    night.third("ana", outside="ambulance")
    return only(night.events, e.OutsideDialled).party


def test_a_night_with_somebody_who_cannot_speak() -> None:
    night = a_silent_call()

    # One act, no second person: it rings at once, and caller and agent stay together meanwhile.
    outcome = night.third("ana", outside="ambulance")
    dialled = only(outcome.events, e.OutsideDialled)
    assert dialled.by == "ana"
    assert night.call("sip:caller").state is CallState.TALKING
    assert not [order for order in outcome.commands if isinstance(order, c.HoldCall)]

    # The number goes in signalling alone: the order says that it goes along, and not which it is.
    order = only(outcome.commands, c.DialOutside)
    assert order.passes_number
    assert order.outside == "ambulance"

    # The dispatcher answers, and the three hear each other.
    night.wait(6)
    dispatcher = night.outside_leg("sip:caller", "ambulance")
    outcome = night.outside_answers("sip:caller", "ambulance")
    heard = only(outcome.commands, c.MixCall).hears
    assert Hears(leg=dispatcher, others=(CALLER, ANA)) in heard
    night.wait(400)

    # They have found him. It ends like any other call.
    outcome = night.leave("sip:caller")
    assert only(outcome.events, e.CallEnded).outcome is CallOutcome.ANSWERED
    assert only(outcome.events, e.OutsideLeft).took == 400 * SECOND
    night.finish("ana")

    # Next morning it is still to be looked at, and the program was started anew in between.
    night.wait(6 * 3_600)
    night.restart()
    (found,) = night.state.hand_overs.values()
    assert (found.by, found.outside, found.number) == ("ana", "ambulance", dialled.party)
    night.sign_in("cleo")
    reviewed = only(review(night, "cleo", found.number).events, e.HandOverReviewed)
    assert (reviewed.by, reviewed.call) == ("cleo", dialled.call)
    assert not night.state.hand_overs


def test_who_handed_over_does_not_look_at_it_herself() -> None:
    night = a_silent_call()
    number = handed_over(night)
    refused = only(review(night, "ana", number).events, e.RequestRefused)
    assert refused.reason is Reason.OWN_HAND_OVER
    assert number in night.state.hand_overs


def test_only_somebody_of_the_centre_looks_at_it_and_once() -> None:
    night = a_silent_call()
    number = handed_over(night)
    refused = only(review(night, "nobody", number).events, e.RequestRefused)
    assert refused.reason is Reason.UNKNOWN_AGENT
    review(night, "cleo", number)
    again = only(review(night, "cleo", number).events, e.RequestRefused)
    assert again.reason is Reason.UNKNOWN_HAND_OVER


def test_an_ambulance_that_did_not_answer_is_looked_at_as_well() -> None:
    night = a_silent_call()
    number = handed_over(night)
    night.wait(60)
    assert only(night.events, e.OutsideFailed).reason is Reason.NO_ANSWER
    assert night.call("sip:caller").state is CallState.TALKING, "Ana is with him as before"
    assert list(night.state.hand_overs) == [number]


def test_others_outside_see_no_number_and_nobody_looks_at_them() -> None:
    night = a_silent_call()
    outcome = night.third("ana", outside="interpreter")
    assert not only(outcome.commands, c.DialOutside).passes_number
    assert not night.state.hand_overs


def test_who_is_not_on_the_list_is_not_rung() -> None:
    night = a_silent_call()
    refused = only(night.third("ana", outside="sheriff").events, e.RequestRefused)
    assert refused.reason is Reason.UNKNOWN_OUTSIDE
    assert "number" not in {
        field for each in SETTINGS.outside for field in each.__struct_fields__
    }, "the engine knows no number at all"


def test_nothing_on_record_is_a_number() -> None:
    night = a_silent_call()
    handed_over(night)
    night.outside_answers("sip:caller", "ambulance")
    written = msgspec.json.encode([night.events, [step.outcome.commands for step in night.steps]])
    assert b"+1" not in written
    fields = set(e.OutsideDialled.__struct_fields__) | set(c.DialOutside.__struct_fields__)
    assert not fields & {"number", "caller", "from_number"}
