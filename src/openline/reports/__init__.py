"""What screens and reports show, projected from the record: the live picture, an agent's day,
what happened in a stretch of time (`Historian`), and to one call, and why (`Story`).

Everything here can be thrown away and built anew from a state and the steps that followed it.
"""

from openline.reports.calendar import By, Calendar
from openline.reports.calls import CallRow, CallRows
from openline.reports.columns import ARRIVALS, COLUMNS, USUAL, Sums, chosen, column, figures
from openline.reports.days import CivilDays
from openline.reports.desk import DeskDay, DeskDays
from openline.reports.history import Asked, Historian, History, Row
from openline.reports.live import LivePicture, Picture, ShownQueue, Target

__all__ = [
    "ARRIVALS",
    "COLUMNS",
    "USUAL",
    "Asked",
    "By",
    "Calendar",
    "CallRow",
    "CallRows",
    "CivilDays",
    "DeskDay",
    "DeskDays",
    "Historian",
    "History",
    "LivePicture",
    "Picture",
    "Row",
    "ShownQueue",
    "Sums",
    "Target",
    "chosen",
    "column",
    "figures",
]
