"""The running centre: the shell round the engine, the record, recovery, and what pages see."""

from openline.centre.centre import Centre, Observer
from openline.centre.clock import CentreClock
from openline.centre.watching import CallerWatch, Watching

__all__ = ["CallerWatch", "Centre", "CentreClock", "Observer", "Watching"]
