import doctest
from math import log
from random import Random

from openline.model import SECOND, Duration
from openline.simulation import patience
from openline.simulation.patience import USUAL_MEAN, Patience, patience_of

SEED = 19_580_601


def test_the_worked_numbers_are_right() -> None:
    assert doctest.testmod(patience).failed == 0


def seen(calls: int, mean_s: float, answered_after_s: float) -> list[tuple[Duration, bool]]:
    chance = Random(SEED)
    found = []
    for _ in range(calls):
        would = chance.expovariate(1 / mean_s)
        answered = chance.expovariate(1 / answered_after_s)
        found.append((Duration(int(min(would, answered) * SECOND)), would < answered))
    return found


def test_who_was_answered_first_is_taken_for_what_he_is() -> None:
    waits = seen(5_000, 180, 60)
    found = patience_of(waits, least_waiting=10)
    # Leaving out the answered would tell a mean of 45 s; the truth is 180.
    assert abs(found.at(0.5) / SECOND - 180 * log(2)) < 12
    assert abs(found.mean / SECOND - 180) < 10


def test_beyond_what_was_seen_patience_goes_on() -> None:
    found = patience_of(seen(400, 180, 30), least_waiting=10)
    beyond = found.at(0.999)
    assert beyond > found.waits[-1]
    assert found.at(0.9999) > beyond


def test_patience_never_seen_is_the_usual_one() -> None:
    nobody_left = patience_of([(Duration(SECOND), False)] * 50)
    assert nobody_left.left == 0
    assert nobody_left.mean == USUAL_MEAN
    assert abs(nobody_left.at(0.5) - USUAL_MEAN * log(2)) < 2
    assert Patience().at(0.0) == 0


def test_more_chance_never_makes_less_patient() -> None:
    found = patience_of(seen(300, 60, 60))
    values = [found.at(step / 1000) for step in range(1000)]
    assert values == sorted(values)
