"""Two worlds compared among the same people, and what would mend the worse one.

Run n of both has the same seed, and the chance of a caller hangs on his name alone: who calls in
both worlds has the same patience and the same talk in both. So what differs comes of the worlds,
and far fewer runs tell it than two studies of different people would need.

What mends it is searched for among a few proposals a planner could act on, the smallest first: one
or two people more in the hours where the harm is, then in the hours round them.
"""

from collections.abc import Callable, Sequence

import msgspec

from openline.app.sharing import Shared
from openline.app.study import Scenario, Studied, study
from openline.model import RefusedError
from openline.reports.runs import ALL, Estimate, Group, Per, Run, differences, groups_of
from openline.reports.whereabouts import busiest_stretch
from openline.simulation.changes import Changes, ExtraPeople, World, changed
from openline.simulation.learned import LearnedWorld, changed_learned
from openline.simulation.rostered import RosteredWorld

Tell = Callable[[int, Estimate], None]

LEAST_HOURS = 2
"""Nobody comes for less."""
MENDED = 0.1
"""It is mended where no more than this share of the harm is left."""
HELPS = 0.5
"""A proposal is worth telling that takes back such a share."""
RUNS_FOR_MENDING = 20
"""At most, for each proposal: it is tried, not measured."""


class Mend(msgspec.Struct, frozen=True, kw_only=True):
    """Is a proposal that was tried."""

    extra: ExtraPeople
    left: Estimate
    """How many more hang up than in the first world, all the same."""
    taken_back: float
    """Of those who hang up more in the second world, how many fewer."""

    @property
    def person_minutes(self) -> int:
        """The work it asks for on each day."""
        length = (self.extra.end_minute - self.extra.start_minute) % (24 * 60) or 24 * 60
        return self.extra.count * length


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Holds both worlds' runs, the same people in each pair."""

    first: Studied
    second: Studied
    days: int

    def runs(self) -> tuple[list[Run], list[Run]]:
        """Returns the sums of both, run by run."""
        return [run.of() for run in self.first.runs], [run.of() for run in self.second.runs]

    def difference(self, key: str, group: Group = ALL) -> Estimate:
        """Returns by how much a figure of the second world differs."""
        return differences(*self.runs(), group, [key])[key]

    def by(self, per: Per, key: str) -> dict[str, Estimate]:
        """Returns the differences of a figure by the parts of one kind."""
        first, second = self.runs()
        groups = [group for group in groups_of([*first, *second]) if group.per is per]
        return {group.key: differences(first, second, group, [key])[key] for group in groups}


def compare(
    first: Scenario,
    second: Scenario,
    *,
    runs: int,
    precision: float | None,
    shared: Shared,
    tell: Tell,
) -> Comparison:
    """Lives the same days in both worlds.

    Raises `RefusedError` (code `other_days`) where they are not the same days of one zone.
    """
    if (first.zone, first.start, first.days) != (second.zone, second.start, second.days):
        raise RefusedError(
            "The two are not of the same days in the same time zone: then others would call.",
            code="other_days",
        )
    found = study((first, second), runs=runs, precision=precision, shared=shared, tell=tell)
    return Comparison(first=found[0], second=found[1], days=first.days)


def mend_of(comparison: Comparison, second: Scenario, *, shared: Shared, tell: Tell) -> Mend | None:
    """Returns the smallest proposal that mends it, else the one that helps most, or None.

    None also where nothing is to be mended: where it is not sure that more people hang up.
    """
    harm = comparison.difference("abandoned")
    if harm.value is None or harm.value <= 0 or not harm.is_sure:
        return None
    by_half_hour = {
        clock: each.value or 0.0 for clock, each in comparison.by(Per.INTERVAL, "abandoned").items()
    }
    assert not isinstance(second.world, RosteredWorld), "a roster has its own changes"
    runs = min(len(comparison.first.runs), RUNS_FOR_MENDING)
    before = [run.of() for run in comparison.first.runs[:runs]]
    hurt = [run.of() for run in comparison.second.runs[:runs]]
    best: Mend | None = None
    for extra in proposals(busiest_stretch(by_half_hour)):
        scenario = msgspec.structs.replace(second, world=_with(second.world, extra))
        (tried,) = study((scenario,), runs=runs, precision=None, shared=shared, tell=tell)
        if tried.is_interrupted:
            return best
        with_it = [run.of() for run in tried.runs]
        left = differences(before, with_it, ALL, ["abandoned"])["abandoned"]
        back = differences(with_it, hurt, ALL, ["abandoned"])["abandoned"]
        mend = Mend(extra=extra, left=left, taken_back=back.value or 0.0)
        if left.value is not None and left.value <= MENDED * harm.value:
            return mend
        if best is None or mend.taken_back > best.taken_back:
            best = mend
    return best if best is not None and best.taken_back >= HELPS * harm.value else None


def _with(world: World | LearnedWorld, extra: ExtraPeople) -> World | LearnedWorld:
    changes = Changes(extra=(extra,))
    if isinstance(world, LearnedWorld):
        return changed_learned(world, changes)
    return changed(world, changes)


def proposals(stretch: tuple[int, int] | None) -> Sequence[ExtraPeople]:
    """Returns what is tried, the least work first.

    >>> [(each.count, each.start_minute, each.end_minute) for each in proposals((1200, 1260))]
    [(1, 1170, 1290), (2, 1170, 1290), (1, 1050, 1410), (3, 1170, 1290), (2, 1050, 1410)]
    """
    day = 24 * 60
    if stretch is None:
        shifts = [(0, 8 * 60), (8 * 60, 16 * 60), (16 * 60, day)]
        return [ExtraPeople(start_minute=start, end_minute=end) for start, end in shifts]
    begin, end = stretch
    length = (end - begin) % day or day
    short = max(length, LEAST_HOURS * 60)
    long = min(short + 4 * 60, day)

    def around(whole: int, count: int) -> ExtraPeople:
        start = (begin - (whole - length) // 2 // 30 * 30) % day
        until = (start + whole) % day or day
        return ExtraPeople(start_minute=start, end_minute=until, count=count)

    found = [
        *(around(short, count) for count in (1, 2, 3)),
        *(around(long, count) for count in (1, 2)),
    ]
    lengths = (short,) * 3 + (long,) * 2
    works = [each.count * length for each, length in zip(found, lengths, strict=True)]
    order = sorted(range(len(found)), key=lambda place: (works[place], found[place].count))
    return [found[place] for place in order]
