"""What all tests share: the `live` mark, and the refusal to skip where live tests are demanded.

A live test that skips itself is a courtesy to a newcomer without Chromium and a trap on the build
machine, where it would look like a pass. With OPENLINE_DEMAND_LIVE=1 each skip below tests/live is
a failure, whether it comes from a mark, a fixture, the test itself or the import of its file.

Fixtures of one part belong in that part's own folder, not here.
"""

import os
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

LIVE = Path(__file__).parent / "live"

# How long one example takes says something about the machine, nothing about the code.
hypothesis.settings.register_profile("openline", deadline=None, print_blob=True)
hypothesis.settings.load_profile("openline")


def _is_live(path: Path) -> bool:
    return LIVE in path.parents


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skip into a failure that carries the skip's own reason."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    if not os.environ.get("OPENLINE_DEMAND_LIVE"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"skipped although OPENLINE_DEMAND_LIVE is set: {reason}"


def pytest_itemcollected(item: pytest.Item) -> None:
    if _is_live(item.path):
        item.add_marker(pytest.mark.live)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if _is_live(item.path):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if _is_live(collector.path):
        _refuse_skip(report)
    return report
