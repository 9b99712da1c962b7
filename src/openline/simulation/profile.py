"""What the simulated world is like: how many call, how they behave, who answers and when.

Plain values only: `configuration` builds a `WorldProfile` from the operator's file and checks it,
`behaviour`, `arrivals` and `shifts` draw from it. Durations are whole microseconds like everywhere
inside; civil times are minutes after local midnight, in the zone of the profile. Shares run from
0 to 1. Weekdays count from Monday, 0.

A profile is not settings: routing never sees it, and a change of it changes no rule of the centre.
"""

from openline.engine.value import Value
from openline.model import (
    MINUTE,
    SECOND,
    AgentKey,
    Duration,
    Instant,
    LineKey,
    OutsideKey,
    PartnerKey,
    QueueKey,
)

DAY_MINUTES = 24 * 60
ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)


class CallerGroup(Value, frozen=True, kw_only=True):
    """Describes callers of one kind: which line they ring and how they behave."""

    name: str
    share: float
    """Its weight among all groups; the weights need not add up to 1."""
    line: LineKey
    talk_mean: Duration
    """Of a lognormal distribution; hold is not part of it."""
    calls_for_partners: bool = False
    """Whether each calls for one of the partners of the profile."""
    keys: str = ""
    """What he presses, one key for each question that he is asked: what he calls about."""
    no_choice_share: float = 0.0
    """Of those with keys, who presses none."""
    leaves_in_menu_share: float = 0.0
    """Of all, who hangs up when he is asked to press a key."""
    talk_cv: float = 1.0
    """Standard deviation of the talk, divided by its mean."""
    patience_mean: Duration = Duration(3 * MINUTE)
    """Of an exponential distribution, counted from the queue entry."""
    balk_share: float = 0.0
    """Who leaves as soon as it is clear that there is a wait."""
    hold_share: float = 0.0
    """Whose call is parked once."""
    hold_mean: Duration = Duration(45 * SECOND)
    """Of an exponential distribution."""
    transfer_share: float = 0.0
    """Whose call is handed on once, blindly, at some point of the talk."""
    transfer_to: QueueKey | None = None
    """To which queue; none is needed where nobody is transferred."""
    transfer_outside: OutsideKey | None = None
    """To whom outside instead."""
    wrap_up_mean: Duration = Duration(60 * SECOND)
    """Of the agent's work after the call; exponential."""
    typed_share: float = 0.0
    """Who types instead of talking; nobody could ring them."""
    silent_share: float = 0.0
    """Who never says a word; the agent ends the call."""
    early_hang_up_share: float = 0.0
    """Who hangs up within ten seconds of the answer."""
    wrong_number_share: float = 0.0
    redial_share: float = 0.0
    """Of those who gave up, who calls again; after a second time too."""
    redial_least: Duration = Duration(2 * MINUTE)
    redial_most: Duration = Duration(15 * MINUTE)
    callback_share: float = 0.0
    """Of those who are offered a callback, who takes it."""
    callback_answered_share: float = 1.0
    """Of those who are rung, who answers."""


class Break(Value, frozen=True, kw_only=True):
    """Describes a break within a shift; who talks past its end has missed it."""

    after: Duration
    """From the start of the shift."""
    length: Duration
    pause_reason: str
    """A key of the settings' pause reasons."""


class Shift(Value, frozen=True, kw_only=True):
    """Describes a span of work that recurs on some days of the week."""

    start_minute: int
    end_minute: int = DAY_MINUTES
    """Local; not after the start means on the next day."""
    days: tuple[int, ...] = ALL_WEEK
    """The weekdays on which it starts."""
    breaks: tuple[Break, ...] = ()


class ColleagueGroup(Value, frozen=True, kw_only=True):
    """Describes simulated agents who work the same shifts and share their habits.

    Whoever has days off or breaks of her own is a group of one.
    """

    name: str
    agents: tuple[AgentKey, ...]
    """Keys of configured agents for whom no person ever signs in."""
    shifts: tuple[Shift, ...]
    answer_delay_mean: Duration = Duration(4 * SECOND)
    """Of an exponential distribution."""
    missed_share: float = 0.01
    tired_missed_share: float = 0.06
    tired_last: Duration = Duration(60 * MINUTE)
    """The last part of a shift, in which more offers are missed."""
    return_after: Duration = Duration(60 * SECOND)
    """How soon she is ready again after a missed offer."""
    late_by_at_most: Duration = Duration(0)
    """Each sign-in comes up to this much after the start of the shift, evenly spread."""


class Outage(Value, frozen=True, kw_only=True):
    """Describes a stretch of every day in which nobody can work: calls come and find nobody."""

    start_minute: int
    end_minute: int
    """Local; not after the start means on the next day."""
    pause_reason: str
    """A key of the settings' pause reasons."""


class WorldProfile(Value, frozen=True, kw_only=True):
    """Describes the whole simulated world; with its seed it fixes every caller that ever calls."""

    seed: int
    zone: str
    """An IANA name such as America/Chicago."""
    calls_per_day: float
    """The mean over the week, redials apart."""
    callers: tuple[CallerGroup, ...]
    colleagues: tuple[ColleagueGroup, ...]
    dispositions: tuple[str, ...]
    """What colleagues choose from after a call, each as often; at least one, known to settings."""
    partners: tuple[tuple[PartnerKey, Instant], ...] = ()
    """With the first instant of each; the first calls most, the n-th an n-th of that (Zipf)."""
    weekday_factors: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    """From Monday; they are scaled to a mean of 1."""
    amplitude: float = 0.75
    """How far the rate swings about its mean within a day; 0 is flat."""
    peak_hour: float = 15.0
    """Local."""
    busyness_cv: float = 0.08
    """How much whole days differ, as a coefficient of variation; gamma-distributed, mean 1."""
    opens_minute: int = 0
    """Calls come only from here …"""
    closes_minute: int = DAY_MINUTES
    """… to here; not after the opening means on the next day. `calls_per_day` come all the same."""
    greeting_length: Duration = Duration(8 * SECOND)
    """How long a caller listens to the greeting of a line that has one."""
    volume: float = 1.0
    """So many times the calls: below 1 some of the same callers stay away, above 1 others join
    them."""
    expected: tuple[tuple[int, float], ...] = ()
    """Calls expected in quarters of an hour since 1970, as of a forecast; they stand in for the
    curve, and in other quarters nobody calls. Empty: the curve holds."""
    outages: tuple[Outage, ...] = ()
    """Talks that began before go on to their end."""
