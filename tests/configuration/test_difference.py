import pytest

from openline.configuration import difference
from tests.centre.small_published import TEXT


def test_the_same_text_does_not_differ_from_itself() -> None:
    assert difference(TEXT, TEXT) == ()


def test_order_comments_and_spaces_count_for_nothing() -> None:
    assert difference('[a]\nx = 1\ny = "b"', '# new\n[a]\ny="b"\n\nx  =  1') == ()


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("[q.es]\nn = 1", "[q.es]\nn = 2", "q.es.n: was 1, is 2"),
        ("[q.es]\nn = 1", "[q.es]\nn = 1\nm = true", "q.es.m: new, true"),
        ("[q.es]\nn = 1\nm = 'x'", "[q.es]\nn = 1", 'q.es.m: gone, was "x"'),
        ("[[c]]\nn = 1\n[[c]]\nn = 2", "[[c]]\nn = 1\n[[c]]\nn = 3", "c[2].n: was 2, is 3"),
        ("l = [1, 2]", "l = [2, 1]", "l: was [1, 2], is [2, 1]"),
        ("[agents.ann]", "", "agents.ann: gone, was {}"),
        ("", f"t = '{'x' * 99}'", f't: new, "{"x" * 59}…'),
    ],
)
def test_each_difference_is_told_in_one_line(before: str, after: str, line: str) -> None:
    assert difference(before, after) == (line,)


def test_a_secret_is_named_and_never_shown() -> None:
    told = difference('[t]\nsecret = "first"', '[t]\nsecret = "second"')
    assert told == ("t.secret: was a secret, is a secret",)
