"""Where a call comes from: the world, a lesson, or the simulator."""

from openline.model.names import Name


class Origin(Name):
    """Says how far a call is real.

    The three never wait in one queue together, and measures count real calls unless asked.
    """

    REAL = "real"
    PRACTICE = "practice"
    SIMULATED = "simulated"
