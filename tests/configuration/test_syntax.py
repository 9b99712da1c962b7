import pytest

from openline.configuration import ConfigurationError, Problem, load_text


def problem_of(text: str) -> Problem:
    with pytest.raises(ConfigurationError) as caught:
        load_text(text, "openline.toml")
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[centre]\nname = Night Line", 2, "Text stands in quotes"),
        ("[centre]\nname 'Night'", 2, "there should be a ="),
        ('[centre]\nname = "Night', 2, "does not end"),
        ("[centre]\nname = 'Night\ntime_zone = 'x'", 2, "is a quote missing?"),
        ("[centre\nname = 'x'", 1, "the ] at the end of this header is missing"),
        ("[[a.b]\nname = 'x'", 1, "the ]] at the end of this header is missing"),
        ("[a]\nb = 1\nb = 2", 3, "this key stands in the same table twice"),
        ("[a]\nb = 1\n[a]\nc = 2", 3, "stands in the file twice"),
        ("a = { b = 1, b = 2 }", 1, "this key stands in the same { } twice"),
        ("a = [1, 2\nb = 3\n", 2, "the ] at the end of a list is missing"),
        ("a = { b = 1\n", 1, "the } at the end of a table is missing"),
        ("a = 1 2", 1, "something is left over"),
        ("a = 'x' # fine\n= 3", 2, "neither a [table]"),
        ('a = "C:\\centre"', 1, "a \\ in double quotes has a meaning of its own"),
        ("a = 2026-02-30", 1, "there is no such date"),
        ("a = " + "1" * 5000, 1, "far too many digits"),
        ("a = " + "[" * 5000, 1, "nested too deeply"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line_in_plain_words(
    text: str, line: int, words: str
) -> None:
    problem = problem_of(text)
    assert problem.line == line
    assert words in problem.message


def test_the_line_that_cannot_be_read_is_shown() -> None:
    assert problem_of("[centre]\n  name = Night\n").text == (
        "openline.toml:2: no value can be read here. Text stands in quotes, "
        'as in name = "Night line". The line reads: "name = Night".'
    )


def test_a_line_with_a_secret_is_not_shown() -> None:
    assert "hunter2" not in problem_of("[telephony.turn]\nsecret = hunter2").text
