"""The pages that are connected now, and what passes between two of them.

A leg is named `web:…` and held by one page at a time. A page that goes is reported as lost, one
that comes is reported by whoever attaches it. After a restart the port holds nothing: the pages
come back by themselves and the engine tells each again what it should hear.
"""

from typing import Any, Protocol

from openline.engine import AnyCommand, CallState, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import LegId, Medium
from openline.telephony.browser.addresses import relayed
from openline.telephony.browser.translate import (
    PREFIX,
    Message,
    SoundUrl,
    messages,
    pairs_of,
    typed_messages,
    without_caller,
)
from openline.telephony.port import Capabilities, See


class Page(Protocol):
    """Is a page's connection."""

    is_here: bool
    """Whether the page runs on the centre's own machine."""

    def send(self, message: Message) -> None:
        """Sends a message, in order; drops it if the connection is going down."""

    def replaced(self) -> None:
        """Learns that the leg was opened elsewhere; the page ends itself."""


class _Talk:
    __slots__ = ("other", "session")

    def __init__(self, other: LegId, session: int) -> None:
        self.other = other
        self.session = session


class BrowserPort:
    """Holds the legs of pages."""

    prefix = PREFIX
    capabilities = Capabilities(
        announcements=False,
        hold=True,
        transfer=True,
        consult=True,
        real_audio=True,
        voicemail=False,
        dials=False,
        writes=True,
    )

    def __init__(self, url_of: SoundUrl) -> None:
        self._url_of = url_of
        self._pages: dict[LegId, Page] = {}
        self._talks: dict[LegId, _Talk] = {}
        self._see: See | None = None
        self._state = State()

    def start(self, see: See) -> None:
        """Begins to report."""
        self._see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Returns no legs: pages come back by themselves. Who types is looked up in the state."""
        self._state = state
        return ()

    async def stop(self) -> None:
        """Lets the pages go; they find the next process by themselves."""
        self._pages.clear()

    def attach(self, leg: LegId, page: Page) -> None:
        """Gives the leg to this page; an older page of the same leg is told so."""
        older = self._pages.get(leg)
        self._pages[leg] = page
        if older is not None and older is not page:
            older.replaced()

    def detach(self, leg: LegId, page: Page) -> None:
        """Takes the page's connection as broken; does nothing if another page holds the leg."""
        if self._pages.get(leg) is page:
            del self._pages[leg]
            if self._see is not None:
                self._see(i.LegLost(leg=leg))

    def forget(self, leg: LegId, page: Page) -> None:
        """Lets a page go whose call is over."""
        if self._pages.get(leg) is page:
            del self._pages[leg]
        self._talks.pop(leg, None)

    def carry_out(self, command: AnyCommand) -> None:
        """Tells the pages; one that is away is told again by the engine when it is back."""
        if self._is_typed(command.leg):
            self._carry_out_typed(command)
            return
        match command:
            case (
                c.ConnectLegs(leg=leg, agent_leg=agent_leg, session=session)
                | c.HoldCall(leg=leg, agent_leg=agent_leg, session=session)
                | c.ResumeCall(leg=leg, agent_leg=agent_leg, session=session)
            ):
                self._talks[leg] = _Talk(agent_leg, session)
                self._talks[agent_leg] = _Talk(leg, session)
            case c.MixCall():
                self._mix(command)
                return
            case c.ReleaseAgent(leg=leg) | c.HangUpLeg(leg=leg):
                talk = self._talks.pop(leg, None)
                if talk is not None:
                    self._talks.pop(talk.other, None)
            case c.Dial(leg=leg):
                if self._see is not None:
                    self._see(i.DialFailed(leg=leg, why=i.DialFailure.FAILED))
            case _:
                pass
        relay_only = isinstance(command, c.ConnectLegs) and not self._may_meet(
            command.leg, command.agent_leg
        )
        for leg, message in messages(command, self._url_of, relay_only=relay_only):
            page = self._pages.get(leg)
            if page is not None:
                page.send(message)

    def _is_typed(self, leg: LegId) -> bool:
        """Tells whether the call at a leg, a caller's or an agent's, is typed."""
        call = self._state.calls_by_leg.get(leg)
        if call is None:
            agent = self._state.agents_by_leg.get(leg)
            number = None if agent is None else agent.call
            call = None if number is None else self._state.calls.get(number)
        return call is not None and call.medium is Medium.TYPED

    def _carry_out_typed(self, command: AnyCommand) -> None:
        """Tells pages where nothing is to be heard, save by agents who confer with each other."""
        confer: frozenset[LegId] = frozenset()
        call = self._state.calls_by_leg.get(command.leg)
        if isinstance(command, c.MixCall) and call is not None and call.state is CallState.HELD:
            spoken = without_caller(command)
            confer = frozenset(one.leg for one in spoken.hears)
            if confer:
                self._mix(spoken)
        for leg, message in typed_messages(command, confer=confer):
            talk = self._talks.pop(leg, None)
            if talk is not None:
                self._talks.pop(talk.other, None)
            page = self._pages.get(leg)
            if page is not None:
                page.send(message)

    def _mix(self, command: c.MixCall) -> None:
        """Pairs those who hear each other; who is in no pair of this session has no connection."""
        pairs = {leg: other for pair in pairs_of(command) for leg, other in (pair, pair[::-1])}
        kept = frozenset(
            leg for leg, other in pairs.items() if self._is_paired(leg, other, command.session)
        )
        for heard in command.hears:
            other = pairs.get(heard.leg)
            talk = self._talks.get(heard.leg)
            if other is not None:
                self._talks[heard.leg] = _Talk(other, command.session)
            elif talk is not None and talk.session != command.session:
                del self._talks[heard.leg]
        relay_only = not self._may_meet(*pairs)
        for leg, message in messages(command, self._url_of, relay_only=relay_only, kept=kept):
            page = self._pages.get(leg)
            if page is not None:
                page.send(message)

    def _is_paired(self, leg: LegId, other: LegId, session: int) -> bool:
        talk = self._talks.get(leg)
        return talk is not None and (talk.other, talk.session) == (other, session)

    def signal(self, leg: LegId, session: int, data: dict[str, Any]) -> None:
        """Passes a description or candidate to the other side of the leg's conversation.

        Dropped where there is no such conversation, or the session is over, or nothing of it may
        pass between pages that are not both on this machine.
        """
        talk = self._talks.get(leg)
        page = self._pages.get(leg)
        if talk is None or page is None or talk.session != session:
            return
        back, other = self._talks.get(talk.other), self._pages.get(talk.other)
        # The other side may long talk with somebody else, if this one was lost in the meantime.
        if other is None or back is None or (back.other, back.session) != (leg, session):
            return
        passed = data if self._may_meet(leg, talk.other) else relayed(data)
        if passed is not None:
            other.send({"t": "signal", "session": session, "data": passed})

    def _may_meet(self, *legs: LegId) -> bool:
        """Tells whether pages may learn each other's address: all of them are on this machine."""
        pages = [self._pages.get(leg) for leg in legs]
        return all(page is not None and page.is_here for page in pages)
