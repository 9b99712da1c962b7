"""Each state of a caller and of an agent, against the page protocol.

The lists of keys are read from docs/reference/page-protocol.md, so that page, document and code
cannot drift apart.
"""

import json
from collections.abc import Callable

import msgspec
import pytest

from openline.centre.views import Places, View, agent_view, caller_view, ended_view
from openline.engine import (
    AgentState,
    AnyDestination,
    BoxSettings,
    CallState,
    ConsentSettings,
    FlowsWhen,
    Interflow,
    MenuSettings,
    OutsideKind,
    OutsideSettings,
    State,
    ToMenu,
    ToMessage,
    ToOutside,
    ToVoicemail,
)
from openline.engine import inputs as i
from openline.model import (
    AgentKey,
    BoxKey,
    Instant,
    LegId,
    MenuKey,
    Origin,
    OutsideKey,
    Reason,
    SealedRef,
)
from openline.reports import CivilDays, DeskDays, LivePicture, ShownQueue
from tests.builders import ANN, BEN, CARLA, EN, ES, Night, seconds
from tests.centre import protocol
from tests.centre.small_centre import BEGIN
from tests.centre.small_published import a_published

PUBLISHED = a_published()


class Evening(Night):
    """Is a night whose people look at their pages."""

    def __init__(self) -> None:
        super().__init__(PUBLISHED.settings, Instant(BEGIN))
        shown = [ShownQueue(key=q.key, name=q.key) for q in PUBLISHED.settings.queues]
        self.picture = LivePicture(self.state, shown, PUBLISHED.zone)
        self.days = DeskDays(State(), CivilDays(PUBLISHED.zone))
        self._told = 0

    def caller(self, leg: LegId, language: str = "en") -> View:
        """Returns what the caller sees."""
        self._tell()
        call = self.state.calls_by_leg[leg]
        return caller_view(self.state, PUBLISHED, self.picture, Places(self.state), call, language)

    def desk(self, key: AgentKey, language: str = "en", captions: list[str] | None = None) -> View:
        """Returns what the agent sees."""
        self._tell()
        day = self.days.day(key, self.now)
        return agent_view(self.state, PUBLISHED, key, language, day, captions=captions or [])

    def _tell(self) -> None:
        for now, events in self.record[self._told :]:
            self.picture.noticed(now, events)
            self.days.noticed(now, events)
        self._told = len(self.record)


# --- the caller's page -------------------------------------------------------------------------


def greeted(night: Evening) -> LegId:
    return night.arrive(EN)


def queued(night: Evening) -> LegId:
    night.arrive()
    return night.arrive()


def offered(night: Evening) -> LegId:
    night.sign_in(CARLA)
    return night.arrive()


def _on_a_line_to(night: Evening, to: AnyDestination, *, consent: bool = False) -> LegId:
    box = BoxSettings(
        key=BoxKey("box"), prompt="speak", limit=seconds(60), cannot_record="no-recording"
    )
    menu = MenuSettings(
        key=MenuKey("main"), prompt="press", choices=(), repeats=0, time_limit=seconds(5)
    )
    question = ConsentSettings(question="may-we", digit="1", time_limit=seconds(5))
    line = msgspec.structs.replace(
        night.state.lines[ES], leads_to=to, consent=question if consent else None
    )
    settings = msgspec.structs.replace(
        PUBLISHED.settings, lines=(line,), boxes=(box,), menus=(menu,)
    )
    night.see(i.ConfigurationPublished(settings=settings))
    return night.arrive()


def in_a_message(night: Evening) -> LegId:
    return _on_a_line_to(night, ToMessage(sound="closed"))


def at_a_box(night: Evening) -> LegId:
    leg = _on_a_line_to(night, ToVoicemail(box=BoxKey("box")))
    night.hear_greeting(leg)
    return leg


def in_a_menu(night: Evening) -> LegId:
    return _on_a_line_to(night, ToMenu(menu=MenuKey("main")))


def asked_for_consent(night: Evening) -> LegId:
    return _on_a_line_to(night, ToMessage(sound="closed"), consent=True)


def talking(night: Evening) -> LegId:
    leg = offered(night)
    night.wait(seconds(3))
    night.answer(CARLA)
    return leg


def held(night: Evening) -> LegId:
    leg = talking(night)
    night.see(i.HoldRequested(agent=CARLA))
    return leg


def alone(night: Evening) -> LegId:
    leg = talking(night)
    night.lose(LegId("desk:carla"))
    return leg


CALLERS: dict[Callable[[Evening], LegId], View] = {
    greeted: {"state": "greeting", "line": "English line", "since": BEGIN},
    in_a_message: {"state": "message", "since": BEGIN},
    in_a_menu: {"state": "menu", "since": BEGIN},
    asked_for_consent: {"state": "consent", "since": BEGIN},
    at_a_box: {"state": "voicemail", "since": BEGIN},
    queued: {"state": "queued", "place": 2, "since": BEGIN},
    offered: {"state": "offered", "place": 1, "estimate_s": None},
    talking: {"state": "talking", "since": BEGIN + seconds(3), "other_lost": False},
    held: {"state": "held", "since": BEGIN + seconds(3)},
    alone: {"state": "talking", "other_lost": True},
}


@pytest.mark.parametrize("begin", CALLERS, ids=lambda begin: begin.__name__)
def test_a_caller_sees_what_the_protocol_promises(begin: Callable[[Evening], LegId]) -> None:
    night = Evening()
    leg = begin(night)
    view = night.caller(leg)
    protocol.of(view, protocol.caller_keys())
    assert json.loads(json.dumps(view)) == view
    assert view["state"] == night.state.calls_by_leg[leg].state.value
    assert {key: view[key] for key in CALLERS[begin]} == CALLERS[begin]
    if view["state"] not in ("queued", "offered"):
        assert (view["place"], view["estimate_s"]) == (None, None)


def test_every_state_of_a_call_is_looked_at() -> None:
    # Who is called back has no page; who is handed on or sent outside is shown as hearing a
    # message, on hold, or talking.
    without = {
        state.value for state in (CallState.DIALLING, CallState.OUTSIDE, CallState.FORWARDED)
    }
    seen = {state.value for state in CallState} - without
    assert {view["state"] for view in CALLERS.values()} == seen


def test_a_caller_who_is_sent_outside_is_told_is_on_hold_and_talks() -> None:
    night = Evening()
    rule = Interflow(
        when=FlowsWhen.NOBODY_AT_WORK,
        to=ToOutside(outside=OutsideKey("partner")),
        announcement="connecting-en",
    )
    queues = tuple(
        msgspec.structs.replace(queue, interflow=(rule,)) for queue in PUBLISHED.settings.queues
    )
    outside = (
        OutsideSettings(
            key=OutsideKey("partner"), kind=OutsideKind.SERVICE, ring_timeout=seconds(30)
        ),
    )
    settings = msgspec.structs.replace(PUBLISHED.settings, queues=queues, outside=outside)
    night.see(i.ConfigurationPublished(settings=settings))
    leg = night.arrive()
    call = night.state.calls_by_leg[leg]
    shown = [night.caller(leg)["state"]]
    assert call.playback is not None
    night.see(i.PlaybackFinished(leg=leg, playback=call.playback))
    shown.append(night.caller(leg)["state"])
    night.see(i.DialAnswered(leg=call.parties[0].leg))
    shown.append(night.caller(leg)["state"])
    assert shown == ["message", "held", "talking"]


def test_a_caller_whose_call_is_over_sees_why() -> None:
    view = ended_view(PUBLISHED, ES, "es", Reason.AGENT_HUNG_UP, Instant(7))
    protocol.of(view, protocol.caller_keys())
    assert view["state"] == "ended"
    assert view["reason"] == "agent_hung_up"
    assert view["line"] == "Línea en español"
    assert json.loads(json.dumps(view)) == view


def test_a_wait_is_estimated_once_calls_have_been_handled() -> None:
    night = Evening()
    night.sign_in(CARLA)
    for _ in range(30):
        night.arrive()
        night.answer(CARLA)
        night.wait(seconds(240))
        night.see(i.HangUpRequested(agent=CARLA))
        night.finish(CARLA)
    night.arrive()
    night.answer(CARLA)
    waiting = night.arrive()
    view = night.caller(waiting)
    assert view["place"] == 1
    assert 60 <= view["estimate_s"] <= 600


def test_a_place_counts_those_who_are_served_first() -> None:
    night = Evening()
    first, second = night.arrive(), night.arrive()
    night.wait(seconds(5))
    third = night.arrive()
    places = [
        Places(night.state).of(night.state.calls_by_leg[leg]) for leg in (first, second, third)
    ]
    assert places == [1, 2, 3]
    night.hang_up(first)
    assert night.caller(third)["place"] == 2


def test_calls_of_another_origin_stand_in_another_queue() -> None:
    night = Evening()
    night.arrive(origin=Origin.SIMULATED)
    night.arrive(origin=Origin.PRACTICE)
    assert night.caller(night.arrive())["place"] == 1


# --- the desktop ---------------------------------------------------------------------------------


def signed_out(night: Evening) -> None:
    pass


def paused(night: Evening) -> None:
    night.sign_in(CARLA)
    night.see(i.PauseRequested(agent=CARLA, pause_reason=PUBLISHED.settings.pause_reasons[0]))


def ready(night: Evening) -> None:
    night.sign_in(CARLA)


def offer_out(night: Evening) -> None:
    offered(night)


def in_talk(night: Evening) -> None:
    held(night)


def wrapping_up(night: Evening) -> None:
    talking(night)
    night.see(i.HangUpRequested(agent=CARLA))


DESKS: dict[Callable[[Evening], None], AgentState] = {
    signed_out: AgentState.SIGNED_OUT,
    paused: AgentState.PAUSED,
    ready: AgentState.READY,
    offer_out: AgentState.OFFERED,
    in_talk: AgentState.TALKING,
    wrapping_up: AgentState.WRAP_UP,
}


@pytest.mark.parametrize("begin", DESKS, ids=lambda begin: begin.__name__)
def test_an_agent_sees_what_the_protocol_promises(begin: Callable[[Evening], None]) -> None:
    night = Evening()
    begin(night)
    view = night.desk(CARLA)
    protocol.of(view, protocol.agent_keys())
    assert json.loads(json.dumps(view)) == view
    assert view["state"] == DESKS[begin].value
    assert (view["offer"] is not None) is (begin is offer_out)
    assert (view["call"] is not None) is (begin is in_talk)
    assert (view["wrap_up"] is not None) is (begin is wrapping_up)
    assert [choice["key"] for choice in view["dispositions"]] == list(
        PUBLISHED.settings.dispositions
    )


def test_every_state_of_an_agent_is_looked_at() -> None:
    assert set(DESKS.values()) == set(AgentState)


def test_an_offer_says_what_is_offered_and_for_how_long() -> None:
    night = Evening()
    night.arrive()
    night.wait(seconds(4))
    night.sign_in(CARLA)
    offer = night.desk(CARLA)["offer"]
    assert (offer["line"], offer["queue"]) == ("Spanish line", "Spanish calls")
    assert (offer["origin"], offer["language"]) == ("real", "es")
    assert offer["waiting_since"] == BEGIN
    assert offer["expires_at"] == BEGIN + seconds(4 + 20)
    assert offer["lease_s"] == 20


def test_names_are_told_in_the_language_of_the_page() -> None:
    night = Evening()
    offered(night)
    assert night.desk(CARLA, "es")["offer"]["line"] == "Línea en español"
    assert night.caller(LegId("test:1"), "es")["line"] == "Línea en español"
    assert night.caller(LegId("test:1"), "xx")["line"] == "Spanish line"


def test_a_call_tells_whether_its_caller_is_held_or_lost_and_what_was_said() -> None:
    night = Evening()
    leg = held(night)
    night.lose(leg)
    call = night.desk(CARLA, captions=["Hello?"])["call"]
    assert call["held_since"] == BEGIN + seconds(3)
    assert call["answered_at"] == BEGIN + seconds(3)
    assert call["other_lost"] is True
    assert call["captions"] == ["Hello?"]
    assert call["session"] == 1


def test_wrap_up_tells_when_its_limit_is_reached() -> None:
    night = Evening()
    wrapping_up(night)
    before = night.desk(CARLA)["wrap_up"]
    assert (before["warn_at"], before["limit_s"], before["over"]) == (
        night.now + seconds(60),
        60,
        False,
    )
    night.wait(seconds(61))
    after = night.desk(CARLA)["wrap_up"]
    assert after["over"] is True
    assert after["warn_at"] == before["warn_at"]


def test_an_agent_sees_her_own_queues_and_those_origins_that_she_serves() -> None:
    night = Evening()
    night.arrive()
    night.wait(seconds(2))
    night.arrive()
    night.arrive(origin=Origin.PRACTICE)
    night.see(i.SignInRequested(agent=BEN, leg=LegId("desk:ben"), origins=(Origin.REAL,)))
    queues = {queue["key"]: queue for queue in night.desk(BEN)["queues"]}
    assert set(queues) == {"english", "spanish"}
    assert queues["spanish"]["waiting"] == 2
    assert queues["spanish"]["longest_since"] == BEGIN
    assert queues["english"] == {
        "key": "english",
        "name": "English calls",
        "waiting": 0,
        "longest_since": None,
    }
    assert {queue["key"] for queue in night.desk(ANN)["queues"]} == {"english"}


def test_the_day_is_her_own() -> None:
    night = Evening()
    talking(night)
    night.wait(seconds(90))
    night.see(i.HangUpRequested(agent=CARLA))
    assert night.desk(CARLA)["day"] == {
        "calls": 1,
        "talk_s": 90,
        "wrap_up_s": 0,
        "paused_s": 0,
        "missed": 0,
    }
    assert set(night.desk(BEN)["day"].values()) == {0}


def test_a_view_holds_no_leg_and_no_reference_to_a_sealed_text() -> None:
    night = Evening()
    night.sign_in(CARLA)
    night.see(
        i.LegArrived(
            leg=LegId("web:secret-leg"), line=ES, origin=Origin.REAL, caller=SealedRef("sealed-ref")
        )
    )
    for view in (night.desk(CARLA), night.caller(LegId("web:secret-leg"))):
        assert "secret-leg" not in json.dumps(view)
        assert "sealed-ref" not in json.dumps(view)
    night.answer(CARLA)
    assert "secret-leg" not in json.dumps(night.desk(CARLA))


def test_who_lost_his_connection_keeps_the_others_behind_him() -> None:
    night = Evening()
    first, second = night.arrive(), night.arrive()
    night.see(i.LegLost(leg=first))
    assert night.caller(second)["place"] == 2
    assert Places(night.state).of(night.state.calls_by_leg[first]) == 1
