"""From eight answers to the configuration of a small helpline of one's own.

The questions are those that a coordinator of a dozen volunteers can answer without a manual; all
else has a default that she may change in the file later. Pure: nothing is read or written here.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import msgspec

from openline.configuration.defaults import SKILLS
from openline.configuration.load import load_text
from openline.configuration.problems import ConfigurationError
from openline.configuration.simulation_checks import SIMULATED
from openline.configuration.week import UnclearError, week_of
from openline.configuration.words import ALIASES, nearest_word
from openline.configuration.zones import zone_names
from openline.model import BugError

LANGUAGES = {"en": "English", "es": "Español"}
"""As those who speak them call them."""

_NAME_LENGTH = 60
_KEY_LENGTH = 24
_MOST = 50
_LONGEST_BREAK_MIN = 120
_SHOWN = 40
"""So much of a wrong answer is told back."""


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holds the eight answers."""

    name: str = ""
    """What the helpline is called."""
    languages: tuple[str, ...] = ("en",)
    """Keys of languages; the first is used where nobody chose one."""
    time_zone: str = "UTC"
    hours: str = ""
    """When it is open, as people write it (see `week`); empty: day and night."""
    topics: tuple[str, ...] = ("Talk",)
    """What people call about; each gets lines and queues of its own."""
    people: tuple[str, ...] = ()
    """Aliases of those who answer."""
    on_call: tuple[str, ...] = ()
    """Aliases of those who are rung at home when nobody is at work."""
    recovery_break_min: int = 15
    """How long a break after a hard call is; 0: none."""
    folder: str = ""
    """Where configuration and data go; empty: a folder named after the helpline."""


QUESTIONS: tuple[str, ...] = tuple(name for name in Answers.__struct_fields__ if name != "folder")
"""The eight, in the order in which they are asked; the folder is a matter of the machine."""

LISTS = frozenset({"languages", "topics", "people", "on_call"})
"""Questions that take several answers."""


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """Says what is wrong with an answer, in no language yet: see `said`."""

    code: str
    """Its sentence is `begin.mistake.CODE` in the catalogues."""
    values: dict[str, str | int] = {}
    meant: str | None = None
    """The nearest right word."""


Words = Callable[..., str]
"""Gives the words for an id and the values of its places, as the catalogues do."""


def said(mistake: Mistake, words: Words) -> str:
    """Says a mistake in the language of the words, with what was probably meant."""
    sentence = words(f"begin.mistake.{mistake.code}", **mistake.values)
    if mistake.meant is None:
        return sentence
    return f"{sentence} {words('begin.mistake.meant', meant=mistake.meant)}"


def key_of(words: str) -> str:
    """Makes a key from what people read; empty where nothing of it can be part of one.

    >>> key_of("Línea de la Noche!")
    'linea-de-la-noche'
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_KEY_LENGTH].strip("-")
    return f"k-{key}" if key[:1].isdigit() else key


def folder_of(answers: Answers) -> str:
    """Returns the folder that was chosen, or one named after the helpline."""
    return answers.folder or key_of(answers.name)


def mistakes(answers: Answers) -> dict[str, Mistake]:
    """Says what is wrong with which answer; empty where all is well."""
    found = {
        "name": _of_name(answers.name),
        "languages": _of_languages(answers.languages),
        "time_zone": _of_zone(answers.time_zone),
        "hours": _of_hours(answers.hours),
        "topics": _of_list("topics", answers.topics),
        "people": _of_list("people", answers.people),
        "on_call": _of_on_call(answers),
        "recovery_break_min": _of_break(answers.recovery_break_min),
    }
    return {question: mistake for question, mistake in found.items() if mistake is not None}


def _of_name(name: str) -> Mistake | None:
    if not name.strip() or not name.isprintable():
        return Mistake(code="name_needed")
    if len(name) > _NAME_LENGTH:
        return Mistake(code="name_too_long", values={"most": _NAME_LENGTH})
    return None if key_of(name) else Mistake(code="name_without_letter")


def _of_languages(languages: Sequence[str]) -> Mistake | None:
    for language in languages:
        if language not in LANGUAGES:
            known = {key: (name, *ALIASES[key]) for key, name in LANGUAGES.items()}
            return Mistake(
                code="language_unknown",
                values={"language": language[:_SHOWN], "known": ", ".join(LANGUAGES)},
                meant=nearest_word(language, known),
            )
    if not languages:
        return Mistake(code="language_needed", values={"known": ", ".join(LANGUAGES)})
    return None if len(set(languages)) == len(languages) else Mistake(code="language_twice")


def _of_zone(zone: str) -> Mistake | None:
    if zone in zone_names():
        return None
    cities = {each: (each.rpartition("/")[2].replace("_", " "),) for each in sorted(zone_names())}
    return Mistake(
        code="zone_unknown", values={"zone": zone[:_SHOWN]}, meant=nearest_word(zone, cities)
    )


def _of_hours(hours: str) -> Mistake | None:
    try:
        week_of(hours)
    except UnclearError as error:
        return Mistake(code="hours_unclear", values={"part": error.part[:_SHOWN]})
    return None


def _of_list(question: str, words: Sequence[str]) -> Mistake | None:
    if not words:
        return Mistake(code=f"{question}_needed")
    if len(words) > _MOST:
        return Mistake(code="too_many", values={"most": _MOST})
    seen: dict[str, str] = {}
    for word in words:
        key, shown = key_of(word), word[:_SHOWN]
        if key.startswith(SIMULATED):
            return Mistake(code="word_reserved", values={"word": shown})
        if not key or not word.isprintable() or len(word) > _NAME_LENGTH:
            return Mistake(code="word_not_right", values={"word": shown, "most": _NAME_LENGTH})
        if key in seen:
            return Mistake(code="words_alike", values={"word": shown, "other": seen[key][:_SHOWN]})
        seen[key] = word
    return None


def _of_on_call(answers: Answers) -> Mistake | None:
    for alias in answers.on_call:
        if alias not in answers.people:
            return Mistake(
                code="not_among_people",
                values={"word": alias[:_SHOWN]},
                meant=nearest_word(alias, dict.fromkeys(answers.people, ())),
            )
    twice = len(set(answers.on_call)) != len(answers.on_call)
    return Mistake(code="on_call_twice") if twice else None


def _of_break(minutes: int) -> Mistake | None:
    if 0 <= minutes <= _LONGEST_BREAK_MIN:
        return None
    return Mistake(code="break_not_right", values={"most": _LONGEST_BREAK_MIN})


def answer_from(question: str, typed: str) -> str | int | tuple[str, ...]:
    """Returns the answer that somebody typed as text; lists have commas or lines between.

    >>> answer_from("people", "Amira, Ben")
    ('Amira', 'Ben')
    """
    if question in LISTS:
        parts = (part.strip() for part in re.split(r"[,\n]", typed))
        return tuple(part for part in parts if part)
    if question == "recovery_break_min":
        plain = typed.strip()
        is_number = plain.isascii() and plain.isdigit() and len(plain) < 5
        return int(plain) if is_number else -1
    return typed.strip()


# --- the text --------------------------------------------------------------------------------


def configuration_from(answers: Answers) -> str:
    """Returns the text of the configuration; `mistakes` must have found none."""
    text = "\n".join(
        [
            *_centre(answers),
            *_hours(answers),
            *_skills(answers),
            *_queues(answers),
            *_people(answers),
        ]
    )
    try:
        load_text(text, "openline.toml")
    except ConfigurationError as error:
        raise BugError(f"the answers were right and their configuration is not: {error}") from None
    return text


def _centre(answers: Answers) -> list[str]:
    return [
        f"# {answers.name}: begun with `openline new`.",
        "#",
        "# Change what you like, and have it checked: openline check FILE. Keys (such as amira)",
        "# name things for good; what people read is the name, which may change. Every key there",
        "# is: docs/reference/configuration.md",
        "",
        "[centre]",
        f"name = {_text(answers.name)}",
        f"time_zone = {_text(answers.time_zone)}",
        f"languages = {_list(answers.languages)}    # the first is used where nobody chose one",
        f"recovery_break_s = {answers.recovery_break_min * 60}    "
        "# for who asks for it after a hard call; 0: none",
        "",
    ]


def _hours(answers: Answers) -> list[str]:
    week = week_of(answers.hours)
    if week is None:
        return []
    return [
        "# When it is open, by its own clock; an end before its start is the next day's. Public",
        "# holidays and single days: docs/reference/configuration.md, [hours.KEY].",
        "[hours.open]",
        *(f"{day} = {_list(spans)}" for day, spans in week.items()),
        "",
    ]


def _skills(answers: Answers) -> list[str]:
    skills = _levels(answers, 1)
    if not skills:
        return []
    said = ["# What people can handle, each with a level from 1 to 5.", "[skills]"]
    for language in answers.languages if len(answers.languages) > 1 else ():
        said.append(f"{language} = {{ name = {_names(SKILLS[language])} }}")
    for topic in answers.topics if len(answers.topics) > 1 else ():
        said.append(f"{_topic_key(topic)} = {{ name = {_text(topic)} }}")
    return [*said, ""]


def _queues(answers: Answers) -> list[str]:
    """One queue, and one line that leads to it, for each topic in each language."""
    said = [
        "# Where calls wait, and the lines that lead there. A lone volunteer cannot be quick, so",
        "# the target is mild, and she is reminded late of the work after a call.",
    ]
    is_closed_at_times = week_of(answers.hours) is not None
    for topic in answers.topics:
        for language in answers.languages:
            key, name = key_of(topic), topic
            needs = {} if len(answers.topics) == 1 else {_topic_key(topic): 1}
            if len(answers.languages) > 1:
                key, name = f"{key}-{language}", f"{topic} ({LANGUAGES[language]})"
                needs = {language: 1, **needs}
            said += [f"[queues.{key}]", f"name = {_text(name)}"]
            if needs:
                said.append(f"needs = {_table(needs)}")
            said += [
                "service_level = { percent = 70, within_s = 60 }",
                "wrap_up_limit_s = 600",
                "ring_timeout_s = 30",
            ]
            if answers.on_call:
                at_home = [key_of(alias) for alias in answers.on_call]
                said += [
                    f"on_call = {_list(at_home)}    # rung at home when nobody is at work…",
                    "on_call_after_s = 120    # …and a caller has waited for two minutes",
                ]
            said += [
                "",
                f"[lines.{key}]",
                f"name = {_text(name)}",
                f"language = {_text(language)}",
                f"queue = {_text(key)}",
                f"greeting = {_text(f'welcome-{language}')}",
            ]
            if is_closed_at_times:
                message = _text(f"closed-{language}")
                said += [
                    'hours = "open"',
                    f"closed = {{ message = {message} }}    # what callers hear outside the hours",
                ]
            said.append("")
    if answers.on_call:
        said += [
            "# How they are rung: a program of yours, which knows their numbers, or an address.",
            "# See docs/how-to/ring-people-at-home.md, then take the marks away.",
            "# [on_call.notify]",
            '# command = ["/usr/local/bin/ring-at-home"]',
            "",
        ]
    return said


def _people(answers: Answers) -> list[str]:
    said = [
        "# Those who answer, by their aliases; callers never see them. Level 3: does it well.",
        "[agents]",
    ]
    levels = _levels(answers, 3)
    skills = f", skills = {_table(levels)}" if levels else ""
    said += [f"{key_of(alias)} = {{ name = {_text(alias)}{skills} }}" for alias in answers.people]
    return [*said, ""]


def _levels(answers: Answers, level: int) -> dict[str, int]:
    """Returns all skills there are: what tells apart languages, and topics, if several."""
    languages = answers.languages if len(answers.languages) > 1 else ()
    topics = answers.topics if len(answers.topics) > 1 else ()
    return dict.fromkeys([*languages, *map(_topic_key, topics)], level)


def _topic_key(topic: str) -> str:
    """Keeps a topic that is called like a language apart from it."""
    key = key_of(topic)
    return f"topic-{key}" if key in LANGUAGES else key


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(_text(word) for word in words)}]"


def _table(levels: Mapping[str, int]) -> str:
    return "{ " + ", ".join(f"{key} = {level}" for key, level in levels.items()) + " }"


def _names(names: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {_text(name)}" for key, name in names.items()) + " }"
