"""What several benchmarks measure with: percentiles, memory, a clock that does not wait, a word."""

import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path


def percentile(values: Sequence[float], percent: int) -> float:
    """Returns the value below which so many in a hundred lie."""
    return statistics.quantiles(values, n=100)[percent - 1]


def ticks(count: int, every_s: float) -> Iterator[int]:
    """Yields each number at its own time by a clock of its own, late or not."""
    begun = time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, begun + number * every_s - time.perf_counter()))
        yield number


def peak_mb() -> float:
    """Returns the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def resident_mb(pid: int) -> float:
    """Returns the memory that a process holds now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1_024
    raise OSError(f"process {pid} tells no VmRSS")


def say(words: str) -> None:
    """Tells on one line how far a long benchmark is."""
    sys.stderr.write(f"\r{words}    ")
