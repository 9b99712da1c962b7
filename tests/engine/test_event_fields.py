"""Could an event hold something personal outside its sealed envelope (I27)?

What a caller confides is sealed, and an event holds only the reference. So no field of an event may
be called after what identifies somebody, and a field of free characters must be one of the words
listed here, each of which comes from the configuration or from the program.
"""

import types
from collections.abc import Iterable, Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from openline.engine import AnyEvent
from openline.engine.settings import Settings
from openline.model import CallId, OfferId, SealedRef

WORDS = {
    "digit": "one key of a telephone",
    "disposition": "a key of the configuration",
    "input": "the name of a kind of input",
    "language": "a tag, such as es",
    "pause_reason": "a key of the configuration",
    "port": "the prefix of a telephony",
    "request": "the name of a kind of request",
    "sound": "a name of the configuration",
    "topic": "a key of the configuration",
    "why": "one word of an adapter",
}
"""Fields of free characters, and what stands in them instead of what somebody said."""

IDENTIFYING = {
    *("address", "birth", "caller", "document", "email", "first_name", "ip", "last_name", "msisdn"),
    *("name", "note", "number", "person", "phone", "sender", "street", "text", "whereabouts"),
}
"""What no field is called, unless it is the reference of a sealed text or counts something."""

COUNTING = {int, bool, type(None), CallId, OfferId}
"""What tells nobody who somebody is, whatever it is called."""


def personal_fields(kinds: Iterable[type[Any]]) -> list[str]:
    """Returns what could hold something personal, each as `Event.field`."""
    found = []
    for kind in kinds:
        hints = get_type_hints(kind)
        for field in msgspec.structs.fields(kind):
            parts = set(_parts(hints[field.name]))
            inner = [part for part in parts if _is_struct(part)]
            found += personal_fields(inner)
            says = str in parts and field.name not in WORDS
            names = field.name in IDENTIFYING and not parts <= {SealedRef, *COUNTING}
            if says or names:
                found.append(f"{kind.__name__}.{field.name}")
    return found


def _parts(hint: Any) -> Iterator[Any]:
    """Yields what a field is made of; the settings are the configuration's and are left out."""
    if get_origin(hint) in (Union, types.UnionType, tuple, frozenset, dict):
        for inner in get_args(hint):
            yield from _parts(inner)
    elif hint is not Settings:
        yield hint


def _is_struct(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, msgspec.Struct)


def test_no_event_has_room_for_anything_personal() -> None:
    assert personal_fields(get_args(AnyEvent)) == []


def test_every_word_that_is_allowed_is_used() -> None:
    names = {field.name for kind in get_args(AnyEvent) for field in msgspec.structs.fields(kind)}
    assert set(WORDS) <= names
