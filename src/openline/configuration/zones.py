"""Which time zones exist: those of the tzdata package that Openline pins, never the machine's.

Opening hours and days must not change with an upgrade of the operating system.
"""

from functools import cache
from importlib import resources


@cache
def zone_names() -> tuple[str, ...]:
    """Returns the names of all zones, such as `America/Chicago`, in order."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return tuple(sorted(listed.split()))
