"""What the sockets need of the centre; the composition root fills it in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from openline.api.departures import Departures
from openline.api.room import RoomFeed
from openline.api.unread import Memos
from openline.api.wallboard import WallboardFeed
from openline.centre import Centre, Watching
from openline.centre.conversations import Conversations
from openline.centre.keys import TalkKeys
from openline.centre.publishing import Configured, Publishing
from openline.centre.redial import Redials
from openline.centre.views import Places
from openline.configuration import Published
from openline.engine import Call
from openline.model import AgentKey, CallId, Instant, LegId, SealedRef
from openline.reports import DeskDays, LivePicture


@dataclass(frozen=True, kw_only=True)
class Here:
    """Says who is at the other end of a connection."""

    agent: AgentKey | None
    """The agent as whom the account signed in, if it is one's."""
    login: str
    """Of whoever signed in; empty for everybody else."""
    is_here: bool
    """Whether the page runs on the centre's own machine."""
    language: str
    supervises: bool = False
    """Whether the account is a supervisor's."""


class Pages(Protocol):
    """Is the browser telephony, as far as sockets use it."""

    def attach(self, leg: LegId, page: Any) -> None:
        """Gives the leg to a page."""

    def detach(self, leg: LegId, page: Any) -> None:
        """Takes the page's connection as broken."""

    def forget(self, leg: LegId, page: Any) -> None:
        """Lets a page go whose call is over."""

    def signal(self, leg: LegId, session: int, data: dict[str, Any]) -> None:
        """Passes a signal to the other side of the conversation."""


class Messages(Protocol):
    """Is what callers left in voicemail boxes."""

    def waiting(self, agent: AgentKey | None, *, supervises: bool) -> Sequence[Any]:
        """Returns the messages that somebody may hear, the oldest first."""

    async def hear(
        self, ref: SealedRef, agent: AgentKey | None, login: str, why: str, *, supervises: bool
    ) -> AsyncIterator[bytes]:
        """Notes who hears a message and why, then returns its sound as a WAV file.

        Raises `RefusedError` if it is gone or not for her, `PeerError` if it cannot be noted.
        """

    async def done(
        self, ref: SealedRef, agent: AgentKey | None, login: str, *, supervises: bool
    ) -> None:
        """Destroys a message that somebody is done with; raises as `hear`."""


class Recordings(Protocol):
    """Is what was recorded of talks."""

    def is_kept(self, call: CallId) -> bool:
        """Tells whether there is a recording of a call, sealed to its end or not yet."""

    def light(self, call: Call | None) -> str | None:
        """Returns how it stands with the recording of a talk, for those who are in it."""

    async def want(self, agent: AgentKey, login: str, what: str) -> str | None:
        """Pauses the recording of an agent's talk, goes on, or destroys it; how it stands then.

        Raises `RefusedError` if there is none, `PeerError` if it could not be destroyed.
        """

    def there(self) -> Sequence[Any]:
        """Returns all recordings that can be heard, the newest first."""

    async def hear(self, call: CallId, login: str, why: str) -> AsyncIterator[bytes]:
        """Notes who hears a recording and why, then returns its sound as a WAV file.

        Raises `RefusedError` if it is gone, `PeerError` if it cannot be noted.
        """

    async def destroy(self, call: CallId, login: str) -> None:
        """Destroys a recording whose caller asked for that afterwards; raises as `hear`."""


class SipWire(Protocol):
    """Is the way of one page's signals to Asterisk."""

    def send(self, text: str) -> None:
        """Passes a message on."""

    async def close(self) -> None:
        """Ends it."""


class BrowserPhones(Protocol):
    """Is how pages are telephones of a centre with Asterisk."""

    def account(self, agent: AgentKey) -> tuple[str, str] | None:
        """Returns with which name and password an agent's page registers; None if it does not."""

    def wire(self, heard: Callable[[str], None], opened: Callable[[bool], None]) -> SipWire:
        """Returns a way to Asterisk; `opened` is told whether it is there, and when no longer."""

    def is_without_call(self, agent: AgentKey) -> None:
        """Learns that her page has no call, whatever it had before."""

    def is_registered(self, agent: AgentKey) -> None:
        """Learns that her page can be rung."""

    def is_gone(self, agent: AgentKey, *, for_good: bool) -> None:
        """Learns that her page is gone, for good or only out of touch."""


class Spoken(Protocol):
    """Is what supervisors spoke for callers to hear, by the names of recordings."""

    def heard(self, sound: str) -> int:
        """Returns which one stands for a recording; 0 if none does."""

    def url(self, sound: str) -> str:
        """Returns where pages find what callers hear for a recording."""

    def stock_url(self, sound: str) -> str:
        """Returns where pages find the recording that came with Openline."""

    def version_url(self, take: int) -> str:
        """Returns where pages find one that was spoken."""

    def versions(self, sound: str) -> Sequence[Any]:
        """Returns those that can be heard again, the newest first."""

    def last(self, sound: str) -> Any:
        """Returns what was done last for a recording; None if nothing was."""

    async def body(self, take: int) -> bytes | None:
        """Returns the WAV file of one; None if it is not kept."""

    async def speak(self, sound: str, wav: bytes, login: str, instead_of: int) -> int:
        """Lets callers hear a WAV file from now on; returns its take.

        Raises `RefusedError` if it cannot be used or another one is heard than believed,
        `PeerError` if it cannot be kept.
        """

    async def choose(self, sound: str, take: int, login: str, instead_of: int) -> None:
        """Lets callers hear an older one again; raises as `speak`."""


class Tokens(Protocol):
    """Makes and reads the tokens that open one call each."""

    def make(self, leg: str) -> str:
        """Returns the token of a leg."""

    def leg_of(self, token: str) -> str | None:
        """Returns the leg that the token opens, or None if it is none of ours."""


@dataclass(frozen=True, kw_only=True)
class ApiContext:
    """Holds what the sockets work with."""

    centre: Centre
    watching: Watching
    configured: Configured
    publishing: Publishing
    picture: LivePicture
    places: Places
    days: DeskDays
    feed: WallboardFeed
    room: RoomFeed
    pages: Pages
    tokens: Tokens
    redials: Redials
    here: Callable[[HTTPConnection], Here]
    seal_note: Callable[[str], Awaitable[SealedRef]]
    """Seals a text and makes it durable."""
    keys: TalkKeys
    conversations: Conversations
    captions: Callable[[CallId], Sequence[str]]
    """Returns what a practice caller has said so far."""
    ice_servers: Callable[[LegId, Instant], list[dict[str, Any]]]
    """Returns the relay servers for a page; none where no relay is configured."""
    is_demo: bool
    on_call_trouble: Callable[[], str | None]
    """Says in one word why people at home could not be rung; None while they can."""
    telephone_trouble: Callable[[], str | None]
    """Says in one word what keeps real telephones from working; None while nothing does."""
    recorder_trouble: Callable[[], str | None]
    """Says in one word why callers cannot leave messages; None while they can, or nobody could."""
    messages: Messages
    recordings: Recordings
    spoken: Spoken
    telephone_of: Callable[[AgentKey], LegId | None]
    """Returns the leg of an agent's telephone; None where she answers on her page."""
    browser_phones: BrowserPhones | None = None
    """None where no page is a telephone."""
    departures: Departures = field(default_factory=Departures)
    memos: Memos = field(default_factory=Memos)
    notes_under_way: dict[AgentKey, tuple[tuple[CallId, int], asyncio.Future[SealedRef]]] = field(
        default_factory=dict
    )
    """The note that an agent's desktop is having sealed, known by its call and a hash."""
    open_sockets: set[Any] = field(default_factory=set)
    """Every page's socket, so that a stop can close them."""

    @property
    def published(self) -> Published:
        """The configuration in force."""
        return self.configured.now
