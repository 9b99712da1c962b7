"""What the page of days as they are was sent, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openline.model import Origin
from openline.planning.study_asked import MOST_DAYS, StudyAsked
from openline.planning.try_asked import RUNS, Callers

UNTIL_PRECISE = "precise"
USUAL_RUNS = 20


@dataclass(frozen=True, kw_only=True)
class StudyForm:
    """Holds the fields as they begin."""

    callers: str = "record"
    origin: str = "real"
    since: str = ""
    days: str = "28"
    runs: str = "20"


def read_study(typed: Mapping[str, str]) -> tuple[StudyAsked | None, dict[str, str]]:
    """Returns what is asked, or by field the code of what is wrong with it."""
    wrong: dict[str, str] = {}
    since = None
    try:
        since = date.fromisoformat(typed.get("since", "").strip())
    except ValueError:
        wrong["since"] = "bad_day"
    if since is not None and not 1971 <= since.year <= 8000:
        wrong["since"] = "bad_day"
    text = typed.get("days", "").strip()
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = "out_of_range"
    if wrong or since is None:
        return None, wrong
    origins = {each.value for each in Origin}
    origin, runs = typed.get("origin", ""), typed.get("runs", "")
    is_invented = typed.get("callers") == Callers.INVENTED.value
    count: int | None = int(runs) if runs in map(str, RUNS) else USUAL_RUNS
    return StudyAsked(
        callers=Callers.INVENTED if is_invented else Callers.RECORD,
        origin=Origin(origin) if origin in origins else Origin.REAL,
        since=since,
        days=days,
        runs=None if runs == UNTIL_PRECISE else count,
    ), wrong
