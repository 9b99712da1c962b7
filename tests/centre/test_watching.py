from collections.abc import Callable

from openline.centre import Watching
from openline.engine import AnyInput
from openline.engine import inputs as i
from openline.model import AgentKey, Instant, LegId, Reason
from tests.builders import ANN, BEN, CARLA, EN, ES, Night, a_centre
from tests.centre.virtual_loop import advance, in_virtual_time, settle


class Page:
    """Is a page that counts how often it was drawn."""

    def __init__(self) -> None:
        self.drawn = 0
        self.over: list[Reason] = []

    def refresh(self) -> None:
        self.drawn += 1

    def ended(self, reason: Reason) -> None:
        self.over.append(reason)

    def looks(self) -> int:
        """Returns how often it was drawn since it was asked last."""
        drawn, self.drawn = self.drawn, 0
        return drawn


class Watched:
    """Is a night that is watched; what happens in it is durable at once."""

    def __init__(self) -> None:
        self.night = Night(a_centre(), Instant(0))
        self.watching = Watching(self.night.state)
        self.desks: dict[AgentKey, Page] = {}

    def desk(self, key: AgentKey) -> Page:
        page = self.desks[key] = Page()
        self.watching.watch_agent(key, page.refresh)
        return page

    def caller(self, leg: LegId) -> Page:
        page = Page()
        self.watching.watch_caller(leg, page)
        return page

    def see(self, seen: AnyInput) -> None:
        self.told(lambda: self.night.see(seen))

    def told(self, act: Callable[[], object]) -> None:
        """Does it, then tells what was recorded."""
        before = len(self.night.record)
        act()
        for now, events in self.night.record[before:]:
            self.watching.noticed(now, events)


@in_virtual_time
async def test_a_page_is_told_once_in_a_turn_however_much_happened() -> None:
    watched = Watched()
    desk = watched.desk(CARLA)
    watched.told(lambda: watched.night.sign_in(CARLA))
    watched.told(watched.night.arrive)
    assert desk.looks() == 0  # not in the midst of what happens
    await settle()
    assert desk.looks() == 1


@in_virtual_time
async def test_only_those_concerned_are_told_at_once() -> None:
    watched = Watched()
    carla, ann = watched.desk(CARLA), watched.desk(ANN)
    watched.told(lambda: watched.night.sign_in(CARLA))
    first = watched.caller(LegId("test:1"))
    watched.told(watched.night.arrive)
    second = watched.caller(LegId("test:2"))
    await advance(0.49)
    assert (carla.looks(), ann.looks(), first.looks(), second.looks()) == (1, 0, 1, 0)


@in_virtual_time
async def test_everybody_sees_a_queue_change_at_most_twice_a_second() -> None:
    watched = Watched()
    ann = watched.desk(ANN)
    for _ in range(20):
        watched.told(watched.night.arrive)
        await advance(0.1)
    assert ann.looks() == 4
    await advance(5)
    assert ann.looks() == 0


@in_virtual_time
async def test_a_caller_who_waits_sees_his_place_change_when_another_leaves() -> None:
    watched = Watched()
    ahead = watched.night.arrive()
    waiting = watched.caller(watched.night.arrive())
    watched.told(lambda: watched.night.hang_up(ahead))
    await settle()
    assert waiting.looks() == 0
    await advance(0.5)
    assert waiting.looks() == 1


@in_virtual_time
async def test_a_caller_is_told_of_the_end_and_why() -> None:
    watched = Watched()
    page = watched.caller(LegId("test:1"))
    watched.told(watched.night.arrive)
    watched.told(lambda: watched.night.hang_up(LegId("test:1")))
    assert page.over == [Reason.CALLER_HUNG_UP]


@in_virtual_time
async def test_the_agent_of_a_call_is_told_when_its_caller_is_lost() -> None:
    watched = Watched()
    watched.night.sign_in(CARLA)
    leg = watched.night.arrive()
    watched.night.answer(CARLA)
    desk = watched.desk(CARLA)
    watched.told(lambda: watched.night.lose(leg))
    await settle()
    assert desk.looks() == 1


@in_virtual_time
async def test_a_caller_is_shown_at_once_that_the_agent_he_talks_with_is_lost() -> None:
    watched = Watched()
    watched.night.sign_in(CARLA)
    leg = watched.night.arrive()
    watched.night.answer(CARLA)
    page = watched.caller(leg)
    watched.told(lambda: watched.night.lose(LegId("desk:carla")))
    await settle()
    assert page.looks() == 1


@in_virtual_time
async def test_what_is_in_no_event_can_be_told_too() -> None:
    watched = Watched()
    desk = watched.desk(BEN)
    watched.watching.agent_changed(BEN)
    watched.watching.agent_changed(ANN)  # nobody looks
    await settle()
    assert desk.looks() == 1


@in_virtual_time
async def test_new_settings_are_shown_to_everybody() -> None:
    watched = Watched()
    ann = watched.desk(ANN)
    watched.see(i.ConfigurationPublished(settings=a_centre(version=2)))
    await advance(0.5)
    assert ann.looks() == 1


@in_virtual_time
async def test_a_page_that_went_is_told_nothing_and_does_not_take_the_next_one_with_it() -> None:
    watched = Watched()
    older = watched.desk(ANN)
    newer = watched.desk(ANN)
    watched.watching.forget_agent(ANN, older.refresh)
    leg = LegId("test:1")
    older_call, newer_call = watched.caller(leg), watched.caller(leg)
    watched.watching.forget_caller(leg, older_call)
    watched.told(lambda: watched.night.sign_in(ANN))
    watched.told(lambda: watched.night.arrive(EN))
    await advance(1)
    assert older.drawn == older_call.drawn == 0
    assert newer.drawn > 0
    assert newer_call.drawn > 0
    watched.watching.forget_agent(ANN, newer.refresh)
    newer.looks()
    watched.told(lambda: watched.night.arrive(ES))
    await advance(1)
    assert newer.looks() == 0


@in_virtual_time
async def test_a_stop_drops_what_is_pending() -> None:
    watched = Watched()
    desk = watched.desk(CARLA)
    watched.told(lambda: watched.night.sign_in(CARLA))
    watched.told(watched.night.arrive)
    watched.watching.stop()
    await advance(1)
    assert desk.looks() == 0
