"""How much later is somebody put through while a scanner sends 200 junk requests a second?

Ten calls a second come by real SIP, in stretches: one without the scanner, one with him, and so on
by turns, so that whatever else the machine does falls on both. What counts is the time from INVITE
to the answer of the centre, as SIPp takes it. Then nobody and nothing is to be there, every call is
on record, and the scanner was let in nowhere. `OPENLINE_SECONDS=10` is a short one.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.instruments import percentile
from tests.live.asterisk.crowd import Coming, callers
from tests.live.asterisk.day import ends_of, home_of
from tests.live.asterisk.house import until
from tests.live.asterisk.scanner import RATE, Scanner

NAME = "scanner"
IS_LONG = True
SECONDS = float(os.environ.get("OPENLINE_SECONDS", "60"))
CALLS_A_SECOND, STAYS_S, TURNS = 10, 1.0, 2
LATER_MS = 20.0


def run(seconds: float = SECONDS) -> list[Figure]:
    """Lets them come, and tells how much later each was put through."""
    calls = round(seconds * CALLS_A_SECOND)
    plan = [Coming(number / CALLS_A_SECOND, STAYS_S) for number in range(calls)]
    quiet, scanned, taken, let_in, sent = list[float](), list[float](), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home, _, _ = home_of(Path(folder), 1)
        stack.enter_context(home.opens())
        for turn in range(2 * TURNS):
            with ExitStack() as stretch:
                scanner = None
                if turn % 2:
                    scanner = stretch.enter_context(Scanner(home.server.sip_port))
                crowd = stretch.enter_context(callers(home.server, plan))
                if not crowd.is_over(seconds + 120):
                    sys.stderr.write(crowd.why())
                (quiet if scanner is None else scanned).extend(crowd.taken_ms)
                taken += crowd.said["left"]
            if scanner is not None:
                sent += scanner.sent
                let_in += sum(n for code, n in scanner.answers.items() if code.startswith("2"))
        until(home.is_empty, 60, what="channels are left")
        home.lets_go()
        on_record = len(ends_of(home.data)[0])
    control, with_him = percentile(quiet, 99), percentile(scanned, 99)
    sys.stderr.write(
        f"INVITE to answer, p50 and p99: control {percentile(quiet, 50):.1f} and {control:.1f} ms, "
        f"scanned {percentile(scanned, 50):.1f} and {with_him:.1f} ms; {sent} junk requests\n"
    )
    return [
        Figure.at_least(
            name="calls that were taken and are on record",
            value=min(taken, on_record),
            unit="calls",
            against="bound: all",
            reference=2 * TURNS * calls,
        ),
        Figure.at_most(
            name=f"set-up under {RATE} junk requests a second, p99 beyond the control's",
            value=max(0.0, with_him - control),
            unit="ms",
            against=f"bound: {LATER_MS:g} ms",
            reference=LATER_MS,
        ),
        Figure.at_most(
            name="junk requests that were granted",
            value=let_in,
            unit="requests",
            against="bound: none",
            reference=0,
        ),
    ]
