"""Guessing becomes slower and slower, but nobody is shut out for long."""

from openline.identity.delays import FORGOTTEN_AFTER, LOGINS_KEPT, Delays
from openline.model import SECOND, Instant

NOW = Instant(1_700_000_000_000_000)


def test_the_delay_doubles_after_three_failures_and_ends_at_thirty_seconds() -> None:
    delays, seen = Delays(), []
    for _ in range(12):
        delays.failed("ana", NOW)
        seen.append(delays.remaining("ana", NOW) // SECOND)
    assert seen == [0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]
    assert delays.remaining("zoe", NOW) == 0


def test_the_delay_runs_out() -> None:
    delays = Delays()
    for _ in range(4):
        delays.failed("ana", NOW)
    assert delays.remaining("ana", Instant(NOW + 1)) == 2 * SECOND - 1
    assert delays.remaining("ana", Instant(NOW + 2 * SECOND)) == 0


def test_failures_are_forgotten_after_a_success_or_a_while() -> None:
    delays = Delays()
    for _ in range(9):
        delays.failed("ana", NOW)
        delays.failed("zoe", NOW)
    delays.succeeded("ana")
    delays.succeeded("nobody")
    assert delays.remaining("ana", NOW) == 0
    later = Instant(NOW + FORGOTTEN_AFTER + 1)
    delays.failed("zoe", later)
    assert delays.remaining("zoe", later) == 0


def test_no_more_logins_are_kept_than_memory_is_meant_for() -> None:
    delays = Delays()
    for _ in range(3):
        delays.failed("ana", NOW)
    for number in range(LOGINS_KEPT - 1):
        delays.failed(f"guess{number}", NOW)
    assert delays.remaining("ana", NOW) == SECOND
    delays.failed("one more", NOW)
    assert delays.remaining("ana", NOW) == 0
