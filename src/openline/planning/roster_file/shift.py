"""One person's planned work, in the civil time of the place where it is worked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Is a stretch of work of one person."""

    person: str
    group: str
    """Whatever the file calls it: a team, a skill; empty where it says nothing."""
    start: datetime
    end: datetime
    row: int
    """Where it stands in the file, from 1."""

    @property
    def hours(self) -> float:
        """How long it is by the clock on the wall."""
        return (self.end - self.start).total_seconds() / 3600
