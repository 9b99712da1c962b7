"""Every key of the fullest configuration is broken in every way: the answer is always kind."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.configuration import ConfigurationError, Problem, load_text
from openline.configuration.line_tables import DestinationTable
from openline.configuration.problems import Path, written
from openline.configuration.queue_tables import InterflowTable
from openline.configuration.shapes import tables
from tests.configuration.builders import EVERYTHING
from tests.configuration.test_locate import documents, paths, texts
from tests.configuration.toml_text import Document, write

WRONG: tuple[Any, ...] = (
    # of a wrong type
    "seven",
    7,
    0.5,
    True,
    [1],
    [[]],
    {"en": [1]},
    {"zz": {}},
    # out of range
    -1,
    10**12,
    10**400,
    float("inf"),
    float("nan"),
    "x" * 5000,
    "line\nbreak",
    "\x7f",
    # empty
    "",
    " ",
    [],
    {},
)


def holder_of(document: Document, path: Path) -> Any:
    holder: Any = document
    for part in path[:-1]:
        holder = holder[part]
    return holder


def broken(path: Path) -> Iterator[tuple[Document, set[str]]]:
    """Yields the document broken at the path: with wrong values, removed, and misspelt.

    Beside it stand the words that are touched: the key, what it is now, and all that hung below.
    """
    value = holder_of(EVERYTHING, path)[path[-1]]
    touched = {str(path[-1]), *words_in(value)}
    for wrong in WRONG:
        document = copy.deepcopy(EVERYTHING)
        holder_of(document, path)[path[-1]] = wrong
        yield document, touched
    document = copy.deepcopy(EVERYTHING)
    holder_of(document, path).pop(path[-1])
    yield document, touched
    if isinstance(path[-1], str):
        for misspelt in (path[-1] + "x", path[-1].upper(), path[-1][1:], "", "a b"):
            document = copy.deepcopy(EVERYTHING)
            holder_of(document, path)[misspelt] = holder_of(document, path).pop(path[-1])
            yield document, {*touched, misspelt}


def words_in(value: Any) -> set[str]:
    below = {str(path[-1]) for path in paths(value)}
    values = [value, *(holder_of(value, path)[path[-1]] for path in paths(value))]
    return below | {text for text in values if isinstance(text, str)}


def problems_of(text: str) -> tuple[Problem, ...]:
    """Returns what is wrong; nothing if the text is still right. Any other error is a failure."""
    try:
        load_text(text, "openline.toml")
    except ConfigurationError as error:
        return error.problems
    return ()


def is_told(path: Path, touched: set[str], problem: Problem) -> bool:
    """Whether the problem names the key or its parent, or a touched word from where it is used."""
    parent = written(path[:-1])
    return (
        is_about(problem.key, path)
        or (parent != "" and problem.key.startswith(parent))
        or any(f'"{word}"' in problem.message for word in touched)
        or problem.nearest == path[-1]
    )


def is_about(said: str, path: Path) -> bool:
    """Whether a problem's key is the path, stands below it, or is its parent."""
    return said.startswith(written(path)) or said == written(path[:-1])


@pytest.mark.parametrize("path", list(paths(EVERYTHING)), ids=written)
def test_a_broken_key_is_allowed_or_named_with_a_line_of_the_file(path: Path) -> None:
    for document, touched in broken(path):
        text, _ = write(document)
        found = problems_of(text)
        for problem in found:
            assert problem.line is not None
            assert 1 <= problem.line <= text.count("\n") + 1
            assert problem.column is not None
            assert "\n" not in problem.text
            assert len(problem.text) < 800
        assert not found or any(is_told(path, touched, problem) for problem in found), found


@pytest.mark.parametrize("path", list(paths(EVERYTHING)), ids=written)
def test_a_wrong_value_is_told_on_its_own_line(path: Path) -> None:
    document = copy.deepcopy(EVERYTHING)
    holder_of(document, path)[path[-1]] = [[]]
    text, lines = write(document)
    with pytest.raises(ConfigurationError) as caught:
        load_text(text, "openline.toml")
    told = [problem.line for problem in caught.value.problems if is_about(problem.key, path)]
    assert lines[path] in told


def test_the_fullest_configuration_has_every_key_but_one_of_two() -> None:
    written_keys = {
        ".".join("KEY" if isinstance(part, int) else part for part in path)
        for path in paths(EVERYTHING)
    }
    missing = {
        f"{name}.{key}"
        for name, table in tables()
        for key in table.model_fields
        if not any(_matches(name, key, path) for path in written_keys)
    }
    # Of the places to send calls to, each table names one.
    others = {
        f"{name}.{key}"
        for name, table in tables()
        if issubclass(table, (DestinationTable, InterflowTable))
        for key in DestinationTable.model_fields
    }
    either_or = {"partners.file", "partners.percent", "partners.groups.KEY.agents"}
    either_or |= {"server.public.certificate", "server.public.certificate_key"}
    assert missing - others - either_or == {"telephony.turn.secret_file"}


def _matches(name: str, key: str, path: str) -> bool:
    pattern = f"{name.replace('[]', '.KEY')}.{key}".split(".")
    parts = path.split(".")
    return len(parts) == len(pattern) and all(
        wanted in ("KEY", part) for wanted, part in zip(pattern, parts, strict=True)
    )


@given(text=st.text(max_size=60) | st.text(alphabet="ab=.[]{}\"'#\n 1-:,\\", max_size=60))
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigurationError):
        load_text(text, "openline.toml")


@given(
    sections=st.dictionaries(
        st.sampled_from(sorted(EVERYTHING)), documents | st.dictionaries(texts, documents)
    )
)
def test_any_document_is_refused_in_words(sections: Document) -> None:
    text, _ = write(sections)
    with pytest.raises(ConfigurationError):
        load_text(text, "openline.toml")
