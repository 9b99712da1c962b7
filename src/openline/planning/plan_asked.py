"""What the planner's page asks and what it is told: values, and nothing that computes.

Apart from `plan_sheet`, which makes the answer, so that whoever only passes them on loads no
arrays. Nothing of it is kept: the page itself carries what was typed (ADR 0041).
"""

import msgspec

from openline.model import Origin
from openline.planning.history_file.findings import Finding
from openline.planning.roster_file.faults import Fault

TABLE = (
    *("timestamp", "mean", "low80", "high80", "low95", "high95"),
    *("needed_on_phones", "to_schedule", "rostered", "on_phones", "gap"),
    *("service_level", "abandon_probability", "mean_wait_s", "leave"),
)
"""The columns of the page's table; pasted back, `mean` is a forecast and `rostered` a roster."""
LOSES = 0.10
"""From this share of leaving callers on, the risk is called high."""


def risk_word(gap: int, leave: float) -> str:
    """Returns the risk of an interval in a word.

    >>> [risk_word(*each) for each in ((0, 0.02), (-1, 0.05), (-4, 0.3))]
    ['covered', 'short', 'high']
    """
    if gap >= 0:
        return "covered"
    return "high" if leave >= LOSES else "short"


class Assumptions(msgspec.Struct, frozen=True, kw_only=True):
    """Is what a planner may turn: how calls behave, what is promised, what is tried."""

    aht_s: float | None = None
    """Talk, hold and wrap-up together; None: each interval's own, from the forecast."""
    patience_s: float = 180.0
    target_percent: float = 80.0
    target_s: float = 20.0
    shrinkage: str = "30"
    """In percent, exactly as it was written."""
    plan_for: str = "mean"
    volume: float = 100.0
    """Percent of the forecast's calls."""
    people: int = 0
    """So many more, or fewer, on the roster …"""
    begin: int = 0
    """… from this minute of each day …"""
    end: int = 0
    """… to this one; no later than `begin` where it reaches into the next day."""


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """Is what came on the day that has begun."""

    day: str
    """ISO 8601."""
    minutes: int
    came: tuple[float, ...]
    """Calls from midnight on, by intervals of so many minutes."""
    expected: float
    """So many had been forecast for them."""
    carries: float
    """How much of the difference goes on for the rest of the day, 0 to 1."""

    @property
    def clock(self) -> int:
        """The minute of the day to which it is known."""
        return len(self.came) * self.minutes


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Is a plan as the page holds it."""

    calls: bytes = b""
    """A forecast or a history, as a file or pasted; empty: learn from the centre's own record."""
    calls_name: str = ""
    roster: bytes = b""
    """Shifts, a calendar, or people by interval; empty: what is needed is all that is told."""
    roster_name: str = ""
    assumptions: Assumptions = Assumptions()
    today: Today | None = None
    """What came today, by which the forecast of the morning is corrected; `calls` hold that one."""


class PlanAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Is what somebody wants to know."""

    plan: Plan
    was: Plan | None = None
    """What it is compared with."""
    days: int = 7
    """So many are forecast, where a history is given or learned from."""
    minutes: int | None = None
    holidays: str = ""
    origins: tuple[Origin, ...] = (Origin.REAL,)
    skips_faulty: bool = False
    missing_is_zero: bool = False
    takes_up_today: bool = False
    """What came today is read anew, and the rest of the day is forecast from it."""


class PlanColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Holds a plan interval by interval."""

    calls: tuple[float, ...]
    needed: tuple[int, ...]
    """On the phones, so that the target is met."""
    to_schedule: tuple[int, ...]
    rostered: tuple[int, ...]
    on_phones: tuple[float, ...]
    service_level: tuple[float, ...]
    abandon: tuple[float, ...]
    mean_wait_s: tuple[float, ...]

    def gap(self, at: int) -> int:
        """Returns the people rostered beyond those to schedule; below zero where some miss."""
        return self.rostered[at] - self.to_schedule[at]


class PlanSums(msgspec.Struct, frozen=True, kw_only=True):
    """Holds what a plan comes to over some intervals."""

    calls: float
    leave: float
    late: float
    """Callers not answered in time, those who leave among them."""
    needed_h: float
    to_schedule_h: float
    rostered_h: float
    short_h: float
    """Hours of work that are missing, in the intervals where some are."""
    short: int
    """In how many intervals somebody is missing."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Says what a change does."""

    fewer_leave: float
    more_in_time: float
    ends: tuple[float, float] | None
    """How many fewer leave where all comes at the low or the high end of the 80 % range; ordered.
    None where the forecast has no range, or the two plans have another one each."""
    spans: tuple[tuple[int, int], ...]
    """When most of it happens, in minutes of the day."""


class PlanSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Is a plan as the page shows it."""

    minutes: int
    stamps: tuple[str, ...]
    """ISO 8601, the begin of each interval."""
    bounds: tuple[tuple[float, ...], ...]
    """Low and high of 80 %, low and high of 95 %; empty where the forecast has none."""
    now: PlanColumns
    was: PlanColumns | None
    """The plan it is compared with, where it has the same intervals."""
    has_roster: bool
    people: int
    """Different people on the roster; 0 where it only counts them."""
    worst: tuple[tuple[int, int], ...]
    """When most callers leave, in minutes of the day."""
    sums: PlanSums
    was_sums: PlanSums | None
    difference: Difference | None
    left_out: tuple[str, ...]
    """Days of the forecast for which the roster has nobody before its first or after its last."""
    table: str
    """All intervals with tabs between the cells, to be pasted into a spreadsheet."""
    calls_text: str
    """The forecast, with tabs between the cells: what the page carries on."""
    roster_text: str
    findings: tuple[Finding, ...] = ()
    learned_rows: int = 0
    """How many rows a forecast was learned from; 0: it was given."""
    error: float | None = None
    noise_floor: float | None = None
    today: Today | None = None
    rest_before: float = 0.0
    """How many calls the morning's forecast had for the rest of today …"""
    rest_now: float = 0.0
    """… and how many are expected now."""


class PlanAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Is a plan, or what is wrong with what it was asked of."""

    sheet: PlanSheet | None = None
    calls_faults: tuple[Finding, ...] = ()
    roster_faults: tuple[Fault, ...] = ()


# --- the twin's verdict -------------------------------------------------------------------------

LIKELY, POSSIBLE = 0.5, 0.2
"""From these shares of days on which the target is missed, a risk is likely, or possible."""


def likelihood(missed: float) -> str:
    """Returns how likely an interval is to miss its target, in a word.

    >>> [likelihood(each) for each in (0.6, 0.25, 0.05)]
    ['likely', 'possible', 'small']
    """
    return "likely" if missed >= LIKELY else "possible" if missed >= POSSIBLE else "small"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Is a figure and how well it is known."""

    value: float | None
    half: float | None
    """The figure lies so near to the value, 95 times in 100; None: too few runs to tell."""


class LivedInterval(msgspec.Struct, frozen=True, kw_only=True):
    """Says how an interval went over all runs."""

    stamp: str
    """ISO 8601, with its offset from UTC."""
    offered: float
    """The mean of a run."""
    leave: float
    in_time: float | None
    """The share of those offered; None: nobody called in any run."""
    missed: float | None
    """In what share of the runs with calls the target was missed: the risk."""


class LivedPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Says how a plan went on the live engine, after so many runs."""

    done: int
    of: int
    intervals: tuple[LivedInterval, ...]
    leave: Known
    in_time: Known
    formula_leave: float
    """How many leave by the formula."""
    fewer: Known | None
    """How many fewer leave than in the plan it is compared with, among the same callers."""
    unknown: int
    """People of the roster who are no configured agents."""
