"""How guessing a password is slowed down without shutting the owner out for long.

After three wrong passwords for a login, the next try is taken 1 s later at the earliest, then 2, 4,
8, 16 and never more than 30 s: an agent whom somebody annoys on purpose can still start a shift. It
is the same for logins that do not exist. Kept in memory only, and for a bounded number of logins.
"""

from openline.model import MINUTE, SECOND, Duration, Instant

FREE_FAILURES = 3
LONGEST_DELAY = Duration(30 * SECOND)
FORGOTTEN_AFTER = Duration(15 * MINUTE)
LOGINS_KEPT = 10_000


class Delays:
    """Counts failures by login."""

    def __init__(self) -> None:
        # In the order of the last failure: the oldest is dropped first.
        self._failures: dict[str, tuple[int, Instant]] = {}

    def remaining(self, login: str, now: Instant) -> Duration:
        """Returns how long until the next try is taken; 0 if it is now."""
        count, failed_at = self._recent(login, now)
        if count < FREE_FAILURES:
            return Duration(0)
        delay = min(SECOND << min(count - FREE_FAILURES, 16), LONGEST_DELAY)
        return Duration(max(0, failed_at + delay - now))

    def failed(self, login: str, now: Instant) -> None:
        """Counts a wrong password."""
        count, _ = self._recent(login, now)
        self._failures.pop(login, None)
        self._failures[login] = (count + 1, now)
        if len(self._failures) > LOGINS_KEPT:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, login: str) -> None:
        """Forgets the failures."""
        self._failures.pop(login, None)

    def _recent(self, login: str, now: Instant) -> tuple[int, Instant]:
        count, failed_at = self._failures.get(login, (0, now))
        return (0, now) if now - failed_at > FORGOTTEN_AFTER else (count, failed_at)
