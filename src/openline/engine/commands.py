"""Orders to the outside. They are carried out only after the events of their step are durable.

Each has an id that a replay draws again, so that an adapter can tell a repeated order from a new
one. An order that cannot be carried out comes back as the input `CommandFailed`. Sound orders for
a leg replace each other: the last one holds.
"""

from openline.engine.mix import Hears
from openline.engine.value import Value
from openline.model import (
    AgentKey,
    BoxKey,
    CallbackId,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    OfferId,
    OutsideKey,
    QueueKey,
    Reason,
    SealedRef,
)


class Command(Value, tag=True, frozen=True, kw_only=True):
    """Is an order to the adapter that holds the leg."""

    id: CommandId
    leg: LegId


class PlayGreeting(Command, frozen=True, kw_only=True):
    """Play a sound once and report its end; `id` is the playback."""

    call: CallId
    sound: str


class PlayMessage(Command, frozen=True, kw_only=True):
    """Play a sound once and report its end; `id` is the playback."""

    call: CallId
    sound: str


class AskDigit(Command, frozen=True, kw_only=True):
    """Play a sound once, report its end, and report the digits that are pressed meanwhile or after.

    `id` is the playback. A digit ends the sound.
    """

    call: CallId
    sound: str


class RecordVoicemail(Command, frozen=True, kw_only=True):
    """Record the caller until he stops, hangs up or reaches the limit; `id` is the recording.

    Its end is reported as `VoicemailEnded`. Where nothing can be recorded, the order fails.
    """

    call: CallId
    box: BoxKey
    limit: Duration


class PlayMusic(Command, frozen=True, kw_only=True):
    """Play hold music until another order for the leg comes."""

    call: CallId
    music: str
    reason: Reason


class AnnounceWait(Command, frozen=True, kw_only=True):
    """Tell the caller his place, his wait or both, and go on with the music.

    Ports that play no announcements are not given this order.
    """

    call: CallId
    place: int | None
    wait: Duration | None


class RingAgent(Command, frozen=True, kw_only=True):
    """Offer a call at the agent's leg."""

    agent: AgentKey
    offer: OfferId
    call: CallId
    expires_at: Instant
    callback: CallbackId | None = None
    """Set where it is a person to be called back, not one who waits on the line."""


class OfferCallback(Command, frozen=True, kw_only=True):
    """Tell a caller who waits that he may be called back; report his wish as `CallbackAsked`."""

    call: CallId


class Dial(Command, frozen=True, kw_only=True):
    """Ring the number for an agent who is on the line already; the new leg is named `leg`.

    Report `DialAnswered` or `DialFailed`. Nothing on the other side's display may name us: not the
    helpline, and where `is_anonymous`, no number of ours either.
    """

    call: CallId
    callback: CallbackId
    number: SealedRef
    give_up_at: Instant
    is_anonymous: bool = True


class DialOutside(Command, frozen=True, kw_only=True):
    """Ring a destination outside, for a call that is there; the new leg is named `leg`.

    Report `DialAnswered` or `DialFailed`. The port knows the number of the key; what is shown on
    the other side is the centre's, or, where `passes_number`, the caller's own in signalling alone.
    """

    call: CallId
    outside: OutsideKey
    give_up_at: Instant
    passes_number: bool = False


class EndWithWords(Command, frozen=True, kw_only=True):
    """Play a sound once, which names nobody, and end the leg after it."""

    call: CallId
    sound: str
    reason: Reason


class StopRinging(Command, frozen=True, kw_only=True):
    """Take the offer back from the agent's leg."""

    agent: AgentKey
    offer: OfferId
    reason: Reason


class RingOnCall(Command, frozen=True, kw_only=True):
    """Ask somebody at home to come to work; `leg` is `oncall:` and her key.

    It is no offer: she answers by signing in and being ready, or not at all.
    """

    agent: AgentKey
    queue: QueueKey
    reason: Reason


class ConnectLegs(Command, frozen=True, kw_only=True):
    """Let the caller at `leg` and the agent at `agent_leg` hear each other, in a new session."""

    call: CallId
    agent_leg: LegId
    session: int


class HoldCall(Command, frozen=True, kw_only=True):
    """Let the caller at `leg` hear music and the agent nothing, the session kept."""

    call: CallId
    agent_leg: LegId
    session: int
    music: str


class ResumeCall(Command, frozen=True, kw_only=True):
    """End music and silence: both sides of the session hear each other again."""

    call: CallId
    agent_leg: LegId
    session: int


class MixCall(Command, frozen=True, kw_only=True):
    """Let everybody in the call hear what is said here of him, and nobody anything else.

    It is complete and replaces whatever was ordered before for any leg in it. Two who hear each
    other and nobody else are a pair of the session; the session counts on when the pairs change.
    """

    call: CallId
    session: int
    hears: tuple[Hears, ...]
    music: str
    reason: Reason


class ReleaseAgent(Command, frozen=True, kw_only=True):
    """End the sound at the agent's leg (`leg`); the leg itself stays."""

    call: CallId
    reason: Reason


class HangUpLeg(Command, frozen=True, kw_only=True):
    """End the leg."""

    reason: Reason


AnyCommand = (
    PlayGreeting
    | PlayMessage
    | AskDigit
    | RecordVoicemail
    | PlayMusic
    | AnnounceWait
    | RingAgent
    | StopRinging
    | RingOnCall
    | OfferCallback
    | Dial
    | DialOutside
    | EndWithWords
    | ConnectLegs
    | HoldCall
    | ResumeCall
    | MixCall
    | ReleaseAgent
    | HangUpLeg
)
