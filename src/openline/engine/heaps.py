"""Heaps from which nothing is taken out of the middle.

An entry is *live* while the thing it speaks of still says the same; dead ones are dropped when they
come to the top, or when a heap has doubled since it was last cleaned. So each change costs one
push, O(log n), and a look at the top is O(1) amortised, however many there are.
"""

from __future__ import annotations

from heapq import heapify
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Entry = TypeVar("_Entry", bound=tuple[int, ...])
CLEAN_FROM = 64
"""A heap that is shorter is not worth cleaning."""


def clean(heap: list[_Entry], is_live: Callable[[_Entry], object]) -> int:
    """Drops the dead of a heap; returns the length at which that is worth doing again."""
    heap[:] = set(filter(is_live, heap))
    heapify(heap)
    return max(CLEAN_FROM, 2 * len(heap))


def keep_clean(
    clean_at: dict[object, int],
    name: object,
    heap: list[_Entry],
    is_live: Callable[[_Entry], object],
) -> None:
    """Drops the dead of a heap if it has doubled; `clean_at` remembers, by name, from when."""
    if len(heap) >= clean_at.get(name, CLEAN_FROM):
        clean_at[name] = clean(heap, is_live)
