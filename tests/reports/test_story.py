"""Whether a call's story holds all that befell it, and nothing that is nobody's business."""

from openline.engine import State
from openline.engine.inputs import CallbackAsked, HoldRequested
from openline.model import MINUTE, SECOND, CallId, Instant, Origin, SealedRef
from openline.reports.story import EXACT_FOR, Story
from tests.builders import CARLA, ES, Night, a_centre, seconds

START = Instant(1_775_000_700 * SECOND)


def a_night(origin: Origin = Origin.REAL) -> Night:
    night = Night(a_centre(), START)
    leg = night.arrive(ES, origin)
    night.wait(seconds(40))
    night.sign_in(CARLA)
    night.answer(CARLA)
    night.wait(seconds(60))
    night.see(HoldRequested(agent=CARLA))
    night.wait(seconds(30))
    night.hang_up(leg)
    night.wait(seconds(20))
    night.finish(CARLA)
    night.arrive(ES)
    return night


def story_of(night: Night, call: int = 1) -> Story:
    story = Story(CallId(call), State())
    for step, (at, events) in enumerate(night.record, start=1):
        story.take(step, at, events)
    return story


def test_every_chapter_has_its_time_and_its_reason() -> None:
    night = a_night()
    story = story_of(night)
    chapters = story.chapters(night.now)
    assert [chapter.event for chapter in chapters] == [
        "CallArrived",
        "CallQueued",
        "CallOffered",
        "OfferAccepted",
        "SoundSessionStarted",
        "CallHeld",
        "CallEnded",
        "WrapUpStarted",
        "WrapUpFinished",
    ]
    assert chapters[2].words == (
        "It was offered to carla, because: longest waiting. "
        "Before it: 0. At work who could take it: 1; of them ready: 1."
    )
    assert chapters[3].at - chapters[0].at == seconds(40)
    assert story.is_over
    assert not story_of(night, 2).is_over


def test_nothing_leads_to_the_caller_or_says_what_it_was_about() -> None:
    night = a_night()
    for chapter in story_of(night).chapters(night.now):
        told = f"{chapter.words} {chapter.facts}"
        for word in ("leg", "caller:", "note", "disposition", "informed", "web:", "sealed"):
            assert word not in told


def test_after_seven_days_it_tells_no_agent_and_no_minute() -> None:
    night = a_night()
    later = Instant(night.now + EXACT_FOR + 1)
    for chapter in story_of(night).chapters(later):
        assert chapter.at % (15 * MINUTE) == 0
        assert "carla" not in f"{chapter.words} {chapter.facts}"
        assert not any(key.endswith("_at") for key in chapter.facts)
        assert "able" not in chapter.facts
    words = [chapter.words for chapter in story_of(night).chapters(later)]
    assert "An agent answered." in words


def test_the_stories_of_invented_calls_stay_exact() -> None:
    night = a_night(Origin.SIMULATED)
    later = Instant(night.now + EXACT_FOR + 1)
    assert "carla answered." in [each.words for each in story_of(night).chapters(later)]


def test_a_callback_has_a_story_of_its_own() -> None:
    night = Night(a_centre(), START)
    night.see(CallbackAsked(leg=night.arrive(ES), number=SealedRef("number")))
    told = story_of(night, 2)
    assert told.origin is Origin.REAL
    assert told.chapters(night.now)[0].event == "CallbackQueued"
