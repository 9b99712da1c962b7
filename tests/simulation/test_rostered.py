"""People of a roster: there when they are planned, and away as often as the shrinkage says."""

from openline.model import MINUTE, AgentKey, Instant
from openline.simulation.rostered import HALF_HOUR, Duties, Stretches, duties_of
from openline.simulation.shifts import Duty

DAY = 48 * HALF_HOUR
ANA, BEN = AgentKey("ana"), AgentKey("ben")


def stretch(begin: int, end: int) -> Stretches:
    """Returns one stretch, in minutes."""
    return ((Instant(begin * MINUTE), Instant(end * MINUTE)),)


def time_on(duties: Duties, until: int) -> int:
    """Returns how long somebody is on the phones."""
    total, on = 0, None
    for at, duty, _ in [*duties, (Instant(until), Duty.OFF, None)]:
        if on is not None:
            total += at - on
        on = at if duty is Duty.ON else None
    return total


def test_without_shrinkage_everybody_is_there_from_begin_to_end() -> None:
    found = duties_of({ANA: stretch(0, 75), BEN: stretch(40, 200)}, 0.0, seed=1)
    assert found[ANA] == [(0, Duty.ON, None), (75 * MINUTE, Duty.OFF, None)]
    assert found[BEN] == [(40 * MINUTE, Duty.ON, None), (200 * MINUTE, Duty.OFF, None)]


def test_shrinkage_takes_its_share_of_the_time_of_all() -> None:
    for people, share in ((1, 0.3), (3, 0.3), (10, 0.25), (20, 0.35)):
        planned = {AgentKey(f"p{at}"): stretch(0, 30 * 48 * 40) for at in range(people)}
        found = duties_of(planned, share, seed=7)
        on = sum(time_on(each, 40 * DAY) for each in found.values())
        assert abs(on / (people * 40 * DAY) - (1 - share)) < 0.02, people


def test_in_no_half_hour_are_more_away_than_the_share_rounded_up() -> None:
    planned = {AgentKey(f"p{at}"): stretch(0, 24 * 60) for at in range(9)}
    found = duties_of(planned, 0.3, seed=3)
    for block in range(48):
        at = block * HALF_HOUR
        away = 0
        for each in found.values():
            last = [duty for when, duty, _ in each if when <= at][-1]
            away += last is Duty.BREAK
        assert away in (2, 3), block


def test_the_same_seed_gives_the_same_people_away_and_another_others() -> None:
    planned = {AgentKey(f"p{at}"): stretch(0, 24 * 60) for at in range(9)}
    assert duties_of(planned, 0.3, seed=3) == duties_of(planned, 0.3, seed=3)
    assert duties_of(planned, 0.3, seed=3) != duties_of(planned, 0.3, seed=4)


def test_one_person_more_leaves_most_of_the_others_as_they_were() -> None:
    planned = {AgentKey(f"p{at}"): stretch(0, 24 * 60) for at in range(9)}
    more = {**planned, AgentKey("extra"): stretch(0, 24 * 60)}
    before, after = duties_of(planned, 0.3, seed=3), duties_of(more, 0.3, seed=3)
    same = sum(len(set(before[each]) & set(after[each])) for each in planned)
    assert same > 0.7 * sum(map(len, before.values()))


def test_nobody_planned_is_nobody_there() -> None:
    assert duties_of({}, 0.3, seed=1) == {}
    assert duties_of({ANA: ()}, 0.3, seed=1) == {ANA: []}
