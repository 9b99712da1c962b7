"""The list of emergency services as people are shown it: what is in force and what waits.

Pure functions to plain values. The numbers are those of services, published by themselves; who has
to confirm a number must see it.
"""

from openline.centre.emergency_list import EmergencyList, Pending
from openline.centre.views import View
from openline.configuration import Published, emergency_services
from openline.model import Instant, OutsideKey


def pending_view(pending: Pending | None, language: str) -> View | None:
    """Returns the change that waits; None where none does."""
    if pending is None:
        return None
    return {
        "version": pending.version,
        "at": pending.at,
        "by": pending.by or None,
        "confirmed_by": pending.confirmed_by,
        "in_force_from": pending.in_force_from,
        "changes": [
            {
                "key": each.key,
                "name": _name(each.key, each.names, language),
                "was": each.was,
                "becomes": each.becomes,
            }
            for each in pending.changes
        ],
    }


def emergency_list_view(
    published: Published, lists: EmergencyList, now: Instant, language: str
) -> View:
    """Returns the list in force, the change that waits, and who did what with all there were."""
    return {
        "now": now,
        "zone": published.time_zone,
        "services": [
            {
                "key": each.key,
                "name": _name(each.key, each.names, language),
                "number": each.number,
                "lines": list(each.lines),
            }
            for each in emergency_services(published)
        ],
        "pending": pending_view(lists.pending(now), language),
        "history": [
            {
                "version": each.version,
                "at": each.at,
                "by": each.by or None,
                "confirmed_by": each.confirmed_by,
                "confirmed_at": each.confirmed_at,
                "in_force_from": each.in_force_from,
                "withdrawn_by": each.withdrawn_by,
                "withdrawn_at": each.withdrawn_at,
            }
            for each in lists.history()
        ],
    }


def _name(key: OutsideKey, names: dict[str, str], language: str) -> str:
    return names.get(language) or next(iter(names.values()), key)
