"""Do lines, menus, hours, boxes and surges agree with each other?

The rules about where calls can be sent. Like those of `cross_checks` they read the raw document,
and a value of a wrong type is passed over.
"""

from collections.abc import Iterator
from datetime import date

from openline.configuration.problems import Path, Problem, listed
from openline.configuration.public_holidays import countries
from openline.configuration.raw import Raw, entries_of, known_in, table_of
from openline.configuration.sounds import Sounds
from openline.configuration.words import Reporter

_PLACES = {"queue": "queues", "menu": "menus", "voicemail": "voicemail"}
"""Which table a word of a destination names a key of."""
_DESTINATION = ("queue", "menu", "message", "voicemail")


def problems_of_lines(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    """Yields every problem of where calls can be sent and what they hear."""
    yield from _destinations_are_one_and_exist(raw, report)
    yield from _topics_exist(raw, report)
    yield from _hours_exist(raw, report)
    yield from _dates_exist(raw, report)
    yield from _holidays_are_known(raw, report)
    yield from _surges_change_what_exists(raw, report)
    yield from _recordings_exist(raw, sounds, report)
    yield from _recordings_play_something(raw, sounds, report)
    yield from _listening_is_announced(raw, report)
    yield from _boxes_are_heard(raw, report)


def destinations_in(raw: Raw) -> Iterator[tuple[Path, Raw]]:
    """Yields every destination of the document with its path."""
    for key, line in entries_of(raw, "lines"):
        for word in ("leads_to", "closed", "emergency"):
            if isinstance(line.get(word), dict):
                yield ("lines", key, word), table_of(line.get(word))
    for key, menu in entries_of(raw, "menus"):
        for digit, choice in table_of(menu.get("choices")).items():
            if isinstance(choice, dict):
                yield ("menus", key, "choices", digit), choice
        if isinstance(menu.get("otherwise"), dict):
            yield ("menus", key, "otherwise"), table_of(menu.get("otherwise"))
    for key, surge in entries_of(raw, "surge"):
        for line_key, changed in table_of(surge.get("lines")).items():
            to = table_of(changed).get("leads_to")
            if isinstance(to, dict):
                yield ("surge", key, "lines", line_key, "leads_to"), to


def _destinations_are_one_and_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for path, destination in destinations_in(raw):
        given = [word for word in _DESTINATION if word in destination]
        if len(given) != 1:
            said = listed(tuple(given)) if given else "nothing"
            yield report.problem(
                path,
                f"names {said} as the place to send calls to.",
                allowed=f"Allowed: one of {', '.join(_DESTINATION)}.",
            )
        for word, table in _PLACES.items():
            key = destination.get(word)
            known = known_in(raw, table)
            if isinstance(key, str) and key not in known:
                what = "voicemail box" if word == "voicemail" else word
                yield report.unknown((*path, word), what, key, known)


def _topics_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "topics")
    for path, choice in destinations_in(raw):
        topic = choice.get("topic")
        if isinstance(topic, str) and topic not in known:
            yield report.unknown((*path, "topic"), "topic", topic, known)


def _hours_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "hours")
    for key, line in entries_of(raw, "lines"):
        hours = line.get("hours")
        if isinstance(hours, str) and hours not in known:
            yield report.unknown(("lines", key, "hours"), "set of hours", hours, known)
        if "hours" in line and "closed" not in line:
            yield report.problem(
                ("lines", key, "hours"),
                "says nothing of what callers meet outside the hours.",
                allowed='Add where they go, for example closed = { message = "closed-en" }.',
            )
        if "closed" in line and "hours" not in line:
            yield report.problem(
                ("lines", key, "closed"),
                "has no hours beside it, so the line is never closed.",
                allowed="Add hours, or leave this out.",
            )


def _dates_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for key, hours in entries_of(raw, "hours"):
        for day in table_of(hours.get("special")):
            try:
                date.fromisoformat(day)
            except ValueError:
                yield report.problem(
                    ("hours", key, "special", day),
                    "is no day of the calendar.",
                    allowed="Allowed: a date as year-month-day, for example 2026-12-24.",
                )


def _holidays_are_known(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for key, hours in entries_of(raw, "hours"):
        kept = table_of(hours.get("public_holidays"))
        country, region = kept.get("country"), kept.get("region")
        where = ("hours", key, "public_holidays")
        if not isinstance(country, str):
            continue
        if country not in countries():
            known = dict.fromkeys(countries(), ())
            yield report.unknown((*where, "country"), "country", country, known)
        elif isinstance(region, str) and region not in countries()[country]:
            regions = dict.fromkeys(countries()[country], ())
            yield report.unknown((*where, "region"), "region", region, regions)


def _surges_change_what_exists(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for key, surge in entries_of(raw, "surge"):
        for table, what in (("lines", "line"), ("queues", "queue")):
            known = known_in(raw, table)
            for changed in table_of(surge.get(table)):
                if changed not in known:
                    yield report.unknown(("surge", key, table, changed), what, changed, known)
        if not table_of(surge.get("lines")) and not table_of(surge.get("queues")):
            yield report.problem(
                ("surge", key),
                "changes nothing.",
                allowed="Allowed: at least one line or queue that is otherwise during the surge.",
            )


# --- recordings ----------------------------------------------------------------------------


def _recordings_exist(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    known = {**dict.fromkeys(sounds.greetings, ()), **known_in(raw, "recordings")}
    for path, sound in _spoken_in(raw):
        if isinstance(sound, str) and sound not in known:
            yield report.unknown(path, "recording", sound, known)
    music = {**dict.fromkeys(sounds.music, ()), **known_in(raw, "recordings")}
    for key, line in entries_of(raw, "lines"):
        sound = line.get("hold_music")
        if isinstance(sound, str) and sound not in music:
            yield report.unknown(("lines", key, "hold_music"), "music", sound, music)


def _spoken_in(raw: Raw) -> Iterator[tuple[Path, object]]:
    for key, line in entries_of(raw, "lines"):
        yield ("lines", key, "greeting"), line.get("greeting")
        yield ("lines", key, "consent", "question"), table_of(line.get("consent")).get("question")
    for key, menu in entries_of(raw, "menus"):
        yield ("menus", key, "prompt"), menu.get("prompt")
    for key, box in entries_of(raw, "voicemail"):
        for word in ("prompt", "cannot_record"):
            yield ("voicemail", key, word), box.get(word)
    for key, surge in entries_of(raw, "surge"):
        for line_key, changed in table_of(surge.get("lines")).items():
            greeting = table_of(changed).get("greeting")
            yield ("surge", key, "lines", line_key, "greeting"), greeting
    for path, destination in destinations_in(raw):
        yield (*path, "message"), destination.get("message")


def _boxes_are_heard(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "queues")
    for key, box in entries_of(raw, "voicemail"):
        queue = box.get("queue")
        if isinstance(queue, str) and queue not in known:
            yield report.unknown(("voicemail", key, "queue"), "queue", queue, known)


def _listening_is_announced(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Refuses listening where callers are not told of it, also by the greeting of a surge."""
    for key, line in entries_of(raw, "lines"):
        if line.get("may_be_heard") is True and "greeting" not in line:
            yield report.problem(
                ("lines", key, "may_be_heard"),
                "is said of a line that has no greeting.",
                allowed="Add a greeting that says it, or leave this out.",
            )
        if line.get("listening") is True and line.get("may_be_heard") is not True:
            yield report.problem(
                ("lines", key, "listening"),
                "needs callers who know that they may be heard.",
                allowed="Record a greeting that says so, and set may_be_heard = true.",
            )
    heard = {key for key, line in entries_of(raw, "lines") if line.get("listening") is True}
    for key, surge in entries_of(raw, "surge"):
        for line_key, changed in table_of(surge.get("lines")).items():
            table = table_of(changed)
            says_so = table.get("may_be_heard") is True
            if line_key in heard and "greeting" in table and not says_so:
                yield report.problem(
                    ("surge", key, "lines", line_key, "greeting"),
                    "takes the place of a greeting that says that calls may be heard.",
                    allowed="If this one says so too, add may_be_heard = true beside it.",
                )


def _recordings_play_something(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    known = dict.fromkeys((*sounds.greetings, *sounds.music), ())
    for key, recording in entries_of(raw, "recordings"):
        if not recording:
            yield report.problem(
                ("recordings", key),
                "plays nothing.",
                allowed='Allowed: a sound for each language, as in en = "welcome-en".',
            )
        for language, sound in recording.items():
            if isinstance(sound, str) and sound not in known:
                yield report.unknown(("recordings", key, language), "recording", sound, known)
