"""Whether a lost place is given back once, soon, to nobody else, and then forgotten (P2)."""

import gc
from collections.abc import Iterator

from openline.centre.redial import TURNS_EVERY, WINDOW, Redials
from openline.engine import CallOutcome
from openline.engine import events as e
from openline.model import (
    SECOND,
    CallId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)
from tests.virtual_clock import VirtualClock

BEGIN = Instant(1_775_000_000 * SECOND)
LINE, OTHER_LINE, QUEUE = LineKey("help"), LineKey("other"), QueueKey("help")
MINUTES = 60 * SECOND


class Evening:
    """Is a memory with a clock, and callers who come and go."""

    def __init__(self) -> None:
        self.clock = VirtualClock(BEGIN)
        self.redials = Redials(self.clock)
        self.calls = 0

    def call(self, mark: str | None, line: LineKey = LINE) -> tuple[int, Instant | None]:
        """Lets somebody call and queue; returns the call and the place that he got back."""
        self.calls += 1
        leg = LegId(f"sip:{self.calls}")
        regained = self.redials.arrives(leg, line, Origin.REAL, mark)
        call = CallId(self.calls)
        now = self.clock.now()
        self.redials.noticed(
            now,
            (
                e.CallArrived(call=call, leg=leg, line=line, origin=Origin.REAL, caller=None),
                e.CallQueued(
                    call=call,
                    line=line,
                    origin=Origin.REAL,
                    queue=QUEUE,
                    entry=1,
                    priority=0,
                    waiting_since=regained or now,
                    reason=Reason.NO_GREETING,
                ),
            ),
        )
        return self.calls, regained

    def end(
        self,
        call: int,
        outcome: CallOutcome = CallOutcome.ABANDONED,
        reason: Reason = Reason.CALLER_LOST,
    ) -> None:
        ended = e.CallEnded(
            call=CallId(call),
            leg=LegId(f"sip:{call}"),
            line=LINE,
            origin=Origin.REAL,
            outcome=outcome,
            reason=reason,
            queue=QUEUE,
            agent=None,
            waited=Duration(0),
            talked=Duration(0),
            held=Duration(0),
        )
        self.redials.noticed(self.clock.now(), (ended,))

    def drop(self, mark: str | None, after: int = 9 * MINUTES) -> None:
        """Lets somebody wait and be lost."""
        call, _ = self.call(mark)
        self.clock.advance(Duration(after))
        self.end(call)


def test_who_calls_again_soon_after_a_drop_has_his_old_place() -> None:
    evening = Evening()
    evening.drop("+15550100")
    evening.clock.advance(Duration(4 * MINUTES))
    assert evening.call("+15550100")[1] == BEGIN


def test_the_place_is_given_once() -> None:
    evening = Evening()
    evening.drop("+15550100")
    evening.call("+15550100")
    assert evening.call("+15550100")[1] is None


def test_who_has_no_mark_takes_no_part() -> None:
    evening = Evening()
    evening.drop(None)
    assert evening.call(None)[1] is None


def test_another_number_another_line_or_a_later_hour_gives_no_place() -> None:
    evening = Evening()
    evening.drop("+15550100")
    assert evening.call("+15550101")[1] is None
    assert evening.call("+15550100", OTHER_LINE)[1] is None
    late = Evening()
    late.drop("+15550100")
    late.clock.advance(Duration(WINDOW + 1))
    assert late.call("+15550100")[1] is None


def test_who_was_served_or_is_called_back_regains_nothing() -> None:
    for outcome in (CallOutcome.ANSWERED, CallOutcome.LEFT_FOR_CALLBACK):
        evening = Evening()
        call, _ = evening.call("+15550100")
        evening.end(call, outcome, Reason.CALLER_HUNG_UP)
        assert evening.call("+15550100")[1] is None


def test_who_was_cut_off_in_his_talk_has_his_first_place() -> None:
    for why in (Reason.CALLER_LOST, Reason.TELEPHONY_LOST):
        evening = Evening()
        call, _ = evening.call("+15550100")
        evening.end(call, CallOutcome.ANSWERED, why)
        assert evening.call("+15550100")[1] == BEGIN


def test_a_key_lives_as_long_as_a_call_that_came_under_it() -> None:
    evening = Evening()
    evening.drop("+15550100", after=70 * MINUTES)
    assert evening.call("+15550100")[1] == BEGIN


def test_a_new_process_remembers_nobody() -> None:
    evening = Evening()
    evening.drop("+15550100")
    evening.redials = Redials(evening.clock)
    assert evening.call("+15550100")[1] is None


def leaves() -> Iterator[str | bytes]:
    """Yields every text and every byte string that a living container holds."""
    for found in gc.get_objects():
        if isinstance(found, dict | list | tuple | set | frozenset):
            parts = [*found, *found.values()] if isinstance(found, dict) else list(found)
            yield from (part for part in parts if isinstance(part, str | bytes))


def test_after_the_keys_have_turned_no_number_is_in_memory() -> None:
    evening = Evening()
    digits = [5, 5, 5, 0, 1, 7, 3, 9, 4, 2, 6]
    number = "+1" + "".join(map(str, digits))
    evening.drop(number)
    (key,) = evening.redials._keys
    (digest,) = key.lost
    del number, key
    evening.clock.advance(Duration(3 * TURNS_EVERY))
    assert evening.redials._keys == []
    assert evening.clock.pending == 0, "a quiet centre sleeps"
    kept = bytes(digest)
    del digest
    gc.collect()
    canary = "".join(map(str, digits))
    for leaf in leaves():
        text = leaf if isinstance(leaf, str) else leaf.decode("latin-1")
        assert canary not in text or leaf is canary
        assert leaf is kept or leaf != kept
