"""The yardstick's 7,000 calls in one hour on real SIP: is anybody lost, does the record add up?

SIPp calls by the trunk of a real Asterisk and answers for fifty agents; each time of a call is the
yardstick's over 24, as the day is. What SIPp counted and what the record holds are compared to the
call (see `tests.live.asterisk.day`). A shorter day is a part of it at the same rate:
`OPENLINE_MINUTES=5 ./bench compressed_day`.
"""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.figure import Figure
from tests.live.asterisk.day import Account, lived, plan

NAME = "compressed_day"
IS_LONG = True
CALLS, HOUR_MIN, SCALE, AGENTS, SEED = 7_000, 60.0, 24.0, 50, 20261124
MINUTES = float(os.environ.get("OPENLINE_MINUTES", "60"))


def run(minutes: float = MINUTES) -> list[Figure]:
    """Lives the day, or a shorter one at the same rate, and compares."""
    calls = round(CALLS * minutes / HOUR_MIN)
    with tempfile.TemporaryDirectory() as folder:
        account = lived(Path(folder), plan(calls, minutes * 60, SCALE, SEED), AGENTS)
    for each in (*account.differences, _told(account)):
        sys.stderr.write(f"{each}\n")
    return [
        Figure.at_most(
            name="ways in which SIPp and the record differ",
            value=len(account.differences),
            unit="",
            against="bound: none",
            reference=0,
        ),
        Figure.at_least(
            name=f"calls of {calls} that the record holds with their end",
            value=account.callers["taken"],
            unit="calls",
            against="bound: all",
            reference=calls,
        ),
        Figure.at_most(
            name="CPU of Openline for each call",
            value=account.centre_cpu_s / calls * 1_000,
            unit="ms",
            against="bound: 50 ms, ten calls a second on half a core, all desks open",
            reference=50,
        ),
    ]


def _told(account: Account) -> str:
    shown = ", ".join(f"{what} {number}" for what, number in sorted(account.record.items()))
    return (
        f"record: {shown}; telephones: {dict(account.telephones)}; {account.in_doubt} in doubt; "
        f"CPU s: Openline {account.centre_cpu_s:.1f}, Asterisk {account.asterisk_cpu_s:.1f}, "
        f"SIPp {account.sipp_cpu_s:.1f}"
    )
