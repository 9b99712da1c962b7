"""How the people of a record would have fared under another configuration.

Not a replay: under other rules people get other answers, so what they did then makes no sense now
(`simulation.recorded` says what is taken from the record instead). To tell the rules from the
guessing, the same people meet the recorded configuration too: where that differs from the record,
the guessing is to blame; where it differs from the other configuration, the rules are.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from openline.app.record import Record, record_of
from openline.centre.reading import events_between
from openline.configuration import Published
from openline.engine import AnyEvent, AnyInput, Outcome, Settings
from openline.engine import events as e
from openline.measures import INTERVAL, start_of_interval
from openline.model import Duration, Instant, Origin, QueueKey, Reason, RefusedError
from openline.reports import Asked, By, Calendar, Historian, Sums
from openline.simulation import Witness, people_of, simulate

Tell = Callable[[int, int], None]


class Passed(msgspec.Struct, kw_only=True):
    """Counts what of a run came to nothing, because the configuration does not know it."""

    unknown_lines: int = 0
    unknown_agents: int = 0


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the same stretch three times."""

    since: Instant
    until: Instant
    recorded: Sums
    """What happened."""
    same: Sums
    """The same people under the recorded configuration."""
    other: Sums
    """The same people under the other one."""
    calls: int
    """Calls that were enacted."""
    left_early: int
    missed: int
    configurations: int
    mean_patience: Duration
    passed: Passed


def compare(
    data: Path,
    published: Published,
    origins: tuple[Origin, ...],
    tell: Tell,
    url: str | None = None,
) -> Compared:
    """Enacts the whole record under the configuration.

    Targets and short abandons are those of the other configuration, for all three alike. Holds
    every call of the record in memory. Raises `RefusedError` where there is nothing to enact.
    """
    with record_of(data, url) as record:
        span = _span(record)
        witness = Witness(origins)
        was = _Counted(published, published.settings, span)
        for at, events in _told(record, span, tell):
            witness.take(at, events)
            was.take(at, events)
    settings = witness.settings
    if settings is None or not any(call.queued_at is not None for call in witness.calls.values()):
        names = " or ".join(origin.value for origin in origins)
        raise RefusedError(
            f"The record holds no {names} call that reached a queue.", code="no_calls"
        )
    same = _enact(witness, published, settings, span)
    other = _enact(witness, published, published.settings, span)
    return Compared(
        since=span[0],
        until=span[1],
        recorded=was.sums(origins),
        same=same.sums((Origin.SIMULATED,)),
        other=other.sums((Origin.SIMULATED,)),
        calls=sum(call.queued_at is not None for call in witness.calls.values()),
        left_early=sum(call.left_early for call in witness.calls.values()),
        missed=witness.missed,
        configurations=witness.configurations,
        mean_patience=witness.mean_patience(),
        passed=other.passed,
    )


def _span(record: Record) -> tuple[Instant, Instant]:
    store = record.store
    first, last = next(store.read(store.forgotten()[0]), None), store.last()
    if first is None or last is None:
        raise RefusedError("The record is empty: nothing has happened there yet.", code="no_record")
    return start_of_interval(first.at), Instant(start_of_interval(last.at) + INTERVAL)


def _told(
    record: Record, span: tuple[Instant, Instant], tell: Tell
) -> Iterator[tuple[Instant, tuple[AnyEvent, ...]]]:
    since, until = span
    for count, (at, events) in enumerate(events_between(record.store, record.keys, since)):
        yield at, events
        if count % 4096 == 0:
            tell(at - since, until - since)


class _Counted:
    """Adds up one run over the whole stretch."""

    def __init__(
        self, published: Published, settings: Settings, span: tuple[Instant, Instant]
    ) -> None:
        targets: Mapping[QueueKey, Duration] = {
            key: target.within for key, target in published.targets.items()
        }
        self._historian = Historian(
            Calendar(published.zone, By.MONTH, since=span[0], until=span[1]),
            settings=settings,
            targets=targets,
            short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        )
        self.passed = Passed()

    def take(self, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        self._historian.take(at, events)

    def noted(self, _: AnyInput, now: Instant, outcome: Outcome) -> None:
        """Takes a step of an enactment."""
        self._historian.take(now, outcome.events)
        for event in outcome.events:
            match event:
                case (
                    e.InputPassedOver(reason=Reason.UNKNOWN_LINE)
                    | e.RequestRefused(reason=Reason.UNKNOWN_LINE)
                ):
                    self.passed.unknown_lines += 1
                case e.InputPassedOver(input="SignInRequested", reason=Reason.UNKNOWN_AGENT):
                    self.passed.unknown_agents += 1
                case e.RequestRefused(request="SignInRequested", reason=Reason.UNKNOWN_AGENT):
                    self.passed.unknown_agents += 1
                case _:
                    pass

    def sums(self, origins: tuple[Origin, ...]) -> Sums:
        return self._historian.history(Asked(origins=origins)).totals[None]


def _enact(
    witness: Witness, published: Published, settings: Settings, span: tuple[Instant, Instant]
) -> _Counted:
    counted = _Counted(published, settings, span)
    simulate(settings, people_of(witness, settings), *span, on_step=counted.noted)
    return counted
