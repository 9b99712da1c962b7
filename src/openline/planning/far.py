"""How far an answer is that takes a while: told while somebody waits for it."""

from enum import StrEnum

import msgspec


class Stage(StrEnum):
    """Is what is being done."""

    WAITING = "waiting"
    """Others asked before."""
    READING = "reading"
    """The centre's own record is read."""
    TRYING = "trying"
    """Methods of forecasting compete on days that are over."""


class Far(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Says how far it is; comes as often as there is something to say."""

    stage: Stage = Stage.READING
    done: int = 0
    of: int = 0
    """0 where it is not known of how many."""
