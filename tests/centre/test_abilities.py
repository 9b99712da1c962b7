"""What a port cannot do is refused in words, before anything is on record."""

from pathlib import Path

import msgspec

from openline.engine import CallState
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.model import Reason
from tests.builders import CARLA, ENGLISH
from tests.centre.small_centre import NotingPort, SmallCentre, open_centre
from tests.centre.virtual_loop import in_virtual_time


def port_without(**cannot: bool) -> NotingPort:
    """Returns an exchange that lacks what is named."""
    port = NotingPort("test")
    port.capabilities = msgspec.structs.replace(NotingPort.capabilities, **cannot)
    return port


async def talk(small: SmallCentre) -> None:
    """Brings Carla into a conversation with the first caller."""
    small.ready(CARLA)
    small.arrive(1)
    offer = small.state.agents[CARLA].offer
    assert offer is not None
    assert await small.centre.ask(i.AcceptRequested(agent=CARLA, offer=offer)) is None


@in_virtual_time
async def test_a_transfer_is_refused_where_the_port_has_none(tmp_path: Path) -> None:
    async with open_centre(tmp_path, ports=[port_without(transfer=False)]) as small:
        await talk(small)
        steps = small.state.step
        request = i.TransferRequested(agent=CARLA, to=ToQueue(queue=ENGLISH))
        assert await small.centre.ask(request) is Reason.CANNOT_TRANSFER
        assert small.state.step == steps, "nothing is on record"
        assert next(iter(small.state.calls.values())).state is CallState.TALKING


@in_virtual_time
async def test_what_the_port_can_do_goes_on_to_the_engine(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        await talk(small)
        request = i.TransferRequested(agent=CARLA, to=ToQueue(queue=ENGLISH))
        assert await small.centre.ask(request) is None
        assert next(iter(small.state.calls.values())).agent is None
