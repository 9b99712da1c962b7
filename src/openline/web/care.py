"""What do the pages need to look after the centre? Its health, and what it keeps and shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from openline.model import Instant
from openline.model.names import Name
from openline.store import Opening


class Openings(Protocol):
    """Keeps who opened which story, for whoever looks after confidences."""

    async def note(self, opening: Opening) -> None:
        """Makes it durable; raises `PeerError` if that fails, and then nothing may be shown."""
        ...

    async def newest(self, limit: int) -> Sequence[Opening]:
        """Returns the last ones, the newest first."""
        ...


class RecordedTalk(Protocol):
    """Is the recording of a talk, without its sound."""

    @property
    def destroy_at(self) -> Instant: ...
    @property
    def is_cut(self) -> bool:
        """Whether some of it is missing, because something died while it was spoken."""
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
