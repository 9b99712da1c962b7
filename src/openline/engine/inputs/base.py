"""What every input is."""

from openline.engine.value import Value


class Input(Value, tag=True, frozen=True, kw_only=True):
    """Is something seen."""
