"""The twin of a centre: people learnt from its record, on the rules that the record was made under.

First it must show that it knows the centre: it lives the recorded days again with drawn people and
is held against what was recorded. Then what-ifs are tried on it, among the same drawn people.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from openline.app.period import period
from openline.app.record import Record, record_of
from openline.app.sources import SIGNED_IN_WITHIN
from openline.app.study import INTERVAL_MINUTES, MOST_DAYS, Scenario, with_rules
from openline.centre.codec import decode_state
from openline.centre.reading import events_between, events_with
from openline.centre.recovery import last_step_before
from openline.configuration import Published
from openline.engine import Settings, events
from openline.model import AgentKey, Duration, Instant, Origin, RefusedError
from openline.reports import By, Calendar, Historian
from openline.reports.runs import RunSums, run_sums
from openline.simulation import Witness
from openline.simulation.changes import NOTHING, Changes
from openline.simulation.civil import instant_of, local_date
from openline.simulation.experience import DAY
from openline.simulation.learned import Duties, LearnedWorld, changed_learned
from openline.simulation.learning import Learnt, learn

Tell = Callable[[int, int], None]

LOOKED_BACK = Duration(182 * DAY)
"""So far before the period it is seen who answered: twice as long as anybody counts as new."""
FEW_CALLS = 200
"""From fewer nothing can be learnt that is worth much."""


class Twin(msgspec.Struct, frozen=True, kw_only=True):
    """Is what was read from a record, and what was learnt of it."""

    scenario: Scenario
    learnt: Learnt
    recorded: RunSums
    configurations: int
    """How many the record was made under."""
    is_other_configuration: bool
    """Whether the given configuration's rules differ from the record's last."""
    missed: int
    """Offers that were missed or declined."""


def twin_of(
    data: Path,
    published: Published,
    *,
    since: str | None,
    until: str | None,
    origins: tuple[Origin, ...],
    seed: int,
    tell: Tell,
) -> Twin:
    """Reads whole days of a record and learns from them.

    Targets, names and the zone are those of the configuration, rules those of the record.

    Raises `RefusedError` where there is nothing to learn from (`no_record`, `no_calls`), or the
    period means nothing (`bad_period`); `PeerError` for a record that cannot be read.
    """
    where = published.zone
    with record_of(data, published.store.url) as record:
        begin, end = _whole_days(record, published, since, until)
        calendar = Calendar(where, By.INTERVAL, since=begin, until=end, minutes=INTERVAL_MINUTES)
        historian = Historian(
            calendar,
            settings=published.settings,
            targets={key: target.within for key, target in published.targets.items()},
            short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        )
        witness = Witness(origins)
        read_from = Instant(begin - SIGNED_IN_WITHIN)
        unknown_before = _look_back(record, witness, read_from, tell)
        for count, (at, seen) in enumerate(events_between(record.store, record.keys, read_from)):
            if at < end:
                witness.take(at, seen)
            if not historian.take(at, seen):
                break
            if count % 4096 == 0:
                tell(at - read_from, end - read_from)
        in_force = _settings_near(record, read_from)
        store = record.store
        was_one_before = last_step_before(store, read_from) > store.forgotten()[0]
    learnt = learn(witness, where, begin, end, unknown_before=unknown_before)
    settings = witness.settings or in_force or published.settings
    if learnt.calls == 0:
        names = " or ".join(origin.value for origin in origins)
        raise RefusedError(
            f"In this period the record holds no {names} call that reached a queue. Choose another "
            f"with --from and --to, or other calls with --origin.",
            code="no_calls",
        )
    scenario = Scenario(
        world=LearnedWorld(settings=settings, learnt=learnt, duties=_duties(witness), seed=seed),
        zone=published.time_zone,
        start=local_date(begin, where),
        days=learnt.days,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        languages=published.line_languages,
    )
    return Twin(
        scenario=scenario,
        learnt=learnt,
        recorded=run_sums(
            0,
            historian,
            calendar,
            origins=origins,
            judged=scenario.targets,
            languages=published.line_languages,
        ),
        configurations=witness.configurations + was_one_before,
        is_other_configuration=_differ(settings, published.settings),
        missed=witness.missed,
    )


def with_changes(twin: Twin, published: Published | None, changes: Changes = NOTHING) -> Scenario:
    """Returns the twin's days under another configuration's rules, or with changes, or both.

    Raises `RefusedError` where a change or rule makes no sense (`bad_change`, `bad_rule`).
    """
    world = twin.scenario.world
    assert isinstance(world, LearnedWorld), "a twin's people are learnt"
    if published is not None:
        since = instant_of(twin.scenario.start, 0, published.zone)
        world = msgspec.structs.replace(world, settings=published.settings_at(since))
    scenario = msgspec.structs.replace(twin.scenario, world=changed_learned(world, changes))
    return with_rules(scenario, changes.rules)


def _whole_days(
    record: Record, published: Published, since: str | None, until: str | None
) -> tuple[Instant, Instant]:
    store, where = record.store, published.zone
    first, last = next(store.read(store.forgotten()[0]), None), store.last()
    if first is None or last is None:
        raise RefusedError("The record is empty: nothing has happened there yet.", code="no_record")
    begin, end = period(since, until, where, first.at, last.at)
    days = local_date(begin, where), local_date(Instant(end - 1), where) + timedelta(days=1)
    whole = instant_of(days[0], 0, where), instant_of(days[1], 0, where)
    if (begin, end) != whole:
        raise RefusedError(
            "A twin is learnt from whole days: write --from and --to as dates.", code="bad_period"
        )
    if (days[1] - days[0]).days > MOST_DAYS:
        raise RefusedError(f"At most {MOST_DAYS:,} days at once.", code="bad_period")
    return begin, end


def _look_back(record: Record, witness: Witness, until: Instant, tell: Tell) -> Instant | None:
    """Lets the witness see who answered before; returns from when on, None for the first call."""
    store = record.store
    forgotten = store.forgotten()[0]
    first = next(store.read(forgotten), None)
    assert first is not None, "the record is not empty"
    since = Instant(max(first.at, until - LOOKED_BACK))
    steps = events_with(store, record.keys, events.OfferAccepted, since, until)
    for count, (at, seen) in enumerate(steps):
        witness.take_first_calls(at, seen)
        if count % 4096 == 0:
            tell(at - since, until - since)
    return None if forgotten == 0 and since == first.at else since


def _settings_near(record: Record, at: Instant) -> Settings | None:
    """Returns the settings that were in force about then, by the next snapshot that is kept."""
    store = record.store
    snapshot = store.opening_snapshot(last_step_before(store, at)) or store.latest_snapshot()
    if snapshot is None:
        return None
    body = record.keys.open_snapshot(snapshot.step, Instant(snapshot.at), snapshot.body)
    return None if body is None else decode_state(body, snapshot.schema).settings


def _duties(witness: Witness) -> dict[AgentKey, Duties]:
    return {agent: tuple(each) for agent, each in witness.duties.items()}


def _differ(recorded: Settings, given: Settings) -> bool:
    def rules(settings: Settings) -> Settings:
        return msgspec.structs.replace(settings, version=0, hours=())

    return rules(recorded) != rules(given)
