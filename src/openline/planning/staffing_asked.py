"""What the staffing page asks and what it is told: values, and nothing that computes."""

import msgspec

MODELS = ("erlang-a", "erlang-c", "erlang-b")
"""Callers leave, wait for ever, or are refused when everybody is busy."""
MORE, FEWER = 5, 4
"""So many people more and fewer the curve shows."""
MOST_AT_ONCE = 20
"""Typed contacts that one person may hold at once."""


class StaffingAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Is what somebody wants to know of one queue in a steady interval."""

    calls: float
    interval_s: float
    aht_s: float
    patience_s: float
    model: str = "erlang-a"
    target_percent: float = 80.0
    target_s: float = 20.0
    shrinkage: str = "0"
    """In percent, exactly as it was written."""
    most_abandoned: float | None = None
    """In percent."""
    most_occupied: float | None = None
    concurrency: int = 1
    """Typed contacts that one person holds at once; `aht_s` is of one among them."""
    agents: int | None = None
    """So many: what happens then? Instead of finding the least."""


class StaffingRow(msgspec.Struct, frozen=True, kw_only=True):
    """Says what happens with so many people on the phones."""

    agents: int
    to_schedule: int
    service_level: float
    abandon: float
    mean_wait_s: float | None
    """None: the queue grows without end."""
    wait: float
    occupancy: float


class ModelSays(msgspec.Struct, frozen=True, kw_only=True):
    """Says how many one model asks for; None where it knows no number."""

    model: str
    agents: int | None
    to_schedule: int | None


class Possible(msgspec.Struct, frozen=True, kw_only=True):
    """Says what is possible where a target is out of reach."""

    what: str
    """`level`, `abandoned` or `occupied`."""
    percent: float
    agents: int


class StaffingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Is the answer."""

    load: float
    """Work brought, in people who would be busy if nobody waited or left."""
    chosen: int
    """Whom the curve is about: the least, those that were asked of, or as many as the load."""
    needed: int | None
    """The least that meet all targets; None where they were not asked for or are out of reach."""
    rows: tuple[StaffingRow, ...]
    models: tuple[ModelSays, ...]
    possible: Possible | None = None
