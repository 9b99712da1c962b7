"""Night 9: the wrong hands.

Somebody rings and asks whether his wife has called, and knows the minute. She did: tonight, and
eleven days ago. Her number was known to the telephones, and the agent wrote a note. Now everybody
who could be talked into it looks: the agent with him on the line, the supervisor, the
administrator, the screen on the wall. There is no place in which her number, her name or what she
said could be looked up, and none that takes a minute for a question. All this on a whole centre as
it is put together to be served, with its record on disk.

What a supervisor does see, for seven days and with a trace of each opening: that there was a call
at that time, on that line. No more is known of it than that, and the centre cannot tell whose it
was.
"""

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr, redirect_stdout
from csv import DictReader
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from openline.app.compose import Running, compose
from openline.app.memory import open_memory
from openline.app.options import Options
from openline.engine import AnyInput
from openline.engine import inputs as i
from openline.identity import Role
from openline.model import CallId, Instant, LegId, Origin
from openline.sealing import SealedKind
from openline.web.access import ACCESS, Audience, audience_of
from tests.builders import CARLA, ES
from tests.canary import scan, spellings
from tests.centre.small_published import TEXT, a_published
from tests.scenarios.asking import Asker, Heard

HER_NUMBER = "+13125550142"
HER_NAME = "Marigold Quillfeather"
NOTE = f"{HER_NAME} is afraid to go home"
HER_LEG = LegId("web:tlalocayotl")
HERS = spellings(HER_NUMBER) | spellings(HER_NAME) | spellings(NOTE) | spellings("tlalocayotl")
DAY_S = 24 * 60 * 60
QUARTER_S = 15 * 60
CHICAGO = ZoneInfo("America/Chicago")
MINUTE = timedelta(minutes=1)
SECOND_NS = 1_000_000_000
AGENTS_OWN = (
    Audience.EVERYBODY,
    Audience.CALLERS,
    Audience.AGENTS,
    Audience.SIGNED_IN,
    Audience.ROOM,
)
NOT_PAGES = ("/ws/call", "/ws/desk", "/static/{path:path}")

pytestmark = pytest.mark.timeout(180)


def night(folder: Path, act: Callable[[Running], Awaitable[None]]) -> None:
    """Opens the centre of a folder as it is served, lets something happen and stops it."""
    config = folder / "small.toml"
    config.write_text(TEXT, encoding="utf-8")
    options = Options(config=config, data=folder / "data", speed=1.0, port=None)

    async def opened() -> None:
        running = await compose(options, a_published(), memory)
        try:
            await act(running)
        finally:
            await running.stop()

    memory = open_memory(options)
    try:
        asyncio.run(opened())
    finally:
        memory.close()


async def she_calls(running: Running) -> CallId:
    """Lets her call and be spoken with; Carla writes a note of it."""
    centre = running.centre

    async def see(seen: AnyInput) -> None:
        assert await centre.ask(seen) is None, seen

    number = await running.retention.seal(SealedKind.CALLER_NUMBER, HER_NUMBER)
    desk = LegId("web:desk-carla")
    await see(i.SignInRequested(agent=CARLA, leg=desk, origins=(Origin.REAL,)))
    await see(i.ReadyRequested(agent=CARLA))
    await see(i.LegArrived(leg=HER_LEG, line=ES, origin=Origin.REAL, caller=number))
    (call,) = centre.durable.calls.values()
    offer = centre.durable.agents[CARLA].offer
    assert offer is not None
    await see(i.AcceptRequested(agent=CARLA, offer=offer))
    await see(i.LegHungUp(leg=HER_LEG))
    note = await running.retention.seal_note(NOTE)
    await see(i.WrapUpFinishRequested(agent=CARLA, disposition="helped", note=note))
    return call.id


class Evening(NamedTuple):
    """Is what everybody was told who looked, after he had rung."""

    long_ago: datetime
    """When she called eleven days ago, in the time of the centre."""
    tonight: datetime
    hers: tuple[CallId, CallId]
    his: CallId
    heard: dict[str, dict[str, Heard]]
    """Of each role, by address."""
    desk: dict[str, Any]
    said: str
    """What the program said while all this went on: its log."""
    data: Path


def filled(path: str, call: CallId) -> str:
    """Returns an address; whatever it can name that is not known here is her call's number."""
    known = {"line": "es", "agent": "carla", "login": "agent", "token": "x", "version": "1"}
    return re.sub(r"{(\w+)}", lambda part: known.get(part[1], str(call)), path)


def addresses(hers: tuple[CallId, CallId], long_ago: datetime, tonight: datetime) -> list[str]:
    """Returns every page and each way of the API, as close to her as an address can lead."""
    paths = [path for path in ACCESS if path not in NOT_PAGES]
    found = [filled(path, call) for path in paths for call in hers]
    for when in (long_ago, tonight):
        day = f"{when:%Y-%m-%d}"
        found += [f"/calls?from={day}T00:00&to={when + timedelta(days=1):%Y-%m-%d}T00:00"]
        found += [f"/calls?from={when:%Y-%m-%dT%H:%M}&to={when + MINUTE:%Y-%m-%dT%H:%M}"]
        found += [f"/reports?from={day}&to={day}&by=15m&per=line"]
        found += [f"/reports/file?from={day}&to={day}&by=15m&per=line&form=csv"]
    for word in ("q", "search", "number", "caller", "name", "note"):
        found.append(f"/calls?{word}={HER_NUMBER[1:]}")
    return list(dict.fromkeys(found))


async def everybody_looks(running: Running, asked: list[str]) -> dict[str, dict[str, Heard]]:
    """Signs in one of each role and lets each ask for everything."""
    heard: dict[str, dict[str, Heard]] = {}
    for role in Role:
        asker = await sign_in(running, role)
        heard[role.value] = {address: await asker.get(address) for address in asked}
    return heard


async def sign_in(running: Running, role: Role) -> Asker:
    """Gives a role an account, if it has none yet, and a browser; the agent is Carla."""
    account = running.accounts.find(role.value) or running.accounts.add_without_password(
        role.value,
        name=role.value.title(),
        role=role,
        agent=CARLA if role is Role.AGENT else None,
    )
    return Asker(running.app, await running.sessions.open(account))


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Lets her call twice, eleven days ago and tonight, and him ring; then everybody looks."""
    folder = tmp_path_factory.mktemp("wrong-hands")
    found: dict[str, Any] = {}
    said = StringIO()

    async def long_ago(running: Running) -> None:
        found["then"] = running.centre.clock.now()
        found["first"] = await she_calls(running)
        assert await running.centre.ask(i.SignOutRequested(agent=CARLA)) is None

    async def tonight(running: Running) -> None:
        found["now"] = running.centre.clock.now()
        second = await she_calls(running)
        him = i.LegArrived(leg=LegId("web:him"), line=ES, origin=Origin.REAL)
        assert await running.centre.ask(him) is None
        (call,) = (call for call in running.centre.durable.calls.values() if call.id != second)
        offer = running.centre.durable.agents[CARLA].offer
        assert offer is not None
        accepted = i.AcceptRequested(agent=CARLA, offer=offer)
        assert await running.centre.ask(accepted) is None
        carla = await sign_in(running, Role.AGENT)
        found["desk"] = await carla.desk()
        hers = (found["first"], second)
        asked = addresses(hers, civil(found["then"]), civil(found["now"]))
        found.update(hers=hers, his=call.id, heard=await everybody_looks(running, asked))

    real = time.time_ns
    then_s = (real() // SECOND_NS - 11 * DAY_S) // QUARTER_S * QUARTER_S + 7 * 60
    back_ns = real() - then_s * SECOND_NS
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said), redirect_stdout(said):
        patch.setattr(time, "time_ns", lambda: real() - back_ns)
        night(folder, long_ago)
        patch.undo()
        night(folder, tonight)
    return Evening(
        long_ago=civil(found["then"]),
        tonight=civil(found["now"]),
        hers=found["hers"],
        his=found["his"],
        heard=found["heard"],
        desk=found["desk"],
        said=said.getvalue(),
        data=folder / "data",
    )


def civil(at: Instant) -> datetime:
    """Returns an instant as the clock of the centre shows it."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(CHICAGO)


def words_of(page: str) -> str:
    """Returns what a page shows, without its marks."""
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"(?:<[^>]+>|\s)+", " ", page))


def test_neither_her_number_nor_her_name_nor_her_words_are_anywhere(evening: Evening) -> None:
    looked = 0
    for role, heard in evening.heard.items():
        for address, answer in heard.items():
            if HER_NUMBER[1:] in address:
                continue  # a page may say again what was just typed into its address
            found = [needle for needle in HERS if needle in answer.text.encode()]
            assert not found, f"{role} at {address}"
            looked += 1
    assert looked > 100
    assert not [needle for needle in HERS if needle in evening.said.encode()], "the log"


def test_the_search_would_have_found_them_and_finds_nothing_on_disk(evening: Evening) -> None:
    page = f"<td>{NOTE}</td><td>{HER_NUMBER}</td>".encode()
    assert [needle for needle in HERS if needle in page]
    assert scan(evening.data, spellings(HER_NUMBER) | spellings(HER_NAME)) == []


def test_the_agent_sees_the_call_that_she_is_in_and_no_other(evening: Evening) -> None:
    agent = evening.desk["agent"]
    assert agent["call"]["id"] == evening.his
    assert agent["offer"] is None
    assert agent["wrap_up"] is None
    told = {key for key in agent["call"] if "number" in key or "caller" in key or "name" in key}
    assert told == set(), "of him neither"
    for address, answer in evening.heard["agent"].items():
        if audience_of(address.partition("?")[0]) not in AGENTS_OWN:
            assert answer.status in (403, 404), address


def test_an_administrator_is_led_to_no_call(evening: Evening) -> None:
    for call in evening.hers:
        assert evening.heard["administrator"][f"/calls/{call}"].status == 403
    for address, answer in evening.heard["administrator"].items():
        if address.startswith("/calls"):
            assert answer.status == 403, address
        assert 'href="/calls' not in answer.text, address


def test_a_screen_on_the_wall_knows_counts_alone(evening: Evening) -> None:
    for address, answer in evening.heard["wallboard"].items():
        if address.startswith(("/calls", "/reports", "/room", "/health", "/kept", "/api")):
            assert answer.status == 403, address


def test_no_question_can_be_put_by_number_name_or_word(evening: Evening) -> None:
    heard = evening.heard["supervisor"]
    usual = calls_in(heard["/calls"])
    assert evening.hers[1] in usual
    for address, answer in heard.items():
        if HER_NUMBER[1:] in address:
            assert calls_in(answer) == usual, f"{address} found something"


def test_no_question_can_be_put_by_the_minute(evening: Evening) -> None:
    heard = evening.heard["supervisor"]
    for when in (evening.long_ago, evening.tonight):
        address = f"/calls?from={when:%Y-%m-%dT%H:%M}&to={when + MINUTE:%Y-%m-%dT%H:%M}"
        assert heard[address].status == 422
        assert 'href="/calls/' not in heard[address].text
    tables = [answer for address, answer in heard.items() if address.startswith("/reports/file")]
    starts = {row["start"] for each in tables for row in DictReader(each.text.splitlines())}
    assert {datetime.fromisoformat(start).minute for start in starts} <= {0, 15, 30, 45}
    assert len(starts) > 20


def test_of_a_call_eleven_days_ago_nobody_is_told_the_minute_or_who_answered(
    evening: Evening,
) -> None:
    minute = f"{evening.long_ago:%H:%M}"
    quarter = f"{evening.long_ago - timedelta(minutes=7):%H:%M}"
    day = f"{evening.long_ago:%Y-%m-%d}"
    next_day = f"{evening.long_ago + timedelta(days=1):%Y-%m-%d}"
    heard = evening.heard["supervisor"]
    listed = words_of(heard[f"/calls?from={day}T00:00&to={next_day}T00:00"].text)
    story = words_of(heard[f"/calls/{evening.hers[0]}"].text)
    for page in (listed, story):
        assert quarter in page
        assert minute not in page
    assert "Carla" not in story
    assert "without who answered" in story


def test_whoever_opened_a_story_is_seen_to_have_done_so(evening: Evening) -> None:
    page = words_of(evening.heard["supervisor"]["/kept"].text)
    for call in evening.hers:
        assert re.search(rf"supervisor {call} ", page)


def calls_in(answer: Heard) -> set[int]:
    """Returns the calls to which a page leads."""
    assert answer.status == 200
    return {int(number) for number in re.findall(r'href="/calls/(\d+)"', answer.text)}
