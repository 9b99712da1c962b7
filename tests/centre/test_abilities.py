"""What a port cannot do is refused in words, before anything is on record."""

from pathlib import Path

import msgspec
import pytest

from openline.engine import AnyInput, CallState
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.parties import ListenMode
from openline.engine.targets import ToAgent, ToOutside
from openline.model import Reason
from tests.builders import BEN, CARLA, ENGLISH, LAWYER
from tests.centre.small_centre import NotingPort, SmallCentre, open_centre
from tests.centre.virtual_loop import in_virtual_time

OUTSIDE = ToOutside(outside=LAWYER)


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


async def _tell_callers(small: SmallCentre) -> None:
    """Lets every greeting say that calls may be heard."""
    settings = small.state.settings
    lines = tuple(msgspec.structs.replace(each, listening=True) for each in settings.lines)
    said = msgspec.structs.replace(settings, lines=lines, version=settings.version + 1)
    assert await small.centre.ask(i.ConfigurationPublished(settings=said)) is None


@pytest.mark.parametrize(
    ("lacks", "seen", "reason"),
    [
        ("consult", i.ConsultRequested(agent=CARLA, to=ToAgent(agent=BEN)), "cannot_consult"),
        ("three", i.ThirdRequested(agent=CARLA, to=ToAgent(agent=BEN)), "cannot_join_three"),
        (
            "outside",
            i.TransferRequested(agent=CARLA, to=OUTSIDE),
            "cannot_dial_out",
        ),
        (
            "outside",
            i.ConsultRequested(agent=CARLA, to=OUTSIDE),
            "cannot_dial_out",
        ),
        ("listen", i.ListenRequested(by=BEN, agent=CARLA, mode=ListenMode.LISTEN), "cannot_listen"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_a_port_lacks_is_refused_and_leaves_no_trace(
    lacks: str, seen: AnyInput, reason: str, tmp_path: Path
) -> None:
    @in_virtual_time
    async def ask() -> None:
        async with open_centre(tmp_path, ports=[port_without(**{lacks: False})]) as small:
            await _tell_callers(small)
            await talk(small)
            steps = small.state.step
            assert await small.centre.ask(seen) is Reason(reason)
            assert small.state.step == steps

    ask()


@in_virtual_time
async def test_what_the_port_can_do_goes_on_to_the_engine(tmp_path: Path) -> None:
    async with open_centre(tmp_path) as small:
        await talk(small)
        request = i.TransferRequested(agent=CARLA, to=ToQueue(queue=ENGLISH))
        assert await small.centre.ask(request) is None
        assert next(iter(small.state.calls.values())).agent is None
