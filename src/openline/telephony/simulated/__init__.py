"""Telephony without telephones: the simulated world and the practice callers, on the live clock."""

from openline.telephony.simulated.practice import PracticeCallers
from openline.telephony.simulated.stories import Story, stories
from openline.telephony.simulated.world import SimulatedWorld

__all__ = ["PracticeCallers", "SimulatedWorld", "Story", "stories"]
