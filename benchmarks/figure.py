"""One measured figure, and whether it is good enough.

A figure never stands alone: it is compared with a bound that we set ourselves, or with what a peer
reached at the same work on the same machine. `at_most` and `at_least` do the comparing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measured value beside the value it is held against."""

    name: str
    value: float
    unit: str
    against: str
    """The peer or the bound, in words: "SimPy 4.1", "bound: 1 ms per input at 6,000 waiting"."""
    reference: float
    """What the peer reached, or the bound; in the same unit."""
    ratio: float | None
    """Value divided by reference; None when the reference is zero."""
    ok: bool

    @classmethod
    def at_most(
        cls, *, name: str, value: float, unit: str, against: str, reference: float
    ) -> Figure:
        """Makes a figure that is good when it does not exceed the reference (a time, a size)."""
        return cls(
            name=name,
            value=value,
            unit=unit,
            against=against,
            reference=reference,
            ratio=_ratio(value, reference),
            ok=value <= reference,
        )

    @classmethod
    def at_least(
        cls, *, name: str, value: float, unit: str, against: str, reference: float
    ) -> Figure:
        """Makes a figure that is good when it reaches the reference (a rate)."""
        return cls(
            name=name,
            value=value,
            unit=unit,
            against=against,
            reference=reference,
            ratio=_ratio(value, reference),
            ok=value >= reference,
        )


def _ratio(value: float, reference: float) -> float | None:
    return value / reference if reference else None
