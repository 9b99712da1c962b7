"""What do two people write to each other in a typed call, and who may read it?

The words go from page to page over the sockets of their own call. They are no input to the engine:
nothing of them is in the record, in an event, in a log or in anybody else's picture. Each line is
sealed and on the disk before the other side sees it, so that what was shown survives our death;
what somebody is still typing is in memory alone.

Who may read and write follows from the durable state: the caller and his agent; a third who joined;
who is consulted reads; a supervisor who listens reads, and only from the durable `ListeningStarted`
on (I23). Who wraps the call up can read what was written up to then. When nobody is left who may,
the conversation leaves the memory; nothing reads it from the disk again but a restart before that.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import structlog

from openline.engine import AgentState, AnyEvent, Call, CallState, State
from openline.engine import events as e
from openline.engine.parties import ListenMode, Party, PartyKind, PartyState
from openline.model import AgentKey, CallId, Instant, LegId, OpenlineError
from openline.model.names import Name

log = structlog.get_logger(__name__)

LINE_LIMIT = 2_000
"""Characters of a line, and of what is still being typed."""
LINES_LIMIT = 5_000
"""Lines of a conversation."""

_OPEN = (CallState.TALKING, CallState.HELD)


class Writer(Name):
    """Says as what somebody writes."""

    CALLER = "caller"
    AGENT = "agent"
    SUPERVISOR = "supervisor"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Is what somebody wrote at a stretch."""

    key: str
    """By which the writer's page knows it: said twice, it is one line."""
    writer: Writer
    agent: AgentKey | None
    """Who wrote it, unless the caller did."""
    at: Instant
    text: str
    aside_to: AgentKey | None = None
    """Set where a supervisor whispers: the agent who may read it besides himself."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Says what somebody may do in a conversation."""

    call: CallId
    leg: LegId
    """The caller's."""
    writer: Writer
    agent: AgentKey | None
    may_write: bool
    aside_to: AgentKey | None = None
    until: Instant | None = None
    """He reads nothing that was written after this; None: all."""


class Keeps(Protocol):
    """Seals lines and keeps them for their term."""

    async def keep(self, leg: LegId, place: int, text: str) -> None:
        """Seals a line; it is durable on return. Raises `OpenlineError` if it cannot be."""

    def kept(self, leg: LegId) -> Sequence[tuple[int, str]]:
        """Returns the lines of a call that can still be opened with their places, in order."""

    def leg_of(self, call: CallId) -> LegId | None:
        """Returns the caller's leg of a call that is over; None if nothing can be kept of it."""


class _Conversation:
    __slots__ = ("call", "drafts", "leg", "lines", "places", "shown", "under_way")

    def __init__(self, call: CallId, leg: LegId) -> None:
        self.call = call
        self.leg = leg
        self.lines: list[Line] = []
        self.places = 0
        """How many places were given to lines, those on their way to the disk included."""
        self.drafts: dict[AgentKey | None, str] = {}
        """What each is typing; the caller's key is None."""
        self.shown: dict[Writer, int] = {}
        """How many lines, asides included, the caller's page has, and the agents'."""
        self.under_way: dict[tuple[AgentKey | None, str], asyncio.Future[str | None]] = {}


class Conversations:
    """Holds the conversations of all live calls that are typed."""

    def __init__(self, durable: State, keeps: Keeps, now: Callable[[], Instant]) -> None:
        self._durable = durable
        self._keeps = keeps
        self._now = now
        self._by_call: dict[CallId, _Conversation] = {}
        self._callers: dict[LegId, Callable[[], None]] = {}
        self._agents: dict[AgentKey, Callable[[], None]] = {}

    def take_up(self) -> None:
        """Reads, at a start, what was written in calls that go on or are still wrapped up."""
        for call in self._durable.calls.values():
            if call.was_typed:
                self._read(call.id, call.leg)
        for agent in self._durable.agents.values():
            past = agent.call if agent.state is AgentState.WRAP_UP else None
            if past is None or past in self._durable.calls:
                continue
            leg = self._keeps.leg_of(past)
            if leg is not None:
                self._read(past, leg)

    def _read(self, call: CallId, leg: LegId) -> None:
        kept = self._keeps.kept(leg)
        if not kept and call not in self._durable.calls:
            return
        found = self._by_call[call] = _Conversation(call, leg)
        found.lines = [msgspec.json.decode(each, type=Line) for _, each in kept]
        found.places = kept[-1][0] + 1 if kept else 0

    # --- who takes part ----------------------------------------------------------------------

    def part_of_caller(self, leg: LegId) -> Part | None:
        """Returns what the caller may do, or None where nothing was typed."""
        call = self._durable.calls_by_leg.get(leg)
        if call is None or not call.was_typed:
            return None
        return Part(
            call=call.id,
            leg=leg,
            writer=Writer.CALLER,
            agent=None,
            may_write=call.state in _OPEN,
        )

    def part_of_agent(self, key: AgentKey) -> Part | None:
        """Returns what an agent may do now, in her call or in one of another; None: nothing."""
        agent = self._durable.agents.get(key)
        if agent is None or agent.call is None:
            return None
        call = self._durable.calls.get(agent.call)
        if agent.state is AgentState.WRAP_UP:
            past = self._by_call.get(agent.call)
            if past is None:
                return None
            return _reads(agent.call, past.leg, Writer.AGENT, key, until=agent.since)
        if agent.state is not AgentState.TALKING or call is None or not call.was_typed:
            return None
        is_open = call.state is CallState.TALKING
        if call.agent == key:
            return Part(
                call=call.id, leg=call.leg, writer=Writer.AGENT, agent=key, may_write=is_open
            )
        party = next((one for one in call.parties if one.agent == key), None)
        if party is None or party.state is not PartyState.JOINED:
            return None
        return _part_of_party(call, party, key, is_open=is_open)

    # --- writing -----------------------------------------------------------------------------

    def write(self, part: Part, key: str, text: str) -> asyncio.Future[str | None]:
        """Takes a line; the future waits until it is durable and holds a refusal, or None.

        A line that was taken already is not taken again. Where the disk refuses, the line goes on
        from memory: two people are not parted because we cannot write.
        """
        found = self._of(part)
        writer = (part.agent, key)
        under_way = found.under_way.get(writer)
        if under_way is not None:
            return under_way
        is_known = any(one.key == key and one.agent == part.agent for one in found.lines)
        refusal = None if is_known else _refusal(part, found, text)
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        if is_known or refusal is not None:
            answered.set_result(refusal)
            return answered
        line = Line(
            key=key,
            writer=part.writer,
            agent=part.agent,
            at=self._now(),
            text=text,
            aside_to=part.aside_to,
        )
        found.under_way[writer] = answered
        place = found.places
        found.places += 1
        found.drafts.pop(part.agent, None)
        task = asyncio.ensure_future(self._keep(found, line, place))
        task.add_done_callback(lambda _: self._written(found, line, answered))
        return answered

    async def _keep(self, found: _Conversation, line: Line, place: int) -> None:
        try:
            await self._keeps.keep(found.leg, place, msgspec.json.encode(line).decode())
        except OpenlineError as error:
            log.error("line_not_kept", call=found.call, why=type(error).__name__)

    def _written(
        self, found: _Conversation, line: Line, answered: asyncio.Future[str | None]
    ) -> None:
        found.under_way.pop((line.agent, line.key), None)
        found.lines.append(line)
        if not answered.done():
            answered.set_result(None)
        self._changed(found.call)

    def type(self, part: Part, text: str) -> None:
        """Notes what somebody is typing; empty: nothing any more."""
        if not part.may_write or part.aside_to is not None or len(text) > LINE_LIMIT:
            return
        found = self._of(part)
        if text != found.drafts.get(part.agent, ""):
            if text:
                found.drafts[part.agent] = text
            else:
                found.drafts.pop(part.agent, None)
            self._changed(part.call)

    def show(self, part: Part, count: int) -> None:
        """Notes that a page has so many lines; who only listens in is nobody's other side."""
        if part.writer is Writer.SUPERVISOR or part.until is not None:
            return
        found = self._of(part)
        if found.shown.get(part.writer, 0) < count <= len(found.lines):
            found.shown[part.writer] = count
            self._changed(part.call)

    # --- reading -----------------------------------------------------------------------------

    def lines(self, part: Part) -> Sequence[Line]:
        """Returns all lines of the conversation; `may_read` says which of them are his."""
        return self._of(part).lines

    def may_read(self, part: Part, line: Line) -> bool:
        """Tells whether a line is for the eyes of whoever has this part."""
        if part.until is not None and line.at > part.until:
            return False
        is_his = part.agent is not None and part.agent in (line.aside_to, line.agent)
        return line.aside_to is None or is_his

    def drafts(self, part: Part) -> Sequence[tuple[AgentKey | None, str]]:
        """Returns what others are typing, by who they are; None: the caller."""
        if part.until is not None:
            return []
        mine = part.agent
        return [(who, text) for who, text in self._of(part).drafts.items() if who != mine]

    def shown_to_others(self, part: Part) -> int:
        """Returns how many lines the other side has."""
        other = Writer.AGENT if part.writer is Writer.CALLER else Writer.CALLER
        return self._of(part).shown.get(other, 0)

    def _of(self, part: Part) -> _Conversation:
        found = self._by_call.get(part.call)
        if found is None:
            found = self._by_call[part.call] = _Conversation(part.call, part.leg)
        return found

    # --- who looks ---------------------------------------------------------------------------

    def watch_caller(self, leg: LegId, tell: Callable[[], None]) -> None:
        """Calls `tell` whenever something may be new for the caller's page."""
        self._callers[leg] = tell

    def watch_agent(self, agent: AgentKey, tell: Callable[[], None]) -> None:
        """Calls `tell` whenever something may be new for the agent's page."""
        self._agents[agent] = tell

    def forget_caller(self, leg: LegId, tell: Callable[[], None]) -> None:
        """Ends it, unless another page has taken over."""
        if self._callers.get(leg) == tell:
            del self._callers[leg]

    def forget_agent(self, agent: AgentKey, tell: Callable[[], None]) -> None:
        """Ends it, unless another page has taken over."""
        if self._agents.get(agent) == tell:
            del self._agents[agent]

    def _changed(self, number: CallId) -> None:
        call = self._durable.calls.get(number)
        tell = None if call is None else self._callers.get(call.leg)
        if tell is not None:
            tell()
        for agent, tell in list(self._agents.items()):
            if self._durable.agents[agent].call == number:
                tell()

    # --- the end -----------------------------------------------------------------------------

    def noticed(self, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Drops what was being typed when a call changes hands, and what nobody may read more."""
        if not self._by_call:
            return
        for event in events:
            if isinstance(event, _CHANGES_HANDS):
                found = self._by_call.get(event.call)
                if found is not None:
                    found.drafts.clear()
                    found.shown.pop(Writer.AGENT, None)
            if isinstance(event, e.CallEnded | e.WrapUpFinished) and event.call in self._by_call:
                self._drop(event.call)

    def _drop(self, number: CallId) -> None:
        is_wrapped_up = any(one.call == number for one in self._durable.agents.values())
        if number not in self._durable.calls and not is_wrapped_up:
            del self._by_call[number]


_CHANGES_HANDS = (e.CallQueued, e.CallTransferred, e.CallEnded)


def _reads(
    call: CallId, leg: LegId, writer: Writer, agent: AgentKey, until: Instant | None = None
) -> Part:
    return Part(call=call, leg=leg, writer=writer, agent=agent, may_write=False, until=until)


def _part_of_party(call: Call, party: Party, key: AgentKey, *, is_open: bool) -> Part:
    if party.kind is PartyKind.CONSULTED:
        return _reads(call.id, call.leg, Writer.SUPERVISOR, key)
    if party.kind is PartyKind.THIRD:
        return Part(call=call.id, leg=call.leg, writer=Writer.AGENT, agent=key, may_write=is_open)
    return Part(
        call=call.id,
        leg=call.leg,
        writer=Writer.SUPERVISOR,
        agent=key,
        may_write=is_open and party.mode is not ListenMode.LISTEN,
        aside_to=call.agent if party.mode is ListenMode.WHISPER else None,
    )


def _refusal(part: Part, found: _Conversation, text: str) -> str | None:
    if not part.may_write:
        return "not_writing"
    if len(text) > LINE_LIMIT:
        return "line_too_long"
    if found.places >= LINES_LIMIT:
        return "too_many_lines"
    return None
