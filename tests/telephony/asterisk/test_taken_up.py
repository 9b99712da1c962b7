"""What is remembered of a connection while Asterisk is asked, and that it is forgotten then."""

from openline.model import LegId
from openline.telephony.asterisk.parties import Caller
from openline.telephony.asterisk.taken_up import Changes

MARIA = {"1.1": Caller(leg=LegId("asterisk:1.1"), channel="1.1")}


def test_who_comes_and_goes_before_the_answer_is_known() -> None:
    changes = Changes()
    changes.note("1.1")
    changes.note("1.2")
    assert changes.came(MARIA) == {"1.1"}
    assert changes.went(MARIA) == {"1.2"}


def test_a_connection_of_months_remembers_nobody_who_came_after_the_answer() -> None:
    changes = Changes()
    changes.told()
    for number in range(1_000):
        changes.note(f"1.{number}")
    assert len(changes) == 0
    changes.asks()
    changes.note("1.1")
    assert len(changes) == 1
