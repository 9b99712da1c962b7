"""A call that changes hands after a consultation is handled once, with both agents' time."""

from openline.measures import Day, Fold, IntervalsAndDays, Tally, of
from openline.model import SECOND, Origin, QueueKey
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal


def told(r: Rehearsal) -> Tally:
    """Returns the tally of the English queue over the whole rehearsal."""
    books = IntervalsAndDays(lambda at: Day(0), hours_kept=30, days_kept=2)
    fold = Fold(settings=SETTINGS, targets={}, books=books)
    for step in r.steps:
        for event in step.outcome.events:
            fold.notice(step.now, event)
    return of(books.day(Day(0)), origins=[Origin.REAL], queues=[QueueKey("english")])


def test_a_call_given_away_after_a_consultation_is_answered_and_handled_once() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.wait(60)
    r.consult("ana", to="dora")
    r.wait(5)
    r.accept("dora")
    r.wait(30)
    r.complete("ana")
    r.wait(40)
    r.finish("ana")
    r.wait(10)
    r.leave("web:1")
    r.wait(20)
    r.finish("dora")
    tally = told(r)
    assert (tally.offered, tally.answered, tally.handled) == (1, 1, 1)
    assert (tally.transferred, tally.transferred_after_consult) == (0, 1)
    assert (tally.consults, tally.consult_time) == (1, 30 * SECOND)
    assert (tally.talk, tally.hold) == (110 * SECOND, 35 * SECOND)
    assert tally.wrap_up == 60 * SECOND


def test_a_consultation_that_comes_to_nothing_is_counted_beside_the_talk() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.consult("ana", to="dora")
    r.accept("dora")
    r.wait(15)
    r.cancel("ana")
    r.wait(5)
    r.hang_up("ana")
    r.finish("ana")
    tally = told(r)
    assert (tally.handled, tally.transferred_after_consult) == (1, 0)
    assert (tally.consults, tally.consult_time) == (1, 15 * SECOND)
    assert (tally.talk, tally.hold) == (5 * SECOND, 15 * SECOND)
