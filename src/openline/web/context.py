"""What do the pages need of the centre? Everything they know comes through `WebContext`.

The composition root fills it in; tests fill it in with small values. Names come by language, and
are asked for again each time, since a new configuration may be published at any moment.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from openline.configuration import Published
from openline.identity import Account, Half, Invited, Link, Note, Passkey, Person, Place, Role
from openline.model import AgentKey, CallId, Instant, LineKey
from openline.model.names import Name
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from openline.planning.plan_asked import LivedPlan, PlanAnswer, PlanAsked
from openline.planning.staffing_asked import StaffingAnswer, StaffingAsked
from openline.reports.call_list import CallList, CallsAsked
from openline.reports.sheets import Sheet, SheetAsked
from openline.reports.told import ToldStory
from openline.store import Opening
from openline.web.assets import Assets
from openline.web.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class LineName:
    """Is a line as callers read it, with the language in which it answers."""

    key: LineKey
    name: str
    language: str


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """Is an account that a demo offers without a password, with a few words about it."""

    account: Account
    words: str = ""


class TooManyTriesError(Exception):
    """Says that signing in must wait, so that nobody can try out passwords."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many tries; wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


class SignIn(Protocol):
    """Checks a name and a password."""

    async def check(self, login: str, password: str) -> Account | None:
        """Returns the account, or None when they do not belong together.

        Takes the same time whether or not the name is known.

        Raises:
            TooManyTriesError: too many tries for this name, whether or not it exists.
        """
        ...

    def find(self, login: str) -> Account | None:
        """Returns the account of a login, if it may sign in."""
        ...


class Sessions(Protocol):
    """Remembers who has signed in, by a random token that only the browser and we know."""

    async def open(self, account: Account) -> str:
        """Begins a session and returns its token."""
        ...

    async def find(self, token: str) -> Account | None:
        """Returns who holds this token; None when it was never given, has ended or has expired."""
        ...

    async def close(self, token: str) -> None:
        """Ends a session; one that is not there counts as ended."""
        ...


class StillReadingError(Exception):
    """Says that an answer takes longer; who asks the same again is given it when it is there."""

    def __init__(self, token: str, done: int, of: int) -> None:
        super().__init__(f"{done} of {of} days are read")
        self.token = token
        """Names the question, to stop it."""
        self.done = done
        self.of = of
        """Days of the record; 0 while it is not known how many."""


class Reading(Protocol):
    """Reads the record beside the running centre.

    Each may raise `RefusedError` for what cannot be shown and `PeerError` where reading fails.
    """

    async def sheet(self, asked: SheetAsked) -> Sheet:
        """Returns a report; raises `StillReadingError` where it takes longer."""
        ...

    def stop_reading(self, token: str) -> None:
        """Takes back a question that is still being answered; an unknown one is passed over."""
        ...

    async def file(self, asked: SheetAsked, form: str) -> bytes:
        """Returns a report as a file: csv, json, parquet or xlsx."""
        ...

    async def call_list(self, asked: CallsAsked) -> CallList:
        """Returns a page of the list of calls; raises `StillReadingError` as `sheet`."""
        ...

    async def story(self, call: CallId) -> ToldStory:
        """Returns the story of one call, as far as it may be told now."""
        ...

    async def forecast(self, asked: ForecastAsked) -> ForecastAnswer:
        """Returns a forecast, or what is wrong with the file."""
        ...

    async def plan(self, asked: PlanAsked) -> PlanAnswer:
        """Returns a plan, or what is wrong with what was sent."""
        ...

    async def staffing(self, asked: StaffingAsked) -> StaffingAnswer:
        """Returns how many people one queue needs."""
        ...

    async def plan_file(self, asked: PlanAsked, form: str) -> bytes:
        """Returns the table of a plan as a file: csv or xlsx."""
        ...


class Living(Protocol):
    """Lives plans on the engine that routes calls, beside the running centre."""

    def lived(self, asked: PlanAsked) -> AsyncGenerator[LivedPlan, None]:
        """Yields what is known after each run, until it is closed or all runs are done.

        Raises `RefusedError` for what cannot be lived, `PeerError` where it breaks.
        """
        ...


class Openings(Protocol):
    """Keeps who opened which story, for whoever looks after confidences."""

    async def note(self, opening: Opening) -> None:
        """Makes it durable; raises `PeerError` if that fails, and then nothing may be shown."""
        ...

    async def newest(self, limit: int) -> Sequence[Opening]:
        """Returns the last ones, the newest first."""
        ...


class KeptThing(Protocol):
    """Is one thing that a centre keeps, in words."""

    @property
    def what(self) -> str: ...
    @property
    def how_long(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def end(self) -> str: ...


class PrivacyStatement(Protocol):
    """Says what a centre keeps, in a language; `openline privacy` prints the same."""

    @property
    def title(self) -> str: ...
    @property
    def introduction(self) -> str: ...
    @property
    def headings(self) -> Sequence[str]: ...
    @property
    def kept(self) -> Sequence[KeptThing]: ...
    @property
    def never_title(self) -> str: ...
    @property
    def never(self) -> Sequence[str]: ...


class Level(Name):
    """Says how good a finding is; the last is worst."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class HealthFinding:
    """Is the answer to one question about the running centre."""

    code: str
    """Its words stand in the catalogues under `health.CODE.LEVEL`."""
    level: Level
    values: Mapping[str, float]
    since: Instant | None
    """Since when it is not ok, as far as this process has seen."""


class Health(Protocol):
    """Looks after the running centre."""

    async def findings(self) -> Sequence[HealthFinding]:
        """Returns one finding for each question, what is worst first."""
        ...


@dataclass(frozen=True, kw_only=True)
class KeptNow:
    """Is one kind of thing that the centre keeps, in words, with what is there now."""

    what: str
    how_long: str
    why: str
    where: str
    end: str
    ends_at: Sequence[int]
    """When each key that is still there is destroyed, the next first; only for what is sealed."""


class Keeping(Protocol):
    """Says what the centre still knows."""

    async def things(self, language: str) -> Sequence[KeptNow]:
        """Returns each kind of thing that is kept."""
        ...

    def never(self, language: str) -> Sequence[str]:
        """Returns what is never kept."""
        ...


class SecondStep(Protocol):
    """Looks after what somebody proves beside the password."""

    def has(self, login: str) -> bool:
        """Tells whether an account has a second factor."""
        ...

    def open(self, login: str) -> str:
        """Returns the token of a browser that is half way in."""
        ...

    def find(self, token: str) -> Half | None:
        """Returns who is half way in with a token."""
        ...

    def close(self, token: str) -> None:
        """Ends it."""
        ...

    async def begin(self, login: str, secret: bytes, code: str) -> Sequence[str]:
        """Begins a second factor; returns recovery codes.

        Raises:
            RefusedError: (code `code_wrong`) the telephone should show another code.
            TooManyTriesError: wait.
        """
        ...

    async def check(self, login: str, code: str) -> None:
        """Takes a code; raises as `begin`, or `PeerError` where the secret cannot be opened."""
        ...

    async def end(self, login: str, code: str) -> None:
        """Ends a second factor, for who has its code; raises as `check`."""
        ...

    async def codes_left(self, login: str) -> int:
        """Returns how many recovery codes were not used yet."""
        ...


class Passkeys(Protocol):
    """Looks after what devices prove in place of password and code.

    `asked_...` return what a browser's `navigator.credentials` is called with, as JSON; what it
    answers comes back as JSON, from a stranger.
    """

    def has(self, login: str) -> bool:
        """Tells whether an account has a passkey."""
        ...

    def of(self, login: str) -> Sequence[Passkey]:
        """Returns the passkeys of an account."""
        ...

    def asked_to_add(self, account: Account, place: Place, *, centre: str) -> Mapping[str, Any]:
        """Asks an account's browser for a new passkey."""
        ...

    def asked_to_enter(self, place: Place) -> Mapping[str, Any]:
        """Asks a browser for the proof of a passkey."""
        ...

    async def add(self, login: str, place: Place, answer: Mapping[str, Any], *, label: str) -> None:
        """Keeps a new passkey.

        Raises:
            RefusedError: `passkey_wrong`, `passkey_known`, `too_many_passkeys`.
        """
        ...

    async def entered(self, place: Place, answer: Mapping[str, Any]) -> str:
        """Returns the login of who proved a passkey; raises `RefusedError`: `passkey_wrong`."""
        ...

    async def remove(self, login: str, name: str) -> None:
        """Takes one of an account's passkeys away; one that is not there counts as gone."""
        ...


@dataclass(frozen=True, kw_only=True)
class AgentName:
    """Is an agent of the configuration, by key and by what others read."""

    key: AgentKey
    name: str


class People(Protocol):
    """Looks after accounts; each may raise `RefusedError` with the rule that stands against it."""

    async def listed(self) -> Sequence[Person]:
        """Returns everybody by login."""
        ...

    async def notes(self, limit: int) -> Sequence[Note]:
        """Returns what was last done to accounts, the newest first."""
        ...

    async def invite(
        self, login: str, *, name: str, role: Role, agent: AgentKey | None, by: str
    ) -> Invited:
        """Makes an account, and the link with which its owner chooses a password."""
        ...

    async def reset(self, login: str, *, by: str) -> Invited:
        """Takes a password away at once, and makes a link for another."""
        ...

    async def disable(self, login: str, *, by: str) -> None:
        """Closes an account at once."""
        ...

    async def enable(self, login: str, *, by: str) -> None:
        """Opens an account again."""
        ...

    async def give_role(self, login: str, role: Role, agent: AgentKey | None, *, by: str) -> None:
        """Changes what an account is for."""
        ...

    async def look(self, token: str) -> Link:
        """Tells what can be done with a link; changes nothing."""
        ...

    async def join(self, token: str, password: str) -> Account:
        """Gives the owner of a link the password she chose, once."""
        ...


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Holds what every page needs, whatever it shows, also before there is a centre."""

    catalogues: dict[str, Catalogue]
    assets: Assets
    languages: Callable[[], Sequence[str]]
    """Offered languages; the first is used where none was chosen."""
    centre_name: Callable[[str], str]
    is_demo: bool
    has_relay: bool
    """Whether a relay server is configured, without which two machines cannot talk."""
    is_public: bool
    """Whether it is open to the world, by HTTPS alone."""


@dataclass(frozen=True, kw_only=True)
class WebContext(Frame):
    """Holds all that the pages need."""

    lines: Callable[[str], Sequence[LineName]]
    """The lines that can be called, named in a language, in the configuration's order."""
    speed: float
    """How fast time runs; at any but 1 nobody can talk."""
    sign_in: SignIn
    sessions: Sessions
    second_step: SecondStep
    passkeys: Passkeys
    published: Callable[[], Published]
    """The configuration in force."""
    now: Callable[[], Instant]
    reading: Reading
    living: Living
    openings: Openings
    privacy: Callable[[Catalogue], PrivacyStatement]
    """What is kept, in the words of a catalogue."""
    people: People
    agents: Callable[[str], Sequence[AgentName]]
    """The people who can answer calls, named in a language."""
    health: Health
    keeping: Keeping
    demo_accounts: Sequence[DemoAccount] = ()
    """In a demo; the first is whom the door *Answer* signs in."""
    pull_the_plug: Callable[[], None] | None = None
    """Kills the server at once; None where nobody would start it again."""


__all__ = [
    "Account",
    "AgentName",
    "DemoAccount",
    "Frame",
    "Health",
    "HealthFinding",
    "Keeping",
    "KeptNow",
    "KeptThing",
    "Level",
    "LineName",
    "Opening",
    "Openings",
    "People",
    "PrivacyStatement",
    "Reading",
    "Role",
    "SecondStep",
    "Sessions",
    "SignIn",
    "TooManyTriesError",
    "WebContext",
]
