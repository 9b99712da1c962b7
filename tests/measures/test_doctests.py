"""Whether the worked numbers beside the formulas are right."""

import doctest
from importlib import import_module

import pytest

MODULES = ("books", "definitions", "figures", "student", "talk", "tally")


@pytest.mark.parametrize("module", MODULES)
def test_the_worked_numbers_are_right(module: str) -> None:
    results = doctest.testmod(import_module(f"openline.measures.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
