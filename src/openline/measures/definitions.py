"""What each figure means, in words: the table behind "what is this?" on every screen.

The English stands here. Other languages stand in the catalogues, under `measure.<key>.name` and
`measure.<key>.definition`. docs/reference/measures.md repeats the table and a test compares the
two. `tests/measures` holds that every figure of a wallboard has its entry.
"""

import msgspec


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """Says what one figure is."""

    key: str
    """The figure's name in code, in the API and in the catalogues."""
    name: str
    unit: str
    words: str
    source: str

    @property
    def name_id(self) -> str:
        """The catalogue's id of the name."""
        return f"measure.{self.key}.name"

    @property
    def words_id(self) -> str:
        """The catalogue's id of the definition."""
        return f"measure.{self.key}.definition"


def _count(key: str, name: str, words: str, source: str = "ours") -> Definition:
    return Definition(key=key, name=name, unit="count", words=words, source=source)


def _seconds(key: str, name: str, words: str, source: str = "ours") -> Definition:
    return Definition(key=key, name=name, unit="seconds", words=words, source=source)


def _share(key: str, name: str, words: str, source: str = "ours") -> Definition:
    return Definition(key=key, name=name, unit="share", words=words, source=source)


_GENESYS = "Genesys metric definitions"
_AMAZON = "Amazon Connect metric definitions"

DEFINITIONS: tuple[Definition, ...] = (
    # now
    _count(
        "waiting",
        "Waiting",
        "Calls that are in a queue now and not yet answered, those ringing at an agent included.",
    ),
    _seconds(
        "longest_wait",
        "Longest wait",
        "How long the caller has waited who has waited longest of those waiting now.",
    ),
    _count("ready", "Ready", "Agents who are free and can be offered a call now."),
    _count("talking", "Talking", "Agents who are in a call now, callers on hold included."),
    _count("wrap_up", "Wrap-up", "Agents who do the work after a call now."),
    _count("paused", "Paused", "Agents who are signed in and take no calls now."),
    # counts of a day or an interval
    _count("arrived", "Arrived", "Calls that reached a line, each once."),
    _count(
        "left_before_queue",
        "Left before the queue",
        "Arrived calls whose callers left during the greeting or at the question about recording. "
        "That is no abandon.",
    ),
    _count(
        "left_in_menu",
        "Left in the menu",
        "Arrived calls whose callers left in a menu. That is no abandon.",
    ),
    _count(
        "heard_closed",
        "Heard that it is closed",
        "Arrived calls that ended because the line was closed: by its hours or by a supervisor. A "
        "box in which nothing was left is among them.",
    ),
    _count(
        "heard_message",
        "Heard a message",
        "Arrived calls that ended with a message to which they were led or sent, or at a box in "
        "which nothing was left.",
    ),
    _count(
        "voicemail_left",
        "Left a voice message",
        "Arrived calls that ended with a voice message left in a box.",
    ),
    _count(
        "arrived_answered",
        "Arrivals answered",
        "Arrived calls that were spoken with here, each once, through however many queues they "
        "went. Counted in the interval of the arrival.",
    ),
    _count(
        "arrived_answered_outside",
        "Arrivals answered outside",
        "Arrived calls that a queue sent to a number outside and that were spoken with there. "
        "Counted in the interval of the arrival.",
    ),
    _count(
        "arrived_abandoned",
        "Arrivals abandoned",
        "Arrived calls whose callers gave up in a queue. Counted in the interval of the arrival.",
    ),
    _count(
        "arrived_for_callback",
        "Arrivals to be called back",
        "Arrived calls that ended because the caller will be called back. Counted in the interval "
        "of the arrival.",
    ),
    _count(
        "offered",
        "Offered",
        "Calls that entered a queue, each once per entry, counted in the interval of the entry. "
        "A call that lost its agent and queues again is offered again.",
        _GENESYS,
    ),
    _count(
        "answered",
        "Answered",
        "Queue entries that an agent answered, counted in the interval of the entry. "
        "A greeting is no answer.",
        _GENESYS,
    ),
    _count(
        "answered_in_target",
        "Answered in time",
        "Answered calls that waited no longer than the target of their queue, "
        "from entering the queue to the answer.",
        "ours (at most T)",
    ),
    _count(
        "abandoned",
        "Abandoned",
        "Calls whose caller left after entering the queue and before an answer, "
        "short abandons included.",
        _GENESYS,
    ),
    _count(
        "short_abandoned",
        "Short abandons",
        "Abandoned calls that left sooner than the limit of their queue (5 seconds unless it is "
        "set); they are counted as abandoned too.",
    ),
    _count(
        "flowed_out",
        "Flowed out",
        "Calls that the queue sent elsewhere before an answer: to another queue, a message, a box, "
        "or a number outside. There they count once somebody answers; while it rings they wait.",
        _GENESYS,
    ),
    _count(
        "answered_outside",
        "Answered outside",
        "Of the calls that flowed out, those that somebody answered at a number outside. Nobody "
        "here spoke with the caller, so they are not among the answered.",
    ),
    _count(
        "left_for_callback",
        "Callbacks asked for",
        "Calls that left the queue because the caller will be called back. That is no abandon.",
        _AMAZON,
    ),
    _count(
        "callbacks_attempted",
        "Callbacks attempted",
        "Of the callbacks asked for, those whose number was dialled at least once.",
        _AMAZON,
    ),
    _count(
        "callbacks_reached",
        "Callbacks answered",
        "Of the callbacks attempted, those where a person or a machine answered.",
        _AMAZON,
    ),
    _count(
        "callbacks_connected",
        "Callbacks made",
        "Of the callbacks answered, those where the caller was spoken with.",
        _AMAZON,
    ),
    _count(
        "callbacks_in_target",
        "Callbacks made in time",
        "Callbacks made where the caller was reached within the target of the queue, from entering "
        "the queue.",
        "ours (at most T)",
    ),
    # figures
    _share(
        "service_level",
        "Service level",
        "Calls answered within the target, divided by calls answered or abandoned. "
        "The wait counts from entering the queue. Calls that flowed out are left out. Who left for "
        "a callback counts as answered when reached; if that is not within the target, as not.",
        "Genesys service level, abandoned calls counted",
    ),
    _share(
        "service_level.without_short_abandons",
        "Service level without short abandons",
        "Calls answered within the target, divided by calls answered or abandoned, "
        "short abandons left out.",
        "Genesys service level, short abandons excluded",
    ),
    _share(
        "service_level.answered_only",
        "Service level of answered calls",
        "Calls answered within the target, divided by calls answered. It hides those who gave up.",
        "Asterisk queue statistic SL",
    ),
    _share(
        "service_level.with_flowed_out",
        "Service level with flow-outs",
        "Calls answered within the target, divided by calls answered, abandoned or flowed out.",
        "Genesys service level, flow-outs included",
    ),
    _share(
        "service_level.with_answered_outside",
        "Service level with calls answered outside",
        "Calls answered within the target, here or at the number outside to which the queue sent "
        "them, divided by calls answered here or there or abandoned. The wait counts until "
        "somebody spoke with the caller.",
    ),
    _share(
        "service_level.asterisk_sl2",
        "Asterisk SL2",
        "Calls answered or abandoned within the target, divided by calls answered or abandoned. "
        "It rewards quick abandons; for comparison only.",
        "Asterisk queue statistic SL2",
    ),
    _share(
        "abandon_rate",
        "Abandon rate",
        "Calls abandoned in the queue, divided by calls offered.",
        f"{_AMAZON}; {_GENESYS}",
    ),
    _share(
        "abandon_rate.without_short_abandons",
        "Abandon rate without short abandons",
        "Calls abandoned in the queue, divided by calls offered, short abandons left out of both.",
        "Genesys, short abandons excluded",
    ),
    _seconds(
        "callback_wait",
        "Wait for a callback",
        "Mean time from entering the queue until the caller was reached, over callbacks made.",
        _AMAZON,
    ),
    _share("answer_rate", "Answer rate", "Calls answered, divided by calls offered.", _GENESYS),
    _seconds(
        "asa",
        "Average speed of answer",
        "Mean wait of answered calls, from entering the queue to the answer.",
        "Crisis call center metrics, SM-5",
    ),
    _seconds(
        "wait_median",
        "Median wait",
        "Half of the answered calls waited no longer than this. Wrong by less than 1 %.",
        "Crisis call center metrics, SM-5 to SM-7",
    ),
    _seconds(
        "wait_p90",
        "90th percentile of the wait",
        "Nine in ten answered calls waited no longer than this. Wrong by less than 1 %.",
        "Crisis call center metrics, SM-5 to SM-7",
    ),
    _seconds(
        "wait_longest",
        "Longest wait of an answered call",
        "The wait of the answered call that waited longest, exactly.",
        "Crisis call center metrics, SM-5 to SM-7",
    ),
    _seconds(
        "average_time_to_abandon",
        "Average time to abandon",
        "Mean wait of the callers who left the queue before an answer.",
        _GENESYS,
    ),
    _seconds(
        "handle_time",
        "Handle time",
        "Mean of talk, hold and wrap-up together, per conversation whose wrap-up is over.",
        "Genesys metric definitions (talk, hold, after-call work)",
    ),
    _count(
        "handled",
        "Handled",
        "Conversations whose wrap-up is over, counted in the interval in which their call entered "
        "the queue.",
    ),
    _seconds(
        "talk_time",
        "Talk time",
        "Mean talk, hold left out, per conversation whose wrap-up is over.",
        "Genesys metric definitions (talk, hold, after-call work)",
    ),
    _seconds(
        "hold_time",
        "Hold time",
        "Mean hold, over conversations with and without one, per conversation whose wrap-up is "
        "over.",
        "Genesys metric definitions (talk, hold, after-call work)",
    ),
    _seconds(
        "wrap_up_time",
        "Wrap-up time",
        "Mean work after the call, per conversation whose wrap-up is over.",
        "Genesys metric definitions (talk, hold, after-call work)",
    ),
    _share(
        "occupancy",
        "Occupancy",
        "Time agents spent in calls and wrap-up, divided by that time and the time they were "
        "ready. High is a warning, not a prize.",
        "Genesys staff answer on occupancy",
    ),
    _share(
        "agent_no_answer",
        "Offers not taken",
        "Offers that the agent missed, declined or could not hear because her connection was gone, "
        "divided by all ended offers whose caller did not leave.",
        f"{_AMAZON} (agent non-response)",
    ),
    _seconds(
        "signed_in_time",
        "Signed-in time",
        "Time of all agents together from sign-in to sign-out, pauses included.",
    ),
    _share(
        "pause_share",
        "Paused",
        "Time agents were paused, divided by the time they were signed in: the part of shrinkage "
        "that is known without a roster.",
    ),
    _share(
        "adherence",
        "Adherence",
        "1 less the time an agent did other than the roster said, divided by the scheduled time; "
        "at least 0. Needs a roster.",
        "Genesys, adherence and conformance",
    ),
    _share(
        "conformance",
        "Conformance",
        "Time on the queue, divided by the time that the roster wanted on the queue; it can be "
        "more than 1. Needs a roster.",
        "Genesys, adherence and conformance",
    ),
    _share(
        "shrinkage",
        "Shrinkage",
        "Paid time not on the queue, divided by paid time. Needs the hours paid.",
        "Crisis call center metrics, EM-5",
    ),
    _share(
        "blockage",
        "Blockage",
        "Call attempts refused for want of a trunk or a port, or for overload, divided by all "
        "attempts. Needs the counters of the trunk.",
        "Crisis call center metrics, SM-1",
    ),
    _seconds(
        "wait_estimate",
        "Estimated wait",
        "Place in the queue, times the mean handle time of the last calls, divided by the agents "
        "at work for the queue; at most one hour. Nothing is said where nobody is at work or too "
        "few calls have ended.",
    ),
)

_BY_KEY = {definition.key: definition for definition in DEFINITIONS}


def definition(key: str) -> Definition:
    """Returns the definition of the figure.

    >>> definition("asa").unit
    'seconds'
    """
    return _BY_KEY[key]
