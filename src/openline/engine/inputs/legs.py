"""What is seen at callers' legs, and of the connection and sound of any leg."""

from openline.engine.inputs.base import Input
from openline.model import CommandId, Duration, LegId, LineKey, Origin, SealedRef


class LegArrived(Input, frozen=True, kw_only=True):
    """Somebody calls a line."""

    leg: LegId
    line: LineKey
    origin: Origin
    caller: SealedRef | None = None


class PlaybackFinished(Input, frozen=True, kw_only=True):
    """A sound that was ordered by `playback` was heard to its end."""

    leg: LegId
    playback: CommandId


class VoicemailEnded(Input, frozen=True, kw_only=True):
    """The recording ended, at its limit or because the caller was done; told before a hang-up."""

    leg: LegId
    recording: CommandId
    length: Duration
    """Of what was spoken; 0 if nothing was."""
    message: SealedRef | None = None


class LegHungUp(Input, frozen=True, kw_only=True):
    """The party at the leg ended it."""

    leg: LegId


class LegLost(Input, frozen=True, kw_only=True):
    """The connection to the page or telephone at the leg broke; it may come back."""

    leg: LegId


class LegReturned(Input, frozen=True, kw_only=True):
    """The page at the leg is connected again.

    `session` is the sound session that it still holds, if its sound was never interrupted.
    """

    leg: LegId
    session: int | None = None


class SoundConnected(Input, frozen=True, kw_only=True):
    """The leg hears the other side in this sound session."""

    leg: LegId
    session: int


class SoundLost(Input, frozen=True, kw_only=True):
    """The leg no longer hears the other side, though its page is connected."""

    leg: LegId
    session: int


AnyLegInput = (
    LegArrived
    | PlaybackFinished
    | VoicemailEnded
    | LegHungUp
    | LegLost
    | LegReturned
    | SoundConnected
    | SoundLost
)
