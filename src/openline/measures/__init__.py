"""Every figure defined once: wallboard, reports, simulation and planning share these.

`fold` turns the record into tallies, `presence` and `attendance` into agents' time; `books` says
which slice of time they belong to, `tally` holds and adds them, `waits` how waits are spread;
`figures` computes from them, `estimate` says what a caller is told, `definitions` says what each
figure means in words.
"""

from openline.engine.estimate import wait_estimate
from openline.measures.attendance import Attendance
from openline.measures.books import (
    INTERVAL,
    Books,
    Cell,
    Day,
    Interval,
    IntervalsAndDays,
    Slice,
    Slices,
    by_queue,
    of,
    start_of_interval,
)
from openline.measures.definitions import DEFINITIONS, Definition, definition
from openline.measures.estimate import RecentTimes
from openline.measures.figures import (
    HandleParts,
    ServiceLevelVariant,
    abandon_rate,
    adherence,
    agent_no_answer,
    answer_rate,
    asa,
    average_time_to_abandon,
    blockage,
    callback_wait,
    conformance,
    handle_parts,
    handle_time,
    longest_wait,
    occupancy,
    pause_share,
    service_level,
    shrinkage,
    wait_percentile,
)
from openline.measures.fold import ENDINGS, SHORT_ABANDON, Fold
from openline.measures.presence import Presence
from openline.measures.talk import Talk
from openline.measures.tally import AgentTime, Tally, total

__all__ = [
    "DEFINITIONS",
    "ENDINGS",
    "INTERVAL",
    "SHORT_ABANDON",
    "AgentTime",
    "Attendance",
    "Books",
    "Cell",
    "Day",
    "Definition",
    "Fold",
    "HandleParts",
    "Interval",
    "IntervalsAndDays",
    "Presence",
    "RecentTimes",
    "ServiceLevelVariant",
    "Slice",
    "Slices",
    "Talk",
    "Tally",
    "abandon_rate",
    "adherence",
    "agent_no_answer",
    "answer_rate",
    "asa",
    "average_time_to_abandon",
    "blockage",
    "by_queue",
    "callback_wait",
    "conformance",
    "definition",
    "handle_parts",
    "handle_time",
    "longest_wait",
    "occupancy",
    "of",
    "pause_share",
    "service_level",
    "shrinkage",
    "start_of_interval",
    "total",
    "wait_estimate",
    "wait_percentile",
]
