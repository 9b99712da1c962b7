"""The simulated world: callers, colleagues, and the live engine among them in simulated time.

`profile` says what the world is like, `arrivals` when callers call, `behaviour` what each of them
has in mind, `caller` and `colleague` what they do next, `people` whose turn it is. `run` drives
them in simulated time; `telephony.simulated` drives the same people on the live clock.
"""

from openline.simulation.behaviour import PREFIX
from openline.simulation.people import People
from openline.simulation.profile import Break, CallerGroup, ColleagueGroup, Shift, WorldProfile
from openline.simulation.run import QueueCount, Summary, simulate

__all__ = [
    "PREFIX",
    "Break",
    "CallerGroup",
    "ColleagueGroup",
    "People",
    "QueueCount",
    "Shift",
    "Summary",
    "WorldProfile",
    "simulate",
]
