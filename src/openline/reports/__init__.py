"""What screens and reports show, projected from the record: the live picture, an agent's day.

Everything here can be thrown away and built anew from a state and the steps that followed it.
"""

from openline.reports.days import CivilDays
from openline.reports.desk import DeskDay, DeskDays
from openline.reports.live import LivePicture, Picture, ShownQueue, Target

__all__ = [
    "CivilDays",
    "DeskDay",
    "DeskDays",
    "LivePicture",
    "Picture",
    "ShownQueue",
    "Target",
]
