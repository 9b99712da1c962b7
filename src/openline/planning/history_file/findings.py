"""What was found in a history file, each with its place."""

from dataclasses import dataclass

from openline.model import RefusedError

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Is something that somebody should know of a file."""

    row: int
    """The row in the file, from 1; 0 where it is about the whole."""
    column: str
    words: str

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.words}" if place else self.words


def refusal(name: str, faults: list[Finding]) -> RefusedError:
    """Returns the words that name the faults of a file, the first of many."""
    told = "\n".join(f"  {name}, {each}" for each in faults[:SHOWN])
    more = len(faults) - SHOWN
    rest = f"\n  and {more:,} more" if more > 0 else ""
    kinds = "cell is" if len(faults) == 1 else "cells are"
    return RefusedError(
        f"{name}: {len(faults):,} {kinds} faulty, and nothing was forecast.\n{told}{rest}\n"
        f"Mend them, or add --skip-faulty to count them as missing.",
        code="bad_history",
    )
