"""What a reader asked for, out of the address of a page: unknown words count as not said.

A period is what the form sends: two dates, or two dates with times. What cannot be read as such is
told to the reader by the page, in words, with the form as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openline.model import Origin
from openline.reports import ARRIVALS, COLUMNS, USUAL, By
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import SheetAsked

BYS: dict[str, tuple[By, int]] = {
    "15m": (By.INTERVAL, 15),
    "30m": (By.INTERVAL, 30),
    "hour": (By.HOUR, 60),
    "day": (By.DAY, 60),
    "week": (By.WEEK, 60),
    "month": (By.MONTH, 60),
}
SHOWN: dict[str, tuple[str, ...]] = {
    "usual": USUAL,
    "levels": (
        "offered",
        "answered",
        "answered_in_target",
        "abandoned",
        "short_abandoned",
        *(key for key in COLUMNS if key.startswith("service_level")),
    ),
    "abandons": (
        "offered",
        "abandoned",
        "short_abandoned",
        "abandon_rate",
        "abandon_rate.without_short_abandons",
        "average_time_to_abandon",
        "left_before_queue",
        "left_in_menu",
    ),
    "times": (
        "answered",
        "asa",
        "wait_median",
        "wait_p90",
        "wait_longest",
        "handle_time",
        "talk_time",
        "hold_time",
        "wrap_up_time",
    ),
    "callbacks": (
        "offered",
        "left_for_callback",
        "callbacks_attempted",
        "callbacks_reached",
        "callbacks_connected",
        "callbacks_in_target",
        "callback_wait",
        "service_level",
    ),
    "arrivals": ARRIVALS,
    "people": ("occupancy", "signed_in_time", "pause_share", "agent_no_answer", "handled"),
    "all": tuple(COLUMNS),
}
ORIGINS: dict[str, tuple[Origin, ...]] = {
    "real": (Origin.REAL,),
    "simulated": (Origin.REAL, Origin.SIMULATED),
    "practice": (Origin.PRACTICE,),
}
TIMED = ("", "arrival")
"""By which of its times a call is chosen: when it entered its queue, or when it arrived."""
WAITS_S = (0, 20, 60, 180, 600)
FORMS = ("csv", "json", "parquet", "xlsx")
_WEEK = timedelta(days=7)


class NotUnderstoodError(Exception):
    """Says that a period cannot be read; `code` is the catalogue's word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Period:
    """Is a period as a form shows it, civil time; `until` is the last day, or just after it."""

    since: str
    until: str


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """Holds the choices of the reports page."""

    period: Period
    by: str
    per: str
    queue: str
    line: str
    show: str
    compare: str
    origin: str

    def asked(self) -> SheetAsked:
        """Returns what is asked of the record; raises `NotUnderstoodError`."""
        since, until = _day(self.period.since), _day(self.period.until)
        if until < since:
            raise NotUnderstoodError("ends_before")
        by, minutes = BYS[self.by]
        before = None
        if self.compare == "week":
            # The same days of the week, as many whole weeks earlier as the period is long.
            shift = -(-((until - since).days + 1) // 7) * _WEEK
            before = ((since - shift).isoformat(), (until - shift).isoformat())
        return SheetAsked(
            by=by,
            minutes=minutes,
            since=since.isoformat(),
            until=until.isoformat(),
            before=before,
            queues=(self.queue,) if self.queue else (),
            lines=(self.line,) if self.line else (),
            per=self.per or None,
            origins=ORIGINS[self.origin],
            measures=SHOWN[self.show],
        )


@dataclass(frozen=True, kw_only=True)
class CallsForm:
    """Holds the choices of the list of calls."""

    period: Period
    queue: str
    line: str
    language: str
    outcome: str
    timed: str
    waited: int
    origin: str
    older: str
    newer: str

    def asked(self) -> CallsAsked:
        """Returns what is asked of the record; raises `NotUnderstoodError`."""
        since, until = _moment(self.period.since), _moment(self.period.until)
        if until <= since:
            raise NotUnderstoodError("ends_before")
        return CallsAsked(
            since=self.period.since,
            until=self.period.until,
            queue=self.queue or None,
            line=self.line or None,
            language=self.language or None,
            outcome=self.outcome or None,
            by_arrival=self.timed == "arrival",
            waited_s=self.waited,
            origins=ORIGINS[self.origin],
            older_than=self.older or None,
            newer_than=self.newer or None,
        )


def report_form(query: Mapping[str, str], today: date, *, is_demo: bool) -> ReportForm:
    """Returns the choices; what was left out is today, by half hours, beside a week ago."""
    return ReportForm(
        period=Period(
            since=query.get("from") or today.isoformat(),
            until=query.get("to") or query.get("from") or today.isoformat(),
        ),
        by=_one_of(query, "by", BYS, "30m"),
        per=_one_of(query, "per", ("queue", "line"), ""),
        queue=_key(query, "queue"),
        line=_key(query, "line"),
        show=_one_of(query, "show", SHOWN, "usual"),
        compare=_one_of(query, "compare", ("week", "none"), "week"),
        origin=_origin(query, is_demo=is_demo),
    )


def calls_form(query: Mapping[str, str], today: date, *, is_demo: bool) -> CallsForm:
    """Returns the choices; what was left out is all of today."""
    tomorrow = today + timedelta(days=1)
    waited = query.get("waited", "")
    return CallsForm(
        period=Period(
            since=query.get("from") or f"{today.isoformat()}T00:00",
            until=query.get("to") or f"{tomorrow.isoformat()}T00:00",
        ),
        queue=_key(query, "queue"),
        line=_key(query, "line"),
        language=_key(query, "language"),
        outcome=_key(query, "outcome"),
        timed=_one_of(query, "timed", TIMED, ""),
        waited=int(waited) if waited.isdecimal() and int(waited) in WAITS_S else 0,
        origin=_origin(query, is_demo=is_demo),
        older=_key(query, "older"),
        newer=_key(query, "newer"),
    )


def _origin(query: Mapping[str, str], *, is_demo: bool) -> str:
    # A demonstration's callers are simulated; elsewhere nobody's are counted in unasked.
    return _one_of(query, "origin", ORIGINS, "simulated" if is_demo else "real")


def _one_of(
    query: Mapping[str, str], name: str, known: Mapping[str, object] | tuple[str, ...], usual: str
) -> str:
    value = query.get(name, "")
    return value if value in known else usual


def _key(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    return value if len(value) <= 64 and value.isprintable() else ""


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotUnderstoodError("bad_period") from None
    if not 1972 <= found.year <= 8999:
        raise NotUnderstoodError("bad_period")
    return found


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstoodError("bad_period") from None
    if not 1972 <= found.year <= 8999 or found.minute % 15 or "T" not in text:
        raise NotUnderstoodError("bad_period")
    return found.replace(tzinfo=None)
