"""What may a partner be told of its own calls?

Sums by week, whole weeks only, and no cell under ten (rule P33 of the privacy rules): a week in
which fewer calls entered a queue says no more than that. Where one of the parts (answered,
abandoned, other) is from one to nine, none of them is told. There are no totals, for a week could
be reckoned from them and the other weeks.

Every call entry is counted as in any report (`measures.fold`), on the week in which it entered.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from openline.engine import AnyEvent, Settings
from openline.engine import events as e
from openline.measures import Fold, Slice, Tally, asa
from openline.measures.books import Cell
from openline.model import (
    SECOND,
    CallId,
    Duration,
    Instant,
    Origin,
    PartnerKey,
    QueueKey,
)
from openline.reports.calendar import Calendar

LEAST = 10
"""No number of calls from 1 to one less is told."""


class PartnerWeek(msgspec.Struct, frozen=True, kw_only=True):
    """Is what a partner may be told of one week; None is what it may not."""

    week: Slice
    partner: PartnerKey
    offered: int | None
    answered: int | None
    abandoned: int | None
    other: int | None
    """Sent on, left for a callback, or still here."""
    held_back: int | None
    """Those who were passed over because its share limit held."""
    service_level: float | None
    asa_s: int | None


class PartnerWeeks:
    """Adds up the calls of partners in a stretch of the record, week by week."""

    keeps_waits = False

    def __init__(
        self,
        calendar: Calendar,
        *,
        settings: Settings,
        targets: Mapping[QueueKey, Duration],
        origins: tuple[Origin, ...] = (Origin.REAL,),
    ) -> None:
        """`calendar` cuts weeks; those that it cuts at its begin or end are not told."""
        self._calendar = calendar
        self._origins = origins
        self._fold = Fold(settings=settings, targets=targets, books=self)
        self._partners: dict[CallId, PartnerKey] = {}
        self._now: PartnerKey | None = None
        self._entered: dict[CallId, Slice] = {}
        self._tallies: dict[tuple[Slice, PartnerKey], Tally] = {}
        self._held_back: dict[tuple[Slice, PartnerKey], int] = {}

    def at(self, at: Instant, cell: Cell) -> tuple[Tally, ...]:
        """Returns the tally of the week for the partner whose call the event is of."""
        week = self._calendar.slice_of(at)
        if week is None or self._now is None or cell.origin not in self._origins:
            return ()
        return (self._tallies.setdefault((week, self._now), Tally()),)

    def take(self, at: Instant, events: Iterable[AnyEvent]) -> bool:
        """Adds one step; returns False once no later step can change what is told."""
        if at >= self._calendar.until and self._fold.is_settled:
            return False
        for event in events:
            call: CallId | None = getattr(event, "call", None)
            self._now = None if call is None else self._partners.get(call)
            self._fold.notice(at, event)
            match event:
                case e.PartnerRecognised():
                    self._partners[event.call] = event.partner
                case e.CallQueued() if self._now is not None and event.origin in self._origins:
                    week = self._calendar.slice_of(at)
                    if week is not None:
                        self._entered[event.call] = week
                case e.ShareLimitHeld() if self._now is not None and event.call in self._entered:
                    key = self._entered[event.call], self._now
                    self._held_back[key] = self._held_back.get(key, 0) + 1
                case e.CallEnded():
                    self._partners.pop(event.call, None)
                    self._entered.pop(event.call, None)
                case _:
                    pass
        return True

    def weeks(self, partners: Iterable[PartnerKey]) -> Iterator[PartnerWeek]:
        """Yields what each of the partners may be told, week by week; quiet weeks too."""
        wanted = tuple(partners)
        for week in self._calendar.slices():
            if self._is_whole(week):
                for partner in wanted:
                    tally = self._tallies.get((week, partner), Tally())
                    held = self._held_back.get((week, partner), 0)
                    yield told_of(week, partner, tally, held)

    def _is_whole(self, week: Slice) -> bool:
        # The record may begin or end within a week, and whoever asks may cut one: the difference
        # of two such reports would tell of single days.
        begins, ends = self._calendar.local(week.start), self._calendar.local(week.end)
        at_midnight = (begins.hour, begins.minute, ends.hour, ends.minute) == (0, 0, 0, 0)
        return at_midnight and begins.weekday() == 0 and (ends - begins).days in (6, 7)


def told_of(week: Slice, partner: PartnerKey, tally: Tally, held_back: int) -> PartnerWeek:
    """Returns what may be told of the sums of one week."""
    other = tally.offered - tally.answered - tally.abandoned
    answered, abandoned, rest = without_small((tally.answered, tally.abandoned, other))
    is_told = tally.offered >= LEAST
    judged = tally.answered + tally.abandoned
    in_time = tally.answered_in_target
    has_level = None not in (answered, abandoned) and may_be_told(in_time, judged)
    mean = asa(tally)
    return PartnerWeek(
        week=week,
        partner=partner,
        offered=tally.offered if is_told else None,
        answered=answered if is_told else None,
        abandoned=abandoned if is_told else None,
        other=rest if is_told else None,
        held_back=held_back if is_told and may_be_told(held_back, tally.offered) else None,
        service_level=in_time / judged if is_told and judged and has_level else None,
        asa_s=None if mean is None or answered is None or not is_told else round(mean / SECOND),
    )


def may_be_told(part: int, whole: int) -> bool:
    """Tells whether neither the part nor what is left of the whole is a small number.

    >>> [may_be_told(part, 40) for part in (0, 9, 10, 30, 31, 40)]
    [True, False, True, True, False, True]
    """
    return not (0 < part < LEAST or 0 < whole - part < LEAST)


def without_small(parts: tuple[int, ...]) -> list[int | None]:
    """Returns the parts of a known sum, or none of them if one is small.

    To leave out only so many that the small one cannot be reckoned would tell it nearly: whoever
    knows the rule knows that what is left out is less than what is told.

    >>> without_small((40, 12, 0)), without_small((40, 12, 3))
    ([40, 12, 0], [None, None, None])
    """
    if any(0 < part < LEAST for part in parts):
        return [None] * len(parts)
    return list(parts)
