"""A report as a page shows it: figures already computed, beside those of the week before."""

import msgspec

from openline.model import Instant, Origin, QueueKey
from openline.reports.calendar import By
from openline.reports.columns import COLUMNS, Sums, Value

Figures = dict[str, Value]
"""By the key of the measure."""


class SheetAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Says which report somebody wants to see; periods as `openline report` takes them."""

    by: By = By.DAY
    minutes: int = 15
    since: str | None = None
    until: str | None = None
    before: tuple[str, str] | None = None
    """Begin and end of the period to compare with, if any."""
    queues: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    per: str | None = None
    origins: tuple[Origin, ...] = (Origin.REAL,)
    measures: tuple[str, ...]


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """Is one slice of time, of one queue or line where they are told apart."""

    start: Instant
    end: Instant
    key: str | None
    figures: Figures


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """Is a report."""

    since: Instant
    until: Instant
    rows: tuple[SheetRow, ...]
    totals: tuple[SheetRow, ...]
    """By key, that of all last."""
    plot: tuple[SheetRow, ...]
    """What a plot shows of each slice, queues and lines together."""
    before: tuple[SheetRow, ...]
    """The same of the period before; empty where nothing is compared or nothing was there."""
    before_total: SheetRow | None
    targets_s: dict[QueueKey, float]
    forgotten_until: Instant | None
    other_origins: tuple[Origin, ...]


PLOTTED = ("offered", "answered", "abandoned", "service_level")


def figures_of(sums: Sums, keys: tuple[str, ...]) -> Figures:
    """Returns the figures of a row; None where nothing can be said."""
    return {key: COLUMNS[key](sums) for key in keys}
