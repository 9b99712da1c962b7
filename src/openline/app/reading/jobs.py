"""What the centre asks of the process that reads its record, and how both write it down."""

import struct

import msgspec

from openline.model import CallId
from openline.planning.far import Far
from openline.planning.forecast_asked import ForecastAsked
from openline.planning.plan_asked import PlanAsked
from openline.planning.staffing_asked import StaffingAsked
from openline.planning.study_asked import StudyAsked
from openline.planning.try_asked import TryAsked
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import SheetAsked

LENGTH = struct.Struct(">I")


class Adopt(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Says which configuration is in force; comes first, and again when another is."""

    version: int
    text: str


class ReadSheet(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for a report."""

    asked: SheetAsked


class ReadFile(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for a report as a file of this form."""

    asked: SheetAsked
    form: str


class ReadCalls(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for a page of the list of calls."""

    asked: CallsAsked


class ReadStory(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for the story of one call."""

    call: CallId


class MakeForecast(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for a forecast, from a file or from the record."""

    asked: ForecastAsked


class MakePlan(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks for a plan, and with a form for its table as a file of that form."""

    asked: PlanAsked
    form: str = ""


class FindStaffing(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks how many people one queue needs."""

    asked: StaffingAsked


Job = FindStaffing | MakePlan | MakeForecast | Adopt | ReadSheet | ReadFile | ReadCalls | ReadStory


class Done(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Is the answer, encoded."""

    body: bytes


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Says why there is no answer; the code of a `RefusedError`, or `peer`, or `fault`."""

    code: str
    message: str


Answer = Done | Refused
Said = Done | Refused | Far
"""How far it is comes before the answer, as often as there is something to say."""


class LiveAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Asks the process that lives: one plan, one change, or days as they are."""

    version: int
    text: str
    plan: PlanAsked | None = None
    attempt: TryAsked | None = None
    days: StudyAsked | None = None
