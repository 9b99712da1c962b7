"""What tests with a real Asterisk share."""

import shutil

import pytest

from tests.live.asterisk.server import HAS_ASTERISK, WHY_NOT


@pytest.fixture(autouse=True)
def _needs_asterisk() -> None:
    if not HAS_ASTERISK:
        pytest.skip(WHY_NOT)
    if shutil.which("sipp") is None:
        pytest.skip("SIPp is not installed: apt-get install sip-tester")
