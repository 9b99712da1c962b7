"""What must always be true of a centre, and a second bookkeeping that finds out when it is not.

`History` folds the events, and only the events, in a deliberately naive way and refuses what could
not have happened. `check` asks the whole state between two steps. `Watch` holds a whole record to
both, for tests, simulated years and the offline checker alike. `catalogue` lists the invariants.

The engine is never asked what it thinks: an engine that is wrong in itself is still found out. Pure
like the engine: no clock, no disk, no chance. An event that is new in the engine is entered in the
table `FOLD` of the file that it speaks of.
"""

from openline.invariants.catalogue import INVARIANTS, InvariantBrokenError, expect
from openline.invariants.checks import check, check_fold, check_round_trip, reread, written
from openline.invariants.history import History
from openline.invariants.told import ToldAgent, ToldCall, ToldCallback, ToldOffer, ToldUnstaffed
from openline.invariants.watch import Watch, names

__all__ = [
    "INVARIANTS",
    "History",
    "InvariantBrokenError",
    "ToldAgent",
    "ToldCall",
    "ToldCallback",
    "ToldOffer",
    "ToldUnstaffed",
    "Watch",
    "check",
    "check_fold",
    "check_round_trip",
    "expect",
    "names",
    "reread",
    "written",
]
