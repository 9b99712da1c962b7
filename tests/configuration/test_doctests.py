import doctest
from types import ModuleType

import pytest

from openline.configuration import defaults, problems, reference, shapes, words


@pytest.mark.parametrize("module", [defaults, problems, reference, shapes, words])
def test_worked_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
