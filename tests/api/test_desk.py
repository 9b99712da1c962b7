from pathlib import Path
from typing import Any

import pytest

from openline.engine import AgentState
from openline.model import AgentKey, Origin, PeerError
from tests.api.house import open_house, talk
from tests.builders import BEN, CARLA
from tests.canary import scan, spellings
from tests.centre.virtual_loop import advance, in_virtual_time, settle

pytestmark = pytest.mark.timeout(30)


# --- an evening ----------------------------------------------------------------------------------


@in_virtual_time
async def test_a_call_from_offer_to_disposition(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.hears("welcome")
        await desk.sees("paused", reason="signed_in")
        assert (await desk.do("ready"))["t"] == "done"
        await desk.sees("ready")

        caller = await house.caller()
        view = await desk.sees("offered")
        assert view["offer"]["line"] == "Spanish line"
        await caller.sees("offered")
        assert (await desk.do("accept", offer=view["offer"]["id"]))["t"] == "done"
        await desk.hears("connect", session=1, offerer=False)
        await caller.hears("connect", session=1, offerer=True)
        await caller.done("sound", session=1, up=True)
        assert (await desk.sees("talking"))["call"]["session"] == 1
        await caller.sees("talking")

        assert (await desk.do("hold"))["t"] == "done"
        await desk.hears("hold", session=1)
        await caller.hears("hold", url="/quiet.mp3")
        await caller.sees("held")
        assert (await desk.do("resume"))["t"] == "done"
        await caller.hears("resume")
        await caller.sees("talking")

        await advance(0.7)
        assert (await desk.do("hang_up"))["t"] == "done"
        await caller.sees("ended", reason="agent_hung_up")
        await desk.hears("quiet")
        await desk.sees("wrap_up")
        answer = await desk.do("finish", disposition="helped", note="", ready=True)
        assert answer["t"] == "done"
        assert (await desk.sees("ready"))["day"]["calls"] == 1
        assert house.told_names()[-1] == "AgentReady"


@in_virtual_time
async def test_keys_that_a_caller_presses_are_seen_and_on_no_record(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        told = house.told_names()
        caller.say("key", digit="1")
        seen = await desk.hears_one(
            lambda heard: heard["t"] == "view" and bool((heard["agent"]["call"] or {}).get("keys"))
        )
        assert seen["agent"]["call"]["keys"] == ["1"]
        assert house.told_names() == told


@in_virtual_time
async def test_a_declined_call_goes_on_waiting_and_she_is_paused(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        caller = await house.caller()
        offer = (await desk.sees("offered"))["offer"]["id"]
        assert (await desk.do("decline", offer=offer))["t"] == "done"
        await desk.sees("paused", reason="offer_declined")
        await caller.sees("queued", place=1)


@in_virtual_time
async def test_a_call_that_is_not_answered_is_missed_and_she_is_told_why(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        await house.caller()
        await desk.sees("offered")
        for _ in range(7):
            desk.say("beat")
            await advance(3)
        view = await desk.sees("paused", reason="offer_missed")
        assert view["day"]["missed"] == 1


@in_virtual_time
async def test_a_pause_during_a_call_comes_after_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        assert (await desk.do("pause", pause_reason="meal"))["t"] == "done"
        await desk.sees("talking", pause_after="meal")
        await desk.do("hang_up")
        await desk.do("finish", disposition="helped", note="", ready=False, pause_reason=None)
        await desk.sees("paused", pause_reason="meal")


@in_virtual_time
async def test_who_signed_out_can_be_ready_again_from_the_same_page(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("sign_out")
        await desk.sees("signed_out")
        assert (await desk.do("ready"))["t"] == "done"
        await desk.sees("ready")


@in_virtual_time
async def test_practice_can_be_turned_on_and_off(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("practice", on=True)
        await desk.sees("paused", practice=True)
        await desk.do("practice", on=False)
        await desk.sees("paused", practice=False)
        assert house.centre.durable.agents[CARLA].origins == (Origin.REAL,)


@in_virtual_time
async def test_who_is_far_and_without_a_relay_serves_no_real_calls(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk(far="yes")
        assert (await desk.hears("welcome"))["ice"] == {"servers": []}
        await desk.do("practice", on=True)
        assert house.centre.durable.agents[CARLA].origins == (Origin.PRACTICE,)


@in_virtual_time
async def test_who_is_far_serves_real_calls_through_a_relay(tmp_path: Path) -> None:
    async with open_house(tmp_path, relay=True) as house:
        desk = await house.desk(far="yes")
        await desk.sees("paused")
        assert house.centre.durable.agents[CARLA].origins == (Origin.REAL,)


# --- handing a call on ---------------------------------------------------------------------------


@in_virtual_time
async def test_a_call_is_handed_on_to_a_queue(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        assert (await desk.do("transfer", queue="spanish"))["t"] == "done"
        await caller.hears("music")
        await caller.sees("queued", place=1)
        await desk.sees("wrap_up", reason="transferred")


@in_virtual_time
async def test_a_desk_is_told_to_whom_its_call_can_go(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        house.small.ready(BEN)
        await house.durable()
        desk.say("targets")
        told = await desk.hears("targets")
        assert told["call"] == 1
        assert told["can"] == ["hold", "transfer", "consult"]
        assert {"key": "spanish", "name": "Spanish calls", "waiting": 0} in told["queues"]
        assert [one["key"] for one in told["agents"]] == [BEN], "not herself, and who is ready"
        assert (await desk.do("transfer", agent=BEN))["t"] == "done"
        await desk.sees("wrap_up")
        assert house.centre.durable.agents[BEN].state is AgentState.OFFERED


@in_virtual_time
async def test_a_colleague_is_asked_and_given_the_call(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        ben = await house.desk("ben")
        await ben.do("ready")
        await desk.sees("talking", reason=None)
        assert (await desk.do("consult", agent="ben"))["t"] == "done"
        await caller.hears("music", reason="consulting")
        rung = await ben.sees("offered")
        assert rung["offer"]["asked_by"] == "Carla"
        await ben.do("accept", offer=rung["offer"]["id"])
        await ben.hears("connect", session=2, offerer=False)
        await desk.hears("connect", session=2, offerer=True)
        asked = (await ben.sees("talking"))["call"]
        assert (asked["asked_by"], asked["parties"]) == ("Carla", [])
        (party,) = (await desk.sees("talking"))["call"]["parties"]
        assert (party["kind"], party["name"], party["state"]) == ("consulted", "Ben", "ringing")
        assert (await desk.do("resume"))["t"] == "done"
        await caller.hears("connect", session=3)
        await ben.hears("music")
        assert (await desk.do("hold"))["t"] == "done"
        assert (await desk.do("complete"))["t"] == "done"
        await desk.sees("wrap_up", reason="transferred_after_consult")
        await ben.sees("talking")
        await caller.hears("connect", session=5)
        assert house.centre.durable.agents[BEN].call == 1


@in_virtual_time
async def test_a_question_is_taken_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        ben = await house.desk("ben")
        await ben.do("ready")
        await desk.do("consult", queue="english")
        await ben.sees("offered")
        assert (await desk.do("cancel_consult"))["t"] == "done"
        await ben.sees("ready")
        await caller.hears("resume", session=1)


@in_virtual_time
async def test_only_a_supervisor_listens_and_only_where_callers_are_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await talk(house)
        ben = await house.desk("ben")
        asked = {"agent": "carla", "mode": "listen"}
        assert (await ben.do("listen", **asked))["reason"] == "no_supervisor"
        ann = await house.desk("ann", supervises="yes")
        assert (await ann.do("listen", **asked))["reason"] == "not_heard_here"
        ann.say_numbered("do", what="listen", agent="carla", mode="shout")
        await ann.hears("error", code="unknown_message")


@in_virtual_time
async def test_pages_can_neither_join_three_nor_dial_out(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        assert (await desk.do("add_third", agent="ben"))["reason"] == "cannot_join_three"
        refused = await desk.do("transfer", outside="lawyer")
        assert refused["reason"] == "cannot_dial_out"


@in_virtual_time
async def test_who_has_no_call_is_told_that_nothing_can_be_handed_on(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        desk.say("targets")
        told = await desk.hears("targets")
        assert told == {
            "t": "targets",
            "call": None,
            "can": [],
            "queues": [],
            "agents": [],
            "outside": [],
        }


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"what": "accept", "offer": 1}, "offer_is_over"),
        ({"what": "decline", "offer": 77}, None),
        ({"what": "hold"}, "call_is_over"),
        ({"what": "resume"}, "call_is_over"),
        ({"what": "hang_up"}, "call_is_over"),
        ({"what": "transfer", "queue": "spanish"}, "call_is_over"),
        ({"what": "consult", "agent": "ben"}, "call_is_over"),
        ({"what": "complete"}, "call_is_over"),
        ({"what": "cancel_consult"}, "call_is_over"),
        ({"what": "pause", "pause_reason": "gone fishing"}, "unknown_pause_reason"),
        ({"what": "finish", "disposition": "helped"}, None),
        ({"what": "sign_out"}, None),
        ({"what": "ready"}, None),
    ],
    ids=lambda each: each["what"] if isinstance(each, dict) else "",
)
def test_a_refusal_says_why_and_what_is_fulfilled_already_is_done(
    request_: dict[str, Any], reason: str | None, tmp_path: Path
) -> None:
    @in_virtual_time
    async def ask() -> None:
        async with open_house(tmp_path) as house:
            desk = await house.desk()  # she is paused
            answer = await desk.do(**request_)
            assert answer["t"] == ("done" if reason is None else "refused")
            assert answer.get("reason") == reason

    ask()


@in_virtual_time
async def test_what_is_said_twice_is_done_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        for _ in range(2):
            assert (await desk.do("ready"))["t"] == "done"
        await house.caller()
        offer = (await desk.sees("offered"))["offer"]["id"]
        for _ in range(2):
            assert (await desk.do("accept", offer=offer))["t"] == "done"
        for _ in range(2):
            assert (await desk.do("hold"))["t"] == "done"
        for _ in range(2):
            assert (await desk.do("hang_up"))["t"] == "done"
        for _ in range(2):
            finish = await desk.do("finish", disposition="helped", note="", ready=True)
            assert finish["t"] == "done"
        told = house.told_names()
        for once in ("OfferAccepted", "CallHeld", "CallEnded", "WrapUpFinished"):
            assert told.count(once) == 1
        assert "RequestRefused" not in told


@in_virtual_time
async def test_an_answer_waits_until_it_is_durable(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.sees("paused")
        house.small.store.hold()
        number = desk.say_numbered("do", what="ready")
        await house.small.store.knocked()
        await settle()
        assert "done" not in desk.kinds()
        assert house.small.state.agents[CARLA].state is AgentState.READY
        house.small.store.let_go()
        await desk.hears("done", n=number)
        await desk.sees("ready")


@pytest.mark.parametrize(
    "incomplete",
    [
        {"what": "accept"},
        {"what": "accept", "offer": "1"},
        {"what": "accept", "offer": -1},
        {"what": "accept", "offer": 1e300},
        {"what": "decline", "offer": None},
        {"what": "pause"},
        {"what": "pause", "pause_reason": 7},
        {"what": "pause", "pause_reason": "x" * 201},
        {"what": "dismiss"},
        {"what": "add_third"},
        {"what": "transfer"},
        {"what": "transfer", "queue": "spanish", "agent": "ben"},
        {"what": "transfer", "queue": 7},
        {"what": "finish"},
        {"what": "finish", "disposition": ["helped"]},
        {"what": "finish", "disposition": "helped", "note": "x" * 10_001},
        {"what": "dance"},
        {"what": None},
        {"what": ["ready"]},
        {},
    ],
    ids=str,
)
def test_an_incomplete_request_is_answered_and_changes_nothing(
    incomplete: dict[str, Any], tmp_path: Path
) -> None:
    @in_virtual_time
    async def ask() -> None:
        async with open_house(tmp_path) as house:
            _, desk = await talk(house)
            await desk.do("hang_up")
            await desk.sees("wrap_up")
            step = house.centre.durable.step
            number = desk.say_numbered("do", **incomplete)
            assert (await desk.hears("error", code="unknown_message"))["retry"] is True
            await desk.hears("done", n=number)  # so that the page does not say it again
            assert house.centre.durable.step == step

    ask()


@pytest.mark.parametrize("garbage", ["", "{", "[]", '{"t":1}', "[" * 60_000, '{"t":"caption"}'])
def test_garbage_is_answered_and_changes_nothing(garbage: str, tmp_path: Path) -> None:
    @in_virtual_time
    async def say_it() -> None:
        async with open_house(tmp_path) as house:
            desk = await house.desk()
            await desk.sees("paused")
            desk.say_text(garbage)
            assert (await desk.hears("error"))["retry"] is True
            await desk.do("ready")

    say_it()


@in_virtual_time
async def test_she_may_take_longer_and_then_a_break(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        await desk.do("hang_up")
        view = await desk.sees("wrap_up", reason="agent_hung_up")
        await advance(5)
        assert (await desk.do("extend"))["t"] == "done"
        longer = await desk.sees("wrap_up")
        assert longer["wrap_up"]["warn_at"] > view["wrap_up"]["warn_at"]
        done = {"disposition": "helped", "note": "", "ready": True, "recovery": True}
        assert (await desk.do("finish", **done))["t"] == "done"
        rests = await desk.sees("paused", reason="recovery")
        assert rests["recovery_break_s"] == 600
        assert rests["rests_until"] is not None


# --- notes ---------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_note_is_sealed_and_only_its_reference_is_on_record(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        await desk.do("hang_up")
        note = "She asked for the zebra house."
        await desk.do("finish", disposition="helped", note=note, ready=True)
        assert house.sealed == [note]
        await house.durable()
    assert not scan(tmp_path, spellings("zebra house"))


@in_virtual_time
async def test_a_note_that_cannot_be_kept_is_refused_and_nothing_is_done(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        await desk.do("hang_up")
        house.note_failure = PeerError("The disk is full.")
        answer = await desk.do("finish", disposition="helped", note="words", ready=True)
        assert (answer["t"], answer["reason"]) == ("refused", "note_not_kept")
        assert house.small.state.agents[CARLA].state is AgentState.WRAP_UP
        house.note_failure = None
        answer = await desk.do("finish", disposition="helped", note="words", ready=True)
        assert answer["t"] == "done"


@in_virtual_time
async def test_a_note_that_is_said_again_is_sealed_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        await desk.do("hang_up")
        asked = {"what": "finish", "disposition": "helped", "note": "words", "ready": True}
        for _ in range(2):
            desk.say_numbered("do", **asked)
        again = await house.desk()  # the first page is told that it was replaced, and nothing else
        await again.hears("done", n=again.say_numbered("do", **asked))
        assert house.sealed == ["words"]
        assert house.told_names().count("WrapUpFinished") == 1


@in_virtual_time
async def test_a_note_of_a_request_that_is_refused_is_kept_nowhere(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        await desk.do("hang_up")
        answer = await desk.do("finish", disposition="golf", note="words", ready=True)
        assert (answer["t"], answer["reason"]) == ("refused", "unknown_disposition")
        assert house.sealed == []


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", None, 7])
def test_a_blank_note_is_none(blank: Any, tmp_path: Path) -> None:
    @in_virtual_time
    async def finish() -> None:
        async with open_house(tmp_path) as house:
            _, desk = await talk(house)
            await desk.do("hang_up")
            await desk.do("finish", disposition="helped", note=blank, ready=True)
            assert house.sealed == []

    finish()


# --- coming and going ----------------------------------------------------------------------------


@in_virtual_time
async def test_who_has_not_signed_in_is_sent_to_do_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.page("/ws/desk")
        assert not (await desk.hears("error", code="sign_in"))["retry"]
        assert await desk.closed() == 4003


@in_virtual_time
async def test_an_agent_who_is_not_in_the_configuration_is_told_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk("zoe")
        assert not (await desk.hears("error", code="unknown_agent"))["retry"]
        assert await desk.closed() == 4003


@in_virtual_time
async def test_a_desktop_says_hello_first(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.page("/ws/desk", agent="carla")
        desk.say("do", n=1, what="ready")
        await desk.hears("error", code="hello_first")
        assert await desk.closed() == 4003


@in_virtual_time
async def test_a_second_tab_takes_the_desktop_over(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first = await house.desk()
        await first.do("ready")
        second = await house.desk()
        await first.hears("elsewhere")
        assert await first.closed() == 4001
        await second.sees("ready")
        await house.durable()
        assert "AgentLost" not in house.told_names()
        await house.caller()
        await second.sees("offered")
        assert "offered" not in [m["agent"]["state"] for m in first.heard if m["t"] == "view"]


@in_virtual_time
async def test_a_desktop_that_is_lost_in_a_talk_and_back_goes_on(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        await desk.leave()
        assert (await caller.hears("music", reason="agent_lost"))["url"] == "/quiet.mp3"
        await caller.sees("talking", other_lost=True)
        back = await house.desk(session=1)
        await back.hears("resume", session=1)
        await caller.hears("resume", session=1)
        await caller.sees("talking", other_lost=False)
        reloaded = await house.desk()
        await reloaded.hears("connect", session=2)
        await caller.hears("connect", session=2)


@in_virtual_time
async def test_an_agent_who_does_not_come_back_leaves_the_caller_his_place(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        await desk.leave()
        for _ in range(5):
            caller.say("beat")
            await advance(3)
        await caller.sees("queued", place=1)
        await desk_is_paused_after_return(house)


async def desk_is_paused_after_return(house: Any) -> None:
    """Lets the agent come back, and asserts that she sees why she is paused."""
    back = await house.desk()
    await back.sees("paused", reason="connection_lost")


@in_virtual_time
async def test_a_silent_desktop_counts_as_lost(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.do("ready")
        await advance(7.9)
        await house.durable()
        assert "AgentLost" not in house.told_names()
        await advance(0.2)
        await house.durable()
        assert house.told_names()[-1] == "AgentLost"
        assert desk.closed_with == 1001


@in_virtual_time
async def test_each_agent_sees_her_own_desktop(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        carla, ben = await house.desk("carla"), await house.desk("ben")
        assert (await carla.sees("paused"))["key"] == "carla"
        assert (await ben.sees("paused"))["key"] == "ben"
        answer = await ben.do("ready", agent="carla")
        assert answer["t"] == "done"
        assert house.small.state.agents[CARLA].state is AgentState.PAUSED
        assert house.small.state.agents[AgentKey("ben")].state is AgentState.READY
