"""Whether the worked numbers in the engine's docstrings are right."""

import doctest
from importlib import import_module

import pytest

MODULES = ("estimate", "decisions.overflow")


@pytest.mark.parametrize("module", MODULES)
def test_the_worked_numbers_are_right(module: str) -> None:
    results = doctest.testmod(import_module(f"openline.engine.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
