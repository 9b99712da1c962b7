"""What if: the same world with fewer people, more calls, an outage, an earlier callback.

A change touches the profile and the settings and nothing else, so that the callers who call in both
worlds are the same, with the same patience and the same talk: what differs comes of the change.
"""

from collections.abc import Iterable

import msgspec

from openline.engine import Settings
from openline.engine.value import Value
from openline.model import AgentKey, Duration, RefusedError
from openline.simulation.arrivals import MOST_VOLUME
from openline.simulation.profile import ColleagueGroup, Outage, Shift, WorldProfile
from openline.simulation.rules import AnyRule, calling_back

MOST_PEOPLE = 1_000
"""More at once are not added."""


class ExtraPeople(Value, frozen=True, kw_only=True):
    """Says how many more people work in a stretch of every day, and when."""

    start_minute: int
    end_minute: int
    count: int = 1


class Changes(Value, frozen=True, kw_only=True):
    """Says what is different; nothing unless it is given."""

    people: int = 0
    """So many more, or fewer, on the roster: evenly taken from it, or like those who are on it."""
    extra: tuple[ExtraPeople, ...] = ()
    volume: float = 1.0
    """So many times the calls."""
    outages: tuple[tuple[int, int], ...] = ()
    """Civil minutes of every day in which nobody can work."""
    callback_after: Duration | None = None
    """Who has waited so long is offered a callback, in every queue."""
    rules: tuple[AnyRule, ...] = ()
    """Rules as they would be; `ruled` puts them into the settings, which knows the days."""


NOTHING = Changes()


class World(Value, frozen=True, kw_only=True):
    """Is what is simulated: the rules of the centre and the people who meet them."""

    settings: Settings
    profile: WorldProfile


def changed(world: World, changes: Changes) -> World:
    """Returns the world with the changes.

    Raises `RefusedError` (code `bad_change`) where one of them makes no sense there.
    """
    world = _with_volume(world, changes.volume)
    world = _with_outages(world, changes.outages)
    if changes.callback_after is not None:
        settings = with_callback(world.settings, changes.callback_after)
        world = msgspec.structs.replace(world, settings=settings)
    if changes.people < 0:
        world = _with_fewer(world, -changes.people)
    elif changes.people > 0:
        world = _with_more(world, changes.people)
    for number, extra in enumerate(changes.extra, start=1):
        world = _with_extra(world, extra, number)
    return world


def _with_volume(world: World, volume: float) -> World:
    if not 0 <= volume <= MOST_VOLUME:
        raise RefusedError(f"--volume {volume:g}: from 0 to {MOST_VOLUME:g}.", code="bad_change")
    profile = msgspec.structs.replace(world.profile, volume=world.profile.volume * volume)
    return msgspec.structs.replace(world, profile=profile)


def _with_outages(world: World, outages: tuple[tuple[int, int], ...]) -> World:
    if not outages:
        return world
    reason = world.settings.pause_reasons[0]
    found = tuple(
        Outage(start_minute=start, end_minute=end, pause_reason=reason) for start, end in outages
    )
    profile = msgspec.structs.replace(world.profile, outages=(*world.profile.outages, *found))
    return msgspec.structs.replace(world, profile=profile)


def with_callback(settings: Settings, after: Duration) -> Settings:
    """Returns the settings in which every queue offers a callback to who has waited so long."""
    queues = tuple(calling_back(queue, after) for queue in settings.queues)
    return msgspec.structs.replace(settings, queues=queues)


def _with_fewer(world: World, fewer: int) -> World:
    roster = _roster(world)
    if fewer >= len(roster):
        raise RefusedError(
            f"--people -{fewer}: there are {len(roster)} people on the roster, and somebody must "
            f"stay.",
            code="bad_change",
        )
    return without(world, (roster[place] for place in evenly(fewer, len(roster))))


def without(world: World, agents: Iterable[AgentKey]) -> World:
    """Returns the world in which these agents never work."""
    gone = frozenset(agents)
    groups = (
        msgspec.structs.replace(
            group, agents=tuple(agent for agent in group.agents if agent not in gone)
        )
        for group in world.profile.colleagues
    )
    profile = msgspec.structs.replace(
        world.profile, colleagues=tuple(group for group in groups if group.agents)
    )
    return msgspec.structs.replace(world, profile=profile)


def _with_more(world: World, more: int) -> World:
    roster = _roster(world)
    if not roster or more > MOST_PEOPLE:
        raise RefusedError(
            f"--people {more}: there is nobody on the roster whom they could be like."
            if not roster
            else f"--people {more}: at most {MOST_PEOPLE:,} more.",
            code="bad_change",
        )
    for number in range(more):
        # As even as it goes, and once more from the beginning where there are more than people.
        place = evenly(min(more, len(roster)), len(roster))[number % len(roster)]
        group = next(g for g in world.profile.colleagues if roster[place] in g.agents)
        world = _joined(world, group, roster[place], f"like-{number + 1}")
    return world


def _with_extra(world: World, extra: ExtraPeople, number: int) -> World:
    roster = _roster(world)
    if not roster or not 1 <= extra.count <= MOST_PEOPLE:
        raise RefusedError(f"--extra: {extra.count} people cannot be added.", code="bad_change")
    skills = {agent.key: agent.skills for agent in world.settings.agents}
    # Who can take most: an extra person is to be of use wherever it is needed.
    like = max(roster, key=lambda agent: (len(skills.get(agent, ())), roster.index(agent)))
    group = next(g for g in world.profile.colleagues if like in g.agents)
    shift = Shift(start_minute=extra.start_minute, end_minute=extra.end_minute)
    group = msgspec.structs.replace(group, shifts=(shift,))
    for each in range(extra.count):
        world = _joined(world, group, like, f"extra-{number}-{each + 1}")
    return world


def _joined(world: World, group: ColleagueGroup, like: AgentKey, name: str) -> World:
    """Returns the world with one more person, who has the skills of another."""
    key = AgentKey(f"sim-{name}")
    one = next(agent for agent in world.settings.agents if agent.key == like)
    joined = msgspec.structs.replace(group, name=key, agents=(key,))
    settings = msgspec.structs.replace(
        world.settings, agents=(*world.settings.agents, msgspec.structs.replace(one, key=key))
    )
    profile = msgspec.structs.replace(world.profile, colleagues=(*world.profile.colleagues, joined))
    return World(settings=settings, profile=profile)


def _roster(world: World) -> list[AgentKey]:
    return [agent for group in world.profile.colleagues for agent in group.agents]


def evenly(count: int, of: int) -> list[int]:
    """Returns so many places, as far from each other as it goes.

    >>> evenly(3, 14)
    [2, 7, 11]
    """
    return [(2 * number + 1) * of // (2 * count) for number in range(count)]
