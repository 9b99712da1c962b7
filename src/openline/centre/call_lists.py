"""The list of the calls of each day, made when the day is over, so that pages need not read steps.

It says of each call what `CallRow` does and is made from the steps of its day, so it is a copy: it
is sealed under a key of that day, and when that is destroyed nobody can read either. Where a list
is missing or of another form it is made from the steps again; nothing else depends on it.

A day is one of UTC, as the segments are. A day of which something is still open has no list yet;
pages read its steps.
"""

from collections.abc import Iterator

import msgspec

from openline.centre.codec import decode_step
from openline.centre.recovery import last_step_before
from openline.centre.sums import days_counted
from openline.model import Instant
from openline.reports import CallRow, CallRows
from openline.reports.call_columns import FORM, Details, Filters, columns_of
from openline.sealing import SegmentKeys
from openline.sealing.kinds import DAY
from openline.sealing.segments import mark_of
from openline.store import CallListRecord, Store

STEPS_AT_ONCE = 100
"""Steps read between two looks at whether somebody else wants the processor."""

_FILTERS, _DETAILS = msgspec.msgpack.Decoder(Filters), msgspec.msgpack.Decoder(Details)


class DayCalls:
    """Collects the calls that arrived in one day; `run` does the work a bit at a time."""

    def __init__(self, store: Store, keys: SegmentKeys, begin: Instant) -> None:
        self._store = store
        self._keys = keys
        self._begin = begin
        self._end = Instant(begin + DAY)
        self._mark: bytes | None = None
        # Who was in time is said when the list is read: by the target of then.
        self._calls = CallRows(begin, self._end, targets={})
        self._rows: list[CallRow] = []
        self.is_settled = False
        """Whether every call of the day is over, so that its list changes no more."""

    def run(self) -> Iterator[None]:
        """Reads the record; yields after every few steps."""
        records = self._store.read(last_step_before(self._store, self._begin))
        for number, record in enumerate(records, start=1):
            at = Instant(record.at)
            if at >= self._end and self._calls.is_settled:
                break
            body = self._keys.open_step(record.step, at, record.body)
            if body is not None:
                if self._mark is None and at < self._end:
                    self._mark = mark_of(record.body)
                self._rows.extend(self._calls.take(at, decode_step(body, record.schema).events))
            if number % STEPS_AT_ONCE == 0:
                yield
        self.is_settled = self._calls.is_settled

    def record(self) -> CallListRecord | None:
        """Returns the list for the store; None where nothing can be read of the day any more."""
        if self._mark is None:
            return None
        columns = columns_of(self._rows)
        encode, seal = msgspec.msgpack.encode, self._keys.seal_derived
        filters = seal("filters", self._mark, self._begin, encode(columns.filters))
        details = seal("details", self._mark, self._begin, encode(columns.details))
        if filters is None or details is None:
            return None
        return CallListRecord(
            day=self._begin, form=FORM, mark=self._mark, filters=filters, details=details
        )


def days_unlisted(store: Store) -> list[Instant]:
    """Returns the days that are summed, have steps and no list, the oldest first."""
    first = next(store.read(store.forgotten()[0]), None)
    if first is None:
        return []
    begin, end = Instant(first.at - first.at % DAY), store.summed_until()
    listed = store.call_list_marks(begin, end, form=FORM)
    return [day for day in sorted(days_counted(store, begin, end)) if day not in listed]


def open_filters(keys: SegmentKeys, day: Instant, sealed: bytes) -> Filters | None:
    """Returns what the calls of a day are chosen by; None where they are forgotten.

    Raises `PeerError` where it is not what was sealed.
    """
    body = keys.open_derived("filters", day, sealed)
    return None if body is None else _FILTERS.decode(body)


def open_details(keys: SegmentKeys, day: Instant, sealed: bytes) -> Details | None:
    """Returns what is shown of the calls of a day; as `open_filters`."""
    body = keys.open_derived("details", day, sealed)
    return None if body is None else _DETAILS.decode(body)
