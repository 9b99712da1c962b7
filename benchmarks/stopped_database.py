"""The database is away for five minutes of a busy line: what becomes of the calls and the record?

Real SIP and PostgreSQL itself. Two calls a second come, are answered, talk and leave; after a while
the database is stopped as hard as by a power cut and started again five minutes later, with calls
before and after. What SIPp counted on the telephones is held against the record in the database, to
the call. `OPENLINE_SECONDS=20` is a short one.
"""

import os
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.figure import Figure
from tests.cli.command import in_here
from tests.live.asterisk.day import Account, lived, plan
from tests.live.postgresql_server import PostgresqlServer, programs

NAME = "stopped_database"
IS_LONG = True
SECONDS = float(os.environ.get("OPENLINE_SECONDS", "300"))
BEFORE_S, AFTER_S = 15.0, 20.0
A_SECOND, SCALE, AGENTS, SEED = 2.0, 60.0, 30, 20261123


def _live(folder: Path, seconds: float) -> tuple[Account, int]:
    bin_ = programs()
    assert bin_ is not None, "PostgreSQL is not installed: apt-get install postgresql"
    length = BEFORE_S + seconds + AFTER_S
    with PostgresqlServer(bin_) as server:
        database = server.new_database()
        is_over = threading.Event()

        def away() -> None:
            # The house opens first; what is left of that time falls on the calls before.
            is_over.wait(BEFORE_S + 10)
            server.stop("immediate")
            is_over.wait(seconds)
            server.start()

        thread = threading.Thread(target=away)
        thread.start()
        day = plan(round(length * A_SECOND), length, scale=SCALE, seed=SEED)
        try:
            account = lived(folder, day, AGENTS, database=database)
        finally:
            is_over.set()
            thread.join()
        record = ("--data", folder / "data", "--config", folder / "openline.toml")
        return account, in_here("replay", *record, "--check").code


def run(seconds: float = SECONDS) -> list[Figure]:
    """Lives them, and tells what became of the calls."""
    with tempfile.TemporaryDirectory() as folder:
        account, code = _live(Path(folder), seconds)
    sys.stderr.write(f"SIPp: {account.callers}; the record: {account.record}\n")
    sys.stderr.writelines(f"  {each}\n" for each in account.differences)
    return [
        Figure.at_most(
            name=f"counts in which SIPp and the record differ, database away {seconds:g} s",
            value=len(account.differences),
            unit="counts",
            against="bound: none",
            reference=0,
        ),
        Figure.at_most(
            name="invariants that the record breaks, or replay that differs",
            value=code,
            unit="",
            against="bound: none",
            reference=0,
        ),
    ]
