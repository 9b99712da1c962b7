"""The simulated world: callers, colleagues, and the live engine among them in simulated time.

`profile` says what the world is like, `arrivals` when callers call, `behaviour` what each of them
has in mind, `caller` and `colleague` what they do next, `people` whose turn it is. `run` drives
them in simulated time, `faults` too, among all that breaks; `recorded` finds people in a record;
`telephony.simulated` drives the same people on the live clock.
"""

from openline.simulation.behaviour import PREFIX
from openline.simulation.faults import Fault, Faults, FaultyCentre
from openline.simulation.people import People
from openline.simulation.profile import (
    Break,
    CallerGroup,
    ColleagueGroup,
    Outage,
    Shift,
    WorldProfile,
)
from openline.simulation.recorded import Witness, people_of
from openline.simulation.run import QueueCount, Summary, simulate

__all__ = [
    "PREFIX",
    "Break",
    "CallerGroup",
    "ColleagueGroup",
    "Fault",
    "Faults",
    "FaultyCentre",
    "Outage",
    "People",
    "QueueCount",
    "Shift",
    "Summary",
    "Witness",
    "WorldProfile",
    "people_of",
    "simulate",
]
