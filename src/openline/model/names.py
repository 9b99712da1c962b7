"""The base of all closed lists of names (states, reasons, origins)."""

from enum import Enum


class Name(Enum):
    """Names one of a closed list.

    Members are singletons, so identity is a sound hash, and it is the fast one: `Enum` hashes the
    name in Python at every dictionary look-up, and the engine looks up states all day. Nothing may
    depend on the order of a set of them.
    """

    __hash__ = object.__hash__
