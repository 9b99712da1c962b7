"""Studies: equal on one processor and on two, stopped when precise, kept when interrupted."""

from datetime import date
from pathlib import Path

import pytest

from openline.app import sharing
from openline.app import study as studies
from openline.app.sharing import ALONE, Shared
from openline.app.study import Scenario, Studied, run_once, scenario_of, study
from openline.app.study_file import file_of, read_study, write_study
from openline.configuration import load
from openline.model import RefusedError
from openline.reports.runs import ALL, Estimate, Per, estimates
from openline.simulation.changes import NOTHING

SMALL = Path(__file__).parents[2] / "examples" / "small-line.toml"
DAY = date(2026, 3, 3)


def an_evening() -> Scenario:
    return scenario_of(load(SMALL), start=DAY, days=1, seed=1)


def untold(done: int, best: Estimate) -> None:
    pass


def test_processes_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = an_evening()
    alone = study((scenario,), runs=6, precision=None, shared=ALONE, tell=untold)
    monkeypatch.setattr(sharing, "WORTH_PROCESSES_S", 0.0)
    shared = study((scenario,), runs=6, precision=None, shared=Shared(processes=2), tell=untold)
    assert alone == shared
    assert [run.seed for run in alone[0].runs] == [1, 2, 3, 4, 5, 6]


def test_a_study_stops_when_it_is_precise_enough() -> None:
    (found,) = study((an_evening(),), runs=200, precision=0.05, shared=ALONE, tell=untold)
    assert found.is_precise
    assert 10 <= len(found.runs) < 100
    known = estimates([run.of() for run in found.runs], ALL, studies.WATCHED)
    assert all(each.half_width is not None and each.half_width <= 0.05 for each in known.values())


def test_a_study_that_cannot_be_precise_says_so() -> None:
    (found,) = study((an_evening(),), runs=12, precision=0.001, shared=ALONE, tell=untold)
    assert not found.is_precise
    assert len(found.runs) == 12


def test_who_interrupts_keeps_what_is_finished() -> None:
    def interrupting(done: int, best: Estimate) -> None:
        if done == 3:
            raise KeyboardInterrupt

    (found,) = study((an_evening(),), runs=50, precision=None, shared=ALONE, tell=interrupting)
    assert found.is_interrupted
    assert len(found.runs) == 3


def test_a_kept_study_is_read_as_it_was(tmp_path: Path) -> None:
    scenario = an_evening()
    found = Studied(runs=(run_once(scenario, 0), run_once(scenario, 1)))
    kept = file_of("small-line.toml", scenario, NOTHING, found)
    write_study(tmp_path / "kept.json", kept)
    assert read_study(tmp_path / "kept.json") == kept
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]


@pytest.mark.parametrize("text", ["", "{}", '{"kind": "other"}', "\x00", "[1, 2"])
def test_another_file_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError, match="is no study that this program kept"):
        read_study(tmp_path / "other.json")


def test_the_night_before_is_lived_and_not_counted() -> None:
    # The line closes at 2 in the morning: who called before midnight is of the day before.
    sums = run_once(an_evening(), 0).of()
    total = sum(each.tally.offered for group, each in sums.items() if group.per is Per.INTERVAL)
    assert total == sums[ALL].tally.offered
    assert sums[ALL].tally.answered + sums[ALL].tally.abandoned <= total
