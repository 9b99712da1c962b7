"""What do the pages need of the centre? Everything they know comes through `WebContext`.

The composition root fills it in; tests fill it in with small values. Names come by language, and
are asked for again each time, since a new configuration may be published at any moment.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from openline.configuration import Published
from openline.identity import Account
from openline.model import AgentKey, CallId, Instant, LineKey
from openline.planning.far import Far
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from openline.planning.plan_asked import LivedPlan, PlanAnswer, PlanAsked
from openline.planning.staffing_asked import StaffingAnswer, StaffingAsked
from openline.planning.study_asked import Lived, StudyAsked
from openline.planning.try_asked import KeptTry, Tried, TryAsked
from openline.reports.call_list import CallList, CallsAsked
from openline.reports.sheets import Sheet, SheetAsked
from openline.reports.told import ToldStory
from openline.web.accounts import Passkeys, People, SecondStep, Sessions, SignIn
from openline.web.assets import Assets
from openline.web.care import Health, Keeping, Openings, PrivacyStatement, RecordedTalk
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

    def forecast(self, asked: ForecastAsked) -> AsyncGenerator[Far | ForecastAnswer, None]:
        """Yields how far a forecast is, and last the forecast, or what is wrong with the file.

        Closed before that, it ends the computation.
        """
        ...

    def plan(self, asked: PlanAsked) -> AsyncGenerator[Far | PlanAnswer, None]:
        """Yields how far a plan is, and last the plan; closed like `forecast`."""
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

    def days(self, asked: StudyAsked) -> AsyncGenerator[Lived, None]:
        """Yields what is known of days as they are after each run, as `lived` does."""
        ...

    def tried(self, asked: TryAsked) -> AsyncGenerator[Tried, None]:
        """Yields what is known of a change after each run, as `lived` does."""
        ...


class KeptTries(Protocol):
    """Keeps changes that were tried; each may raise `RefusedError` (`not_kept`)."""

    async def listed(self) -> Sequence[KeptTry]:
        """Returns all, the newest first."""
        ...

    async def opened(self, name: str) -> KeptTry:
        """Returns one."""
        ...

    async def compared(self, first: str, second: str) -> Tried:
        """Returns how the second differs from the first; refuses those of others' calls."""
        ...

    async def remove(self, name: str) -> None:
        """Removes one; for a week it can be put back."""
        ...

    async def put_back(self, name: str) -> None:
        """Takes a removal back."""
        ...


@dataclass(frozen=True, kw_only=True)
class AgentName:
    """Is an agent of the configuration, by key and by what others read."""

    key: AgentKey
    name: str


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
    kept_tries: KeptTries
    openings: Openings
    privacy: Callable[[Catalogue], PrivacyStatement]
    """What is kept, in the words of a catalogue."""
    people: People
    agents: Callable[[str], Sequence[AgentName]]
    """The people who can answer calls, named in a language."""
    recorded: Callable[[CallId], RecordedTalk | None]
    """The recording of a call; None where there is none to be heard."""
    health: Health
    keeping: Keeping
    demo_accounts: Sequence[DemoAccount] = ()
    """In a demo; the first is whom the door *Answer* signs in."""
    pull_the_plug: Callable[[], None] | None = None
    """Kills the server at once; None where nobody would start it again."""
