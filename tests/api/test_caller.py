import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from openline.engine import MenuChoice, MenuSettings, ToMenu, ToQueue
from openline.engine import inputs as i
from openline.model import Duration, MenuKey, Origin, PeerError, QueueKey
from tests.api.house import leg_of, open_house, talk
from tests.centre.virtual_loop import advance, in_virtual_time, settle

pytestmark = pytest.mark.timeout(30)


# --- a call begins -------------------------------------------------------------------------------


@in_virtual_time
async def test_nobody_new_is_let_in_while_nothing_would_keep_his_call(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        early = await house.caller()
        await early.sees("queued")
        house.small.store.failure = PeerError("The disk is full.")
        house.small.arrive(1)
        await house.small.store_refused()
        await settle()
        late = await house.caller()
        await settle()
        assert [message.get("code") for message in late.heard] == ["not_now"]
        assert early.closed_with is None
        house.small.store.failure = None
        house.small.arrive(2)
        await house.durable()
        assert (await house.caller()).closed_with is None


@in_virtual_time
async def test_a_caller_is_greeted_then_queued(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller("en")
        welcome = await caller.hears("welcome")
        assert welcome["ice"] == {"servers": []}
        play = await caller.hears("play", url="/welcome-en.mp3")
        await caller.sees("greeting", line="English line")
        await caller.done("played", playback=play["playback"])
        assert (await caller.hears("music"))["reason"] == "greeting_heard"
        await caller.sees("queued", place=1)
        (call,) = house.centre.durable.calls.values()
        assert call.origin is Origin.REAL


@in_virtual_time
async def test_the_token_comes_before_all_else_and_only_when_the_call_is_durable(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        house.small.store.hold()
        caller = await house.caller("en")
        await house.small.store.knocked()
        await settle()
        assert caller.heard == []
        house.small.store.let_go()
        await caller.sees("greeting")
        assert caller.kinds()[0] == "welcome"


@in_virtual_time
async def test_callers_see_their_places_change(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first, second = await house.caller(), await house.caller()
        await first.sees("queued", place=1)
        await second.sees("queued", place=2)
        await first.done("bye")
        await advance(0.5)
        await second.sees("queued", place=1)


@in_virtual_time
async def test_who_was_lost_and_calls_again_has_his_place_and_is_told_nothing(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        dropped = await house.caller()
        ticket = (await dropped.hears("welcome"))["token"]
        await dropped.sees("queued", place=1)
        await advance(5)
        other = await house.caller()
        await other.sees("queued", place=2)
        await dropped.leave()
        for _ in range(4):
            other.say("beat")
            await advance(5)
            await house.durable()
        await other.sees("queued", place=1)
        stranger = await house.caller(redial="1.AAAA.BBBB")
        await stranger.sees("queued", place=2)
        again = await house.caller(redial=ticket)
        view = await again.sees("queued", place=1)
        assert view["since"] >= house.centre.clock.now() - 1_000_000
        # The ticket is spent: a copy of it gives no place.
        copy = await house.caller(redial=ticket)
        await copy.sees("queued", place=4)


@pytest.mark.parametrize("language", [("es", "Línea en español"), ("xx", "Spanish line")])
def test_a_caller_reads_his_language_where_it_is_offered(
    language: tuple[str, str], tmp_path: Path
) -> None:
    @in_virtual_time
    async def read() -> None:
        async with open_house(tmp_path) as house:
            caller = await house.page("/ws/call")
            caller.say("hello", line="es", language=language[0], token=None)
            await caller.sees("queued", line=language[1])

    read()


@pytest.mark.parametrize("line", ["nowhere", "", None, 7, ["es"], {"key": "es"}])
def test_a_line_that_there_is_not_is_refused(line: Any, tmp_path: Path) -> None:
    @in_virtual_time
    async def refuse() -> None:
        async with open_house(tmp_path) as house:
            caller = await house.page("/ws/call")
            caller.say("hello", line=line, language="en", token=None)
            assert not (await caller.hears("error", code="unknown_line"))["retry"]
            assert await caller.closed() == 4003
            assert "CallArrived" not in house.told_names()

    refuse()


@in_virtual_time
async def test_who_does_not_say_hello_first_is_refused(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.page("/ws/call")
        caller.say("bye", n=1)
        assert not (await caller.hears("error", code="hello_first"))["retry"]
        assert await caller.closed() == 4003


@in_virtual_time
async def test_nobody_can_call_a_centre_whose_clock_runs_fast(tmp_path: Path) -> None:
    async with open_house(tmp_path, speed=60) as house:
        caller = await house.caller()
        assert not (await caller.hears("error", code="fast_clock"))["retry"]
        assert await caller.closed() == 4003


@in_virtual_time
async def test_where_there_is_a_relay_pages_are_told_of_it(tmp_path: Path) -> None:
    async with open_house(tmp_path, relay=True) as house:
        caller = await house.caller()
        assert (await caller.hears("welcome"))["ice"] == {
            "servers": [{"urls": ["turn:relay"]}],
        }


# --- a call is taken up again --------------------------------------------------------------------


@in_virtual_time
async def test_a_reloaded_page_takes_its_call_up_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller("en")
        token = (await caller.hears("welcome"))["token"]
        play = await caller.hears("play")
        leg = leg_of(house)
        await caller.leave()
        await house.durable()
        assert house.centre.durable.calls_by_leg[leg].gone_at is not None

        again = await house.caller_back(token)
        assert (await again.hears("welcome"))["token"] == token
        await again.sees("greeting", line="English line")
        assert (await again.hears("play"))["playback"] == play["playback"]
        assert house.centre.durable.calls_by_leg[leg].gone_at is None
        assert house.told_names().count("CallArrived") == 1


@in_virtual_time
async def test_a_reloaded_page_gets_a_new_sound_session_unless_it_kept_the_old_one(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        token = caller.heard[0]["token"]
        await caller.leave()
        assert (await desk.hears("music"))["reason"] == "caller_lost"
        back = await house.caller_back(token, session=1)
        await back.hears("resume", session=1)
        await desk.hears("resume", session=1)

        await back.leave()
        reloaded = await house.caller_back(token)
        await reloaded.hears("connect", session=2, offerer=True)
        await desk.hears("connect", session=2, offerer=False)


@in_virtual_time
async def test_a_second_tab_takes_the_call_and_the_first_ends_quietly(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first = await house.caller()
        token = (await first.hears("welcome"))["token"]
        second = await house.caller_back(token)
        await first.hears("elsewhere")
        assert await first.closed() == 4001
        await second.sees("queued")
        await house.durable()
        assert "CallerLost" not in house.told_names()
        await second.done("bye")
        await second.sees("ended", reason="caller_hung_up")


@in_virtual_time
async def test_a_tab_that_was_replaced_can_do_nothing_more(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first = await house.caller()
        token = (await first.hears("welcome"))["token"]
        second = await house.caller_back(token)
        first.say("bye", n=1)
        await first.closed()
        await second.sees("queued")
        await house.durable()
        assert "CallEnded" not in house.told_names()


@pytest.mark.parametrize(
    "forged",
    ["", "1.x.y", "1.d2ViOjEyMw.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "null", "x" * 1_000, "1..", "ü.ü.ü"],
)
def test_a_token_that_was_made_up_opens_nothing(forged: str, tmp_path: Path) -> None:
    @in_virtual_time
    async def refuse() -> None:
        async with open_house(tmp_path) as house:
            caller = await house.caller_back(forged)
            assert not (await caller.hears("error", code="bad_token"))["retry"]
            assert await caller.closed() == 4003
            assert caller.kinds() == ["error"]

    refuse()


@in_virtual_time
async def test_a_token_of_one_call_opens_no_other(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first, second = await house.caller(), await house.caller()
        tokens = {(await page.hears("welcome"))["token"] for page in (first, second)}
        assert len(tokens) == 2
        mixed = "".join(a[: len(a) // 2] + b[len(b) // 2 :] for a, b in [sorted(tokens)])
        third = await house.caller_back(mixed)
        await third.hears("error", code="bad_token")


@in_virtual_time
async def test_who_comes_back_after_the_end_is_shown_the_end(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        token = (await caller.hears("welcome"))["token"]
        await caller.done("bye")
        await caller.leave()
        again = await house.caller_back(token)
        await again.sees("ended", reason="call_is_over")
        await again.closed()
        assert house.told_names().count("CallArrived") == 1


@in_virtual_time
async def test_who_does_not_come_back_in_time_is_gone(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        await caller.hears("welcome")
        await caller.leave()
        await advance(14.9)
        await house.durable()
        assert "CallEnded" not in house.told_names()
        await advance(0.1)
        await house.durable()
        assert house.told_names()[-1] == "CallEnded"


# --- a call ends ---------------------------------------------------------------------------------


@in_virtual_time
async def test_hanging_up_is_done_once_it_is_durable_and_may_be_said_twice(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        await caller.sees("queued")
        house.small.store.hold()
        caller.say("bye", n=1)
        await house.small.store.knocked()
        await settle()
        assert "done" not in caller.kinds()
        house.small.store.let_go()
        await caller.hears("done", n=1)
        caller.say("bye", n=1)
        await caller.hears("done", n=1)
        await caller.leave()
        await house.durable()
        assert house.told_names().count("CallEnded") == 1
        assert "CallerLost" not in house.told_names()


@in_virtual_time
async def test_a_greeting_reported_twice_or_late_is_done_all_the_same(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller("en")
        playback = (await caller.hears("play"))["playback"]
        for _ in range(2):
            await caller.done("played", playback=playback)
        await caller.done("played", playback=1)
        await house.durable()
        assert house.told_names().count("CallQueued") == 1


# --- sound ---------------------------------------------------------------------------------------


@in_virtual_time
async def test_signals_pass_between_the_two_pages(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        offer = {"description": {"type": "offer", "sdp": "v=0\r\n"}}
        caller.say("signal", session=1, data=offer)
        assert (await desk.hears("signal"))["data"] == offer
        answer = {"description": {"type": "answer", "sdp": "v=0\r\n"}}
        desk.say("signal", session=1, data=answer)
        assert (await caller.hears("signal"))["data"] == answer


@in_virtual_time
async def test_a_signal_from_afar_passes_without_addresses(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, desk = await talk(house)
        token = next(iter(house.centre.durable.calls_by_leg))
        far = await house.caller_back(house.context.tokens.make(token), session=1, far="yes")
        await far.hears("resume")
        far.say(
            "signal",
            session=1,
            data={"description": {"type": "offer", "sdp": "v=0\r\nc=IN IP4 198.51.100.23\r\n"}},
        )
        assert "198.51.100.23" not in json.dumps(await desk.hears("signal"))


@in_virtual_time
async def test_sound_that_is_lost_is_built_anew_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller, desk = await talk(house)
        await caller.done("sound", session=1, up=True)
        await desk.done("sound", session=1, up=True)
        await caller.done("sound", session=1, up=False)
        await desk.done("sound", session=1, up=False)  # the same loss, seen from the other side
        await caller.hears("connect", session=2)
        await house.durable()
        assert house.told_names().count("SoundSessionStarted") == 2


# --- what cannot be understood -------------------------------------------------------------------

GARBAGE = [
    "",
    "hello",
    "null",
    "7",
    "[]",
    "{}",
    '{"t":null}',
    '{"t":7}',
    '{"t":["bye"]}',
    '{"t":"bye"',
    '{"t":"sing"}',
    '{"t":"\\ud800"}',
    '{"t":"played"}',
    '{"t":"played","playback":"1"}',
    '{"t":"played","playback":-1}',
    '{"t":"played","playback":1e400}',
    '{"t":"played","playback":99999999999999999999999}',
    '{"t":"sound"}',
    '{"t":"sound","session":true}',
    '{"t":"signal","session":1}',
    '{"t":"signal","session":1,"data":"v=0"}',
    "[" * 60_000,
    '{"t":"bye","n":1,"x":"' + "x" * 70_000 + '"}',
    "\x00",
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda text: repr(text[:30]))
def test_what_cannot_be_understood_is_answered_and_changes_nothing(
    garbage: str, tmp_path: Path
) -> None:
    @in_virtual_time
    async def say_it() -> None:
        async with open_house(tmp_path) as house:
            caller = await house.caller()
            await caller.sees("queued")
            await house.durable()
            step = house.centre.durable.step
            caller.say_text(garbage)
            assert (await caller.hears("error"))["retry"] is True
            await house.durable()
            assert house.centre.durable.step == step
            await caller.done("bye")

    say_it()


@in_virtual_time
async def test_a_binary_message_is_answered_and_changes_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        await caller.sees("queued")
        caller.say_bytes(b"\x00\xff")
        await caller.hears("error", code="bad_message")
        await caller.done("bye")


@in_virtual_time
async def test_what_came_after_garbage_before_hello_still_begins_a_call(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.page("/ws/call")
        caller.say_text("garbage")
        await caller.hears("error", code="bad_message")
        caller.say("hello", line="es", language="en", token=None)
        await caller.sees("queued")


# --- silence -------------------------------------------------------------------------------------


@in_virtual_time
async def test_a_page_that_is_silent_counts_as_lost_and_one_that_beats_does_not(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        silent, alive = await house.caller(), await house.caller()
        await silent.sees("queued")
        await alive.sees("queued")
        for _ in range(4):
            await advance(3)
            alive.say("beat")
        await house.durable()
        assert house.told_names().count("CallerLost") == 1
        assert silent.closed_with == 1001
        assert alive.closed_with is None


@in_virtual_time
async def test_the_centre_says_every_three_seconds_that_it_is_here(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        await caller.sees("queued")
        await advance(1)  # the views of the queue have come
        before = caller.beats
        for _ in range(10):
            caller.say("beat")
            await advance(3)
        assert caller.beats - before == 10


# --- the centre in trouble -----------------------------------------------------------------------


@in_virtual_time
async def test_while_the_disk_refuses_a_page_keeps_its_place_and_waits(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller()
        await caller.sees("queued")
        house.small.store.failure = PeerError("The disk is full.")
        number = caller.say_numbered("bye")
        await settle()
        await house.small.store_refused()
        for _ in range(5):
            caller.say("beat")
            await advance(3)
        assert "done" not in caller.kinds()
        assert caller.closed_with is None
        house.small.store.failure = None
        house.small.arrive(1)
        await caller.hears("done", n=number)


# --- questions -----------------------------------------------------------------------------------


@in_virtual_time
async def test_a_key_of_the_pad_answers_the_question(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        menu = MenuSettings(
            key=MenuKey("main"),
            prompt="menu-family-en",
            choices=(MenuChoice(digit="1", to=ToQueue(queue=QueueKey("english")), topic="food"),),
            repeats=0,
            time_limit=Duration(6_000_000),
        )
        settings = house.published.settings
        line = msgspec.structs.replace(settings.lines[1], leads_to=ToMenu(menu=menu.key))
        asking = msgspec.structs.replace(
            settings, version=2, lines=(settings.lines[0], line), menus=(menu,)
        )
        await house.centre.ask(i.ConfigurationPublished(settings=asking))
        caller = await house.caller("es")
        play = await caller.hears("play", url="/menu-family-en.mp3")
        await caller.sees("menu")
        await caller.done("digit", playback=play["playback"], digit="1")
        await caller.sees("queued")
        (call,) = house.centre.durable.calls.values()
        assert (call.queue, call.topic) == ("english", "food")


@in_virtual_time
async def test_what_is_no_key_is_answered_in_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        caller = await house.caller("es")
        await caller.sees("queued")
        caller.say("digit", playback=1, digit="12")
        await caller.hears("error", code="unknown_message")
