"""What every event is."""

from openline.engine.value import Value


class Event(Value, tag=True, frozen=True, kw_only=True):
    """Is a fact."""
