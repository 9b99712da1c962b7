"""Worlds to test in: the yardstick line made small, the small line, and one queue for theory."""

import msgspec

from openline.engine import (
    AgentSettings,
    BoxSettings,
    CallbackSettings,
    ConsentSettings,
    LineSettings,
    MenuChoice,
    MenuSettings,
    QueueSettings,
    Settings,
    SkillLevel,
    ToMenu,
    ToVoicemail,
)
from openline.model import (
    MINUTE,
    SECOND,
    AgentKey,
    BoxKey,
    Duration,
    LineKey,
    MenuKey,
    QueueKey,
    SkillKey,
)
from openline.simulation import Break, CallerGroup, ColleagueGroup, Shift, WorldProfile

HOUR = 60 * MINUTE


def seconds(number: float) -> Duration:
    return Duration(int(number * SECOND))


def agent_keys(prefix: str, number: int) -> tuple[AgentKey, ...]:
    return tuple(AgentKey(f"sim-{prefix}-{n:03d}") for n in range(1, number + 1))


def settings(
    agents: dict[str, tuple[AgentKey, ...]], *, greeting: str | None = "welcome"
) -> Settings:
    """One line, one queue and one skill for each key of `agents`."""
    return Settings(
        version=1,
        lines=tuple(
            LineSettings(
                key=LineKey(name), queue=QueueKey(name), greeting=greeting, hold_music="music"
            )
            for name in agents
        ),
        queues=tuple(
            QueueSettings(
                key=QueueKey(name),
                needs=(SkillLevel(skill=SkillKey(name), level=1),),
                priority=0,
                ring_timeout=seconds(20),
                wrap_up_limit=seconds(180),
            )
            for name in agents
        ),
        agents=tuple(
            AgentSettings(key=key, skills=(SkillLevel(skill=SkillKey(name), level=3),))
            for name, keys in agents.items()
            for key in keys
        ),
        pause_reasons=("meal", "rest"),
        dispositions=("informed", "referred", "listened"),
    )


def calling_back(
    world: tuple[Settings, WorldProfile], offer_after_s: float = 240, **rules: object
) -> tuple[Settings, WorldProfile]:
    """The same world, in which every queue offers callbacks and a quarter takes them."""
    settings, profile = world
    callback = msgspec.structs.replace(
        CallbackSettings(offer_after=seconds(offer_after_s)), **rules
    )
    queues = tuple(msgspec.structs.replace(q, callback=callback) for q in settings.queues)
    callers = tuple(
        msgspec.structs.replace(group, callback_share=0.25, callback_answered_share=0.8)
        for group in profile.callers
    )
    return (
        msgspec.structs.replace(settings, queues=queues),
        msgspec.structs.replace(profile, callers=callers),
    )


def yardstick(seed: int, share: float = 1.0) -> tuple[Settings, WorldProfile]:
    """The yardstick line by day and night, scaled by `share`, in English and Spanish."""
    shifts = {
        "early": Shift(start_minute=6 * 60, end_minute=14 * 60, breaks=(_break(3.5),)),
        "day": Shift(start_minute=10 * 60, end_minute=18 * 60, breaks=(_break(4),)),
        "late": Shift(start_minute=14 * 60, end_minute=22 * 60, breaks=(_break(4.5),)),
        "night": Shift(start_minute=22 * 60, end_minute=6 * 60, breaks=(_break(4),)),
    }
    need = {
        ("en", "early"): 22, ("en", "day"): 22, ("en", "late"): 22, ("en", "night"): 14,
        ("es", "early"): 11, ("es", "day"): 11, ("es", "late"): 11, ("es", "night"): 7,
    }  # fmt: skip
    groups = tuple(
        ColleagueGroup(
            name=f"{language} {when}",
            agents=agent_keys(f"{language}-{when}", max(1, round(number * share))),
            shifts=(shifts[when],),
            late_by_at_most=seconds(240),
        )
        for (language, when), number in need.items()
    )
    by_language = {
        language: tuple(
            key for group in groups if group.name.startswith(language) for key in group.agents
        )
        for language in ("en", "es")
    }
    profile = WorldProfile(
        seed=seed,
        zone="America/Chicago",
        calls_per_day=6500 * share,
        weekday_factors=(1.10, 1.05, 1.02, 1.00, 1.00, 0.93, 0.90),
        callers=tuple(
            CallerGroup(
                name=language,
                share=weight,
                line=LineKey(language),
                talk_mean=seconds(300),
                balk_share=0.04,
                hold_share=0.2,
                silent_share=0.04,
                early_hang_up_share=0.05,
                wrong_number_share=0.03,
                redial_share=0.35,
            )
            for language, weight in (("en", 0.70), ("es", 0.30))
        ),
        colleagues=groups,
        dispositions=("informed", "referred", "listened"),
    )
    return settings(by_language), profile


def with_a_box(settings: Settings, profile: WorldProfile) -> tuple[Settings, WorldProfile]:
    """The same world with a line that asks its callers and has a voicemail box; a few call it."""
    box = BoxSettings(
        key=BoxKey("box"), prompt="speak", limit=seconds(120), cannot_record="no-recording"
    )
    line = LineSettings(
        key=LineKey("box"),
        queue=settings.queues[0].key,
        greeting="welcome",
        hold_music="music",
        leads_to=ToMenu(menu=MenuKey("menu")),
        consent=ConsentSettings(question="may-we", digit="1", time_limit=seconds(5)),
    )
    menu = MenuSettings(
        key=MenuKey("menu"),
        prompt="press-a-key",
        choices=(MenuChoice(digit="2", to=ToVoicemail(box=box.key), topic="later"),),
        repeats=1,
        time_limit=seconds(5),
    )
    callers = CallerGroup(
        name="box",
        share=0.25,
        line=line.key,
        talk_mean=seconds(300),
        keys="12",
        no_choice_share=0.12,
        leaves_in_menu_share=0.05,
    )
    return (
        msgspec.structs.replace(
            settings, lines=(*settings.lines, line), boxes=(box,), menus=(menu,)
        ),
        msgspec.structs.replace(
            profile,
            calls_per_day=profile.calls_per_day * 1.4,
            callers=(*profile.callers, callers),
        ),
    )


def small_line(seed: int) -> tuple[Settings, WorldProfile]:
    """Volunteers at home: 60 calls from 16:00 to 02:00, one alone after midnight."""
    evening, night = agent_keys("evening", 3), agent_keys("night", 1)
    profile = WorldProfile(
        seed=seed,
        zone="America/Chicago",
        calls_per_day=60,
        opens_minute=16 * 60,
        closes_minute=2 * 60,
        callers=(
            CallerGroup(
                name="all",
                share=1,
                line=LineKey("help"),
                talk_mean=seconds(22 * 60),
                patience_mean=seconds(300),
                hold_share=0.1,
                redial_share=0.35,
            ),
        ),
        colleagues=(
            ColleagueGroup(
                name="evening",
                agents=evening,
                shifts=(Shift(start_minute=16 * 60, breaks=(_break(3),)),),
            ),
            ColleagueGroup(
                name="night",
                agents=night,
                shifts=(Shift(start_minute=20 * 60, end_minute=2 * 60),),
            ),
        ),
        dispositions=("informed", "listened"),
    )
    return settings({"help": (*evening, *night)}), profile


def one_queue(
    seed: int, *, per_hour: float, agents: int, service: Duration, patience: Duration
) -> tuple[Settings, WorldProfile]:
    """A stationary M/M/n+M queue: the whole of the service is wrap-up, which is exponential."""
    keys = agent_keys("one", agents)
    profile = WorldProfile(
        seed=seed,
        zone="UTC",
        calls_per_day=24 * per_hour,
        amplitude=0,
        busyness_cv=0,
        callers=(
            CallerGroup(
                name="all",
                share=1,
                line=LineKey("one"),
                talk_mean=Duration(0),
                wrap_up_mean=service,
                patience_mean=patience,
            ),
        ),
        colleagues=(
            ColleagueGroup(
                name="all",
                agents=keys,
                shifts=(Shift(start_minute=0),),
                answer_delay_mean=Duration(0),
                missed_share=0,
                tired_missed_share=0,
            ),
        ),
        dispositions=("informed",),
    )
    return settings({"one": keys}, greeting=None), profile


def _break(after_hours: float) -> Break:
    return Break(
        after=Duration(int(after_hours * HOUR)), length=Duration(30 * MINUTE), pause_reason="meal"
    )
