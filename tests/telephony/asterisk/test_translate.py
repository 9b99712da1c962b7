import pytest

from openline.engine import commands as c
from openline.engine.mix import Hears
from openline.model import AgentKey, CallId, CommandId, LegId, OfferId, Reason
from openline.telephony.asterisk import seen as s
from openline.telephony.asterisk import translate as t

CALLER, AMIRA, BEN = LegId("sip:x-1.2"), LegId("sip:phone-amira"), LegId("sip:phone-ben")
TALK = t.Talking("talk-7")


def paths(before: t.Place, after: t.Place) -> list[str]:
    return [f"{one.method} {one.path}" for one in t.moves("x", before, after, "sound:/s/a")]


@pytest.mark.parametrize(
    ("event", "seen"),
    [
        (
            {
                "type": "StasisStart",
                "args": ["arrived"],
                "channel": {
                    "id": "x-1.2",
                    "caller": {"number": ""},
                    "channelvars": {"OPENLINE_LINE": "main", "OPENLINE_ENTRY": "city"},
                },
            },
            s.Arrived("x-1.2", "main", "city"),
        ),
        (
            {"type": "StasisStart", "args": ["rung"], "channel": {"id": "ring-3-amira"}},
            s.PickedUp("ring-3-amira"),
        ),
        ({"type": "StasisStart", "args": [], "channel": {"id": "x"}}, None),
        (
            {"type": "ChannelDestroyed", "cause": 16, "channel": {"id": "x-1.2"}},
            s.Gone("x-1.2", 16),
        ),
        ({"type": "ChannelDestroyed", "channel": {"id": "x-1.2"}}, s.Gone("x-1.2", 0)),
        (
            {"type": "ChannelDtmfReceived", "digit": "2", "channel": {"id": "x"}},
            s.Pressed("x", "2"),
        ),
        ({"type": "ChannelDtmfReceived", "digit": "A", "channel": {"id": "x"}}, None),
        (
            {
                "type": "PlaybackFinished",
                "playback": {"id": "play-17-1", "target_uri": "channel:x", "state": "done"},
            },
            s.Heard(CommandId(17), "x", is_broken=False),
        ),
        (
            {
                "type": "PlaybackFinished",
                "playback": {"id": "play-17-2", "target_uri": "channel:x", "state": "failed"},
            },
            s.Heard(CommandId(17), "x", is_broken=True),
        ),
        (
            {"type": "PlaybackFinished", "playback": {"id": "other", "target_uri": "channel:x"}},
            None,
        ),
        (
            {
                "type": "ContactStatusChange",
                "endpoint": {"resource": "phone-amira", "state": "offline"},
            },
            s.PhoneIs("phone-amira", is_there=False),
        ),
        ({"type": "Something new"}, None),
    ],
)
def test_an_event_says_what_was_seen(event: dict[str, object], seen: s.Seen | None) -> None:
    assert s.seen(event) == seen


def test_what_is_heard_is_left_before_the_next_begins() -> None:
    playing, music = t.Playing(CommandId(5), "a"), t.Music("quiet")
    noted = "POST channels/x/variable"
    assert paths(t.NOTHING, playing) == [noted, "POST channels/x/play/play-5-1"]
    assert paths(playing, music) == [
        "DELETE playbacks/play-5-1",
        noted,
        "POST channels/x/moh",
    ]
    assert paths(music, TALK) == [
        "DELETE channels/x/moh",
        noted,
        "POST bridges/talk-7/addChannel",
    ]
    assert paths(TALK, t.NOTHING) == ["POST bridges/talk-7/removeChannel", noted]


def test_an_order_that_is_repeated_changes_nothing() -> None:
    assert paths(TALK, TALK) == []


@pytest.mark.parametrize(
    "place", [t.NOTHING, t.Music("piano"), TALK, t.Playing(CommandId(9), "welcome-en", 3)]
)
def test_a_place_is_read_as_it_was_written(place: t.Place) -> None:
    assert t.place_read(t.place_written(place)) == place


def test_names_tell_whose_channel_it_is() -> None:
    ring = t.ring_channel(OfferId(12), AgentKey("ben-the-2nd"))
    assert (t.offer_of_channel(ring), t.agent_of_channel(ring)) == (12, "ben-the-2nd")
    again = t.again_channel(CallId(3), 2, AgentKey("amira"))
    assert (t.offer_of_channel(again), t.agent_of_channel(again)) == (None, "amira")
    assert t.agent_of_channel("openline-1700000000.4") is None
    assert t.agent_at(AMIRA) == "amira"
    assert t.agent_at(CALLER) is None


def connect(agent_leg: LegId, leg: LegId = CALLER) -> c.ConnectLegs:
    return c.ConnectLegs(id=CommandId(1), leg=leg, agent_leg=agent_leg, call=CallId(7), session=1)


def test_two_who_are_connected_are_in_one_bridge() -> None:
    assert t.wanted_places(connect(AMIRA)) == {CALLER: TALK, AMIRA: TALK}


def test_who_is_connected_with_somebody_elsewhere_hears_nothing_by_us() -> None:
    assert t.wanted_places(connect(AMIRA, LegId("practice:a-1"))) == {AMIRA: t.NOTHING}


def test_in_a_mix_a_consultation_has_a_bridge_of_its_own() -> None:
    mixed = c.MixCall(
        id=CommandId(1),
        leg=CALLER,
        call=CallId(7),
        session=2,
        hears=(
            Hears(leg=CALLER, music=True),
            Hears(leg=AMIRA, others=(BEN,)),
            Hears(leg=BEN, others=(AMIRA,)),
        ),
        music="quiet",
        reason=Reason.ASKED,
    )
    aside = t.Talking("talk-7-aside")
    assert t.wanted_places(mixed) == {CALLER: t.Music("quiet"), AMIRA: aside, BEN: aside}


def test_answers_to_orders_are_asked_for_too() -> None:
    # Asterisk holds them for events: without this none would ever come.
    body = s.wanted_events("openline").body
    assert body is not None
    assert b'"RESTResponse"' in body
    assert b'"ApplicationReplaced"' in body
