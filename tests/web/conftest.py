from pathlib import Path

import pytest

from tests.web.builders import Site


@pytest.fixture
def demo(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def centre(tmp_path: Path) -> Site:
    """A centre in earnest: nobody is let in unasked, and no relay carries sound."""
    return Site(tmp_path, is_demo=False, demo_accounts=[], pull_the_plug=None)
