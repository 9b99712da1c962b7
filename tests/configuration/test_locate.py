import datetime
import tomllib
from collections.abc import Iterator
from pathlib import Path as FilePath
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.configuration.locate import Place, locate
from openline.configuration.problems import Path
from tests.configuration.toml_text import write

EXAMPLES = sorted((FilePath(__file__).parents[2] / "examples").glob("*.toml"))

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = (
    texts
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(datetime.UTC))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
documents = st.dictionaries(texts, values, max_size=5)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


@given(document=documents, random=st.randoms(use_true_random=False))
def test_every_path_of_a_document_is_found_on_its_line(
    document: dict[str, Any], random: Random
) -> None:
    text, lines = write(document, random)
    assert tomllib.loads(text) == document, "the test's own writer is wrong"
    places = locate(text)
    for path in paths(document):
        assert path in places
        assert places.at(path).line == lines[path], path


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_every_path_of_the_examples_is_found_where_its_key_is_written(file: FilePath) -> None:
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")
    places = locate(text)
    for path in paths(tomllib.loads(text)):
        assert path in places
        key = path[-1]
        if isinstance(key, str):
            assert key in lines[places.at(path).line - 1]


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("a = 1", ("a",), Place(1, 1)),
        ("\n  a = 1", ("a",), Place(2, 3)),
        ("[a]\nb = 1", ("a", "b"), Place(2, 1)),
        ("[a.b]\nc = 1", ("a",), Place(1, 2)),
        ("[a.b]\nc = 1\n[a]\nd = 1", ("a",), Place(1, 2)),
        ("[[a]]\n[[a]]\nb = 1", ("a", 1, "b"), Place(3, 1)),
        ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1", ("a", 1, "b", 0, "c"), Place(5, 1)),
        ("[[a]]\n[a.b]\n[[a]]\n[a.b]\nc = 1", ("a", 1, "b", "c"), Place(5, 1)),
        ("a.b = 1\na.c = 1", ("a", "c"), Place(2, 1)),
        ("a = { b = 1, c = 2 }", ("a", "c"), Place(1, 14)),
        ("a = [\n  1, # ]\n  2,\n]", ("a", 1), Place(3, 3)),
        ("a = [ { b = 1 },\n { b = 2 } ]", ("a", 1, "b"), Place(2, 4)),
        ('"a.b" = 1', ("a.b",), Place(1, 1)),
        ("'a' . \"b\\u0063\" = 1", ("a", "bc"), Place(1, 1)),
        ('a = """\nb = 1\n"""\nb = 2', ("b",), Place(4, 1)),
        ("a = '''\nb = 1\n'''\nb = 2", ("b",), Place(4, 1)),
        ('a = """x""""\nb = 2', ("b",), Place(2, 1)),
        ('a = """\\""""\nb = 2', ("b",), Place(2, 1)),
        ("a = '#'\nb = 2", ("b",), Place(2, 1)),
        ("a = 1979-05-27 07:32:00 # ,\nb = 2", ("b",), Place(2, 1)),
        ("a = 1\r\nb = 2", ("b",), Place(2, 1)),
    ],
)
def test_a_path_has_the_line_and_column_where_it_begins(
    text: str, path: Path, place: Place
) -> None:
    tomllib.loads(text)
    assert locate(text).at(path) == place


def test_what_is_not_written_is_placed_at_what_stands_round_it() -> None:
    places = locate("\n[queues.general]\npriority = 3\n")
    assert places.at(("queues", "general", "needs", "en")) == Place(2, 2)


def test_what_has_nothing_round_it_is_placed_at_the_start() -> None:
    assert locate("a = 1").at(("centre",)) == Place(1, 1)
