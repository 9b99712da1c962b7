"""Night 10: the partner.

A hospital's switchboard rings eleven times in a minute while the public waits. Its share limit
holds: no more than two agents at once are with it as long as anybody else waits, nobody is idle,
and each of its calls is answered in the end. The story of a call says why it waited, and so does
the hospital's own report of the week, without telling anything small.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openline.engine import AgentState, PartnerSettings, ShareSettings
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, Instant, LegId, Origin, PartnerKey, Reason, ShareKey
from openline.reports import By, Calendar
from openline.reports.partners import PartnerWeek, PartnerWeeks
from openline.reports.story import Story
from tests.builders import agent, line, queue, seconds
from tests.engine.builders import another_version
from tests.engine.rehearsal import Rehearsal

HOSPITAL = PartnerKey("hospital")
SHARE = ShareKey("partner:hospital")
QUEUE = queue("helpline")  # type: ignore[arg-type]  # keys are plain words here
AGENTS = tuple(agent(f"a{number}", en=3) for number in range(5))  # type: ignore[arg-type]
BEGIN = Instant(int(datetime(2026, 3, 30, 20, tzinfo=UTC).timestamp()) * SECOND)
SETTINGS = another_version(
    version=1,
    lines=(line("helpline", QUEUE.key),),  # type: ignore[arg-type]
    queues=(QUEUE,),
    agents=AGENTS,
    partners=(PartnerSettings(key=HOSPITAL, begins=Instant(0), share=SHARE),),
    shares=(ShareSettings(key=SHARE, agents=2),),
)


def _rings(night: Rehearsal, leg: str, partner: PartnerKey | None = None) -> None:
    night.see(
        i.LegArrived(
            leg=LegId(leg),
            line=SETTINGS.lines[0].key,
            origin=Origin.REAL,
            partner=partner,
        )
    )


def _with_the_hospital(night: Rehearsal) -> int:
    """Returns how many agents ring for the hospital, or talk with it."""
    calls = night.state.calls.values()
    return sum(call.partner == HOSPITAL and not call.is_waiting for call in calls)


def _answer(night: Rehearsal) -> None:
    """Lets everybody answer who is rung."""
    for one in list(night.state.agents.values()):
        if one.offer is not None:
            night.accept(one.key)


def _work(night: Rehearsal, minutes: int) -> None:
    """Lets everybody answer at once, talk for two minutes and take the next."""
    for _ in range(minutes * 6):
        _answer(night)
        night.wait(10)
        for one in list(night.state.agents.values()):
            talks = one.state is AgentState.TALKING
            call = night.state.calls.get(one.call) if talks and one.call is not None else None
            answered_at = None if call is None else call.answered_at
            if answered_at is not None and night.now - answered_at >= seconds(120):
                night.hang_up(one.key)
                night.finish(one.key)


@pytest.fixture(scope="module")
def night() -> Rehearsal:
    """Five agents, the public waiting, and a hospital that rings eleven times in a minute."""
    night = Rehearsal(SETTINGS, now=BEGIN)
    for one in AGENTS:
        night.ready(one.key)
    for hour in range(3):
        for number in range(20):
            _rings(night, f"sip:public-{hour}-{number}")
        for number in range(11):
            _rings(night, f"sip:hospital-{hour}-{number}", HOSPITAL)
            _answer(night)
            night.wait(5)
        for number in range(20, 40):
            _rings(night, f"sip:public-{hour}-{number}")
        _work(night, 60)
    return night


def test_its_share_limit_holds_while_the_public_waits() -> None:
    night = Rehearsal(SETTINGS, now=BEGIN)
    for one in AGENTS:
        night.ready(one.key)
    for number in range(11):
        _rings(night, f"sip:public-{number}")
        _rings(night, f"sip:hospital-{number}", HOSPITAL)
    most = 0
    while any(call.partner is None and call.is_waiting for call in night.state.calls.values()):
        before = _with_the_hospital(night)
        _work(night, 1)
        waits = any(c.partner is None and c.is_waiting for c in night.state.calls.values())
        # The first of the hospital's found agents idle; from then on it is two at most.
        if waits and before <= 2:
            most = max(most, _with_the_hospital(night))
    assert most <= 2


def test_everybody_is_answered_in_the_end(night: Rehearsal) -> None:
    assert not night.state.calls
    assert not any(
        isinstance(event, e.CallEnded) and event.outcome is not e.CallOutcome.ANSWERED
        for event in night.events
    )


def test_nobody_is_idle_for_a_limit(night: Rehearsal) -> None:
    """The rehearsal holds it after every step; here is that the limit was met at all."""
    held = [event for event in night.events if isinstance(event, e.ShareLimitHeld)]
    assert held
    assert {(event.share, event.reason) for event in held} == {(SHARE, Reason.SHARE_LIMIT)}
    assert all(event.serving >= 2 for event in held)


def test_the_story_of_a_call_says_why_it_waited(night: Rehearsal) -> None:
    held = next(event for event in night.events if isinstance(event, e.ShareLimitHeld))
    story = Story(held.call)
    for number, step in enumerate(night.steps):
        story.take(number, step.now, step.outcome.events)
    told = {chapter.event: chapter.words for chapter in story.chapters(night.now)}
    assert told["ShareLimitHeld"] == "It was passed over for another call, because: share limit."
    assert "hospital" not in str(told), "who called stands in no story"


def _weeks(night: Rehearsal) -> list[PartnerWeek]:
    zone = ZoneInfo("UTC")
    monday = datetime(2026, 3, 30, tzinfo=UTC)
    since, until = (
        Instant(int((monday + timedelta(days=days)).timestamp()) * SECOND) for days in (-3, 10)
    )
    calendar = Calendar(zone, By.WEEK, since=since, until=until)
    weeks = PartnerWeeks(
        calendar, settings=SETTINGS, targets={QUEUE.key: seconds(20)}, origins=(Origin.REAL,)
    )
    for step in night.steps:
        weeks.take(step.now, step.outcome.events)
    return list(weeks.weeks([HOSPITAL]))


def test_its_own_report_of_the_week_says_why_it_waited(night: Rehearsal) -> None:
    (week,) = _weeks(night)
    held = sum(isinstance(event, e.ShareLimitHeld) for event in night.events)
    assert (week.offered, week.answered) == (33, 33)
    assert week.held_back == (held if 10 <= held <= 23 else None)
    assert held >= 10, "the story needs enough of them to be told"


def test_the_weeks_that_the_report_cuts_are_not_in_it(night: Rehearsal) -> None:
    assert [week.week.start for week in _weeks(night)] == [
        Instant(int(datetime(2026, 3, 30, tzinfo=UTC).timestamp()) * SECOND)
    ]
