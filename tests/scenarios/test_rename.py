"""Night 7: the rename.

    At noon the queue "Spanish" becomes "Español", two agents lose a skill, a line gets another
    greeting and one gets hours, with eighty calls live.

Through the real path: the running centre with its record on disk, and the use-case that
`openline publish` asks for. Nobody is lost, nobody sees half of it, and the record of the night
keeps every invariant.
"""

from pathlib import Path

import pytest

from openline.centre.checking import check_record
from openline.centre.emergency_list import EmergencyList
from openline.centre.publishing import Configured, Publishing
from openline.configuration import load_text
from openline.engine import AgentState, CallState
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, Instant, LegId, RefusedError
from openline.store import ConfigurationRecord
from openline.store.sqlite import SqliteStore
from tests.builders import EN, ES
from tests.centre.small_centre import BEGIN, SmallCentre, keys_of, open_centre
from tests.centre.small_published import TEXT
from tests.centre.virtual_loop import advance, in_virtual_time

AGENTS = [AgentKey(f"agent-{number}") for number in range(20)]
BEFORE = TEXT[: TEXT.index("[agents.ann]")] + "".join(
    f'[agents.{key}]\nname = "{key}"\nskills = {{ en = 3, es = 3 }}\n' for key in AGENTS
)
# Two agents speak no Spanish any more, the queue has another name, and the Spanish line greets.
# The English line, open day and night until now, closes ten minutes after the change.
AFTER = (
    BEFORE.replace(
        'name = { en = "Spanish calls", es = "Llamadas en español" }', 'name = "Español"'
    )
    .replace(
        'language = "es"\nqueue = "spanish"',
        'language = "es"\nqueue = "spanish"\ngreeting = "welcome-es"',
    )
    .replace(
        'name = "agent-0"\nskills = { en = 3, es = 3 }', 'name = "agent-0"\nskills = { en = 3 }'
    )
    .replace(
        'name = "agent-1"\nskills = { en = 3, es = 3 }', 'name = "agent-1"\nskills = { en = 3 }'
    )
    .replace(
        'greeting = "welcome-en"',
        'greeting = "welcome-en"\nhours = "office"\nclosed = { message = "closed-en" }',
    )
    + '[hours.office]\nweekdays = ["08:00-18:10"]\n'
)
# What nobody may do while they wait: take the queue away by giving it another key.
ANOTHER_KEY = AFTER.replace("[queues.spanish]", "[queues.espanol]").replace(
    'queue = "spanish"', 'queue = "espanol"'
)


async def fill(small: SmallCentre) -> None:
    """Lets twenty agents take a call each, and sixty more callers wait in both languages."""
    for key in AGENTS:
        small.ready(key)
    for number in range(80):
        small.arrive(number, EN if number % 4 == 0 else ES)
    await advance(0)
    for call in list(small.state.calls.values()):
        if call.state is CallState.GREETING and call.playback is not None:
            small.centre.see(i.PlaybackFinished(leg=call.leg, playback=call.playback))
    for offer in list(small.state.offers.values()):
        small.centre.see(i.AcceptRequested(agent=offer.agent, offer=offer.id))
    await small.durable()


@in_virtual_time
async def test_nobody_is_lost_by_a_rename_at_noon(tmp_path: Path) -> None:
    settings = load_text(BEFORE, "before", version=1).settings
    async with open_centre(tmp_path, settings=settings) as small:
        small.store.add_configuration(
            ConfigurationRecord(version=1, at=Instant(BEGIN), by="", text=BEFORE)
        )
        configured = Configured(load_text(BEFORE, "before", version=1))
        publishing = Publishing(
            small.centre,
            configured,
            written=configured.now,
            emergency=EmergencyList(small.store),
            load=lambda text, version: load_text(text, "published", version=version),
            wall=lambda: Instant(BEGIN),
        )
        small.centre.observe(publishing.noticed)
        await fill(small)
        state = small.centre.durable
        before = {
            call.leg: (call.queue, call.waiting_since, call.state) for call in state.calls.values()
        }
        talking = {key for key, agent in state.agents.items() if agent.state is AgentState.TALKING}
        assert len(before) == 80
        assert len(talking) == 20
        told = len(small.told)

        # A queue that gets another key is another queue: refused, with who is in the way.
        with pytest.raises(RefusedError, match=r"queue spanish \(\d+ calls, 0 in wrap-up\)"):
            await publishing.publish(ANOTHER_KEY, base=1, by="ada")
        assert small.told[told:] == []

        # Noon.
        change = await publishing.publish(AFTER, base=1, by="ada")
        assert change.is_published
        assert len(change.differences) == 9

        # One step of the record holds all of it, and nobody moved.
        ((_, events),) = small.told[told:]
        assert [type(event) for event in events] == [e.ConfigurationAdopted]
        after = {
            call.leg: (call.queue, call.waiting_since, call.state) for call in state.calls.values()
        }
        assert after == before
        assert configured.now.name_of("queue", "spanish", "en") == "Español"

        # Who talks goes on talking, whatever she may answer next.
        assert {
            k for k, agent in state.agents.items() if agent.state is AgentState.TALKING
        } == talking
        for key in list(talking):
            small.centre.see(i.HangUpRequested(agent=key))
            small.centre.see(i.WrapUpFinishRequested(agent=key, disposition="helped", ready=True))
        await small.durable()

        # Each is offered whoever waited longest of those she may answer now.
        for key in AGENTS:
            offer = state.offers[state.agents[key].offer or 0]  # type: ignore[index]
            call = state.calls[offer.call]
            assert call.queue == ("english" if key in AGENTS[:2] else call.queue)
        assert len(state.offers) == 20

        # Who calls from now on meets the new line.
        small.arrive(81, ES)
        await small.durable()
        assert state.calls_by_leg[LegId("test:81")].state is CallState.GREETING

        # The new hours: who called before they end is in and stays in, and who calls then is not.
        small.arrive(82, EN)
        await small.durable()
        here = set(state.calls_by_leg)
        await advance(10 * 60)
        await small.durable()
        small.arrive(83, EN)
        await small.durable()
        assert state.calls_by_leg[LegId("test:83")].state is CallState.MESSAGE
        assert here <= set(state.calls_by_leg)
        assert state.calls_by_leg[LegId("test:82")].queue == "english"

    store = SqliteStore.open_to_read(tmp_path / "openline.sqlite")
    checked = check_record(store, keys_of(tmp_path), lambda done, total: None)
    store.close()
    assert checked.broken is None
    assert checked.steps > 200
