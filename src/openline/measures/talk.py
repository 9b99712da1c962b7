"""How long a conversation lasted, hold apart from talk."""

import msgspec

from openline.model import Duration, Instant


class Talk(msgspec.Struct, kw_only=True):
    """Times one conversation from its answer to the moment when the two parted.

    >>> talk = Talk(answered_at=Instant(100))
    >>> talk.hold(Instant(150))
    >>> talk.end(Instant(180))  # hung up while on hold
    >>> talk.talked, talk.held
    (50, 30)
    """

    answered_at: Instant
    held: Duration = Duration(0)
    held_since: Instant | None = None
    ended_at: Instant | None = None

    def hold(self, at: Instant) -> None:
        """Begins a hold."""
        if self.held_since is None:
            self.held_since = at

    def take_back(self, at: Instant) -> None:
        """Ends the hold, if there is one."""
        if self.held_since is not None:
            self.held = Duration(self.held + at - self.held_since)
            self.held_since = None

    def end(self, at: Instant) -> None:
        """Notes that they parted; the first word on it holds."""
        if self.ended_at is None:
            self.take_back(at)
            self.ended_at = at

    @property
    def talked(self) -> Duration:
        """The talk without hold; 0 until it has ended."""
        if self.ended_at is None:
            return Duration(0)
        return Duration(self.ended_at - self.answered_at - self.held)
