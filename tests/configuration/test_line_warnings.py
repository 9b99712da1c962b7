from openline.configuration import load_text
from tests.configuration.builders import EVERYTHING, SMALL, changed, published
from tests.configuration.toml_text import Document, write


def _warned(document: Document) -> str:
    return "\n".join(warning.text for warning in published(document).warnings)


def test_hours_that_never_open_are_found() -> None:
    hours: Document = {"hours": {"day": {}}}
    document = changed(
        {**SMALL, **hours},
        ("lines.night.hours", "day"),
        ("lines.night.closed", {"message": "closed-en"}),
    )
    assert "these hours never open" in _warned(document)


def test_what_nothing_leads_to_is_found() -> None:
    box = {
        "voicemail": {"box": {}},
        "menus": {"m": {"prompt": "menu-family-en", "choices": {"1": {"queue": "talk"}}}},
    }
    said = _warned({**SMALL, **box, "hours": {"day": {"weekdays": ["09:00-17:00"]}}})
    assert "nothing leads to this box" in said
    assert "nothing leads to this menu" in said
    assert "no line keeps these hours" in said


def test_a_circle_of_silence_is_found() -> None:
    circle = changed(EVERYTHING, ("menus.main.otherwise", {"menu": "main"}))
    assert "in a circle" in _warned(circle)


def test_a_queue_that_only_a_menu_leads_to_is_reached() -> None:
    document = {
        **SMALL,
        "queues": {"talk": {}, "more": {}},
        "menus": {"m": {"prompt": "menu-family-en", "choices": {"1": {"queue": "more"}}}},
        "lines": {"night": {"queue": "talk", "leads_to": {"menu": "m"}}},
    }
    assert "no line leads here" not in _warned(document)


def test_it_is_said_that_pages_cannot_record_where_there_are_no_telephones() -> None:
    said = "they hear cannot_record instead"
    box = {**SMALL, "voicemail": {"box": {}}}
    box["lines"] = {"night": {"queue": "talk", "leads_to": {"voicemail": "box"}}}
    assert said in _warned(box)
    assert said not in _warned(EVERYTHING)


def test_it_is_said_that_only_talks_by_telephone_are_recorded() -> None:
    said = "only talks by telephone"
    asks = {**SMALL, "lines": {"night": {"queue": "talk", "consent": {}}}}
    assert said in _warned(asks)
    assert said not in _warned(EVERYTHING)
    assert said not in _warned(SMALL)


def test_a_file_that_was_written_out_is_read_again() -> None:
    text = write(EVERYTHING)[0]
    assert load_text(text, "again.toml").settings.menus == published(EVERYTHING).settings.menus
