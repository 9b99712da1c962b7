"""What may stand in a cell of a table that somebody opens with a spreadsheet?

A spreadsheet takes a text that begins with one of a few signs for a formula, and works it out:
it may send what stands beside it elsewhere. Texts in our tables are what somebody typed or pasted.
"""

import math

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t")


def defused(text: str) -> str:
    """Returns the text so that it is read as a text; a number, signed or not, stays one.

    A carriage return becomes a space: `csv` does not quote it, and it would begin a row.

    >>> [defused(text) for text in ("=1+1", "-3.5", "@SUM(A1)", "Ana")]
    ["'=1+1", '-3.5', "'@SUM(A1)", 'Ana']
    """
    text = text.replace("\r", " ")
    if not text.startswith(BEGINS_A_FORMULA):
        return text
    try:
        is_number = math.isfinite(float(text))
    except ValueError:
        is_number = False
    return text if is_number and text[0] in "+-" else f"'{text}"
