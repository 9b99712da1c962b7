"""One of each value that the record can hold, made from the types alone.

A new input or event is met here without anybody adding it. `sample` fills every field, `bare`
leaves out what may be left out, `values` draws any.
"""

import enum
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from openline.engine import AnyEvent, AnyInput

INPUTS: tuple[type[msgspec.Struct], ...] = get_args(AnyInput)
EVENTS: tuple[type[msgspec.Struct], ...] = get_args(AnyEvent)

_LARGEST = 2**63 - 1


def sample(kind: Any) -> Any:
    """Returns a value with every field filled, different ones where the type allows it."""
    return _made(kind, _Filled())


def bare(kind: Any) -> Any:
    """Returns a value with nothing in it that may be left out."""
    return _made(kind, None)


class _Filled:
    """Counts, so that no two numbers of a sample are equal and a swap of fields is seen."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> int:
        self.count += 1
        return self.count


def _made(kind: Any, filled: _Filled | None) -> Any:
    kind = _plain(kind)
    choices = _choices(kind)
    if choices is not None:
        return None if filled is None and _is_optional(kind) else _made(choices[0], filled)
    if get_origin(kind) is tuple:
        return () if filled is None else (_made(get_args(kind)[0], filled),)
    if get_origin(kind) is list:
        return [] if filled is None else [_made(get_args(kind)[0], filled)]
    if get_origin(kind) is dict:
        key, value = get_args(kind)
        return {} if filled is None else {_made(key, filled): _made(value, filled)}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))  # so that a word added to a list changes no sample
    if isinstance(kind, type) and (issubclass(kind, msgspec.Struct) or is_dataclass(kind)):
        return kind(**{name: _made(hint, filled) for name, hint in _fields(kind)})
    number = 0 if filled is None else filled.next()
    return {int: number, str: f"text-{number}" if number else "", bool: bool(number)}[kind]


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Draws any value of a type that a step can hold."""
    kind = _plain(kind)
    choices = _choices(kind)
    if choices is not None:
        nothing = [st.none()] if _is_optional(kind) else []
        return st.one_of(*nothing, *map(values, choices))
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=3).map(tuple)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return st.builds(kind, **{name: values(hint) for name, hint in _fields(kind)})
    simple: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(-_LARGEST, _LARGEST),
        str: st.text(max_size=20),
        bool: st.booleans(),
    }
    return simple[kind]


def _fields(kind: type) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(kind)
    of_struct = getattr(kind, "__struct_fields__", ())
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else of_struct
    return ((name, hints[name]) for name in names)


def _plain(kind: Any) -> Any:
    return _plain(kind.__supertype__) if isinstance(kind, NewType) else kind


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _choices(kind: Any) -> list[Any] | None:
    """Returns what a type of several may hold beside None; None if it is no such type."""
    if get_origin(kind) not in (Union, types.UnionType):
        return None
    return [each for each in get_args(kind) if each is not type(None)]
