"""The calls of two simulated days, as a forecast learns from them."""

import json
from pathlib import Path

import numpy as np
import pytest

from openline.app.forecasting import calls_of_record
from openline.configuration import load
from openline.model import Origin, RefusedError
from tests.cli.command import in_here
from tests.cli.tried import SMALL, keep_two_days


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tried") / "data"
    keep_two_days(folder)
    return folder


def reported(data: Path) -> list[dict[str, object]]:
    said = in_here(
        *("report", "--config", SMALL, "--data", data, "--origin", "simulated", "--json"),
        *("--by", "interval", "--interval", "30m", "--measures", "offered"),
    )
    rows: list[dict[str, object]] = json.loads(said.out)["rows"]
    return rows


def test_the_record_is_read_as_the_report_reads_it(data: Path) -> None:
    file = calls_of_record(
        data,
        load(SMALL),
        minutes=30,
        origins=[Origin.SIMULATED],
        before=None,
        tell=lambda _done, _total: None,
    )
    history = file.all()
    by_clock = {str(row["start"])[:16]: row["offered"] for row in reported(data)}
    assert by_clock
    for place, calls in np.ndenumerate(history.calls):
        day, slot = place
        shown = f"{history.day(day)}T{slot // 2:02d}:{slot % 2 * 30:02d}"
        if np.isfinite(calls):
            assert by_clock.get(shown, 0) == calls, shown
    # The second day has no hour from two to three.
    assert np.isnan(history.calls[1, 4:6]).all()
    assert file.zone == load(SMALL).zone


def test_calls_of_another_kind_are_not_mixed_in(data: Path) -> None:
    with pytest.raises(RefusedError, match=r"holds no real call .* add --kind simulated"):
        calls_of_record(
            data,
            load(SMALL),
            minutes=30,
            origins=[Origin.REAL],
            before=None,
            tell=lambda _done, _total: None,
        )


def test_the_command_forecasts_from_the_record(data: Path) -> None:
    said = in_here(
        *("forecast", "--config", SMALL, "--data", data, "--kind", "simulated"),
        *("--horizon", "2d", "--json"),
    )
    answer = json.loads(said.out)
    assert answer["interval_s"] == 1800
    assert answer["wape"] is None
    assert answer["rows"][0]["timestamp"] == "2026-03-09T00:00:00-05:00"
    assert answer["calls"] > 10
