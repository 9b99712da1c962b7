from openline.engine import CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import LegId, LineKey, Medium, Origin, Reason
from tests.engine.rehearsal import Rehearsal, kinds, only


def choose(night: Rehearsal, medium: Medium, leg: str = "web:1") -> tuple[list[str], list[str]]:
    """Lets the caller go on otherwise; returns the names of what happened and was ordered."""
    outcome = night.see(i.MediumChosen(leg=LegId(leg), medium=medium))
    return kinds(outcome.events), kinds(outcome.commands)


def test_who_types_waits_at_the_same_place_as_who_speaks() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.see(
        i.LegArrived(
            leg=LegId("web:2"), line=LineKey("direct"), origin=Origin.REAL, medium=Medium.TYPED
        )
    )
    night.arrive("web:3")
    assert only(night.steps[-2].outcome.events, e.CallArrived).medium is Medium.TYPED
    assert night.call("web:2").medium is Medium.TYPED
    night.ready("ana")
    for leg in ("web:1", "web:2", "web:3"):
        assert night.agent_offered(leg) == "ana"
        night.accept("ana")
        night.hang_up("ana")
        night.finish("ana")


def test_a_talk_goes_on_by_typing_in_a_new_session_and_back() -> None:
    night = Rehearsal()
    night.talk("ana", "web:1")
    events, orders = choose(night, Medium.TYPED)
    assert events == ["MediumChanged", "SoundSessionStarted"]
    assert orders == ["ConnectLegs"]
    started = only(night.steps[-1].outcome.events, e.SoundSessionStarted)
    assert (started.session, started.reason) == (2, Reason.MEDIUM_CHANGED)
    choose(night, Medium.VOICE)
    call = night.call("web:1")
    assert (call.session, call.medium, call.was_typed) == (3, Medium.VOICE, True)
    assert night.agent("ana").call == call.id


def test_whoever_is_on_hold_stays_so() -> None:
    night = Rehearsal()
    night.talk("ana", "web:1")
    night.hold("ana")
    assert choose(night, Medium.TYPED)[1] == ["ConnectLegs", "HoldCall"]
    assert night.call("web:1").state is CallState.HELD


def test_whoever_waits_keeps_place_and_offer_and_hears_music_again() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    before = night.call("web:1").waiting_since
    assert choose(night, Medium.TYPED) == (["MediumChanged"], ["PlayMusic"])
    night.ready("ana")
    offer = night.call("web:1").offer
    choose(night, Medium.VOICE)
    call = night.call("web:1")
    assert (call.waiting_since, call.offer) == (before, offer)


def test_whoever_is_greeted_is_greeted_again_by_the_same_order() -> None:
    night = Rehearsal()
    night.arrive("web:1", "public")
    playback = night.call("web:1").playback
    night.see(i.MediumChosen(leg=LegId("web:1"), medium=Medium.TYPED))
    assert only(night.steps[-1].outcome.commands, c.PlayGreeting).id == playback


def test_what_is_chosen_twice_or_by_nobody_changes_nothing() -> None:
    night = Rehearsal()
    night.talk("ana", "web:1")
    assert choose(night, Medium.VOICE) == (["InputPassedOver"], [])
    assert choose(night, Medium.TYPED, "web:nobody") == (["InputPassedOver"], [])
    assert night.call("web:1").session == 1


def test_a_conversation_with_a_third_goes_on_with_all_in_it() -> None:
    night = Rehearsal()
    night.talk("ana", "web:1")
    night.ready("ben")
    night.third("ana", to="ben")
    night.accept("ben")
    assert choose(night, Medium.TYPED) == (
        ["MediumChanged", "SoundSessionStarted"],
        ["MixCall"],
    )


def test_after_a_restart_it_is_known_who_types() -> None:
    night = Rehearsal()
    night.talk("ana", "web:1")
    choose(night, Medium.TYPED)
    night.restart("web:1", "desk:ana")
    assert night.call("web:1").medium is Medium.TYPED
