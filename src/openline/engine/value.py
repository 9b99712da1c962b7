"""The base of inputs, commands, events and settings."""

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """Is an immutable record that encodes itself.

    `gc=False` saves the garbage collector's visits and is sound only because fields are immutable:
    numbers, strings, names and tuples of such.
    """
