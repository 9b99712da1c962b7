"""Which invariants are held against every event, and what is said of one that broke?

The numbers I1 to I28 are those of the centre's whole list; here stand the ones that events and
states alone can show. What needs a disk, a network or a telephone server is held by the tests of
those parts. A name instead of a number belongs to a rule that came later.
"""

from openline.model import BugError

INVARIANTS: dict[str, str] = {
    "I1": "Every call that arrived is live, or ended once and in one way.",
    "I2": "One agent owns a call, and it is answered once.",
    "I3": "An agent never holds two live offers, nor an offer while she is not ready.",
    "I4": "First come, first served: nobody is offered to an agent before who was ahead of him.",
    "I5": "Who waits, in which order and since when survives a restart.",
    "I6": "Each change is told by exactly one event.",
    "I7": "The events alone give the live state, byte for byte.",
    "I8": "Sums add up: offered is answered, abandoned, sent on and those still here.",
    "I9": "No duration is negative or longer than the time that went by.",
    "I10": "A caller is turned away as too late only while the line's hours say closed.",
    "I11": "What is said twice, or late, changes nothing.",
    "I15": "Nobody able is idle while a call waits, and nothing that is due is left undone.",
    "I16": "Whoever waited past the ceiling of his queue is next, whatever his priority.",
    "I17": "Who was offered in vain is at his own place again.",
    "I18": "A promised callback is made or explained, and no number is rung twice at once.",
    "I19": "A caller whose call changes hands is never left with nobody and nothing.",
    "I20": "Consent is a yes that the caller gave himself, once; everything else is a no.",
    "I23": "Who listens to a talk is on record first, and only where callers are told of it.",
    "I24": "A configuration comes into force as a whole and loses nobody.",
    "I25": "When a call is over, nobody and nothing that served it is left behind.",
    "I26": "Nobody is sent in circles: hops are counted and have a limit.",
    "I28": "Nobody goes away and leaves an offer or a caller behind.",
    "closing": "Only a line that a supervisor closed turns callers away as closed by her.",
    "fairness": "A call is offered to the agent whose turn it is by the choice of its queue.",
    "announced": "Callers are told their true place, and again as often as is configured.",
    "forced": "A state that a supervisor forced holds after the call, and cuts no talk.",
    "medium": "A call is typed or spoken as its caller chose last, and joined anew for it.",
    "menu": "A menu is heard as often as configured, and takes only digits that it offers.",
    "forwarding": "A queue sends a call outside once, and gives it its place back if in vain.",
    "help": "A hand is up only while there is work on a call, and one supervisor answers it.",
    "interflow": "A call leaves its queue when a rule of the queue says so, and only then.",
    "on-call": "When nobody is left the list is rung once, in time, and only then.",
    "origin": "Agents are offered only calls that they serve; real and practice never mix.",
    "overflow": "A call reaches a step of its queue's overflow when its wait has come to it.",
    "outside": "Only a destination of the list is dialled, and only emergencies see who calls.",
    "recovery": "A break after a hard call lasts as configured, and nobody cuts it.",
    "partner": "Who calls as a partner is one, from its first day on, and is known as one.",
    "review": "Who passed a caller's number on is not who looks at it, and somebody must.",
    "share": "A full share is passed over while others wait, and never while nobody does.",
    "skills": "What an agent can take is changed by supervisors alone, and told with each offer.",
    "taken": "A call that a supervisor takes is the next one of its queue.",
    "topic": "What a call is about, and its language, change only by the caller's choice.",
    "transfer": "A call that is handed on goes where it was sent, with the priority it is due.",
}
"""By number or name: the sentence that must always be true."""


class InvariantBrokenError(BugError):
    """Says which invariant was broken, by its number, and how.

    `number` is a key of `INVARIANTS`; the message begins with it.
    """

    def __init__(self, number: str, words: str) -> None:
        super().__init__(f"{number}: {words}")
        self.number = number
        self.words = words

    @property
    def sentence(self) -> str:
        """What should have been true."""
        return INVARIANTS[self.number]


def expect(holds: bool, number: str, words: str) -> None:
    """Raises `InvariantBrokenError` unless the invariant holds."""
    if not holds:
        raise InvariantBrokenError(number, words)
