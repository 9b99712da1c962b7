"""A compressed day: some hundred calls in a minute, and the record has each as SIPp has it."""

from pathlib import Path

import pytest

from tests.cli.command import in_here
from tests.live.asterisk.day import lived, plan

SEED = 20261124


@pytest.mark.timeout(240)
def test_a_day_in_a_minute_loses_nobody_and_is_on_record_as_the_telephones_counted_it(
    tmp_path: Path,
) -> None:
    account = lived(tmp_path, plan(200, 45, scale=75, seed=SEED), agents=20)
    assert not account.differences, f"seed {SEED}: {account}"
    # All that a day is made of was there.
    for outcome in ("answered", "abandoned", "heard_closed"):
        assert account.record[outcome] > 5, account
    assert in_here("replay", "--data", tmp_path / "data", "--check").code == 0
