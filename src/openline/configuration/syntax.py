"""What is wrong with a text that is not TOML at all, in words for somebody who never heard of TOML?

`tomllib` stops at the first fault and says where; its phrases are for programmers.
"""

import re

from openline.configuration.problems import Problem, shortened

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

# The phrase of tomllib begins so; what a person is told.
_SENTENCES = (
    ("Expected '=' after a key", "there should be a = between the key and its value."),
    (
        "Invalid value",
        'no value can be read here. Text stands in quotes, as in name = "Night line".',
    ),
    ("Unterminated string", "a text in quotes does not end."),
    ("Expected newline or end of document", "something is left over at the end of this line."),
    ("Expected ']' at the end of a table", "the ] at the end of this header is missing."),
    ("Expected ']]' at the end of an array", "the ]] at the end of this header is missing."),
    ("Cannot declare", "this table stands in the file twice, or its name is taken already."),
    ("Cannot overwrite", "this key stands in the same table twice."),
    ("Duplicate inline table key", "this key stands in the same { } twice."),
    ("Cannot mutate immutable", "this table was closed with } above; add the key between its { }."),
    ("Cannot redefine namespace", "this table stands in the file twice, or its name is taken."),
    ("Unclosed array", "the ] at the end of a list is missing, or a comma between its values."),
    (
        "Unclosed inline table",
        "the } at the end of a table is missing, or a comma between its keys.",
    ),
    ("Invalid initial character for a key part", "a key should begin here."),
    ("Invalid statement", "this is neither a [table], nor a key = value, nor a # comment."),
    (
        "Unescaped '\\' in a string",
        "a \\ in double quotes has a meaning of its own. Write \\\\, or use single quotes.",
    ),
    ("Illegal character", "there is a character that may not stand here; is a quote missing?"),
    (
        "Found invalid character",
        "there is a character that may not stand here; is a quote missing?",
    ),
    ("Expected", "something is missing here."),
    ("Invalid date or datetime", "there is no such date or time."),
    ("Exceeds the limit", "there is a number with far too many digits."),
)


def syntax_problem(file: str, text: str, said: str) -> Problem:
    """Makes a problem of what `tomllib` said."""
    match = _PLACE.search(said)
    lines = text.replace("\r\n", "\n").split("\n")
    if match is not None and match[1] is not None:
        line, column = int(match[1]), int(match[2])
    else:
        # At the end of the document, or nowhere; empty lines at the end tell nobody anything.
        line = max((n for n, words in enumerate(lines, start=1) if words.strip()), default=1)
        column = len(lines[line - 1]) + 1
    sentence = next((ours for theirs, ours in _SENTENCES if said.startswith(theirs)), None)
    seen = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    # A secret must not wander into a log with its line.
    quoted = f" The line reads: {shortened(seen)}." if seen and "secret" not in seen else ""
    return Problem(
        file=file,
        line=line,
        column=column,
        message=(sentence or f"this cannot be read: {_PLACE.sub('', said)}.") + quoted,
    )
