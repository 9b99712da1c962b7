"""A centre with nothing to do: how much processor it takes. Whatever polls shows here.

The real program, nobody simulated, one desk signed in by nobody, no page open; a minute of quiet
would be 0 s of processor if nothing woke it. Compared with a Python process that sleeps.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure
from tests.live.centre_process import CentreProcess, configuration

NAME = "idle_centre"
QUIET_S = 10.0


def run() -> list[Figure]:
    """Watches a quiet centre and a sleeping process for the same ten seconds."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with tempfile.TemporaryDirectory() as folder:
            config = configuration(Path(folder))
            with CentreProcess(config, Path(folder) / "data") as centre:
                time.sleep(2)  # the start is over
                watched = {"centre": centre.pid, "sleeper": sleeper.pid}
                before = {name: _switches(pid) for name, pid in watched.items()}
                time.sleep(QUIET_S)
                after = {name: _switches(pid) for name, pid in watched.items()}
    finally:
        sleeper.kill()
        sleeper.wait()
    woken = {name: (after[name] - before[name]) / QUIET_S for name in watched}
    return [
        Figure.at_most(
            name="times the quiet centre wakes",
            value=woken["centre"],
            unit="per s",
            against=f"bound: 1 per s (a sleeping process: {woken['sleeper']:.1f})",
            reference=1.0,
        )
    ]


def _switches(pid: int) -> int:
    """Returns how often all threads of a process have gone to sleep of their own accord."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches:"):
                total += int(line.split()[1])
    return total
