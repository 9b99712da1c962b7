"""What a record tells of its people, as distributions: from it other days like these are drawn.

`recorded` meets the same people again; here is learnt what people of this kind are like:

1. *Arrivals* by line, weekday and half hour of the civil day, redials apart. Where few weeks were
   seen, a half hour leans on the shape of the other days: its weight is days / (days + 4).
2. *How whole days differ* beyond chance. For a day with mean m the count has the variance
   m + m² · cv²; cv² is what is left of the squares when chance has had its part.
3. *Patience* by line, those who were answered first taken for what they are (see `patience`).
4. *Talk, hold and wrap-up* by line and part of the day, as they were: no formula is fitted. A cell
   with few calls takes those of the whole line. What is due to how long the agent has been there is
   taken out of them, and put back for the agent who answers in the twin (see `experience`).
5. *Redials*: who gave up and came back soon enough to have his place back, and after how long.
   Who came back later is not known from others, and counts as an arrival.
6. How long the greeting was listened to, and how quickly offers were taken.

Left out as in `recorded`: calls that ended before a queue, lost connections, and missed offers (the
pause that follows one is in the agents' times).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from openline.engine.value import Value
from openline.model import MINUTE, SECOND, Duration, Instant, LineKey
from openline.simulation.civil import local_date
from openline.simulation.experience import Done, Experience, believed, experience_of
from openline.simulation.patience import Patience, patience_of
from openline.simulation.recorded import USUAL_DELAY, RecordedCall, Witness

HALF_HOUR = Duration(30 * MINUTE)
HALF_HOURS = 48
PART_HALF_HOURS = 8
"""A part of the day, for talk and wrap-up: four hours."""
PARTS = HALF_HOURS // PART_HALF_HOURS
ENOUGH_CALLS = 50
"""A cell with fewer tells its own talk badly."""
ENOUGH_LEAVING = 30
"""A line where fewer left has the patience of all lines."""
LEANS_ON = 4
"""So many days of one kind weigh as much as the shape of all days."""
_WAITING_AT_LEAST = 10


class Work(Value, frozen=True, kw_only=True):
    """Is the talk, hold and wrap-up of one call, which belong together."""

    talk: Duration
    hold_after: Duration
    hold: Duration
    wrap_up: Duration
    is_ended_by_agent: bool


class LineLearnt(Value, frozen=True, kw_only=True):
    """Is what was learnt of the callers of one line."""

    line: LineKey
    per_half_hour: tuple[tuple[float, ...], ...]
    """Mean arrivals, redials apart: seven weekdays from Monday, 48 half hours each."""
    patience: Patience
    has_own_patience: bool
    """False: too few left, and the patience is that of all lines."""
    works: tuple[tuple[Work, ...], ...]
    """By part of the day, shortest talk first."""
    listens: tuple[Duration, ...]
    """To the greeting, in order; empty without one."""


class Learnt(Value, frozen=True, kw_only=True):
    """Is what was learnt of a stretch of a record."""

    zone: str
    since: Instant
    until: Instant
    days: int
    calls: int
    """That reached a queue, redials too."""
    left_early: int
    lines: tuple[LineLearnt, ...]
    busyness_cv: float
    redial_share: float
    """Of those who gave up."""
    redials_after: tuple[Duration, ...]
    answer_delays: tuple[Duration, ...]
    patience_was_seen: bool
    """False: nobody left, and the patience is an assumption."""
    experience: Experience


def learn(
    witness: Witness,
    where: ZoneInfo,
    since: Instant,
    until: Instant,
    *,
    unknown_before: Instant | None = None,
) -> Learnt:
    """Returns what the calls from `since` to `until`, whole civil days, tell.

    `unknown_before`: from when on the witness saw who answers; None where it saw the first call of
    the centre.
    """
    calls = [call for call in witness.calls.values() if since <= call.at < until]
    queued = [call for call in calls if call.queued_at is not None and not call.left_early]
    fresh = [call for call in queued if call.waiting_since is None]
    days = _days(since, until, where)
    everybody = patience_of(_waits(queued), least_waiting=_WAITING_AT_LEAST)
    names = sorted({call.line for call in queued})
    shares, redials_after = _redials(queued)
    first_calls = witness.first_calls
    if unknown_before is not None:
        first_calls = believed(first_calls, unknown_before)
    experience = experience_of(_done(queued, where), first_calls)
    return Learnt(
        zone=where.key,
        since=since,
        until=until,
        days=len(days),
        calls=len(queued),
        left_early=len(calls) - len(queued),
        lines=tuple(
            _line(name, [c for c in queued if c.line == name], days, where, everybody, experience)
            for name in names
        ),
        busyness_cv=_busyness(fresh, days, where),
        redial_share=shares,
        redials_after=redials_after,
        answer_delays=tuple(sorted(witness.delays)) or (USUAL_DELAY,),
        patience_was_seen=everybody.left > 0,
        experience=experience,
    )


def _line(
    name: LineKey,
    calls: Sequence[RecordedCall],
    days: Sequence[date],
    where: ZoneInfo,
    everybody: Patience,
    experience: Experience,
) -> LineLearnt:
    own = patience_of(_waits(calls), least_waiting=_WAITING_AT_LEAST)
    is_own = own.left >= ENOUGH_LEAVING
    return LineLearnt(
        line=name,
        per_half_hour=_rates([c for c in calls if c.waiting_since is None], days, where),
        patience=own if is_own else everybody,
        has_own_patience=is_own,
        works=_works(calls, where, experience),
        listens=tuple(sorted(call.listens for call in calls if call.greeted_at is not None)),
    )


def _waits(calls: Iterable[RecordedCall]) -> Iterable[tuple[Duration, bool]]:
    return ((call.waited, call.gave_up) for call in calls)


def _days(since: Instant, until: Instant, where: ZoneInfo) -> list[date]:
    first, last = local_date(since, where), local_date(Instant(until - 1), where)
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]


def half_hour_of(at: Instant, where: ZoneInfo) -> tuple[date, int]:
    """Returns the civil day and the half hour of it."""
    local = datetime.fromtimestamp(at // SECOND, where)
    return local.date(), (local.hour * 60 + local.minute) // 30


# --- arrivals ------------------------------------------------------------------------------


def _rates(
    calls: Sequence[RecordedCall], days: Sequence[date], where: ZoneInfo
) -> tuple[tuple[float, ...], ...]:
    counts: Counter[tuple[int, int]] = Counter()
    for call in calls:
        day, half_hour = half_hour_of(call.at, where)
        counts[day.weekday(), half_hour] += 1
    seen = Counter(day.weekday() for day in days)
    whole = len(days)
    by_half_hour = [
        sum(counts[weekday, h] for weekday in range(7)) / whole for h in range(HALF_HOURS)
    ]
    mean = sum(by_half_hour)
    rates = []
    for weekday in range(7):
        there = seen[weekday]
        level = 1.0
        if there and mean > 0:
            level = sum(counts[weekday, h] for h in range(HALF_HOURS)) / there / mean
        own = there / (there + LEANS_ON)
        rates.append(
            tuple(
                own * (counts[weekday, h] / there if there else 0.0)
                + (1 - own) * level * by_half_hour[h]
                for h in range(HALF_HOURS)
            )
        )
    return tuple(rates)


def _busyness(calls: Sequence[RecordedCall], days: Sequence[date], where: ZoneInfo) -> float:
    """Returns how much days of one weekday differ beyond chance; 0 where it was seen but once."""
    counts = Counter(half_hour_of(call.at, where)[0] for call in calls)
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for day in days:
        by_weekday[day.weekday()].append(counts[day])
    beyond = squares = 0.0
    for totals in by_weekday.values():
        times = len(totals)
        if times < 2:
            continue
        mean = sum(totals) / times
        beyond += sum((n - mean) ** 2 for n in totals) * times / (times - 1) - times * mean
        squares += times * mean**2
    return sqrt(max(0.0, beyond / squares)) if squares > 0 else 0.0


# --- what they do --------------------------------------------------------------------------


def _done(calls: Sequence[RecordedCall], where: ZoneInfo) -> Iterator[Done]:
    """Yields the work of each answered call beside the mean of calls like it."""
    lines: dict[LineKey, list[list[RecordedCall]]] = {}
    for call in calls:
        if call.talk is not None:
            parts = lines.setdefault(call.line, [[] for _ in range(PARTS)])
            parts[_part_of(call, where)].append(call)
    for parts in lines.values():
        whole = [call for part in parts for call in part]
        for part in parts:
            like = part if len(part) >= ENOUGH_CALLS else whole
            talk = sum(call.talk or 0 for call in like) / len(like)
            wrap_up = sum(call.wrap_up or 0 for call in like) / len(like)
            for call in part:
                if call.agent is not None and call.talk is not None:
                    own = call.wrap_up or Duration(0)
                    yield Done(call.agent, call.at, call.talk, own, talk, wrap_up)


def _works(
    calls: Sequence[RecordedCall], where: ZoneInfo, experience: Experience
) -> tuple[tuple[Work, ...], ...]:
    parts: list[list[Work]] = [[] for _ in range(PARTS)]
    for call in calls:
        if call.talk is None:
            continue
        hold_after = 0
        if call.held_at is not None and call.answered_at is not None:
            hold_after = max(0, call.held_at - call.answered_at)
        talk, wrap_up = 1.0, 1.0
        if call.agent is not None:
            band = experience.band(call.agent, call.at)
            talk, wrap_up = experience.talk[band], experience.wrap_up[band]
        work = Work(
            talk=Duration(int(call.talk / talk)),
            hold_after=Duration(int(hold_after / talk)),
            hold=call.hold,
            wrap_up=Duration(int((call.wrap_up or 0) / wrap_up)),
            is_ended_by_agent=call.is_ended_by_agent,
        )
        parts[_part_of(call, where)].append(work)
    whole = [work for part in parts for work in part]
    return tuple(
        tuple(sorted(part if len(part) >= ENOUGH_CALLS else whole, key=_talk)) for part in parts
    )


def _part_of(call: RecordedCall, where: ZoneInfo) -> int:
    return half_hour_of(call.at, where)[1] // PART_HALF_HOURS


def _talk(work: Work) -> tuple[Duration, Duration]:
    return work.talk, work.wrap_up


def _redials(calls: Sequence[RecordedCall]) -> tuple[float, tuple[Duration, ...]]:
    """Returns the share of those who gave up that came back, and after how long, in order."""
    gave_up: Mapping[tuple[LineKey, Instant | None], RecordedCall] = {
        (call.line, call.waiting_since or call.queued_at): call for call in calls if call.gave_up
    }
    after = []
    for call in calls:
        if call.waiting_since is None:
            continue
        earlier = gave_up.get((call.line, call.waiting_since))
        if earlier is not None and earlier.ended_at is not None and call.at > earlier.ended_at:
            after.append(Duration(call.at - earlier.ended_at))
    again = sum(call.waiting_since is not None for call in calls)
    left = sum(call.gave_up for call in calls)
    return (min(1.0, again / left) if left else 0.0), tuple(sorted(after))
