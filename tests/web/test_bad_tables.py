"""The pages name the same cells of the same files as the commands do, and show no answer."""

import html

import pytest

from tests.planning.bad_tables import CALLS, ROSTERS, BadFile
from tests.web.builders import SAM, Site

HERE = {"Sec-Fetch-Site": "same-origin"}
SERVICE = {"aht": "6m", "patience": "3m", "target": "80/20", "shrinkage": "30", "volume": "100"}
ROWS = "\n".join(f"2026-03-02 {hour:02d}:00;5" for hour in range(24))


@pytest.mark.parametrize("path", ["/forecast", "/planner"])
@pytest.mark.parametrize("bad", CALLS, ids=lambda bad: bad.name)
def test_bad_calls_are_named_by_row_and_column(centre: Site, bad: BadFile, path: str) -> None:
    answer = centre.here(SAM).post(
        path, data=SERVICE, files={"calls_file": ("calls.csv", bad.text)}, headers=HERE
    )
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert f"row {bad.row}, {bad.column}: " in page
    assert bad.says in page
    assert "<svg class=" not in page.split("<main", 1)[-1]


@pytest.mark.parametrize("bad", ROSTERS, ids=lambda bad: bad.name)
def test_bad_rosters_are_named_by_row_and_column(centre: Site, bad: BadFile) -> None:
    answer = centre.here(SAM).post(
        "/planner",
        data={**SERVICE, "calls": f"timestamp;mean\n{ROWS}", "roster": bad.text},
        headers=HERE,
    )
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert f"row {bad.row}, {bad.column}: " in page
    assert bad.says in page
