"""Do the tables of the file agree with each other and with the world?

The rules here need more than one key: a line leads to a queue that exists, a shift has a length.
They read the raw document, not the models, so that one wrong type elsewhere does not hide them; a
value of a wrong type is passed over, since the models tell it. One rule, one function.
"""

from collections.abc import Iterator, Mapping
from typing import get_args

from openline.configuration.defaults import PAUSE_REASONS
from openline.configuration.problems import Path, Problem, listed
from openline.configuration.sounds import Sounds
from openline.configuration.tables import Language
from openline.configuration.words import ALIASES, Reporter
from openline.configuration.zones import zone_names

Raw = Mapping[str, object]
SIMULATED = "sim-"
"""Begins the keys of simulated colleagues, and of nobody else."""

BREAK_PLACES = 4
"""In so many places, one after the other, colleagues take the same break."""

_NAMED = ("skills", "queues", "lines", "agents", "pause_reasons", "dispositions")


def problems_between(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    """Yields every problem that shows only when tables are read together."""
    yield from _skills_exist(raw, report)
    yield from _queues_exist(raw, report)
    yield from _lines_exist(raw, report)
    yield from _pause_reasons_exist(raw, report)
    yield from _sounds_exist(raw, sounds, report)
    yield from _zone_exists(raw, report)
    yield from _languages_are_offered(raw, report)
    yield from _agent_keys_are_free(raw, report)
    yield from _prefixes_differ(raw, report)
    yield from _turn_has_one_secret(raw, report)
    yield from _hours_have_a_length(raw, report)
    yield from _breaks_are_within_shifts(raw, report)
    yield from _shares_make_sense(raw, report)
    yield from _lists_repeat_nothing(raw, report)


def seconds_of_day(clock: object) -> int | None:
    """Returns the seconds from midnight to a time such as "16:30", or None if it is no time."""
    if not isinstance(clock, str):
        return None
    hours, colon, minutes = clock.partition(":")
    is_time = bool(colon) and all(
        len(part) == 2 and part.isascii() and part.isdigit() for part in (hours, minutes)
    )
    return int(hours) * 3600 + int(minutes) * 60 if is_time else None


# --- rules ---------------------------------------------------------------------------------


def _skills_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = _known(raw, "skills")
    places: list[tuple[Path, object]] = [
        (("queues", key, "needs"), queue.get("needs")) for key, queue in _entries(raw, "queues")
    ]
    places += [(("agents", key, "skills"), a.get("skills")) for key, a in _entries(raw, "agents")]
    places += [((*path, "skills"), group.get("skills")) for path, group in _colleagues(raw)]
    for path, levels in places:
        for skill in _table(levels):
            if skill not in known:
                yield report.unknown((*path, skill), "skill", skill, known)


def _queues_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = _known(raw, "queues")
    for key, line in _entries(raw, "lines"):
        queue = line.get("queue")
        if isinstance(queue, str) and queue not in known:
            yield report.unknown(("lines", key, "queue"), "queue", queue, known)


def _lines_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = _known(raw, "lines")
    for path, group in _callers(raw):
        line = group.get("line")
        if isinstance(line, str) and line not in known:
            yield report.unknown((*path, "line"), "line", line, known)


def _pause_reasons_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = _known(raw, "pause_reasons")
    if "pause_reasons" not in raw:
        known = {key: tuple(texts.values()) for key, texts in PAUSE_REASONS.items()}
    for path, group in _colleagues(raw):
        for number, each in enumerate(_list(group.get("breaks"))):
            why = _table(each).get("pause_reason")
            if isinstance(why, str) and why not in known:
                where = (*path, "breaks", number, "pause_reason")
                yield report.unknown(where, "pause reason", why, known)


def _sounds_exist(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    for key, line in _entries(raw, "lines"):
        for use, what, known in (
            ("greeting", "greeting", sounds.greetings),
            ("hold_music", "music", sounds.music),
        ):
            sound = line.get(use)
            if isinstance(sound, str) and sound not in known:
                choices = dict.fromkeys(known, ())
                yield report.unknown(("lines", key, use), what, sound, choices)


def _zone_exists(raw: Raw, report: Reporter) -> Iterator[Problem]:
    name = _table(raw.get("centre")).get("time_zone")
    if isinstance(name, str) and name not in zone_names():
        # People know their city, not their continent's spelling.
        cities = {
            z: (z.rpartition("/")[2], z.rpartition("/")[2].replace("_", " "))
            for z in sorted(zone_names())
        }
        problem = report.unknown(("centre", "time_zone"), "time zone", name, cities)
        yield Problem(
            file=problem.file,
            line=problem.line,
            column=problem.column,
            key=problem.key,
            message=problem.message,
            allowed='Time zones are named by continent and city, for example "America/Chicago".',
            nearest=problem.nearest,
        )


def _languages_are_offered(raw: Raw, report: Reporter) -> Iterator[Problem]:
    offered = _list(_table(raw.get("centre")).get("languages", list(get_args(Language))))
    known = {word: ALIASES.get(word, ()) for word in get_args(Language) if word in offered}
    for key, line in _entries(raw, "lines"):
        language = line.get("language")
        if language in get_args(Language) and language not in known:
            yield report.unknown(("lines", key, "language"), "language", str(language), known)
    named: list[tuple[Path, object]] = [(("centre", "name"), _table(raw.get("centre")).get("name"))]
    for table in _NAMED:
        named += [((table, key, "name"), thing.get("name")) for key, thing in _entries(raw, table)]
    for path, name in named:
        for language in _table(name):
            if language not in known:
                yield report.unknown((*path, language), "language", language, known)


def _agent_keys_are_free(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for key, _ in _entries(raw, "agents"):
        if key.startswith(SIMULATED):
            yield report.problem(
                ("agents", key),
                "cannot be the key of an agent.",
                allowed=f"Keys that begin with {SIMULATED} are kept for simulated colleagues.",
            )


def _prefixes_differ(raw: Raw, report: Reporter) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for path, group in _colleagues(raw):
        prefix = group.get("prefix")
        if isinstance(prefix, str) and seen.setdefault(prefix, path) != path:
            yield report.problem(
                (*path, "prefix"),
                f'cannot be "{prefix}" again.',
                allowed="Allowed: a prefix that no other group of colleagues has.",
            )


def _turn_has_one_secret(raw: Raw, report: Reporter) -> Iterator[Problem]:
    turn = _table(raw.get("telephony")).get("turn")
    if not isinstance(turn, dict):
        return
    given = [key for key in ("secret_file", "secret") if key in turn]
    if not given:
        yield report.problem(
            ("telephony", "turn", "secret_file"),
            "is missing.",
            allowed='Allowed: a file that holds the secret, for example "turn-secret.txt".',
        )
    elif len(given) == 2:
        yield report.problem(
            ("telephony", "turn", "secret"),
            "cannot stand beside secret_file.",
            allowed="Allowed: one of the two.",
        )


def _hours_have_a_length(raw: Raw, report: Reporter) -> Iterator[Problem]:
    simulation = _table(raw.get("simulation"))
    spans: list[tuple[Path, Raw]] = [
        (("simulation", "day", "open"), _table(_table(simulation.get("day")).get("open")))
    ]
    spans += _shifts(raw)
    for path, span in spans:
        start, end = seconds_of_day(span.get("start")), seconds_of_day(span.get("end"))
        if start is not None and start == end:
            yield report.problem(
                (*path, "end"),
                "cannot be the same as start.",
                allowed="Allowed: a later time, or an earlier one for the next day.",
            )


def _breaks_are_within_shifts(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for path, group in _colleagues(raw):
        lengths = [
            (end - start) % 86_400 or 86_400
            for shift_path, shift in _shifts(raw)
            if shift_path[: len(path)] == path
            and (start := seconds_of_day(shift.get("start"))) is not None
            and (end := seconds_of_day(shift.get("end"))) is not None
        ]
        for number, each in enumerate(_list(group.get("breaks"))):
            after, length = _table(each).get("after_s"), _table(each).get("length_s")
            if not (isinstance(after, int) and isinstance(length, int) and lengths):
                continue
            # The last to take it begins some lengths later.
            if after + BREAK_PLACES * length > min(lengths):
                yield report.problem(
                    (*path, "breaks", number),
                    "ends after the shortest shift.",
                    allowed=f"Allowed: after_s + {BREAK_PLACES} × length_s up to {min(lengths)}, "
                    "since colleagues take breaks one after the other.",
                )


def _shares_make_sense(raw: Raw, report: Reporter) -> Iterator[Problem]:
    shares = [group.get("share", 1) for _, group in _callers(raw)]
    if shares and all(share == 0 for share in shares):
        yield report.problem(
            ("simulation", "callers", 0, "share"),
            "cannot be 0 in every group.",
            allowed="Allowed: a number above 0 in at least one.",
        )
    factors = _list(_table(_table(raw.get("simulation")).get("day")).get("weekday_factors"))
    if factors and all(factor == 0 for factor in factors):
        yield report.problem(
            ("simulation", "day", "weekday_factors"),
            "cannot be 0 on every day.",
            allowed="Allowed: a number above 0 on at least one.",
        )
    for path, group in _callers(raw):
        kinds = ("silent_share", "early_hang_up_share", "wrong_number_share")
        given = [s for key in kinds if isinstance(s := group.get(key), int | float) and 0 <= s <= 1]
        if sum(given) > 1:
            yield report.problem(
                path,
                f"{listed(kinds)} add up to more than 1.",
                allowed="Allowed: at most 1 in all.",
            )
        least, most = group.get("redial_least_s", 120), group.get("redial_most_s", 900)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            key = "redial_least_s" if "redial_least_s" in group else "redial_most_s"
            yield report.problem(
                (*path, key),
                f"makes redial_least_s ({least}) more than redial_most_s ({most}).",
                allowed="Allowed: redial_least_s up to redial_most_s.",
            )


def _lists_repeat_nothing(raw: Raw, report: Reporter) -> Iterator[Problem]:
    turn = _table(_table(raw.get("telephony")).get("turn"))
    lists: list[tuple[Path, object]] = [
        (("centre", "languages"), _table(raw.get("centre")).get("languages")),
        (("telephony", "turn", "urls"), turn.get("urls")),
    ]
    lists += [((*path, "days"), shift.get("days")) for path, shift in _shifts(raw)]
    for path, values in lists:
        words = _list(values)
        for number, word in enumerate(words):
            if isinstance(word, str) and word in words[:number]:
                yield report.problem(
                    (*path, number), f'is "{word}" again.', allowed="Allowed: each word once."
                )


# --- reading what may be of any type -------------------------------------------------------


def _table(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _entries(raw: Raw, name: str) -> list[tuple[str, Raw]]:
    return [(key, _table(entry)) for key, entry in _table(raw.get(name)).items()]


def _known(raw: Raw, name: str) -> dict[str, tuple[str, ...]]:
    """Returns the keys of a table of tables, each with the names and words people use for it."""
    known: dict[str, tuple[str, ...]] = {}
    for key, entry in _entries(raw, name):
        texts = entry.get("name")
        spoken = [texts] if isinstance(texts, str) else list(_table(texts).values())
        known[key] = (*(t for t in spoken if isinstance(t, str)), *ALIASES.get(key, ()))
    return known


def _callers(raw: Raw) -> list[tuple[Path, Raw]]:
    return _groups(raw, "callers")


def _colleagues(raw: Raw) -> list[tuple[Path, Raw]]:
    return _groups(raw, "colleagues")


def _groups(raw: Raw, name: str) -> list[tuple[Path, Raw]]:
    groups = _list(_table(raw.get("simulation")).get(name))
    return [(("simulation", name, n), _table(group)) for n, group in enumerate(groups)]


def _shifts(raw: Raw) -> list[tuple[Path, Raw]]:
    return [
        ((*path, "shifts", number), _table(shift))
        for path, group in _colleagues(raw)
        for number, shift in enumerate(_list(group.get("shifts")))
    ]
