"""From eight answers to the configuration of a small helpline of one's own.

The questions are those that a coordinator of a dozen volunteers can answer without a manual; all
else has a default that she may change in the file later. Pure: nothing is read or written here.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from openline.configuration.defaults import SKILLS
from openline.configuration.load import load_text
from openline.configuration.problems import ConfigurationError
from openline.configuration.simulation_checks import SIMULATED
from openline.configuration.words import ALIASES, nearest_word
from openline.configuration.zones import zone_names
from openline.model import BugError

LANGUAGES = {"en": "English", "es": "Español"}
"""As those who speak them call them."""

_NAME_LENGTH = 60
_KEY_LENGTH = 24
_MOST = 50
_LONGEST_BREAK_MIN = 120


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holds the eight answers."""

    name: str = ""
    """What the helpline is called."""
    languages: tuple[str, ...] = ("en",)
    """Keys of languages; the first is used where nobody chose one."""
    time_zone: str = "UTC"
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


QUESTIONS: tuple[str, ...] = Answers.__struct_fields__
"""In the order in which they are asked."""


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


def mistakes(answers: Answers) -> dict[str, str]:
    """Says what is wrong with which answer, in one sentence each; empty where all is well."""
    found = {
        "name": _of_name(answers.name),
        "languages": _of_languages(answers.languages),
        "time_zone": _of_zone(answers.time_zone),
        "topics": _of_list(answers.topics, "a topic"),
        "people": _of_list(answers.people, "the alias of somebody who answers"),
        "on_call": _of_on_call(answers),
        "recovery_break_min": _of_break(answers.recovery_break_min),
    }
    return {question: words for question, words in found.items() if words}


def _of_name(name: str) -> str:
    if not name.strip() or not name.isprintable():
        return "A name is needed, on one line."
    if len(name) > _NAME_LENGTH:
        return f"A name has at most {_NAME_LENGTH} characters."
    return "" if key_of(name) else "A name needs a letter from a to z somewhere."


def _of_languages(languages: Sequence[str]) -> str:
    for language in languages:
        if language not in LANGUAGES:
            known = {key: (name, *ALIASES[key]) for key, name in LANGUAGES.items()}
            meant = nearest_word(language, known)
            guess = f' Did you mean "{meant}"?' if meant else ""
            return f'There is no language "{language[:40]}" here.{guess} There are en and es.'
    if not languages:
        return "At least one language is needed: en, es, or both."
    return "" if len(set(languages)) == len(languages) else "Each language once."


def _of_zone(zone: str) -> str:
    if zone in zone_names():
        return ""
    cities = {each: (each.rpartition("/")[2].replace("_", " "),) for each in sorted(zone_names())}
    meant = nearest_word(zone, cities)
    guess = f' Did you mean "{meant}"?' if meant else ""
    return (
        f'There is no time zone "{zone[:40]}".{guess} '
        f"Time zones are named by continent and city: America/Chicago."
    )


def _of_list(words: Sequence[str], what: str) -> str:
    if not words:
        return f"At least one is needed: {what}."
    if len(words) > _MOST:
        return f"At most {_MOST}; more can be added in the file later."
    seen: dict[str, str] = {}
    for word in words:
        key = key_of(word)
        if key.startswith(SIMULATED):
            return f'"{word[:40]}" cannot be {what}: such keys are kept for simulated colleagues.'
        if not key or not word.isprintable() or len(word) > _NAME_LENGTH:
            return f'"{word[:40]}" cannot be {what}: it needs a letter, and at most 60 of them.'
        if key in seen:
            return f'"{word[:40]}" and "{seen[key][:40]}" cannot be told apart. Change one.'
        seen[key] = word
    return ""


def _of_on_call(answers: Answers) -> str:
    for alias in answers.on_call:
        if alias not in answers.people:
            meant = nearest_word(alias, dict.fromkeys(answers.people, ()))
            guess = f' Did you mean "{meant}"?' if meant else ""
            return f'"{alias[:40]}" is not among the people.{guess}'
    return "" if len(set(answers.on_call)) == len(answers.on_call) else "Each of them once."


def _of_break(minutes: int) -> str:
    if 0 <= minutes <= _LONGEST_BREAK_MIN:
        return ""
    return f"A break has 0 to {_LONGEST_BREAK_MIN} minutes; 0 means that there is none."


# --- the text --------------------------------------------------------------------------------


def configuration_from(answers: Answers) -> str:
    """Returns the text of the configuration; `mistakes` must have found none."""
    text = "\n".join([*_centre(answers), *_skills(answers), *_queues(answers), *_people(answers)])
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
                "",
            ]
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
