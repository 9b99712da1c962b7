"""A forecast as the calls of a simulated world, over a change of the clocks too."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from openline.app.expected import expected_of, with_expected
from openline.app.study import Scenario, run_once, scenario_of
from openline.configuration import load
from openline.model import RefusedError
from openline.reports.runs import ALL, Per
from openline.simulation.changes import Changes
from openline.simulation.civil import zone

SMALL = Path(__file__).parents[2] / "examples" / "small-line.toml"
CHICAGO = zone("America/Chicago")
HEADER = "timestamp,mean,low80,high80,low95,high95\n"


def written(folder: Path, rows: list[tuple[str, float]]) -> Path:
    path = folder / "next.csv"
    lines = (f"{stamp},{mean},0,0,0,0\n" for stamp, mean in rows)
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def a_day(first: datetime = datetime(2026, 3, 3)) -> list[tuple[str, float]]:  # noqa: DTZ001
    """Calls from 10 to 12 only, 40 in each half hour."""
    stamps = [first + timedelta(minutes=30 * step) for step in range(48)]
    return [(stamp.isoformat(), 40.0 if 10 <= stamp.hour < 12 else 0.0) for stamp in stamps]


def scenario(changes: Changes = Changes()) -> Scenario:  # noqa: B008 - a value that never changes
    return scenario_of(load(SMALL), start=date(2026, 3, 3), days=1, seed=3, changes=changes)


def offered(of: Scenario) -> dict[str, int]:
    sums = run_once(of, 0).of()
    found = {g.key: each.tally.offered for g, each in sums.items() if g.per is Per.INTERVAL}
    assert sum(found.values()) == sums[ALL].tally.offered
    return found


def test_people_call_when_they_are_expected(tmp_path: Path) -> None:
    expected = expected_of(written(tmp_path, a_day()), CHICAGO)
    found = offered(with_expected(scenario(), expected))
    there = sum(found[clock] for clock in ("10:00", "10:30", "11:00", "11:30"))
    # Redials come on top: nobody is there to answer at that time.
    assert 120 < there < 300
    assert found["09:30"] == 0
    assert found["20:00"] == 0


def test_volume_is_of_the_forecast(tmp_path: Path) -> None:
    expected = expected_of(written(tmp_path, a_day()), CHICAGO)
    usual, twice = (
        sum(offered(with_expected(scenario(changes), expected)).values())
        for changes in (Changes(), Changes(volume=2.0))
    )
    assert 1.6 < twice / usual < 2.4


def test_a_doubled_hour_is_two(tmp_path: Path) -> None:
    stamps = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"]
    rows = [(f"2026-11-01T{clock}:00", 4.0) for clock in stamps]
    expected = expected_of(written(tmp_path, rows), CHICAGO)
    assert len(expected.quarters) == 12
    quarters = [quarter for quarter, _ in expected.quarters]
    assert quarters == list(range(quarters[0], quarters[0] + 12))
    assert {mean for _, mean in expected.quarters} == {2.0}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("2026-03-02T00:00:00", 5.0), ("2026-03-03T00:00:00", 5.0)], "86400 s long"),
        ([("2026-03-02T00:10:00", 5.0), ("2026-03-02T00:40:00", 5.0)], "row 2, column timestamp"),
        ([("2026-03-02T00:00:00", 5.0)] * 3, "comes twice|s long"),
        ([("soon", 5.0)] * 2, "row 2, column timestamp"),
    ],
    ids=str,
)
def test_what_is_no_forecast_is_refused_with_its_place(
    tmp_path: Path, rows: list[tuple[str, float]], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        expected_of(written(tmp_path, rows), CHICAGO)


def test_days_beyond_the_forecast_are_refused(tmp_path: Path) -> None:
    expected = expected_of(written(tmp_path, a_day(datetime(2026, 3, 2))), CHICAGO)  # noqa: DTZ001
    with pytest.raises(RefusedError, match="reaches from 2026-03-02 to 2026-03-02"):
        with_expected(scenario(), expected)
