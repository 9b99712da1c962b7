import copy

import pytest

from openline.configuration import Notify, QueueTarget
from openline.engine import (
    AgentChoice,
    Announcements,
    CallbackSettings,
    ConsentSettings,
    EntrySettings,
    FlowsWhen,
    Interflow,
    LineSettings,
    OverflowStep,
    QueueSettings,
    Settings,
    SkillLevel,
    ToMenu,
    ToMessage,
    ToOutside,
    ToQueue,
    ToVoicemail,
)
from openline.model import (
    SECOND,
    AgentKey,
    BoxKey,
    Duration,
    EntryKey,
    HoursKey,
    LineKey,
    MenuKey,
    OutsideKey,
    QueueKey,
    SkillKey,
)
from tests.configuration.builders import EVERYTHING, SMALL, changed, published


def seconds(number: int) -> Duration:
    return Duration(number * SECOND)


def test_lines_queues_and_agents_become_settings_of_the_engine() -> None:
    settings = published(EVERYTHING).settings
    assert settings.lines == (
        LineSettings(
            key=LineKey("night"),
            queue=QueueKey("general"),
            greeting="hello",
            hold_music="piano",
            listening=True,
            leads_to=ToMenu(menu=MenuKey("main")),
            language="es",
            entries=(
                EntrySettings(key=EntryKey("web"), language="en"),
                EntrySettings(key=EntryKey("phone"), language=None),
            ),
            consent=ConsentSettings(question="consent-es", digit="2", time_limit=seconds(9)),
            hours=HoursKey("office"),
            closed=ToVoicemail(box=BoxKey("box")),
            emergency=ToMessage(sound="closed-es"),
        ),
    )
    assert settings.queues[0] == QueueSettings(
        key=QueueKey("general"),
        needs=(
            SkillLevel(skill=SkillKey("en"), level=1),
            SkillLevel(skill=SkillKey("es"), level=2),
        ),
        priority=3,
        ring_timeout=seconds(25),
        wrap_up_limit=seconds(200),
        ageing=seconds(120),
        ceiling=seconds(900),
        choice=AgentChoice.BEST_SKILL,
        on_call=(AgentKey("amira"),),
        on_call_after=seconds(60),
        transferred_priority=4,
        overflow=(
            OverflowStep(after=seconds(40), needs=(SkillLevel(skill=SkillKey("en"), level=1),)),
        ),
        announcements=Announcements(place=True, wait=False, every=seconds(45)),
        interflow=(
            Interflow(
                when=FlowsWhen.WAITED,
                to=ToQueue(queue=QueueKey("later")),
                after=seconds(1800),
                keeps_place=False,
            ),
            Interflow(
                when=FlowsWhen.LONG_WAIT,
                to=ToOutside(outside=OutsideKey("legal")),
                after=seconds(1200),
                announcement="connecting-es",
            ),
        ),
        callback=CallbackSettings(
            attempts=2,
            pause=seconds(600),
            dial_timeout=seconds(30),
            kept=seconds(7200),
            offer_after=seconds(120),
            goodbye="wrong-number-es",
        ),
    )
    assert settings.queues[1].interflow == (
        Interflow(when=FlowsWhen.NOBODY_AT_WORK, to=ToMessage(sound="welcome-es")),
    )
    assert settings.recovery_break == seconds(600)
    assert settings.heal_within == seconds(20)
    assert settings.absent_after == seconds(900)
    assert [agent.key for agent in settings.agents] == ["amira", "sim-both-001", "sim-both-002"]
    assert settings.pause_reasons == ("meal",)
    assert settings.dispositions == ("helped",)


def test_targets_and_practice_are_kept_beside_the_settings() -> None:
    centre = published(EVERYTHING)
    assert centre.targets[QueueKey("general")] == QueueTarget(
        percent=85.5, within=seconds(30), short_abandon=seconds(4)
    )
    assert (centre.practice.enabled, centre.practice.after) == (False, seconds(9))
    assert (centre.server.host, centre.server.port) == ("127.0.0.1", 8801)
    assert centre.store.url == "postgresql://openline@db.example/openline"
    assert centre.notify == Notify(
        command=("/bin/true", "--loud"), webhook="https://example.org/ring", limit=seconds(5)
    )
    assert "db.example" not in repr(centre.store)
    assert "example.org" not in repr(centre.notify)
    assert centre.line_languages == {"night": "es"}
    assert centre.zone.key == "America/Chicago"


def test_what_is_left_out_has_its_default() -> None:
    centre = published(SMALL)
    queue = centre.settings.queues[0]
    assert (queue.priority, queue.ring_timeout, queue.needs) == (5, seconds(20), ())
    assert (queue.ageing, queue.ceiling, queue.on_call) == (0, 0, ())
    assert queue.choice is AgentChoice.LONGEST_IDLE
    plain = Settings(version=0, lines=(), queues=(), agents=(), pause_reasons=(), dispositions=())
    for limit in ("heal_within", "absent_after", "recovery_break"):
        assert getattr(centre.settings, limit) == getattr(plain, limit), limit
    assert centre.settings.pause_reasons == ("break", "meal", "training")
    assert centre.settings.dispositions == ("helped", "referred", "silent", "wrong-number")
    assert centre.line_languages == {"night": "en"}
    assert centre.languages == ("en", "es")
    assert centre.simulation is None
    assert centre.turn is None
    assert centre.store.url is None
    assert centre.notify is None


@pytest.mark.parametrize(
    ("kind", "key", "language", "name"),
    [
        ("centre", "", "es", "Línea nocturna"),
        ("skill", "en", "es", "English"),
        ("skill", "es", "es", "Español"),
        ("queue", "general", "en", "General"),
        ("agent", "amira", "es", "Amira"),
        ("agent", "sim-both-002", "es", "Colega simulado 2"),
        ("pause_reason", "meal", "es", "Meal"),
        ("queue", "gone", "es", "gone"),
    ],
)
def test_a_key_has_its_name_in_each_language(kind: str, key: str, language: str, name: str) -> None:
    assert published(EVERYTHING).name_of(kind, key, language) == name  # type: ignore[arg-type]  # from the list above


def test_names_that_are_left_out_are_made_from_keys() -> None:
    centre = published(changed(SMALL, ("queues.night-talk", {})))
    assert centre.name_of("queue", "night-talk", "es") == "Night talk"
    assert centre.name_of("pause_reason", "meal", "es") == "Comida"


def test_a_name_without_a_text_in_the_language_is_read_in_the_first_that_has_one() -> None:
    centre = published(changed(EVERYTHING, ("queues.general.name", {"es": "Todo"})))
    assert centre.name_of("queue", "general", "en") == "Todo"


def test_simulated_colleagues_are_known_as_such() -> None:
    centre = published(EVERYTHING)
    assert centre.is_simulated(AgentKey("sim-both-001"))
    assert not centre.is_simulated(AgentKey("amira"))


def test_keys_keep_the_order_of_the_file() -> None:
    document = copy.deepcopy(SMALL)
    document["agents"] = {"zoe": {}, "amira": {}, "ben": {}}
    assert [agent.key for agent in published(document).settings.agents] == ["zoe", "amira", "ben"]


def test_every_choice_of_agent_that_the_engine_knows_can_be_written() -> None:
    for choice in AgentChoice:
        document = changed(SMALL, ("queues.talk.choice", choice.value))
        assert published(document).settings.queues[0].choice is choice


def test_overflow_becomes_steps_of_the_engine() -> None:
    steps = [{"after_s": 30, "needs": {"en": 1}}, {"after_s": 90}]
    settings = published(changed(EVERYTHING, ("queues.general.overflow", steps))).settings
    assert settings.queues[0].overflow == (
        OverflowStep(after=seconds(30), needs=(SkillLevel(skill=SkillKey("en"), level=1),)),
        OverflowStep(after=seconds(90), needs=()),
    )
