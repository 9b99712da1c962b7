"""What the wallboard shows: who waits, who is there, how the day goes.

`LivePicture` is fed with the durable steps of the record and gives the JSON of the wallboard
(docs/reference/page-protocol.md) at any moment. An event costs O(1), or one step per queue that its
agent serves, or O(log n) for a call that begins to wait. A picture costs O(queues), times the lines
that lead to them; neither costs more when more callers wait or more agents work.

The day is the civil day of the centre: at local midnight the counts start anew. Calls belong to the
day and the interval in which they entered the queue (see `measures.fold`), so the strip's past
intervals go on changing while their callers wait.

After a restart the picture is built anew from the state and the record since the last local
midnight; a shorter record shows less, and nothing wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict
from zoneinfo import ZoneInfo

import msgspec

from openline.engine import AgentState, AnyEvent, CallState, State
from openline.engine import events as e
from openline.measures import (
    INTERVAL,
    SHORT_ABANDON,
    Fold,
    IntervalsAndDays,
    Tally,
    abandon_rate,
    asa,
    by_queue,
    service_level,
    start_of_interval,
    total,
    wait_estimate,
)
from openline.model import SECOND, Duration, Instant, Origin, QueueKey
from openline.reports.days import CivilDays
from openline.reports.staff import Staff
from openline.reports.unstaffed import UnstaffedPicture, UnstaffedQueues
from openline.reports.waiting import Waiting, earliest

STRIP_LENGTH = 24

_AT_WORK = (AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Is a service level to be reached: so many per cent answered within so long."""

    percent: float
    within: Duration


class ShownQueue(msgspec.Struct, frozen=True, kw_only=True):
    """Says how one queue is shown."""

    key: QueueKey
    name: str
    target: Target | None = None
    short_abandon: Duration = SHORT_ABANDON
    usual_handle_time: Duration | None = None
    """For the wait estimate, until enough calls have ended."""


class TargetPicture(TypedDict):
    """Is a target, for a page."""

    percent: float
    within_s: int


class Figures(TypedDict):
    """Holds the figures of one queue or of all."""

    waiting: int
    longest_since: Instant | None
    ready: int
    talking: int
    wrap_up: int
    paused: int
    arrived: int
    offered: int
    answered: int
    answered_in_target: int
    abandoned: int
    short_abandoned: int
    service_level: float | None
    asa_s: int | None
    abandon_rate: float | None
    target: TargetPicture | None


class QueueFigures(Figures):
    """Holds the figures of one queue, with its name."""

    key: QueueKey
    name: str
    unstaffed: UnstaffedPicture | None
    in_time: int
    """Agents at work who may take its calls, at once or when they overflow."""


class StripInterval(TypedDict):
    """Holds what became of the calls of a quarter of an hour."""

    start: Instant
    arrived: int
    offered: int
    answered: int
    abandoned: int
    service_level: float | None


class Picture(TypedDict):
    """Is the whole wallboard."""

    now: Instant
    zone: str
    origins: list[str]
    demo: bool
    speed: float
    total: Figures
    queues: list[QueueFigures]
    strip: list[StripInterval]


class LivePicture:
    """Follows one centre and draws its wallboard."""

    def __init__(
        self,
        state: State,
        queues: Sequence[ShownQueue],
        zone: ZoneInfo,
        *,
        demo: bool = False,
        speed: float = 1,
    ) -> None:
        """Begins at the state, of which nothing is kept; the day's figures begin empty."""
        self._demo = demo
        self._speed = speed
        self._days = CivilDays(zone)
        self._staff = Staff(state)
        self._waiting = Waiting()
        self._unstaffed = UnstaffedQueues(state)
        for call in state.calls.values():
            if (
                call.state in (CallState.QUEUED, CallState.OFFERED, CallState.FORWARDED)
                and call.has_leg
                and call.queue is not None
                and call.waiting_since is not None
            ):
                since = call.queued_at if call.entry == 1 else call.waiting_since
                self._waiting.come(call.id, call.queue, call.origin, since or call.waiting_since)
                if call.state is CallState.FORWARDED:
                    self._waiting.go_outside(call.id)
        self._books = IntervalsAndDays(self._days.day_of)
        self._fold = Fold(settings=state.settings, targets={}, books=self._books)
        self.show(queues)

    @classmethod
    def resumed(
        cls,
        state: State,
        today: Iterable[tuple[Instant, Iterable[AnyEvent]]],
        queues: Sequence[ShownQueue],
        zone: ZoneInfo,
        *,
        demo: bool = False,
        speed: float = 1,
    ) -> "LivePicture":
        """Builds the picture from the present state and the steps of the record since midnight.

        What is there now comes from the state, what was counted from the steps. Calls that arrived
        before a line was moved to another queue today are counted under the present one.
        """
        picture = cls(state, queues, zone, demo=demo, speed=speed)
        for at, events in today:
            for event in events:
                picture._fold.notice(at, event)
        return picture

    def show(self, queues: Sequence[ShownQueue]) -> None:
        """Changes which queues are shown, their names and their targets.

        A new threshold or limit counts for calls that end from now on; what was counted stays.
        """
        self._queues = tuple(queues)
        self._fold.targets = {q.key: q.target.within for q in queues if q.target is not None}
        self._fold.short_abandons = {q.key: q.short_abandon for q in queues}

    def noticed(self, now: Instant, events: Iterable[AnyEvent]) -> None:
        """Takes one durable step into account."""
        for event in events:
            self._fold.notice(now, event)
            self._staff.notice(event)
            self._unstaffed.notice(now, event)
            match event:
                case e.CallQueued():
                    # Who regained a place is shown to wait since his present call.
                    since = now if event.entry == 1 else event.waiting_since
                    self._waiting.come(event.call, event.queue, event.origin, since)
                case e.OfferAccepted() | e.CallSent() | e.CallEnded():
                    self._waiting.leave(event.call)
                case e.CallForwarded():
                    self._waiting.go_outside(event.call)
                case e.ForwardFailed():
                    self._waiting.come_back(event.call, event.queue, event.origin)
                case _:
                    pass

    def estimate(self, queue: QueueKey, origin: Origin, place: int) -> Duration | None:
        """Returns what a caller at this place (from 1) may be told about the wait, or None."""
        shown = next((shown for shown in self._queues if shown.key == queue), None)
        agents = self._staff.counts(queue, (origin,))
        return wait_estimate(
            place,
            sum(agents[state] for state in _AT_WORK),
            self._fold.recent_handle_time(queue, origin),
            None if shown is None else shown.usual_handle_time,
        )

    def picture(self, origins: Iterable[Origin], now: Instant) -> Picture:
        """Returns the wallboard of these origins at `now`."""
        wanted = frozenset(origins)
        asked = tuple(origin for origin in Origin if origin in wanted)
        today = by_queue(self._books.day(self._days.day_of(now)), asked)
        rows = [self._row(shown, today.get(shown.key, Tally()), asked) for shown in self._queues]
        whole = _figures(
            tally=total(today.values()),
            judged=self._judged(today),
            agents=self._staff.counts(None, asked),
            waiting=sum(row["waiting"] for row in rows),
            longest_since=earliest(row["longest_since"] for row in rows),
            target=_common_target(self._queues),
        )
        return Picture(
            now=now,
            zone=self._days.zone.key,
            origins=[origin.value for origin in asked],
            demo=self._demo,
            speed=self._speed,
            total=whole,
            queues=rows,
            strip=self._strip(asked, now),
        )

    def _row(self, shown: ShownQueue, tally: Tally, asked: tuple[Origin, ...]) -> QueueFigures:
        figures = _figures(
            tally=tally,
            judged=Tally() if shown.target is None else tally,
            agents=self._staff.counts(shown.key, asked),
            waiting=self._waiting.count(shown.key, asked),
            longest_since=self._waiting.longest_since(shown.key, asked),
            target=shown.target,
        )
        # Only real calls make a queue unstaffed.
        unstaffed = self._unstaffed.of(shown.key) if Origin.REAL in asked else None
        in_time = self._staff.in_time(shown.key, asked)
        return {
            "key": shown.key,
            "name": shown.name,
            "unstaffed": unstaffed,
            "in_time": sum(in_time[state] for state in _AT_WORK),
            **figures,
        }

    def _judged(self, tallies: Mapping[QueueKey | None, Tally]) -> Tally:
        """Returns the sum over the queues that have a target: only they have a service level."""
        return total(tally for queue, tally in tallies.items() if queue in self._fold.targets)

    def _strip(self, asked: tuple[Origin, ...], now: Instant) -> list[StripInterval]:
        """Returns today's last intervals, the present one included, quiet ones too."""
        current = start_of_interval(now)
        midnight = self._days.start_of(self._days.day_of(now))
        first = max(midnight, current - (STRIP_LENGTH - 1) * INTERVAL)
        strip = []
        for start in map(Instant, range(first, current + 1, INTERVAL)):
            tallies = by_queue(self._books.interval(start), asked)
            tally = total(tallies.values())
            strip.append(
                StripInterval(
                    start=start,
                    arrived=tally.arrived,
                    offered=tally.offered,
                    answered=tally.answered,
                    abandoned=tally.abandoned,
                    service_level=service_level(self._judged(tallies)),
                )
            )
        return strip


def _figures(
    *,
    tally: Tally,
    judged: Tally,
    agents: Mapping[AgentState, int],
    waiting: int,
    longest_since: Instant | None,
    target: Target | None,
) -> Figures:
    """Puts the figures together; `judged` is the part of the tally that has a target."""
    mean_wait = asa(tally)
    return Figures(
        waiting=waiting,
        longest_since=longest_since,
        ready=agents[AgentState.READY],
        talking=agents[AgentState.TALKING],
        wrap_up=agents[AgentState.WRAP_UP],
        paused=agents[AgentState.PAUSED],
        arrived=tally.arrived,
        offered=tally.offered,
        answered=tally.answered,
        answered_in_target=tally.answered_in_target,
        abandoned=tally.abandoned,
        short_abandoned=tally.short_abandoned,
        service_level=service_level(judged),
        asa_s=None if mean_wait is None else round(mean_wait / SECOND),
        abandon_rate=abandon_rate(tally),
        target=_shown_target(target),
    )


def _shown_target(target: Target | None) -> TargetPicture | None:
    if target is None:
        return None
    return TargetPicture(percent=target.percent, within_s=target.within // SECOND)


def _common_target(queues: Iterable[ShownQueue]) -> Target | None:
    """Returns the one target that all queues with a target share; a mixture has no name."""
    targets = {queue.target for queue in queues if queue.target is not None}
    return targets.pop() if len(targets) == 1 else None
