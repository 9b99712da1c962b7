"""What does a fresh engine make of a stored day?

A stored day is the list of its inputs with their instants. `replayed` hands them to a new engine
and returns one hash for each step, chained, so that the first difference shows and every later one
follows from it. Run as a program, it reads a stored day and prints the hashes, one in a line:

    python -m tests.properties.replaying DAY
"""

import hashlib
import sys
from pathlib import Path

import msgspec

from openline.engine import AnyInput, Engine, State
from openline.engine.value import Value
from openline.invariants import written
from openline.model import Instant


class Stored(Value, frozen=True, kw_only=True):
    """Is one input of a stored day."""

    now: Instant
    seen: AnyInput


def replayed(day: list[Stored]) -> list[str]:
    """Returns the hash of each step: of its events, its commands and all steps before it."""
    engine = Engine(State())
    chain = hashlib.sha256()
    hashes: list[str] = []
    for stored in day:
        outcome = engine.handle(stored.seen, stored.now)
        chain.update(msgspec.msgpack.encode(outcome))
        hashes.append(chain.hexdigest())
    chain.update(written(engine.state))
    return [*hashes, chain.hexdigest()]


def store(day: list[Stored], path: Path) -> None:
    """Writes a day down."""
    path.write_bytes(msgspec.msgpack.encode(day))


def main() -> None:
    """Replays the day whose file is named on the command line."""
    day = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=list[Stored])
    sys.stdout.write("\n".join(replayed(day)))


if __name__ == "__main__":
    main()
