"""Builds a whole web application over small values: real catalogue, templates and rules."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from fastapi import FastAPI, Request, WebSocket
from starlette.testclient import TestClient

from openline.app.kept_tries import KeptBeside, KeptTries
from openline.app.living_days import lives_days
from openline.app.privacy import statement
from openline.app.reading.living_worker import lives
from openline.app.sharing import ALONE
from openline.app.trying import faults_told, tries
from openline.configuration import load
from openline.identity import (
    Account,
    Half,
    Invited,
    Link,
    LinkState,
    Note,
    Passkey,
    Person,
    Place,
    Role,
)
from openline.model import AgentKey, CallId, Instant, LineKey, Origin, PeerError, RefusedError
from openline.planning.far import Far, Stage
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from openline.planning.forecast_sheet import answer, answer_to_file
from openline.planning.history_file.findings import FaultyHistoryError
from openline.planning.history_file.reading import HistoryFile
from openline.planning.plan_asked import LivedPlan, PlanAnswer, PlanAsked
from openline.planning.plan_sheet import answer as plan_of
from openline.planning.plan_sheet import table_of
from openline.planning.roster_file.faults import FaultyRosterError
from openline.planning.staffing_asked import StaffingAnswer, StaffingAsked
from openline.planning.staffing_sheet import answer as staffing_of
from openline.planning.study_asked import Lived, StudyAsked
from openline.planning.try_asked import Tried, TryAsked
from openline.reports.call_list import CallList, CallsAsked, ListedCall
from openline.reports.sheets import PLOTTED, Figures, Sheet, SheetAsked, SheetRow
from openline.reports.story import Chapter
from openline.reports.told import KeptText, ToldStory
from openline.store import Opening
from openline.web import (
    AgentName,
    Assets,
    DemoAccount,
    LineName,
    StillReadingError,
    WebContext,
    install,
    load_catalogues,
)
from openline.web.accounts import TooManyTriesError
from openline.web.care import HealthFinding, KeptNow, Level
from openline.web.guard import SESSION_COOKIE
from tests.centre.small_published import a_published
from tests.planning.invented_calls import invented

SMALL = Path(__file__).parents[2] / "examples" / "small-line.toml"
WEB = Path(__file__).parents[2] / "src" / "openline" / "web"
HERE = "http://127.0.0.1:8000"
AFAR = "https://helpline.example"
CATALOGUES = load_catalogues()


def account(login: str, role: Role, *, answers: bool = False) -> Account:
    """Makes an account named after its login; one that `answers` has a desk."""
    agent = AgentKey(login) if answers else None
    return Account(login=login, name=login.title(), role=role, agent=agent, demo=False)


MARIA = account("maria", Role.AGENT, answers=True)
SAM = account("sam", Role.SUPERVISOR)
SOL = account("sol", Role.SUPERVISOR, answers=True)
ADA = account("ada", Role.ADMINISTRATOR)
WALL = account("wall", Role.WALLBOARD)
PIA = account("pia", Role.PLANNER)
EVERYBODY = (MARIA, SAM, SOL, ADA, PIA, WALL)


class MemorySessions:
    """Keeps the promises of `Sessions` in memory, with tokens that can be read in a test."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self._count = 0

    async def open(self, account: Account) -> str:
        self._count += 1
        token = f"token-{self._count}"
        self.accounts[token] = account
        return token

    async def find(self, token: str) -> Account | None:
        return self.accounts.get(token)

    async def close(self, token: str) -> None:
        self.accounts.pop(token, None)


class MemorySecondStep:
    """Keeps the promises of `SecondStep` in memory; `123456` is the code that is shown."""

    def __init__(self) -> None:
        self.logins: set[str] = set()
        self.halves: dict[str, Half] = {}
        self.problem: Exception | None = None

    def has(self, login: str) -> bool:
        return login in self.logins

    def open(self, login: str) -> str:
        token = f"half-{len(self.halves)}"
        self.halves[token] = Half(login=login, until=Instant(0), secret=bytes(20))
        return token

    def find(self, token: str) -> Half | None:
        return self.halves.get(token)

    def close(self, token: str) -> None:
        self.halves.pop(token, None)

    async def begin(self, login: str, secret: bytes, code: str) -> list[str]:
        await self.check(login, code)
        self.logins.add(login)
        return ["aaaa-bbbb-cccc", "dddd-eeee-ffff"]

    async def check(self, login: str, code: str) -> None:
        if self.problem is not None:
            raise self.problem
        if code != "123456":
            raise RefusedError("no", code="code_wrong")

    async def end(self, login: str, code: str) -> None:
        await self.check(login, code)
        self.logins.discard(login)

    async def codes_left(self, login: str) -> int:
        return 2


class MemoryPasskeys:
    """Keeps the promises of `Passkeys` in memory; an answer says whose passkey it is."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Passkey]] = {}
        self.places: list[Place] = []

    def has(self, login: str) -> bool:
        return bool(self.kept.get(login))

    def of(self, login: str) -> list[Passkey]:
        return self.kept.get(login, [])

    def asked_to_add(self, account: Account, place: Place, *, centre: str) -> dict[str, Any]:
        return {"publicKey": {"user": account.login, "rp": centre, "host": place.host}}

    def asked_to_enter(self, place: Place) -> dict[str, Any]:
        return {"publicKey": {"host": place.host}}

    async def add(self, login: str, place: Place, answer: Mapping[str, Any], *, label: str) -> None:
        self._check(place, answer)
        kept = self.kept.setdefault(login, [])
        kept.append(Passkey(name=f"key-{len(kept)}", label=label, created_at=NOW))

    async def entered(self, place: Place, answer: Mapping[str, Any]) -> str:
        self._check(place, answer)
        return str(answer["of"])

    async def remove(self, login: str, name: str) -> None:
        self.kept[login] = [each for each in self.of(login) if each.name != name]

    def _check(self, place: Place, answer: Mapping[str, Any]) -> None:
        self.places.append(place)
        if "of" not in answer:
            raise RefusedError("no", code="passkey_wrong")


class OnePassword:
    """Signs everybody in with the password `right`; the login `hasty` has tried too often."""

    async def check(self, login: str, password: str) -> Account | None:
        if login == "hasty":
            raise TooManyTriesError(90)
        found = (known for known in EVERYBODY if known.login == login and password == "right")
        return next(found, None)

    def find(self, login: str) -> Account | None:
        return next((known for known in EVERYBODY if known.login == login), None)


NOW = Instant(1_772_971_200_000_000)
"""2026-03-08 12:00 UTC; in Chicago the clocks went forward that morning."""
HOUR = 3_600_000_000


def invented_file(begun_at: int = 0) -> HistoryFile:
    """Returns the record of the book below: a hundred invented days.

    With `begun_at` the last of them has come to this hour alone.
    """
    history = invented(seed=77, days=100)
    last = datetime(2025, 4, 16)  # noqa: DTZ001  # civil time
    if begun_at:
        calls = history.calls.copy()
        calls[-1, 2 * begun_at :] = np.nan
        history = replace(history, calls=calls)
        last = datetime(2025, 4, 15, begun_at)  # noqa: DTZ001  # civil time
    return HistoryFile(
        name="the record",
        lines={"main": history},
        findings=(),
        zone=None,
        rows=history.calls.size,
        last=last,
    )


class BookReading:
    """Gives the answers that a test wrote into it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[SheetAsked | CallsAsked | CallId | ForecastAsked | PlanAsked] = []
        self.problem: RefusedError | PeerError | StillReadingError | None = None
        self.is_exact = True
        self.stopped: list[str] = []
        self.begun_at = 0
        """To which hour the last day of the record has come; 0: it is over."""

    def _record(self, minutes: int | None) -> HistoryFile:
        return invented_file(self.begun_at)

    def _note(self, asked: SheetAsked | CallsAsked | CallId | ForecastAsked | PlanAsked) -> None:
        self.asked.append(asked)
        if self.problem is not None:
            raise self.problem

    def stop_reading(self, token: str) -> None:
        self.stopped.append(token)

    async def sheet(self, asked: SheetAsked) -> Sheet:
        self._note(asked)
        keys = {*asked.measures, *PLOTTED}
        figures: Figures = dict.fromkeys(keys, 0.75)
        figures |= {"offered": 12, "answered": 9, "abandoned": 3}
        row = SheetRow(start=Instant(NOW - HOUR), end=NOW, key=None, figures=figures)
        return Sheet(
            since=row.start,
            until=row.end,
            rows=(row,),
            totals=(row,),
            plot=(row,),
            before=(row,),
            before_total=row,
            targets_s={},
            forgotten_until=None,
            other_origins=(),
        )

    async def forecast(self, asked: ForecastAsked) -> AsyncGenerator[Far | ForecastAnswer, None]:
        self._note(asked)
        yield Far(stage=Stage.TRYING, done=3, of=28)
        yield answer_to_file(asked) if asked.content else answer(invented_file(), asked)

    async def plan(self, asked: PlanAsked) -> AsyncGenerator[Far | PlanAnswer, None]:
        self._note(asked)
        yield Far(done=2, of=8)
        yield plan_of(asked, self._record, ZoneInfo("America/Chicago"))

    async def staffing(self, asked: StaffingAsked) -> StaffingAnswer:
        if self.problem is not None:
            raise self.problem
        return staffing_of(asked)

    async def plan_file(self, asked: PlanAsked, form: str) -> bytes:
        self._note(asked)
        sheet = plan_of(asked, self._record, ZoneInfo("America/Chicago")).sheet
        assert sheet is not None
        return table_of(sheet, ",").encode()

    async def file(self, asked: SheetAsked, form: str) -> bytes:
        self._note(asked)
        return form.encode()

    async def call_list(self, asked: CallsAsked) -> CallList:
        self._note(asked)
        row = ListedCall(
            call=CallId(7),
            at=NOW,
            is_exact=self.is_exact,
            line=LineKey("main"),
            queue=None,
            origin=Origin.REAL,
            outcome="abandoned",
            ended_because="caller_hung_up",
            waited_s=42.0,
            is_in_target=False,
            offers=1,
            talk_s=None,
        )
        return CallList(
            since=NOW,
            until=NOW,
            rows=(row,),
            first=101,
            count=250,
            outcomes={"abandoned": 200, "answered": 50},
            newer="20520-7",
            older="20520-7",
        )

    async def story(self, call: CallId) -> ToldStory:
        self._note(call)
        arrived = Chapter(
            at=NOW, event="CallArrived", words="?", reason=None, facts={"line": "main"}
        )
        offered = Chapter(
            at=NOW,
            event="CallOffered",
            words="?",
            reason="longest_idle",
            facts={"agent": "carla"} if self.is_exact else {},
        )
        return ToldStory(
            call=call,
            origin=Origin.REAL,
            is_over=True,
            is_exact=self.is_exact,
            chapters=(arrived, offered),
            exact_until=Instant(NOW + 7 * 24 * HOUR),
            kept=(
                KeptText(kind="note", destroy_at=Instant(NOW + 90 * 24 * HOUR)),
                KeptText(kind=None, destroy_at=None),
            ),
        )


class BookLiving:
    """Lives plans in a configuration with one line; `problem` stands for what goes wrong."""

    def __init__(self) -> None:
        self.problem: RefusedError | PeerError | None = None
        self.closed = 0

    async def lived(self, asked: PlanAsked) -> AsyncGenerator[LivedPlan, None]:
        if self.problem is not None:
            raise self.problem
        try:
            for told in lives(load(SMALL), asked, runs=3):
                yield told
        finally:
            self.closed += 1

    async def tried(self, asked: TryAsked) -> AsyncGenerator[Tried, None]:
        if self.problem is not None:
            raise self.problem
        fewer = msgspec.structs.replace(asked, runs=3)
        heard: list[Tried] = []
        try:
            for told, _ in tries(load(SMALL), SMALL, fewer, heard.append):
                while heard:
                    yield heard.pop(0)
                yield told
        except (FaultyHistoryError, FaultyRosterError) as error:
            yield faults_told(error)
        finally:
            self.closed += 1

    async def days(self, asked: StudyAsked) -> AsyncGenerator[Lived, None]:
        if self.problem is not None:
            raise self.problem
        heard: list[Lived] = []
        try:
            for told in lives_days(load(SMALL), SMALL, asked, ALONE, heard.append):
                yield told
                if told.done == 3:
                    return
        finally:
            self.closed += 1


class MemoryOpenings:
    """Keeps openings in memory; `failure` stands for a disk that refuses."""

    def __init__(self) -> None:
        self.kept: list[Opening] = []
        self.failure: PeerError | None = None

    async def note(self, opening: Opening) -> None:
        if self.failure is not None:
            raise self.failure
        self.kept.append(opening)

    async def newest(self, limit: int) -> list[Opening]:
        return self.kept[::-1][:limit]


class MemoryPeople:
    """Keeps the promises of `People` in memory; links are `open`, `used` and `old`."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []
        self.refusal: str | None = None
        self.accounts = list(EVERYBODY)

    async def listed(self) -> tuple[Person, ...]:
        return tuple(Person(account=each, invited_until=None) for each in self.accounts)

    async def notes(self, limit: int) -> tuple[Note, ...]:
        return ()

    async def invite(
        self, login: str, *, name: str, role: Role, agent: AgentKey | None, by: str
    ) -> Invited:
        self._did("invite", login, name, role.value, agent or "", by)
        return Invited(login=login, token="fresh", until=Instant(0))

    async def reset(self, login: str, *, by: str) -> Invited:
        self._did("reset", login, by)
        return Invited(login=login, token="fresh", until=Instant(0))

    async def disable(self, login: str, *, by: str) -> None:
        self._did("disable", login, by)

    async def enable(self, login: str, *, by: str) -> None:
        self._did("enable", login, by)

    async def give_role(self, login: str, role: Role, agent: AgentKey | None, *, by: str) -> None:
        self._did("role", login, role.value, agent or "", by)

    async def look(self, token: str) -> Link:
        if token == "open":
            return Link(state=LinkState.OPEN, account=MARIA)
        known = {"used": LinkState.USED, "old": LinkState.OLD}
        return Link(state=known.get(token, LinkState.UNKNOWN))

    async def join(self, token: str, password: str) -> Account:
        self._did("join", token, password)
        return MARIA

    def _did(self, *what: str) -> None:
        if self.refusal is not None:
            raise RefusedError("no", code=self.refusal)
        self.done.append(what)


class OneTrouble:
    """Finds one thing wrong, one that is fine."""

    async def findings(self) -> list[HealthFinding]:
        return [
            HealthFinding(code="disk", level=Level.WRONG, values={"gigabytes": 0.1}, since=NOW),
            HealthFinding(code="store", level=Level.OK, values={}, since=None),
        ]


class LittleKept:
    """Keeps two sealed things of one kind."""

    async def things(self, language: str) -> list[KeptNow]:
        words = {"en": "Notes", "es": "Notas"}[language]
        return [
            KeptNow(
                what=words,
                how_long="90",
                why="-",
                where="-",
                end="-",
                ends_at=(NOW + HOUR, NOW + 100 * HOUR),
            )
        ]

    def never(self, language: str) -> list[str]:
        return [{"en": "Sound", "es": "Sonido"}[language]]


def lines(language: str) -> list[LineName]:
    """Returns two lines, named in the reader's language."""
    crisis = {"en": "Crisis line", "es": "Línea de crisis"}[language]
    return [
        LineName(key=LineKey("crisis"), name=crisis, language="en"),
        LineName(key=LineKey("ayuda"), name="Línea en español", language="es"),
    ]


def built_assets(folder: Path) -> Assets:
    """Makes a build that has every asset which a template or a route asks for."""
    asked = re.compile(r"""asset\(\s*["']([^"']+)["']\s*\)|url\("([^"]+)"\)""")
    names: set[str] = set()
    for file in [*WEB.glob("templates/*.html"), *WEB.glob("*.py")]:
        names.update(first or second for first, second in asked.findall(file.read_text()))
    files = {name: re.sub(r"\.(\w+)$", r"-HASH.\1", name) for name in sorted(names)}
    for file_name in files.values():
        path = folder / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("content")
    manifest = ",".join(f'"{name}":"{file}"' for name, file in files.items())
    (folder / "manifest.json").write_text("{" + manifest + "}")
    (folder / ".stamp").write_text("secret of the build")
    return Assets(folder)


@dataclass(frozen=True)
class KeptTalk:
    """Is a recording of a talk."""

    destroy_at: Instant
    is_cut: bool


class Site:
    """Is an application with browsers that visit it."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.sessions = MemorySessions()
        self.people = MemoryPeople()
        self.second_step = MemorySecondStep()
        self.passkeys = MemoryPasskeys()
        self.pulls: list[str] = []
        self.reading = BookReading()
        self.living = BookLiving()
        self.kept_tries = KeptBeside(KeptTries(folder))
        self.openings = MemoryOpenings()
        self.recorded: KeptTalk | None = None
        published = a_published()
        context = WebContext(
            catalogues=CATALOGUES,
            assets=built_assets(folder),
            languages=lambda: ["en", "es"],
            centre_name={"en": "Riverbend Helpline", "es": "Línea Riverbend"}.__getitem__,
            lines=lines,
            is_demo=True,
            speed=1,
            has_relay=False,
            is_public=False,
            sign_in=OnePassword(),
            sessions=self.sessions,
            privacy=partial(statement, a_published()),
            published=lambda: published,
            now=lambda: NOW,
            reading=self.reading,
            living=self.living,
            kept_tries=self.kept_tries,
            openings=self.openings,
            recorded=lambda _: self.recorded,
            people=self.people,
            second_step=self.second_step,
            passkeys=self.passkeys,
            agents=lambda _: [AgentName(key=AgentKey("maria"), name="Maria")],
            health=OneTrouble(),
            keeping=LittleKept(),
            demo_accounts=[DemoAccount(account=MARIA), DemoAccount(account=SAM, words="Looks on")],
            pull_the_plug=lambda: self.pulls.append("pulled"),
        )
        self.context = replace(context, **changes)
        self.app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        install(self.app, self.context)
        self._add_routes_of_others()

    def _add_routes_of_others(self) -> None:
        """Stands in for what the API package adds beside the pages."""

        async def fine() -> dict[str, bool]:
            return {"fine": True}

        async def read(request: Request) -> dict[str, int]:
            return {"length": len(await request.body())}

        async def socket(websocket: WebSocket) -> None:
            await websocket.accept()
            await websocket.close()

        for path in (
            "/livez",
            "/readyz",
            "/events/wallboard",
            "/events/room",
            "/api/agents",
            "/api/recordings",
            "/api/lines",
            "/api/emergency-list",
            "/api/sounds",
            "/sounds/spoken/{name}",
        ):
            self.app.add_api_route(path, fine)
        self.app.add_api_route("/api/configuration", read, methods=["POST"])
        for path in (
            "/api/agents/{agent}/help",
            "/api/agents/{agent}/state",
            "/api/agents/{agent}/listening",
            "/api/agents/{agent}/skills",
            "/api/emergency-list/confirmation",
            "/api/emergency-list/withdrawal",
            "/api/hand-overs/{hand_over}/review",
            "/api/recording",
            "/api/recordings/{call}/sound",
            "/api/recordings/{call}/withdrawal",
            "/api/lines/{line}/closure",
            "/api/memos",
            "/api/memos/{memo}/withdrawal",
            "/api/queues/{queue}/taking",
            "/api/sounds/choice",
            "/api/surge",
        ):
            self.app.add_api_route(path, fine, methods=["GET", "POST"])
        for path in ("/ws/call", "/ws/desk"):
            self.app.add_api_websocket_route(path, socket)

    def here(self, who: Account | None = None, **headers: str) -> TestClient:
        """Opens a browser on this machine."""
        return self._browser(HERE, "127.0.0.1", who, headers)

    def afar(self, who: Account | None = None, **headers: str) -> TestClient:
        """Opens a browser on another machine."""
        return self._browser(AFAR, "203.0.113.9", who, headers)

    def _browser(
        self, base: str, address: str, who: Account | None, headers: dict[str, str]
    ) -> TestClient:
        usual = {"accept": "text/html", "origin": base, "sec-fetch-site": "same-origin"}
        browser = TestClient(
            self.app,
            base_url=base,
            client=(address, 50_000),
            follow_redirects=False,
            raise_server_exceptions=False,
            headers={**usual, **{name.replace("_", "-"): text for name, text in headers.items()}},
        )
        if who is not None:
            token = f"signed-in-{who.login}"
            self.sessions.accounts[token] = who
            browser.cookies.set(SESSION_COOKIE, token)
        return browser
