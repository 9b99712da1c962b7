"""What stays when the record forgets: the sums of each quarter of an hour.

Each day of the record is folded once, by the very fold of the reports (`openline.measures`), when
it is over and all that began in it has ended; so an old month can be reported long after its calls
are forgotten, and the loss of the keys costs no figure. Real calls alone are summed, by line and
queue, and the time of the agents who took them; nothing else is kept.

A day is one of UTC, as the segments are. Thresholds (service level, short abandon) are those of the
day on which it is summed: what they were before, a sum no longer tells. So which they were is kept
with the day (`Counted`), and a report that applies others reads the steps as long as there are any.
"""

from collections.abc import Iterator, Mapping

import msgspec

from openline.centre.codec import decode_state
from openline.centre.reading import state_by
from openline.centre.recovery import last_step_before, steps_after
from openline.engine import Settings, State
from openline.measures import INTERVAL, AgentTime, Attendance, Cell, Fold, Slice, Slices, Tally
from openline.measures import start_of_interval as start_of
from openline.model import Duration, Instant, LineKey, Origin, QueueKey
from openline.sealing import SegmentKeys
from openline.sealing.kinds import DAY
from openline.store import Store, SumRecord

FORM = 1
CALLS, AGENTS, WHOLE_DAY = "calls", "agents", "day"

WAITS_AT_MOST = Duration(7 * DAY)
"""A day of which something is still open then (a callback, say) is summed as it stands."""

_CALLS, _AGENTS = msgspec.json.Decoder(Tally), msgspec.json.Decoder(AgentTime)

STEPS_AT_ONCE = 100
"""Steps folded between two looks at whether somebody else wants the processor."""


class KeptSums(msgspec.Struct, frozen=True, kw_only=True):
    """Holds what was counted in one quarter of an hour."""

    start: Instant
    calls: dict[Cell, Tally]
    agents: AgentTime


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """Says how a day was counted, and what is not in its sums."""

    targets: dict[QueueKey, Duration] = {}
    short_abandons: dict[QueueKey, Duration] = {}
    others: tuple[Origin, ...] = ()
    """Of whose calls there were some, which are not summed."""
    is_settled: bool = False
    """Whether all that began in the day was over."""


class DaySums:
    """Sums one day; `run` does the work a bit at a time."""

    def __init__(
        self,
        store: Store,
        keys: SegmentKeys,
        begin: Instant,
        *,
        targets: Mapping[QueueKey, Duration],
        short_abandons: Mapping[QueueKey, Duration],
    ) -> None:
        self._store = store
        self._keys = keys
        self._begin = begin
        self.end = Instant(begin + DAY)
        self._books = Slices(self._slice_of)
        self._attendance = Attendance(self._slice_of, begin=begin)
        self._targets = targets
        self._short_abandons = short_abandons
        self.is_settled = False
        """Whether all that began in the day is over, so that its sums change no more."""

    def run(self) -> Iterator[None]:
        """Folds the record; yields after every few steps."""
        state = state_by(self._store, self._keys, self._begin)
        if state is None:
            # A day earlier, so that it is known who was there when the day began.
            step = last_step_before(self._store, Instant(self._begin - DAY))
            settings, step = self._settings_at(step)
        else:
            settings, step = state.settings, state.step
            for agent in state.agents.values():
                self._attendance.know(state.now, agent.key, agent.state, agent.origins)
        fold = Fold(
            settings=settings,
            targets=self._targets,
            books=self._books,
            short_abandons=self._short_abandons,
        )
        done = steps_after(self._store, self._keys, step)
        for number, (at, events) in enumerate(done, start=1):
            if at >= self.end and fold.is_settled:
                break
            for event in events:
                fold.notice(at, event)
                if at < self.end:
                    self._attendance.notice(at, event)
            if number % STEPS_AT_ONCE == 0:
                yield
        self._attendance.settle(self.end)
        self.is_settled = fold.is_settled

    def records(self) -> list[SumRecord]:
        """Returns the sums, for the store."""
        others: set[Origin] = set()
        records = []
        times = self._attendance.times([Origin.REAL])
        for start in range(self._begin, self.end, INTERVAL):
            quarter = Slice(Instant(start), Instant(start + INTERVAL))
            for cell, tally in self._books.cells(quarter).items():
                if cell.origin is Origin.REAL:
                    records.append(_record(quarter.start, CALLS, cell, tally))
                else:
                    others.add(cell.origin)
            time = times.get(quarter)
            if time is not None and time != AgentTime():
                records.append(_record(quarter.start, AGENTS, None, time))
        counted = Counted(
            targets=dict(self._targets),
            short_abandons=dict(self._short_abandons),
            others=tuple(origin for origin in Origin if origin in others),
            is_settled=self.is_settled,
        )
        return [_record(self._begin, WHOLE_DAY, None, counted), *records]

    def _slice_of(self, at: Instant) -> Slice | None:
        if not self._begin <= at < self.end:
            return None
        start = start_of(at)
        return Slice(start, Instant(start + INTERVAL))

    def _settings_at(self, step: int) -> tuple[Settings, int]:
        """Returns the settings in force after a step, or an earlier one; and after which."""
        snapshot = self._store.latest_snapshot(before_step=step + 1)
        if snapshot is None:
            return State().settings, step
        body = self._keys.open_snapshot(snapshot.step, Instant(snapshot.at), snapshot.body)
        if body is None:
            return State().settings, step
        return decode_state(body, snapshot.schema).settings, snapshot.step


def next_day(store: Store) -> Instant | None:
    """Returns the beginning of the first day that has something to be summed, or None."""
    summed = store.summed_until()
    record = next(store.read(last_step_before(store, summed)), None)
    if record is None:
        return None
    return Instant(max(summed, record.at - record.at % DAY))


def days_counted(store: Store, begin: Instant, end: Instant) -> dict[Instant, Counted]:
    """Returns how each day that begins in a time was counted, by its begin; only summed ones."""
    return {
        record.start: msgspec.json.decode(record.sums, type=Counted)
        for record in store.sums(begin, end, what=WHOLE_DAY)
    }


def kept_sums(store: Store, begin: Instant, end: Instant) -> list[KeptSums]:
    """Returns what was counted in each quarter of an hour of a time, where anything was."""
    found: dict[Instant, KeptSums] = {}
    for record in store.sums(begin, end):
        if record.what == WHOLE_DAY:
            continue
        sums = found.setdefault(
            record.start, KeptSums(start=record.start, calls={}, agents=AgentTime())
        )
        if record.what == AGENTS:
            agents = _AGENTS.decode(record.sums)
            found[record.start] = msgspec.structs.replace(sums, agents=agents)
        else:
            queue = QueueKey(record.queue) if record.queue else None
            cell = Cell(LineKey(record.line), queue, Origin.REAL)
            sums.calls[cell] = _CALLS.decode(record.sums)
    return list(found.values())


def _record(
    start: Instant, what: str, cell: Cell | None, sums: Tally | AgentTime | Counted
) -> SumRecord:
    # Names beside numbers, and no zeros: a sum is read by programs that do not exist yet.
    counted = {name: value for name, value in msgspec.structs.asdict(sums).items() if value}
    return SumRecord(
        start=start,
        what=what,
        line="" if cell is None else cell.line,
        queue="" if cell is None else cell.queue or "",
        form=FORM,
        sums=msgspec.json.encode(counted),
    )
