"""A typed call from page to page: what reaches whom, when, and what never does."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from openline.engine import inputs as i
from openline.model import AgentKey, PeerError
from tests.api.house import House, Page, leg_of, open_house
from tests.canary import scan, spellings
from tests.centre.virtual_loop import advance, in_virtual_time, settle

pytestmark = pytest.mark.timeout(30)

WORDS = "He is in the next room, I cannot speak"


async def typed_talk(house: House, line: str = "es") -> tuple[Page, Page]:
    """Returns a caller's page and a desktop that write to each other."""
    desk = await house.desk()
    await desk.do("ready")
    caller = await house.caller(line, medium="typed")
    view = await desk.sees("offered")
    assert view["offer"]["medium"] == "typed"
    await desk.do("accept", offer=view["offer"]["id"])
    await caller.hears("text", session=1)
    await desk.hears("text", session=1)
    await caller.hears("lines", may_write=True)
    await desk.hears("lines", may_write=True)
    return caller, desk


async def write(page: Page, text: str, key: str = "") -> dict[str, Any]:
    """Writes a line; returns the answer."""
    number = page.say_numbered("write", key=key or text[:60], text=text)
    return await page.hears_one(lambda heard: heard.get("n") == number)


async def reads(page: Page, *texts: str) -> dict[str, Any]:
    """Waits until the page is sent lines that end with these texts; returns the message."""
    return await page.hears_one(
        lambda heard: (
            heard["t"] == "lines" and [line["text"] for line in heard["lines"]] == list(texts)
        )
    )


# --- from page to page ---------------------------------------------------------------------------


@in_virtual_time
async def test_who_types_is_told_in_writing_what_others_hear(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller("en", medium="typed")
        read = await caller.hears("read", sound="welcome-en")
        await caller.sees("greeting", medium="typed")
        await caller.done("played", playback=read["playback"])
        await caller.sees("queued", place=1)
        await settle()
        assert not {"play", "music", "connect"} & set(caller.kinds())


@in_virtual_time
async def test_who_types_and_who_speaks_wait_in_one_line(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first, second = await house.caller(), await house.caller(medium="typed")
        third = await house.caller()
        await first.sees("queued", place=1)
        await second.sees("queued", place=2)
        await third.sees("queued", place=3)


@in_virtual_time
async def test_both_write_and_read_in_order(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        for turn in range(3):
            assert (await write(caller, f"caller {turn}"))["t"] == "done"
            told = await reads(desk, f"caller {turn}")
            assert told["after"] == 2 * turn
            (line,) = told["lines"]
            assert (line["by"], line["own"], line["name"], line["key"]) == (
                "caller",
                False,
                None,
                None,
            )
            assert (await write(desk, f"agent {turn}"))["t"] == "done"
            (line,) = (await reads(caller, f"agent {turn}"))["lines"]
            # The caller is told nobody's name.
            assert (line["by"], line["own"], line["name"]) == ("agent", False, None)


@in_virtual_time
async def test_a_line_is_delivered_when_the_other_page_has_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        await write(caller, "hello")
        assert (await reads(caller, "hello"))["delivered"] == 0
        await reads(desk, "hello")
        desk.say("shown", n=1)
        await caller.hears("lines", delivered=1, lines=[])
        # A page cannot say that it has what it was never sent.
        desk.say("shown", n=7)
        desk.say("shown", n=-1)
        desk.say("shown", n="1")
        await write(caller, "are you there")
        assert (await reads(caller, "are you there"))["delivered"] == 1


@in_virtual_time
async def test_a_line_said_twice_is_one_line(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        for _ in range(2):
            caller.say("write", n=50, key="k1", text="once")
        await caller.hears("done", n=50)
        await write(caller, "once more", key="k1")
        await reads(desk, "once")
        await write(caller, "twice", key="k2")
        assert (await reads(desk, "twice"))["after"] == 1


@in_virtual_time
async def test_a_line_is_shown_to_nobody_before_it_is_on_the_disk(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        house.small.store.hold()
        house.small.arrive(1)
        await house.small.store.knocked()
        caller.say("write", n=9, key="k", text="wait")
        await settle()
        assert not any(line for m in desk.heard if m["t"] == "lines" for line in m["lines"])
        house.small.store.let_go()
        await caller.hears("done", n=9)
        await reads(desk, "wait")


@in_virtual_time
async def test_two_people_write_on_while_the_disk_refuses(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        house.small.store.failure = PeerError("The disk is full.")
        house.small.arrive(1)
        await house.small.store_refused()
        caller.say("write", n=9, key="k", text="still here")
        # The first refusal that is waited for may be of what was written before.
        while {"t": "done", "n": 9} not in caller.heard:
            await house.small.store_refused()
            await settle()
        assert "still here" in str(desk.heard)


# --- as it is typed, or by lines -----------------------------------------------------------------


@in_virtual_time
async def test_by_lines_only_that_somebody_types_is_passed_on(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        caller.say("typing", text="I did not mean to s")
        await desk.hears("lines", drafts=[{"by": "caller", "text": "…"}], as_typed=False)
        caller.say("typing", text="")
        await desk.hears("lines", drafts=[])
        assert "mean to" not in str(desk.heard)


@in_virtual_time
async def test_as_typed_each_letter_is_passed_on_and_kept_nowhere(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        now = house.context.configured.now
        house.context.configured.now = msgspec.structs.replace(now, as_typed=frozenset({"es"}))
        caller, desk = await typed_talk(house)
        desk.say("typing", text="I am he")
        await caller.hears("lines", drafts=[{"by": "agent", "text": "I am he"}], as_typed=True)
        desk.say("typing", text="x" * 2_001)
        await write(desk, "I am here")
        await caller.hears("lines", drafts=[])
        await house.durable()
        assert scan(tmp_path, spellings("I am he")) == []


# --- what is refused -----------------------------------------------------------------------------


@in_virtual_time
async def test_what_cannot_be_taken_is_refused_in_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller(medium="typed")
        await caller.sees("queued")
        assert (await write(caller, "too early"))["reason"] == "not_writing"
        desk = await house.desk()
        await desk.do("ready")
        view = await desk.sees("offered")
        assert (await write(desk, "not mine yet"))["reason"] == "not_writing"
        await desk.do("accept", offer=view["offer"]["id"])
        assert (await write(caller, "x" * 2_001, key="long"))["reason"] == "line_too_long"
        assert (await write(caller, "  \n "))["reason"] == "not_writing"
        for key, text in ((7, "a"), ("", "a"), ("k" * 65, "a"), ("k", None)):
            number = caller.say_numbered("write", key=key, text=text)
            refused = await caller.hears("refused", n=number)
            assert refused["reason"] == "not_writing"
        assert (await write(caller, "y" * 2_000))["t"] == "done"


@in_virtual_time
async def test_in_a_call_that_was_never_typed_nothing_can_be_written(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        await caller.sees("queued")
        assert (await write(caller, "hello"))["reason"] == "not_writing"
        caller.say("typing", text="hello")
        caller.say("shown", n=1)
        await settle()
        assert "lines" not in caller.kinds()


@in_virtual_time
async def test_scripts_and_half_characters_are_passed_on_as_letters(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        odd = "<img src=x onerror=alert(1)> \u202e \x00 {{7*7}}"
        await write(caller, odd, key="odd")
        await reads(desk, odd)


# --- pages go and come back ----------------------------------------------------------------------


@in_virtual_time
async def test_a_page_that_opens_again_has_the_whole_conversation(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        token = caller.heard[0]["token"]
        await write(caller, "one")
        await write(desk, "two")
        await caller.leave()
        await write(desk, "three")
        again = await house.caller_back(token)
        told = await reads(again, "one", "two", "three")
        assert (told["after"], [line["own"] for line in told["lines"]]) == (
            0,
            [True, False, False],
        )
        await desk.leave()
        back = await house.desk()
        assert (await reads(back, "one", "two", "three"))["may_write"]
        await write(back, "four")
        await reads(again, "four")


@in_virtual_time
async def test_after_our_death_the_conversation_goes_on_with_all_that_was_shown(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        token = caller.heard[0]["token"]
        await write(caller, "one", key="k1")
        await write(desk, "two")
        await reads(caller, "two")
        await house.durable()
    async with open_house(tmp_path) as house:
        caller, desk = await house.caller_back(token), await house.desk()
        await reads(caller, "one", "two")
        # What was not answered is said again, and known.
        assert (await write(caller, "one", key="k1"))["t"] == "done"
        await write(caller, "three")
        await reads(desk, "three")


@in_virtual_time
async def test_who_is_on_hold_writes_and_his_agent_does_not(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        await desk.do("hold")
        await caller.sees("held")
        assert (await write(desk, "just a moment"))["reason"] == "not_writing"
        await write(caller, "take your time")
        await reads(desk, "take your time")
        await desk.do("resume")
        assert (await write(desk, "back"))["t"] == "done"


# --- who may read --------------------------------------------------------------------------------


@in_virtual_time
async def test_whoever_gets_the_call_reads_what_was_written_so_far(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        await write(caller, "first")
        ben = await house.desk("ben")
        await ben.do("ready")
        await desk.do("transfer", agent="ben")
        offer = (await ben.sees("offered"))["offer"]
        await desk.sees("wrap_up")
        await advance(1)
        await write(caller, "unheard")  # nobody reads while he waits
        assert not any(m["t"] == "lines" for m in ben.heard)
        await ben.do("accept", offer=offer["id"])
        told = await reads(ben, "first")
        assert told["may_write"]
        await write(caller, "second")
        await reads(ben, "second")
        # Who gave it away reads what there was, and no more.
        assert (await write(desk, "me too"))["reason"] == "not_writing"
        assert "second" not in str(desk.heard)
        again = await house.desk()
        assert not (await reads(again, "first"))["may_write"]
        assert "second" not in str(again.heard)


@in_virtual_time
async def test_the_conversation_is_there_for_the_work_after_the_call_and_then_gone(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        await write(caller, "goodbye")
        await caller.done("bye")
        await desk.sees("wrap_up")
        again = await house.desk()
        await reads(again, "goodbye")
        assert (await write(again, "late"))["reason"] == "not_writing"
        disposition = house.published.settings.dispositions[0]
        await again.do("finish", disposition=disposition, note="", ready=False)
        await again.sees("paused")
        last = await house.desk()
        await last.sees("paused")
        await settle()
        assert "lines" not in last.kinds()
        assert house.conversations._by_call == {}


@in_virtual_time
async def test_our_death_takes_no_conversation_from_who_wraps_it_up(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        # A call of nobody's comes before and one after: the record tells which was hers.
        await house.caller("en", medium="typed")
        caller, desk = await typed_talk(house)
        await house.caller("en", medium="typed")
        await write(caller, "the address is 5 Elm Row")
        await write(desk, "goodbye")
        await caller.done("bye")
        await desk.sees("wrap_up")
        await house.durable()
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        told = await reads(desk, "the address is 5 Elm Row", "goodbye")
        assert not told["may_write"]
        assert (await write(desk, "late"))["reason"] == "not_writing"
        disposition = house.published.settings.dispositions[0]
        await desk.do("finish", disposition=disposition, note="", ready=False)
        await desk.sees("paused")
        await house.durable()
    async with open_house(tmp_path) as house:
        desk = await house.desk()
        await desk.sees("paused")
        await settle()
        assert "lines" not in desk.kinds()
        assert house.conversations.part_of_agent(AgentKey("carla")) is None
        assert set(house.conversations._by_call) == set(house.centre.durable.calls)


@in_virtual_time
async def test_who_gave_a_call_away_reads_no_more_after_our_death_than_before(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        await write(caller, "first")
        ben = await house.desk("ben")
        await ben.do("ready")
        await desk.do("transfer", agent="ben")
        offer = (await ben.sees("offered"))["offer"]
        await desk.sees("wrap_up")
        await advance(1)
        await ben.do("accept", offer=offer["id"])
        await reads(ben, "first")
        await write(caller, "second")
        await reads(ben, "second")
        await caller.done("bye")
        await ben.sees("wrap_up")
        await house.durable()
    async with open_house(tmp_path) as house:
        desk, ben = await house.desk(), await house.desk("ben")
        await reads(desk, "first")
        await reads(ben, "first", "second")
        assert "second" not in str(desk.heard)


@in_virtual_time
async def test_a_caller_reads_no_other_call(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, _ = await typed_talk(house)
        other = await house.caller(medium="typed")
        ben = await house.desk("ben")
        await ben.do("ready")
        offer = (await ben.sees("offered"))["offer"]
        await ben.do("accept", offer=offer["id"])
        await write(caller, WORDS)
        await write(ben, "Who are you?")
        await reads(other, "Who are you?")
        assert WORDS not in str(other.heard) + str(ben.heard)


# --- voice and back ------------------------------------------------------------------------------


@in_virtual_time
async def test_a_talk_goes_on_by_voice_and_back_with_what_was_written(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await typed_talk(house)
        await write(caller, "he has left")
        await caller.done("medium", medium="voice")
        await caller.hears("connect", session=2, offerer=True)
        await desk.hears("connect", session=2, offerer=False)
        await caller.sees("talking", medium="voice")
        await desk.hears_one(
            lambda heard: (
                heard["t"] == "view" and (heard["agent"]["call"] or {}).get("medium") == "voice"
            )
        )
        caller.say("signal", session=2, data={"description": {"type": "offer", "sdp": "v=0\r\n"}})
        await desk.hears("signal")
        assert (await write(caller, "can you hear me"))["t"] == "done"
        await caller.done("medium", medium="typed")
        await caller.hears("text", session=3)
        await desk.hears("text", session=3)
        before = len(desk.heard)
        caller.say("signal", session=2, data={"description": {"type": "offer", "sdp": "v=0\r\n"}})
        await settle()
        assert "signal" not in [m["t"] for m in desk.heard[before:]]


@in_virtual_time
async def test_what_is_no_medium_is_not_understood(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller(medium="smoke")
        await caller.sees("queued", medium="voice")
        caller.say("medium", n=3, medium="smoke")
        await caller.hears("error", code="unknown_message")


# --- what nobody else is told --------------------------------------------------------------------


@in_virtual_time
async def test_no_word_is_in_an_event_on_disk_or_in_another_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_house(tmp_path) as house:
        room = house.room.stream(((), "en"))
        wallboard = house.feed.stream(((), "en"))
        frames = [await anext(stream) for stream in (room, wallboard)]
        other = await house.desk("ann")
        caller, desk = await typed_talk(house)
        caller.say("typing", text=WORDS)
        await write(caller, WORDS)
        await reads(desk, WORDS)
        house.small.centre.save_snapshot()
        await house.durable()
        await advance(1)
        frames += [await anext(stream) for stream in (room, wallboard)]
        told = json.dumps([repr(each) for each in house.small.told]) + str(other.heard)
        told += repr(house.centre.durable.calls) + str(frames)
        out = capsys.readouterr()
        assert WORDS not in told + out.out + out.err
        assert scan(tmp_path, spellings(WORDS)) == []
        await room.aclose()
        await wallboard.aclose()


@in_virtual_time
async def test_a_supervisor_reads_only_where_callers_are_told_of_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, _ = await typed_talk(house)
        sue = await house.desk("ben", supervises="1", login="ben")
        await write(caller, WORDS)
        refused = await sue.do("listen", agent="carla", mode="listen")
        assert refused["reason"] == "not_heard_here"
        assert WORDS not in str(sue.heard)
        assert house.conversations.part_of_agent(AgentKey("ben")) is None


@in_virtual_time
async def test_a_supervisor_reads_from_the_moment_that_is_on_record_and_the_agent_sees_it(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        lines = tuple(
            msgspec.structs.replace(line, listening=True) for line in house.published.settings.lines
        )
        settings = msgspec.structs.replace(house.published.settings, lines=lines)
        await house.centre.ask(i.ConfigurationPublished(settings=settings))
        caller, desk = await typed_talk(house)
        await write(caller, "secret")
        sue = await house.desk("ben", supervises="1", login="ben")
        house.small.store.hold()
        number = sue.say_numbered("do", what="listen", agent="carla", mode="listen")
        await house.small.store.knocked()
        await settle()
        assert "secret" not in str(sue.heard)
        house.small.store.let_go()
        await sue.hears("done", n=number)
        told = await reads(sue, "secret")
        assert not told["may_write"]
        await desk.hears_one(
            lambda heard: (
                heard["t"] == "view"
                and [one["kind"] for one in (heard["agent"]["call"] or {}).get("parties", ())]
                == ["listener"]
            )
        )
        # A whisper reaches the agent, and nothing tells the caller that there was one.
        await sue.do("listen", agent="carla", mode="whisper")
        await write(sue, "ask who is with him")
        (line,) = (await reads(desk, "ask who is with him"))["lines"]
        assert (line["by"], line["aside"], line["name"]) == ("supervisor", True, "Ben")
        await write(desk, "Who is with you?")
        assert (await reads(caller, "Who is with you?"))["after"] == 1
        await sue.do("listen", agent="carla", mode="barge")
        await write(sue, "I am the supervisor")
        (line,) = (await reads(caller, "I am the supervisor"))["lines"]
        assert (line["by"], line["name"]) == ("supervisor", None)
        assert "ask who" not in str(caller.heard)
        await sue.do("hang_up")
        await write(caller, "only you")
        await house.durable()
        assert "only you" not in str(sue.heard)
        assert leg_of(house)
