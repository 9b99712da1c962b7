"""What may be written under `[simulation]`: who calls, and who answers, where nobody is real.

Used by the demo and by studies, never for real calls. Shares are weights: they need not add up
to 1. Durations are means in seconds; how they are spread stands in the description of each key.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openline.configuration.tables import Allowed, Key, Levels, QueueKey, Table

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

OutsideKey = Annotated[Key, Allowed("the key of a destination outside", '"legal"')]
ClockTime = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Allowed("a time of day in quotes, from 00:00 to 23:59", '"16:00"'),
]

LineKey = Annotated[Key, Allowed("the key of a line", '"family-en"')]
PauseReasonKey = Annotated[Key, Allowed("the key of a pause reason", '"meal"')]


class HoursTable(Table):
    """The hours in which callers can get through."""

    start: ClockTime = Field(description="When the line opens, by the centre's clock.")
    end: ClockTime = Field(
        description="When it closes. A time before `start` is meant for the next day."
    )


class DayTable(Table):
    """The shape of a day: how the calls are spread over the week and the hours.

    At hour t of the day calls come at a rate in proportion to
    1 + amplitude × cos(2π (t - peak_hour) / 24).
    """

    weekday_factors: list[Annotated[float, Field(ge=0, le=100)]] = Field(
        default=[1.10, 1.05, 1.02, 1.00, 1.00, 0.93, 0.90],
        min_length=7,
        max_length=7,
        description="How busy the days are, Monday to Sunday; scaled so that their mean is 1.",
    )
    amplitude: float = Field(
        default=0.75, ge=0, le=1, description="How far the hours differ; 0 is the same all day."
    )
    peak_hour: float = Field(default=15, ge=0, lt=24, description="The busiest hour of the day.")
    busyness_cv: float = Field(
        default=0.08,
        ge=0,
        le=2,
        description="Coefficient of variation of a factor for the whole day, gamma-distributed "
        "with mean 1.",
    )
    open: HoursTable | None = Field(
        default=None,
        description="Calls come only in these hours, and `calls_per_day` are spread over them. "
        "Left out, they come day and night.",
    )


class CallersTable(Table):
    """A group of callers who behave alike."""

    line: LineKey = Field(description="The line that they call.")
    partners: bool = Field(
        default=False,
        description="Whether they call for partners: the first row most, the second half as much, "
        "the third a third as much and so on (Zipf), of those whose first day has come.",
    )
    share: float = Field(
        default=1, ge=0, le=1_000_000, description="The group's weight among all calls."
    )
    talk_mean_s: float = Field(
        default=300, gt=0, le=36_000, description="Mean time of talk, lognormal."
    )
    talk_cv: float = Field(
        default=1.0, ge=0, le=5, description="Coefficient of variation of the time of talk."
    )
    patience_mean_s: float = Field(
        default=180, gt=0, le=36_000, description="Mean patience in the queue, exponential."
    )
    balk_share: float = Field(
        default=0.04, ge=0, le=1, description="How many leave as soon as they hear of the wait."
    )
    hold_share: float = Field(
        default=0.20, ge=0, le=1, description="How many are put on hold once during the call."
    )
    hold_mean_s: float = Field(
        default=45, gt=0, le=3600, description="Mean time on hold, exponential."
    )
    wrap_up_mean_s: float = Field(
        default=60, gt=0, le=36_000, description="Mean wrap-up after the call, exponential."
    )
    transfer_share: float = Field(
        default=0, ge=0, le=1, description="How many are transferred once, at some point of it…"
    )
    transfer_to: QueueKey | None = Field(
        default=None, description="…to this queue. Left out, to the one that they came by."
    )
    transfer_outside: OutsideKey | None = Field(
        default=None, description="…or outside, instead of a queue."
    )
    typed_share: float = Field(
        default=0, ge=0, le=1, description="How many type instead of talking."
    )
    silent_share: float = Field(
        default=0.04, ge=0, le=1, description="How many say nothing once they are answered."
    )
    early_hang_up_share: float = Field(
        default=0.05, ge=0, le=1, description="How many hang up within 10 seconds of the answer."
    )
    keys: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9*#]{0,8}$"),
        Allowed("up to 8 keys of a telephone in quotes", '"21"'),
    ] = Field(
        default="",
        description="What they press, one key for each question they are asked.",
    )
    no_choice_share: float = Field(
        default=0.12, ge=0, le=1, description="How many of those with `keys` press none."
    )
    leaves_in_menu_share: float = Field(
        default=0, ge=0, le=1, description="How many hang up when they are asked to press a key."
    )
    wrong_number_share: float = Field(
        default=0.03, ge=0, le=1, description="How many meant to call somebody else."
    )
    redial_share: float = Field(
        default=0.35, ge=0, le=1, description="How many of those who gave up call again…"
    )
    redial_least_s: float = Field(default=120, ge=0, le=86_400, description="…after at least this…")
    redial_most_s: float = Field(
        default=900, ge=0, le=86_400, description="…and at most this time, all equally likely."
    )
    callback_share: float = Field(
        default=0.25, ge=0, le=1, description="How many take a callback when it is offered…"
    )
    callback_answered_share: float = Field(
        default=0.80, ge=0, le=1, description="…and how many of these answer when they are rung."
    )


class BreakTable(Table):
    """A break within a shift."""

    after_s: int = Field(ge=0, le=86_400, description="When it begins, from the shift's start.")
    length_s: int = Field(ge=60, le=14_400, description="How long it lasts.")
    pause_reason: PauseReasonKey | None = Field(
        default=None, description="What colleagues give as the reason. Left out, the first one."
    )


class ShiftTable(Table):
    """When some colleagues of a group work."""

    count: int = Field(
        default=1, ge=1, le=1000, description="How many colleagues work these hours."
    )
    days: list[Weekday] = Field(
        default=list(WEEKDAYS), min_length=1, description="The days on which the shift begins."
    )
    start: ClockTime = Field(description="When the shift begins, by the centre's clock.")
    end: ClockTime = Field(
        description="When it ends. A time before `start` is meant for the next day."
    )


class ColleaguesTable(Table):
    """A group of simulated colleagues with the same skills."""

    prefix: Key = Field(
        description="Begins their keys: `en` makes sim-en-001, sim-en-002 and so on.",
        examples=['"en"'],
    )
    skills: Levels = Field(default={}, description="As of an agent.")
    shifts: list[ShiftTable] = Field(
        min_length=1,
        description="Who works when; each colleague keeps to one of these.",
        examples=['[{ count = 4, start = "07:00", end = "15:00" }]'],
    )
    days_a_week: int = Field(
        default=7,
        ge=1,
        le=7,
        description="On how many of the shift's days each colleague works; days off are spread "
        "evenly over the group.",
    )
    breaks: list[BreakTable] = Field(
        default=[],
        description="Breaks in every shift. One colleague in four goes on time, the others "
        "one, two and three lengths later.",
    )
    late_most_s: int = Field(
        default=0, ge=0, le=3600, description="They come up to this late, all equally likely."
    )
    answer_delay_mean_s: float = Field(
        default=4, gt=0, le=120, description="Mean time to answer an offer, exponential."
    )
    missed_share: float = Field(default=0.01, ge=0, le=1, description="How many offers they miss…")
    missed_share_tired: float = Field(
        default=0.06, ge=0, le=1, description="…and how many in the last hour of a shift."
    )


class SimulationTable(Table):
    """A simulated world: callers and colleagues, for the demo and for studies."""

    seed: int = Field(
        default=1, ge=0, le=2**53, description="Where chance begins; the same seed, the same day."
    )
    calls_per_day: float = Field(
        gt=0, le=1_000_000, description="Mean number of calls a day, redials apart."
    )
    day: DayTable = Field(default=DayTable(), description="How calls are spread over the time.")
    callers: list[CallersTable] = Field(
        min_length=1, description="Who calls.", examples=['[{ line = "family-en" }]']
    )
    colleagues: list[ColleaguesTable] = Field(
        default=[], description="Who answers beside the agents."
    )
