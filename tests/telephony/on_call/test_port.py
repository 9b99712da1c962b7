"""Is an order to ring somebody at home carried out once, and does a failure come back?"""

import asyncio
from collections.abc import Callable

from openline.engine import AnyInput
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import AgentKey, CommandId, LegId, OfferId, QueueKey, Reason
from openline.telephony.on_call import Failed, Notice, OnCallPort


def order(number: int = 1, agent: str = "amira") -> c.RingOnCall:
    return c.RingOnCall(
        id=CommandId(number),
        leg=LegId(f"oncall:{agent}"),
        agent=AgentKey(agent),
        queue=QueueKey("talk"),
        reason=Reason.NOBODY_AT_WORK,
    )


class Home:
    """Is where people are rung; says what the centre would be told."""

    def __init__(
        self, why: str | None = None, *, is_wired: bool = True, plays: bool = False
    ) -> None:
        self.why = why
        self.rung: list[Notice] = []
        self.seen: list[AnyInput] = []
        self.port = OnCallPort(self._ring if is_wired else None, str.upper, plays=plays)
        self.port.start(self.seen.append)

    async def _ring(self, notice: Notice) -> None:
        self.rung.append(notice)
        if self.why is not None:
            raise Failed(self.why)

    def does(self, act: Callable[[OnCallPort], None]) -> None:
        async def run() -> None:
            act(self.port)
            for _ in range(5):
                await asyncio.sleep(0)
            await self.port.stop()
            self.port.start(self.seen.append)

        asyncio.run(run())


def test_each_on_the_list_is_rung_with_the_queue_by_its_name() -> None:
    home = Home()

    def both(port: OnCallPort) -> None:
        port.carry_out(order(1, "amira"))
        port.carry_out(order(2, "ben"))

    home.does(both)
    assert home.rung == [
        Notice(queue="talk", queue_name="TALK", agent=agent) for agent in ("amira", "ben")
    ]
    assert (home.seen, home.port.trouble) == ([], None)


def test_the_same_order_twice_rings_once() -> None:
    home = Home()

    def twice(port: OnCallPort) -> None:
        port.carry_out(order(1))
        port.carry_out(order(1))

    home.does(twice)
    assert len(home.rung) == 1


def test_what_failed_comes_back_and_is_told_until_a_ring_succeeds() -> None:
    home = Home("command_failed")
    home.does(lambda port: port.carry_out(order(1)))
    assert home.seen == [
        i.CommandFailed(command=CommandId(1), leg=LegId("oncall:amira"), why="command_failed")
    ]
    assert home.port.trouble == "command_failed"
    home.why = None
    home.does(lambda port: port.carry_out(order(2)))
    assert home.port.trouble is None


def test_without_a_way_to_ring_every_order_fails() -> None:
    home = Home(is_wired=False)
    home.does(lambda port: port.carry_out(order()))
    assert home.port.trouble == "no_way_to_ring"
    assert len(home.seen) == 1


def test_in_a_demonstration_nobody_is_rung_and_nothing_fails() -> None:
    home = Home(plays=True)
    home.does(lambda port: port.carry_out(order()))
    assert (home.rung, home.seen, home.port.trouble) == ([], [], None)


def test_whatever_else_is_ordered_of_somebody_at_home_fails() -> None:
    home = Home()
    leg = LegId("oncall:amira")
    stop = c.StopRinging(
        id=CommandId(1), leg=leg, agent=AgentKey("amira"), offer=OfferId(1), reason=Reason.MISSED
    )
    home.does(lambda port: port.carry_out(stop))
    assert home.seen == [i.CommandFailed(command=CommandId(1), leg=leg, why="cannot_do_that")]
