"""What supervisors wrote and agents have not read yet: in memory alone (see `memos`)."""

from collections.abc import Iterable

import msgspec

from openline.model import MINUTE, AgentKey, Duration, Instant

KEPT_FOR = Duration(60 * MINUTE)
SHOWN_AT_MOST = 5
"""More than that nobody reads: the oldest go."""


class Memo(msgspec.Struct, frozen=True, kw_only=True):
    """Is one memo, as one agent has it."""

    number: int
    by: AgentKey
    words: str
    at: Instant


class Memos:
    """Holds what agents have not read yet."""

    def __init__(self) -> None:
        self._last = 0
        self._unread: dict[AgentKey, tuple[Memo, ...]] = {}

    def send(self, to: Iterable[AgentKey], by: AgentKey, words: str, now: Instant) -> int:
        """Gives a memo to some agents; returns its number."""
        self._last += 1
        memo = Memo(number=self._last, by=by, words=words, at=now)
        for agent in to:
            self._unread[agent] = (*self.unread(agent, now), memo)[-SHOWN_AT_MOST:]
        return self._last

    def unread(self, agent: AgentKey, now: Instant) -> tuple[Memo, ...]:
        """Returns what she has not read yet, the oldest first."""
        found = self._unread.get(agent, ())
        young = tuple(each for each in found if each.at > now - KEPT_FOR)
        if len(young) < len(found):
            self._keep(agent, young)
        return young

    def read(self, agent: AgentKey, number: int) -> None:
        """Forgets what she has read; it and whatever came before it."""
        rest = tuple(each for each in self._unread.get(agent, ()) if each.number > number)
        self._keep(agent, rest)

    def take_back(self, number: int) -> list[AgentKey]:
        """Forgets a memo wherever it is still unread; returns whose it was."""
        having = [
            agent
            for agent, unread in self._unread.items()
            if any(each.number == number for each in unread)
        ]
        for agent in having:
            rest = tuple(each for each in self._unread[agent] if each.number != number)
            self._keep(agent, rest)
        return having

    def _keep(self, agent: AgentKey, unread: tuple[Memo, ...]) -> None:
        if unread:
            self._unread[agent] = unread
        else:
            self._unread.pop(agent, None)
