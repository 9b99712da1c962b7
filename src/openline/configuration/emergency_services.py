"""Which emergency services does a configuration list, and with which list is it in force?

The list is every `[outside]` entry of `kind = "emergency"`, with all that it says: name, number,
lines, ringing time. It is a part that can be taken out of one configuration and put into another,
because a change of it waits (rule P9) while the rest of a configuration is in force at once.
"""

import msgspec

from openline.configuration.published import Part, Published
from openline.engine import OutsideKind, OutsideSettings
from openline.model import Duration, LineKey, OutsideKey, RefusedError


class EmergencyService(Part, frozen=True, kw_only=True):
    """Is one entry of the list."""

    key: OutsideKey
    number: str
    """As it is dialled."""
    names: dict[str, str]
    lines: tuple[LineKey, ...]
    ring_timeout: Duration


class ListChange(Part, frozen=True, kw_only=True):
    """Is one difference between two lists."""

    key: OutsideKey
    names: dict[str, str]
    was: str | None
    """The number before; None: it was not in the list."""
    becomes: str | None
    """The number after; None: it is taken out. The same where something else differs."""


def emergency_services(published: Published) -> tuple[EmergencyService, ...]:
    """Returns the list of a configuration, by key."""
    services = [
        EmergencyService(
            key=each.key,
            number=published.outside_numbers[each.key],
            names=dict(published.names.get(("outside", each.key), {})),
            lines=each.lines,
            ring_timeout=each.ring_timeout,
        )
        for each in published.settings.outside
        if each.kind is OutsideKind.EMERGENCY
    ]
    return tuple(sorted(services, key=lambda service: service.key))


def with_emergency_services(
    published: Published, services: tuple[EmergencyService, ...]
) -> Published:
    """Returns the configuration with another list, and all else as it was.

    Raises:
        RefusedError: (code `emergency_key`) it has another use for the key of a service.
    """
    if services == emergency_services(published):
        return published
    others = [each for each in published.settings.outside if each.kind is not OutsideKind.EMERGENCY]
    taken = {each.key for each in others} & {service.key for service in services}
    if taken:
        raise RefusedError(
            f"outside.{min(taken)} is an emergency service in the list that is in force, and here "
            "it is something else. Give the new destination a key of its own; the emergency "
            "service can be taken out beside it.",
            code="emergency_key",
        )
    listed = [
        OutsideSettings(
            key=each.key,
            kind=OutsideKind.EMERGENCY,
            ring_timeout=each.ring_timeout,
            lines=each.lines,
        )
        for each in services
    ]
    left = {each.key for each in others}
    names = {
        place: texts
        for place, texts in published.names.items()
        if place[0] != "outside" or place[1] in left
    }
    numbers = {key: published.outside_numbers[key] for key in left}
    return msgspec.structs.replace(
        published,
        settings=msgspec.structs.replace(published.settings, outside=(*others, *listed)),
        names={**names, **{("outside", each.key): each.names for each in services}},
        outside_numbers={**numbers, **{each.key: each.number for each in services}},
    )


def changes_of_list(
    before: tuple[EmergencyService, ...], after: tuple[EmergencyService, ...]
) -> tuple[ListChange, ...]:
    """Returns what differs between two lists, by key."""
    old = {service.key: service for service in before}
    new = {service.key: service for service in after}
    return tuple(
        ListChange(
            key=key,
            names=(new.get(key) or old[key]).names,
            was=old[key].number if key in old else None,
            becomes=new[key].number if key in new else None,
        )
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )
