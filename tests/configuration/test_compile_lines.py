from openline.engine import (
    BoxSettings,
    MenuChoice,
    MenuSettings,
    RecordingSettings,
    ToMenu,
    ToMessage,
    ToQueue,
    ToVoicemail,
)
from openline.model import SECOND, BoxKey, Duration, MenuKey, QueueKey
from tests.configuration.builders import EVERYTHING, SMALL, changed, published


def seconds(number: int) -> Duration:
    return Duration(number * SECOND)


def test_menus_and_boxes_become_settings_of_the_engine() -> None:
    settings = published(EVERYTHING).settings
    general = ToQueue(queue=QueueKey("general"))
    assert settings.menus == (
        MenuSettings(
            key=MenuKey("main"),
            prompt="menu-family-en",
            choices=(
                MenuChoice(digit="1", to=general, topic="legal", language="es"),
                MenuChoice(digit="2", to=ToMenu(menu=MenuKey("main"))),
                MenuChoice(digit="3", to=ToMessage(sound="closed-en")),
                MenuChoice(digit="4", to=ToVoicemail(box=BoxKey("box"))),
            ),
            repeats=2,
            time_limit=seconds(8),
            otherwise=general,
        ),
    )
    assert settings.boxes == (
        BoxSettings(
            key=BoxKey("box"),
            prompt="voicemail-es",
            limit=seconds(90),
            cannot_record="no-recording-es",
        ),
    )


def test_a_recording_is_played_in_the_language_of_the_caller() -> None:
    assert published(EVERYTHING).settings.recordings == (
        RecordingSettings(recording="hello", language="en", sound="welcome-en"),
        RecordingSettings(recording="hello", language="es", sound="welcome-es"),
    )


def test_a_surge_holds_its_lines_and_queues_whole() -> None:
    settings = published(EVERYTHING).settings
    (surge,) = settings.surges
    (line,), (queue,) = surge.lines, surge.queues
    assert (line.greeting, line.leads_to) == ("many-en", ToQueue(queue=QueueKey("general")))
    assert line.hours == settings.lines[0].hours
    assert (queue.priority, queue.ageing, queue.ceiling) == (7, seconds(30), seconds(300))
    assert queue.needs == settings.queues[0].needs


def test_a_surge_changes_what_waiting_leads_to_and_nothing_else() -> None:
    document = changed(
        SMALL,
        ("queues.talk.callback", {"offer_after_s": 240, "attempts": 3}),
        ("queues.talk.overflow", [{"after_s": 90}]),
        ("voicemail.night", {}),
        (
            "surge.flood.queues.talk",
            {
                "overflow": [],
                "interflow": [{"when": "waited", "after_s": 300, "voicemail": "night"}],
                "callback_offer_after_s": 30,
            },
        ),
    )
    settings = published(document).settings
    usual, (other,) = settings.queues[0], settings.surges[0].queues
    (rule,) = other.interflow
    assert (other.overflow, rule.to) == ((), ToVoicemail(box=BoxKey("night")))
    assert other.callback is not None
    assert (other.callback.offer_after, other.callback.attempts) == (seconds(30), 3)
    assert (other.needs, other.ring_timeout) == (usual.needs, usual.ring_timeout)
    never = changed(document, ("surge.flood.queues.talk", {"offers_callbacks": False}))
    (other,) = published(never).settings.surges[0].queues
    assert other.callback is not None
    assert other.callback.offer_after is None


def test_a_line_that_says_nothing_of_being_closed_can_be_closed_in_an_emergency() -> None:
    (line,) = published(SMALL).settings.lines
    assert line.emergency == ToMessage(sound="closed-en")
    spanish = changed(SMALL, ("lines.night.language", "es"))
    assert published(spanish).settings.lines[0].emergency == ToMessage(sound="closed-es")


def test_a_page_finds_the_entry_of_its_language() -> None:
    centre = published(EVERYTHING)
    line = centre.settings.lines[0].key
    assert centre.web_entry(line, "en") == "web"
    assert centre.web_entry(line, "es") is None
