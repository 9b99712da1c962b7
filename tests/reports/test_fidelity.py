"""Whether a recorded figure lies where one more run would."""

from random import Random

from openline.measures import AgentTime, Tally
from openline.reports import Sums
from openline.reports.fidelity import fit, fits
from openline.reports.runs import ALL, Group, Per, Run

SEED = 5


def run_of(offered: int) -> Run:
    tally = Tally(offered=offered)
    sums = Sums(tally=tally, judged=tally, arrivals=True, time=AgentTime())
    return {ALL: sums, Group(Per.QUEUE, "talk"): sums}


def test_what_one_more_run_might_give_fits_and_what_none_would_does_not() -> None:
    runs = [run_of(n) for n in (98, 101, 103, 99, 104)]
    assert fit(run_of(106), runs, ALL, "offered").is_within
    assert fit(run_of(140), runs, ALL, "offered").is_within is False


def test_about_one_in_twenty_of_good_ones_is_off() -> None:
    chance = Random(SEED)

    def one() -> Run:
        return run_of(round(chance.gauss(500, 20)))

    off = sum(
        fit(one(), [one() for _ in range(10)], ALL, "offered").is_within is False
        for _ in range(400)
    )
    assert 6 <= off <= 38, f"seed {SEED}"


def test_where_there_is_nothing_nothing_is_said() -> None:
    assert fit(run_of(5), [run_of(5)], ALL, "offered").is_within is None
    assert fit(run_of(0), [run_of(0), run_of(0)], ALL, "asa").recorded is None


def test_parts_are_those_of_the_record() -> None:
    assert list(fits(run_of(5), [run_of(4), run_of(6)], Per.QUEUE, ["offered"])) == ["talk"]
