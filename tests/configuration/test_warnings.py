import pytest

from tests.configuration.builders import SMALL, changed, published
from tests.configuration.toml_text import Document

RUNG = ("on_call.notify.command", ["/bin/true"])


def warned(document: Document) -> list[str]:
    return [f"{w.key}: {w.message}" for w in published(document).warnings]


def test_nothing_is_warned_of_in_a_small_and_sound_configuration() -> None:
    assert warned(SMALL) == []


def test_a_queue_that_nobody_can_serve_is_warned_of() -> None:
    document = changed(
        SMALL,
        ("skills", {"en": {}}),
        ("queues.talk.needs", {"en": 3}),
        ("agents.amira.skills", {"en": 2}),
    )
    assert warned(document) == [
        "queues.talk: no agent can take these calls: they would wait for ever.",
        "agents.amira: no queue has calls that she could take: she would wait for ever.",
    ]


def test_simulated_colleagues_do_not_serve_real_calls() -> None:
    document = changed(
        SMALL,
        ("agents", {}),
        (
            "simulation",
            {
                "calls_per_day": 10,
                "callers": [{"line": "night"}],
                "colleagues": [{"prefix": "a", "shifts": [{"start": "08:00", "end": "16:00"}]}],
            },
        ),
    )
    assert len(warned(document)) == 1


def test_who_is_on_call_for_calls_that_she_cannot_take_is_warned_of() -> None:
    document = changed(
        SMALL,
        ("skills", {"es": {}}),
        ("queues.talk.needs", {"es": 2}),
        ("queues.talk.on_call", ["ben", "amira"]),
        RUNG,
        ("agents", {"amira": {"skills": {"es": 1}}, "ben": {"skills": {"es": 2}}}),
    )
    assert warned(document) == [
        'queues.talk.on_call[2]: "amira" would be rung at home for calls that she cannot take.',
        "agents.amira: no queue has calls that she could take: she would wait for ever.",
    ]


def test_people_on_call_whom_nothing_rings_are_warned_of_except_in_a_demonstration() -> None:
    document = changed(SMALL, ("queues.talk.on_call", ["amira"]))
    assert warned(document) == [
        "queues.talk.on_call: nobody on this list can be rung: nothing says how."
    ]
    assert warned(changed(document, RUNG)) == []
    simulation = {"calls_per_day": 10, "callers": [{"line": "night"}]}
    assert warned(changed(document, ("simulation", simulation))) == []


def test_a_program_that_is_not_there_is_warned_of() -> None:
    document = changed(SMALL, ("on_call.notify.command", ["/bin/nothing-of-that-name"]))
    assert warned(document) == [
        "on_call.notify.command[1]: names a program that is not on this machine, or may not be run."
    ]


def test_a_password_in_the_address_of_the_database_is_warned_of_and_not_repeated() -> None:
    document = changed(SMALL, ("store.url", "postgresql://openline:hunter22@db.example/openline"))
    (warning,) = published(document).warnings
    assert (warning.key, "hunter22" in warning.text) == ("store.url", False)
    assert warned(changed(SMALL, ("store.url", "postgresql://openline@db.example/openline"))) == []


def test_a_delay_for_a_list_that_is_empty_is_warned_of() -> None:
    assert warned(changed(SMALL, ("queues.talk.on_call_after_s", 60))) == [
        "queues.talk.on_call_after_s: nobody is on call for this queue, so nobody is rung after "
        "any time."
    ]


def test_a_skill_that_nobody_has_is_warned_of_unless_a_simulated_colleague_has_it() -> None:
    document = changed(SMALL, ("skills", {"legal": {}}))
    assert warned(document) == ["skills.legal: nobody has this skill."]
    shifts = [{"start": "08:00", "end": "16:00"}]
    colleagues = [{"prefix": "a", "skills": {"legal": 3}, "shifts": shifts}]
    simulation = {"calls_per_day": 10, "callers": [{"line": "night"}], "colleagues": colleagues}
    assert warned(changed(document, ("simulation", simulation))) == []


def test_an_agent_who_can_take_no_calls_is_warned_of() -> None:
    document = changed(
        SMALL,
        ("skills", {"en": {}}),
        ("queues.talk.needs", {"en": 3}),
        ("agents", {"amira": {"skills": {"en": 3}}, "ben": {"skills": {"en": 2}}}),
    )
    assert warned(document) == [
        "agents.ben: no queue has calls that she could take: she would wait for ever."
    ]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("ceiling_s", 59, "priority counts for hardly anything"),
        ("short_abandon_s", 60, None),
        ("ageing_s", 60, "no other queue that these agents serve"),
    ],
)
def test_limits_that_contradict_each_other_are_warned_of(
    key: str, value: int, words: str | None
) -> None:
    target = ("queues.talk.service_level.within_s", 60)
    found = warned(changed(SMALL, target, (f"queues.talk.{key}", value)))
    assert [words is not None and words in warning for warning in found] == [True] * bool(words)


def test_a_short_abandon_beyond_the_target_is_warned_of() -> None:
    target = ("queues.talk.service_level.within_s", 10)
    assert len(warned(changed(SMALL, target, ("queues.talk.short_abandon_s", 11)))) == 1


def test_ageing_between_two_queues_of_the_same_agents_is_fine() -> None:
    document = changed(
        SMALL,
        ("queues.talk.ageing_s", 60),
        ("queues.other", {"ageing_s": 60}),
        ("lines.other", {"queue": "other"}),
    )
    assert warned(document) == []


def test_a_queue_to_which_no_line_leads_is_warned_of() -> None:
    assert warned(changed(SMALL, ("queues.other", {}))) == [
        "queues.other: no line, menu, other queue or surge leads here: only agents can send it "
        "calls, by transfer."
    ]


@pytest.mark.parametrize(
    "way",
    [
        ("queues.other.transferred_priority", 6),
        ("queues.talk.interflow", [{"when": "waited", "after_s": 600, "queue": "other"}]),
        (
            "surge.flood.queues.talk.interflow",
            [{"when": "waited", "after_s": 600, "queue": "other"}],
        ),
        ("surge.flood.lines.night.leads_to", {"queue": "other"}),
    ],
)
def test_a_queue_that_is_reached_in_another_way_is_fine(way: tuple[str, object]) -> None:
    assert warned(changed(SMALL, ("queues.other", {}), way)) == []


def test_a_secret_in_the_file_is_warned_of_and_not_repeated() -> None:
    turn = {"urls": ["turn:turn.example.org"], "secret": "correct horse battery"}
    (warning,) = published(changed(SMALL, ("telephony.turn", turn))).warnings
    assert warning.key == "telephony.turn.secret"
    assert "horse" not in warning.text


def test_listening_to_other_machines_without_a_relay_is_warned_of() -> None:
    assert len(warned(changed(SMALL, ("server.host", "0.0.0.0")))) == 1


def test_a_step_of_overflow_that_brings_in_nobody_is_warned_of() -> None:
    document = changed(
        SMALL,
        ("skills", {"en": {}}),
        ("queues.talk.needs", {"en": 3}),
        ("queues.talk.overflow", [{"after_s": 30, "needs": {"en": 2}}, {"after_s": 60}]),
        ("agents.amira.skills", {"en": 4}),
        ("agents.ben", {"skills": {}}),
    )
    assert warned(document) == [
        "queues.talk.overflow[1]: brings in no agent who could not take these calls before."
    ]


def test_a_queue_whose_overflow_finds_somebody_is_not_warned_of() -> None:
    document = changed(
        SMALL,
        ("skills", {"en": {}}),
        ("queues.talk.needs", {"en": 3}),
        ("queues.talk.overflow", [{"after_s": 30}]),
    )
    assert not [words for words in warned(document) if words.startswith("queues.")]


# --- while a surge is on ---------------------------------------------------------------------


def _with_surge(**queue: object) -> Document:
    """Returns a centre with two languages whose surge changes the queue of English calls."""
    return changed(
        SMALL,
        ("skills", {"en": {}, "es": {}}),
        ("queues.talk.needs", {"en": 1}),
        ("queues.talk.ceiling_s", 300),
        ("queues.hablar", {"needs": {"es": 1}, "transferred_priority": 1}),
        ("agents", {"amira": {"skills": {"en": 2}}, "bela": {"skills": {"es": 2}}}),
        ("surge", {"flood": {"queues": {"talk": queue}}}),
    )


def test_a_surge_that_helps_is_not_warned_of() -> None:
    steps = [{"after_s": 30, "needs": {"es": 1}}]
    assert warned(_with_surge(overflow=steps)) == []


def test_a_step_of_a_surge_brings_somebody_in() -> None:
    (found,) = warned(_with_surge(overflow=[{"after_s": 30, "needs": {"en": 1}}]))
    assert found.startswith("surge.flood.queues.talk.overflow[1]: brings in no agent")


def test_a_step_of_a_surge_comes_before_its_calls_leave() -> None:
    rules = [{"when": "waited", "after_s": 400, "message": "closed-en"}]
    steps = [{"after_s": 500, "needs": {"es": 1}}]
    (found,) = warned(_with_surge(overflow=steps, interflow=rules))
    assert found == (
        "surge.flood.queues.talk.overflow[1].after_s: comes too late: calls leave this queue "
        "after 400 s while the surge is on."
    )


def test_a_ceiling_that_a_surge_leaves_out_of_reach_is_warned_of_where_the_surge_says_so() -> None:
    rules = [{"when": "waited", "after_s": 200, "message": "closed-en"}]
    (found,) = warned(_with_surge(interflow=rules))
    assert found == (
        "surge.flood.queues.talk.interflow: is never reached: calls leave this queue after 200 s "
        "while the surge is on."
    )


def test_an_agent_whom_only_a_surge_brings_in_does_not_wait_for_ever() -> None:
    document = _with_surge(overflow=[{"after_s": 30, "needs": {"es": 1}}])
    del document["queues"]["hablar"]
    assert warned(document) == []


def test_a_queue_that_a_surge_leaves_without_agents_is_warned_of() -> None:
    document = changed(
        _with_surge(overflow=[]),
        ("queues.talk.overflow", [{"after_s": 30, "needs": {"es": 1}}]),
        ("agents", {"bela": {"skills": {"es": 2}}}),
    )
    assert (
        "surge.flood.queues.talk.overflow: no agent can take these calls while the surge is on: "
        "they would wait for ever."
    ) in warned(document)
