"""The least people for a configuration with several skills, found by living its days.

No formula knows several skills, priorities, overflow and breaks at once; the engine does. So people
are taken from the roster, kind by kind (who has the same skills and the same shift), as long as
every queue with a target still reaches it among the same callers. What is found is a roster of
which no kind can lose one more; another, with other kinds, may be as small.

Where the roster does not reach its targets, people like those who are on it are added first.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from openline.app.sharing import Shared
from openline.app.study import Scenario, study
from openline.model import AgentKey, QueueKey, RefusedError
from openline.reports.runs import Estimate, Group, Per, estimates
from openline.simulation.changes import Changes, World, changed, evenly, without

Tell = Callable[[str], None]

MOST_TIMES = 4
"""A roster of so many times the size is not looked for: something else is wrong."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Is all who have the same skills and the same hours."""

    skills: tuple[tuple[str, int], ...]
    """Each with her level."""
    hours: tuple[tuple[int, int], ...]
    """Of her shifts: begin and end, in civil minutes."""
    agents: tuple[AgentKey, ...]


class Least(msgspec.Struct, frozen=True, kw_only=True):
    """Is what was found."""

    kinds: tuple[tuple[Kind, int], ...]
    """Each with how many of it are needed."""
    before: int
    """People on the roster as it was."""
    added: int
    """So many had to be added before the targets were reached."""
    levels: dict[QueueKey, Estimate]
    """The service level of each queue with a target, with the least people."""
    tried: int
    """Rosters that were lived."""
    is_interrupted: bool

    @property
    def needed(self) -> int:
        """People on the least roster."""
        return sum(count for _, count in self.kinds)


class _Search:
    """Lives rosters and says whether they do."""

    def __init__(
        self,
        scenario: Scenario,
        targets: Mapping[QueueKey, float],
        runs: int,
        shared: Shared,
        tell: Tell,
    ) -> None:
        self._scenario = scenario
        self._targets = targets
        self._runs = runs
        self._shared = shared
        self._tell = tell
        self.tried = 0
        self.levels: dict[QueueKey, Estimate] = {}

    def does(self, world: World, people: int) -> bool:
        """Whether every queue reaches its target; keeps the levels of the last roster that does."""
        self.tried += 1
        self._tell(f"{people} people, roster {self.tried}")
        scenario = msgspec.structs.replace(self._scenario, world=world)
        (found,) = study(
            (scenario,), runs=self._runs, precision=None, shared=self._shared, tell=_untold
        )
        if found.is_interrupted:
            raise KeyboardInterrupt
        runs = [run.of() for run in found.runs]
        levels = {
            queue: estimates(runs, Group(Per.QUEUE, queue), ["service_level"])["service_level"]
            for queue in self._targets
        }
        good = all(
            level.value is None or level.value >= self._targets[queue]
            for queue, level in levels.items()
        )
        if good:
            self.levels = levels
        return good


def least_people(
    scenario: Scenario,
    targets: Mapping[QueueKey, float],
    *,
    runs: int,
    shared: Shared,
    tell: Tell,
) -> Least:
    """Returns the least people by whom every queue reaches its share (0 to 1) over all days.

    Raises `RefusedError` where no queue has a target (`no_target`) or none of a reasonable size
    reaches them (`target_out_of_reach`).
    """
    world = scenario.world
    assert isinstance(world, World), "the roster is the configuration's"
    if not targets:
        raise RefusedError(
            "No queue has a service level to reach: give one a `service_level` in the "
            "configuration.",
            code="no_target",
        )
    search = _Search(scenario, targets, runs, shared, tell)
    before = sum(len(kind.agents) for kind in kinds_of(world))
    added = _added(search, world, before)
    world = changed(world, Changes(people=added))
    kinds = list(kinds_of(world))
    counts = [len(kind.agents) for kind in kinds]
    is_interrupted = False
    try:
        _lessen(search, world, kinds, counts)
    except KeyboardInterrupt:
        is_interrupted = True
    return Least(
        kinds=tuple(zip(kinds, counts, strict=True)),
        before=before,
        added=added,
        levels=search.levels,
        tried=search.tried,
        is_interrupted=is_interrupted,
    )


def kinds_of(world: World) -> Sequence[Kind]:
    """Returns the kinds of people on the roster, in its order."""
    skills = {agent.key: agent.skills for agent in world.settings.agents}
    members: dict[tuple[tuple[tuple[str, int], ...], tuple[tuple[int, int], ...]], list[AgentKey]]
    members = {}
    for group in world.profile.colleagues:
        hours = tuple((shift.start_minute, shift.end_minute) for shift in group.shifts)
        for agent in group.agents:
            has = tuple((each.skill, each.level) for each in skills.get(agent, ()))
            members.setdefault((has, hours), []).append(agent)
    return [
        Kind(skills=has, hours=hours, agents=tuple(agents))
        for (has, hours), agents in members.items()
    ]


def _added(search: _Search, world: World, before: int) -> int:
    """Returns the least that must be added, like those who are there, to reach the targets."""
    if search.does(world, before):
        return 0
    low, high = 0, 1
    while not search.does(changed(world, Changes(people=high)), before + high):
        low, high = high, high * 2
        if before + high > MOST_TIMES * before:
            raise RefusedError(
                f"The targets are out of reach: not even {before + low} people, where {before} are "
                f"on the roster, reach them in every queue. Look where calls wait: openline "
                f"simulate --config FILE --by interval. Perhaps nobody works in some open hours.",
                code="target_out_of_reach",
            )
    while high - low > 1:
        middle = (low + high) // 2
        if search.does(changed(world, Changes(people=middle)), before + middle):
            high = middle
        else:
            low = middle
    return high


def _lessen(search: _Search, world: World, kinds: Sequence[Kind], counts: list[int]) -> None:
    """Takes people away, kind by kind, until no kind can lose one more; `counts` is kept right."""

    def does(place: int, count: int) -> bool:
        tried = [*counts[:place], count, *counts[place + 1 :]]
        if sum(tried) == 0:
            return False
        gone = [agent for kind, n in zip(kinds, tried, strict=True) for agent in _gone(kind, n)]
        return search.does(without(world, gone), sum(tried))

    # The largest first. Who can lose none cannot later either: the others have less to spare then.
    for place in sorted(range(len(kinds)), key=lambda each: -counts[each]):
        if counts[place] == 0 or not does(place, counts[place] - 1):
            continue
        counts[place] -= 1
        # Invariant: `counts[place]` does, and `low` does not or is -1.
        low = -1
        while counts[place] - low > 1:
            middle = (low + counts[place]) // 2
            if does(place, middle):
                counts[place] = middle
            else:
                low = middle


def _gone(kind: Kind, kept: int) -> list[AgentKey]:
    gone = len(kind.agents) - kept
    return [kind.agents[place] for place in evenly(gone, len(kind.agents))] if gone else []


def _untold(done: int, best: Estimate) -> None:
    """Tells nothing: each roster is one line of progress."""
