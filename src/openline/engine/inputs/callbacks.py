"""What is asked and seen of callbacks: a caller wants one, a dialled person answers or does not."""

from openline.engine.inputs.agents import AgentRequest
from openline.engine.inputs.base import Input
from openline.model import Duration, Instant, LegId, SealedRef
from openline.model.names import Name


class DialFailure(Name):
    """Says why nobody was reached."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    HELD_BACK = "held_back"
    """We dialled nobody: as many calls out were made as may be."""


class CallbackWord(Name):
    """Says what an agent found who or what answered, where it was not the caller."""

    WRONG_PERSON = "wrong_person"
    ANSWERING_MACHINE = "answering_machine"
    """Nothing was said to it."""
    MESSAGE_LEFT = "message_left"


class CallbackAsked(Input, frozen=True, kw_only=True):
    """A caller who waits wants to be called back instead, and said when that is safe.

    The same number is always given by the same reference while a callback to it is open: so the
    engine knows it again without knowing it.
    """

    leg: LegId
    number: SealedRef
    not_before: Instant | None = None
    """None: at once, as soon as it is his turn."""
    not_after: Instant | None = None
    """None: at any time after."""
    may_leave_message: bool = False
    """No answer to the question means no."""


class WaitEstimated(Input, frozen=True, kw_only=True):
    """The wait that lies before a caller was reckoned, from what the reports know."""

    leg: LegId
    wait: Duration


class DialAnswered(Input, frozen=True, kw_only=True):
    """Somebody or something answered at the number that was dialled."""

    leg: LegId


class DialFailed(Input, frozen=True, kw_only=True):
    """Nobody answered at the number that was dialled; its leg is gone."""

    leg: LegId
    why: DialFailure


class CallbackCloseRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent ends a callback that did not reach the caller, with one key."""

    word: CallbackWord


AnyCallbackInput = (
    CallbackAsked | WaitEstimated | DialAnswered | DialFailed | CallbackCloseRequested
)
