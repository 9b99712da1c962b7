"""Every figure, defined once: a function from sums to a value, or to None.

None means *undefined*, because nothing happened that the figure could speak of; a screen shows a
dash for it, never 0 % or 100 %. Shares are from 0 to 1, times are durations in microseconds. What
each figure means in words, and where its definition comes from, stands in `definitions`.
"""

from typing import NamedTuple, assert_never

from openline.measures.tally import AgentTime, Tally
from openline.measures.waits import percentile
from openline.model import Duration
from openline.model.names import Name


class ServiceLevelVariant(Name):
    """Names the formula of a service level; without this name the number says nothing.

    In all of them "within T" means that the wait was at most T, counted from the queue entry. A
    caller who left the queue for a callback counts as answered within T if he was reached within T,
    and else as not: offering callbacks must not flatter the figure. Asterisk knows no callbacks, so
    its two figures leave them out.
    """

    HEADLINE = "headline"
    """Within T / (answered + abandoned + left for a callback): whoever gave up was not served."""
    WITHOUT_SHORT_ABANDONS = "without_short_abandons"
    """Leaves those out who hung up almost at once, perhaps by mistake."""
    ANSWERED_ONLY = "answered_only"
    """Within T / answered; Asterisk's SL. It hides those who gave up: never a headline."""
    WITH_FLOWED_OUT = "with_flowed_out"
    """Counts those who were sent on to another queue as not served here."""
    WITH_ANSWERED_OUTSIDE = "with_answered_outside"
    """Counts whoever was answered outside, at the number to which the queue sent him, as answered.
    """
    ASTERISK_SL2 = "asterisk_sl2"
    """(Within T + abandoned within T) / (answered + abandoned). It rewards quick abandons."""


def service_level(
    tally: Tally, variant: ServiceLevelVariant = ServiceLevelVariant.HEADLINE
) -> float | None:
    """Returns the share of calls answered within the threshold, by the variant's formula.

    Source: Genesys, "Configure the service level calculation", abandoned calls counted.
    None where the formula has no calls to count.

    >>> day = Tally(
    ...     offered=100,
    ...     answered=80,
    ...     answered_in_target=72,
    ...     abandoned=16,
    ...     abandoned_in_target=4,
    ...     short_abandoned=6,
    ...     flowed_out=4,
    ... )
    >>> service_level(day)  # 72 / (80 + 16)
    0.75
    >>> service_level(day, ServiceLevelVariant.WITHOUT_SHORT_ABANDONS)  # 72 / (80 + 16 - 6)
    0.8
    >>> service_level(day, ServiceLevelVariant.ANSWERED_ONLY)  # 72 / 80
    0.9
    >>> service_level(day, ServiceLevelVariant.WITH_FLOWED_OUT)  # 72 / (80 + 16 + 4)
    0.72
    >>> round(service_level(day, ServiceLevelVariant.ASTERISK_SL2), 3)  # (72 + 4) / (80 + 16)
    0.792
    >>> called_back = Tally(
    ...     answered=90, answered_in_target=80, left_for_callback=10, callbacks_in_target=1
    ... )
    >>> service_level(called_back)  # (80 + 1) / (90 + 10)
    0.81
    >>> helped = Tally(
    ...     answered=80,
    ...     answered_in_target=70,
    ...     flowed_out=20,
    ...     answered_outside=20,
    ...     answered_outside_in_target=6,
    ... )
    >>> service_level(helped)  # 70 / 80
    0.875
    >>> service_level(helped, ServiceLevelVariant.WITH_ANSWERED_OUTSIDE)  # (70 + 6) / (80 + 20)
    0.76
    >>> service_level(Tally()) is None
    True
    """
    good = tally.answered_in_target + tally.callbacks_in_target
    ended = tally.answered + tally.abandoned + tally.left_for_callback
    match variant:
        case ServiceLevelVariant.HEADLINE:
            return share(good, ended)
        case ServiceLevelVariant.WITHOUT_SHORT_ABANDONS:
            return share(good, ended - tally.short_abandoned)
        case ServiceLevelVariant.ANSWERED_ONLY:
            return share(tally.answered_in_target, tally.answered)
        case ServiceLevelVariant.WITH_FLOWED_OUT:
            return share(good, ended + tally.flowed_out)
        case ServiceLevelVariant.WITH_ANSWERED_OUTSIDE:
            good += tally.answered_outside_in_target
            return share(good, ended + tally.answered_outside)
        case ServiceLevelVariant.ASTERISK_SL2:
            in_target = tally.answered_in_target + tally.abandoned_in_target
            return share(in_target, tally.answered + tally.abandoned)
        case _ as never:
            assert_never(never)


def abandon_rate(tally: Tally, *, without_short: bool = False) -> float | None:
    """Returns the share of offered calls that were abandoned in the queue.

    Leaving before the queue is no abandon. `without_short` is the named variant that takes short
    abandons out of both sides. Sources: Amazon Connect metric definitions; Genesys metric
    definitions.

    >>> abandon_rate(Tally(offered=40, abandoned=6))
    0.15
    >>> abandon_rate(Tally(offered=42, abandoned=6, short_abandoned=2), without_short=True)
    0.1
    >>> abandon_rate(Tally()) is None
    True
    """
    short = tally.short_abandoned if without_short else 0
    return share(tally.abandoned - short, tally.offered - short)


def callback_wait(tally: Tally) -> Duration | None:
    """Returns the mean time from the first queue entry until a called-back caller was reached.

    >>> callback_wait(Tally(callbacks_connected=2, wait_of_callbacks=Duration(900_000_000)))
    450000000
    """
    return mean(tally.wait_of_callbacks, tally.callbacks_connected)


def answer_rate(tally: Tally) -> float | None:
    """Returns the share of offered calls that were answered. Source: Genesys metric definitions.

    >>> answer_rate(Tally(offered=40, answered=34))
    0.85
    """
    return share(tally.answered, tally.offered)


def asa(tally: Tally) -> Duration | None:
    """Returns the average speed of answer: the mean wait in the queue of answered calls.

    Source: Crisis call center metrics, SM-5. A mean hides the long waits: show it with the
    service level, never alone.

    >>> asa(Tally(answered=4, wait_of_answered=Duration(50_000_000)))
    12500000
    >>> asa(Tally(abandoned=3)) is None
    True
    """
    return mean(tally.wait_of_answered, tally.answered)


def wait_percentile(tally: Tally, per_cent: int) -> Duration | None:
    """Returns the wait that so many per cent of the answered calls did not exceed.

    50 is the median. Wrong by less than 0.8 % of itself (see `waits`); shown beside the mean, which
    a few long waits pull up and which hides them all the same. Source: Crisis call center metrics,
    SM-5 to SM-7.

    Two calls waited 4 s, one 30 s:

    >>> from openline.measures.waits import step_of
    >>> waited = Tally(waits={step_of(Duration(4_000_000)): 2, step_of(Duration(30_000_000)): 1})
    >>> waited.longest_wait = Duration(30_000_000)
    >>> round(wait_percentile(waited, 50) / 1e6, 1), round(wait_percentile(waited, 90) / 1e6)
    (4.0, 30)
    """
    return percentile(tally.waits, per_cent, tally.longest_wait)


def longest_wait(tally: Tally) -> Duration | None:
    """Returns the longest wait of an answered call, exactly. Source: as `wait_percentile`.

    >>> longest_wait(Tally(answered=2, longest_wait=Duration(95_000_000)))
    95000000
    """
    return tally.longest_wait if tally.answered > 0 else None


def average_time_to_abandon(tally: Tally) -> Duration | None:
    """Returns the mean wait of those who gave up. Source: Genesys metric definitions.

    >>> average_time_to_abandon(Tally(abandoned=2, wait_of_abandoned=Duration(90_000_000)))
    45000000
    """
    return mean(tally.wait_of_abandoned, tally.abandoned)


def handle_time(tally: Tally) -> Duration | None:
    """Returns the mean of talk, hold and wrap-up together, per conversation whose wrap-up is over.

    Source: Genesys, "Select and manage metrics".

    >>> handle_time(
    ...     Tally(
    ...         handled=2,
    ...         talk=Duration(1_000_000_000),
    ...         hold=Duration(60_000_000),
    ...         wrap_up=Duration(180_000_000),
    ...     )
    ... )
    620000000
    """
    return mean(Duration(tally.talk + tally.hold + tally.wrap_up), tally.handled)


class HandleParts(NamedTuple):
    """Holds the means of what a handle time is made of; they add up to it within a microsecond."""

    talk: Duration
    hold: Duration
    wrap_up: Duration


def handle_parts(tally: Tally) -> HandleParts | None:
    """Returns mean talk (without hold), mean hold and mean wrap-up, each over all conversations.

    Hold is spread over the conversations without one too, so that the parts add up. Source: as
    `handle_time`.

    >>> handle_parts(
    ...     Tally(handled=2, talk=Duration(1_000), hold=Duration(60), wrap_up=Duration(180))
    ... )
    HandleParts(talk=500, hold=30, wrap_up=90)
    """
    if tally.handled == 0:
        return None
    return HandleParts(
        talk=Duration(round(tally.talk / tally.handled)),
        hold=Duration(round(tally.hold / tally.handled)),
        wrap_up=Duration(round(tally.wrap_up / tally.handled)),
    )


def occupancy(time: AgentTime) -> float | None:
    """Returns the share of on-queue time that agents spent on calls: talk, hold and wrap-up.

    High is a warning at a helpline, not a prize. Source: Genesys staff, "Does occupancy include
    all busy time".

    >>> occupancy(AgentTime(ready=Duration(900), talking=Duration(2_100), wrap_up=Duration(600)))
    0.75
    """
    busy = time.talking + time.wrap_up
    return share(busy, busy + time.ready)


def agent_no_answer(tally: Tally) -> float | None:
    """Returns the share of offers that ended without the agent's taking the call.

    Missed, declined, or the agent's connection gone; offers whose caller left are not counted on
    either side, nor those that still ring. Source: Amazon Connect metric definitions (agent
    non-response, without customer abandons).

    >>> agent_no_answer(
    ...     Tally(offers=12, answered=8, offers_missed=1, offers_declined=1, offers_caller_left=2)
    ... )
    0.2
    """
    not_taken = tally.offers_missed + tally.offers_declined + tally.offers_agent_gone
    return share(not_taken, not_taken + tally.answered)


def adherence(exceptions: Duration, scheduled: Duration) -> float | None:
    """Returns the share of scheduled time in which the agent did what the roster said.

    `exceptions` is the time in which she did something else, in either direction, and may exceed
    the schedule; the figure never falls below 0. Undefined without a schedule. Source: Genesys,
    "How Genesys Cloud calculates adherence and conformance".

    Scheduled 8 h, 36 minutes of them otherwise: 1 - 36 / 480.

    >>> adherence(Duration(36 * 60), Duration(480 * 60))
    0.925
    >>> adherence(Duration(600), Duration(480)), adherence(Duration(0), Duration(0))
    (0.0, None)
    """
    wrong = share(exceptions, scheduled)
    return None if wrong is None else max(0.0, 1 - wrong)


def conformance(on_queue: Duration, scheduled_on_queue: Duration) -> float | None:
    """Returns actual time on the queue divided by the scheduled one; more than 1 is possible.

    It asks how much, adherence asks when. Source: as `adherence`.

    >>> conformance(Duration(450), Duration(480)), conformance(Duration(600), Duration(480))
    (0.9375, 1.25)
    """
    return share(on_queue, scheduled_on_queue)


def shrinkage(paid: Duration, on_queue: Duration) -> float | None:
    """Returns the share of paid time that agents were not there for calls.

    Source: Crisis call center metrics, EM-5. To plan with it, divide the agents needed by
    (1 - shrinkage); do not multiply by (1 + shrinkage).

    Paid 8 h, on the queue 6 h:

    >>> shrinkage(Duration(480), Duration(360))
    0.25
    """
    return share(max(0, paid - on_queue), paid)


def pause_share(time: AgentTime) -> float | None:
    """Returns the share of signed-in time that agents were paused: all that is known of shrinkage
    without a roster and the hours paid.

    >>> pause_share(AgentTime(ready=Duration(5), talking=Duration(1), paused=Duration(2)))
    0.25
    """
    return share(time.paused, time.signed_in)


def blockage(refused: int, attempts: int) -> float | None:
    """Returns the share of call attempts that were refused: no trunk, no port, or overload.

    Only the trunk can count them: a caller who hears busy never reaches a queue, and a queue's log
    that shows none proves nothing. Source: Crisis call center metrics, SM-1.

    >>> blockage(3, 1_200)
    0.0025
    """
    return share(refused, attempts)


def share(part: int, whole: int) -> float | None:
    """Returns part / whole, or None where the whole is nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole > 0 else None


def mean(sum_of_times: Duration, count: int) -> Duration | None:
    """Returns the mean in whole microseconds, halves to the even one, or None for no items.

    >>> mean(Duration(10), 4), mean(Duration(0), 0)
    (2, None)
    """
    return Duration(round(sum_of_times / count)) if count > 0 else None
