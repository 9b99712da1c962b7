"""What a centre keeps, how long and why: its own statement, fit to be published.

It is made from what is so and not from what somebody wrote down: the terms are those of the
configuration, the places are the columns of the real tables with their classes. A column that no
entry accounts for fails a test, and so does a kind of sealed text.
"""

from collections.abc import Iterator

import msgspec

from openline.app.retention import SAFETY_COPY_KEPT
from openline.configuration import Published
from openline.identity.sessions import LONGEST
from openline.model import Duration
from openline.sealing import COPY_KEPT, SealedKind
from openline.sealing.keys import COLUMNS as KEY_COLUMNS
from openline.sealing.kinds import DAY, HOUR
from openline.store import schema
from openline.web import Catalogue

COLUMNS: dict[str, tuple[str, str]] = {
    **{
        f"{table.name}.{column.name}": (column.info["class"], column.info["term"])
        for table in schema.metadata.sorted_tables
        for column in table.columns
    },
    "alembic_version.version_num": ("public", "centre"),
    **{f"keys.{name}": about for name, about in KEY_COLUMNS.items()},
}
"""Class and term of everything that is kept in a column."""

ENTRIES: dict[str, tuple[str, ...]] = {
    "record": ("record", "snapshot"),
    "sums": ("sums",),
    "note": ("text",),
    "caller_number": ("text",),
    "callback_number": ("text",),
    "message": ("text",),
    "recording": ("text",),
    "conversation": ("conversation",),
    "account": ("account",),
    "session": ("session",),
    "opening": ("opening",),
    "invitation": ("invitation",),
    "account_event": ("account_event",),
    "centre": ("centre",),
    "key_copy": (),
    "safety_copy": (),
}
"""What the statement speaks of, in its order, and the terms of the columns that hold it."""

SEALED: dict[SealedKind, str] = {
    SealedKind.JOURNAL: "record",
    SealedKind.NOTE: "note",
    SealedKind.CALLER_NUMBER: "caller_number",
    SealedKind.CALLBACK_NUMBER: "callback_number",
    SealedKind.MESSAGE: "message",
    SealedKind.RECORDING: "recording",
    SealedKind.CONVERSATION: "conversation",
}
"""Which entry speaks of each kind that is sealed."""

NEVER = (
    "sound",
    "address",
    "names",
    "search",
    "history",
    "place",
    "strangers",
)
"""What is never kept."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Says all there is to say about one thing that is kept."""

    key: str
    what: str
    how_long: str
    why: str
    where: str
    end: str
    """How it is destroyed."""
    seconds: int | None
    """The term; None for what is kept as long as something else is."""
    columns: dict[str, str]
    """The columns that hold it, with the class of each."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """Is the whole statement in one language."""

    language: str
    title: str
    introduction: str
    headings: tuple[str, str, str, str, str]
    """Over what, how long, why, where and how it is destroyed."""
    kept: tuple[Entry, ...]
    never_title: str
    never: tuple[str, ...]


def statement(published: Published, words: Catalogue) -> Statement:
    """Returns the statement of a centre in the language of the catalogue."""
    text = words.text
    return Statement(
        language=words.language,
        title=text("privacy.title", centre=published.centre_name(words.language)),
        introduction=text("privacy.introduction"),
        headings=(
            text("privacy.heading.what"),
            text("privacy.heading.how_long"),
            text("privacy.heading.why"),
            text("privacy.heading.where"),
            text("privacy.heading.end"),
        ),
        kept=tuple(_entry(key, published, words) for key in ENTRIES),
        never_title=text("privacy.never.title"),
        never=tuple(text(f"privacy.never.{each}") for each in _never(published)),
    )


def _never(published: Published) -> Iterator[str]:
    """Yields what is never kept; of talks it depends on whether callers are asked."""
    asks = any(line.consent is not None for line in published.settings.lines)
    for each in NEVER:
        yield "sound_unasked" if each == "sound" and asks else each


def as_text(said: Statement) -> str:
    """Returns the statement for a terminal."""
    lines = [said.title, "", said.introduction]
    _, *headings = said.headings
    for entry in said.kept:
        lines += ["", entry.what]
        told = (entry.how_long, entry.why, entry.where, entry.end)
        lines += [f"  {head}: {words}" for head, words in zip(headings, told, strict=True)]
    lines += ["", said.never_title, *(f"  - {each}" for each in said.never)]
    return "\n".join(lines)


def as_markdown(said: Statement) -> str:
    """Returns the statement as a page to be published."""
    rows = [(entry.what, entry.how_long, entry.why, entry.where, entry.end) for entry in said.kept]
    table = [said.headings, ("---",) * 5, *rows]
    lines = [f"# {said.title}", "", said.introduction, ""]
    lines += [f"| {' | '.join(each.replace('|', ' ') for each in row)} |" for row in table]
    lines += ["", f"## {said.never_title}", "", *(f"- {each}" for each in said.never), ""]
    return "\n".join(lines)


def _entry(key: str, published: Published, words: Catalogue) -> Entry:
    term = _terms(published).get(key)
    terms = ENTRIES[key]
    is_sealed = key in SEALED.values()
    return Entry(
        key=key,
        what=words.text(f"privacy.{key}.what"),
        how_long=_how_long(key, term, words),
        why=words.text(f"privacy.{key}.why"),
        where=words.text(f"privacy.{key}.where"),
        end=words.text("privacy.end.key" if is_sealed else f"privacy.{key}.end"),
        seconds=None if term is None else term // 1_000_000,
        columns={name: class_ for name, (class_, of) in COLUMNS.items() if of in terms},
    )


def _terms(published: Published) -> dict[str, Duration]:
    terms = published.terms
    return {
        "record": terms.journal,
        "opening": terms.journal,
        "note": terms.note,
        "caller_number": terms.caller_number,
        "callback_number": terms.callback_number,
        "message": terms.message,
        "recording": terms.recording,
        "conversation": terms.conversation,
        "session": LONGEST,
        "key_copy": COPY_KEPT,
        "safety_copy": SAFETY_COPY_KEPT,
    }


def _how_long(key: str, term: Duration | None, words: Catalogue) -> str:
    if term is None:
        return words.text(f"privacy.{key}.how_long")
    if term % DAY == 0 and term > 2 * DAY:
        time = words.text("privacy.days", count=term // DAY)
    elif term % HOUR == 0:
        time = words.text("privacy.hours", count=term // HOUR)
    else:
        time = words.text("privacy.minutes", count=term // (60 * 1_000_000))
    if key in ("callback_number", "message", "recording", "conversation"):
        return words.text(f"privacy.{key}.how_long", time=time)
    return time
