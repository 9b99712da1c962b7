"""What is really there, and what follows from it for a record that may be behind: pure.

After a start and after every break of the connection, Asterisk is asked for its channels, bridges
and telephones; what happened meanwhile it tells nobody. The rules:

- Who is on record and not there has left, at a time that nobody knows: his call is closed and
  marked so. If Asterisk itself was restarted he was cut off, and that is what is noted.
- Who is there and on record is told to be back. The engine then orders anew what he shall hear, and
  as he hears it already nothing changes.
- Who is there and was never told of has just come. Who was told of and is no longer on record is an
  orphan, and is hung up.
- An agent's channel counts if her offer is out or she is in a conversation; else it is an orphan.
"""

from collections.abc import Callable, Container, Iterable

import msgspec

from openline.engine import AgentState, AnyInput, State
from openline.engine import inputs as i
from openline.engine.parties import PartyState
from openline.engine.state import Agent, Call, CallState
from openline.model import AgentKey, EntryKey, LegId, LineKey, Origin
from openline.telephony.asterisk.accounts import endpoint_of
from openline.telephony.asterisk.ari import Json
from openline.telephony.asterisk.calling import Known
from openline.telephony.asterisk.files import PLACE
from openline.telephony.asterisk.seen import Arrived, arrival
from openline.telephony.asterisk.translate import (
    NOTHING,
    PREFIX,
    Place,
    Playing,
    Talking,
    agent_at,
    agent_of_channel,
    bridge_of,
    caller_leg,
    channel_at,
    is_dialled,
    is_tape,
    offer_of_channel,
    phone_leg,
    place_read,
)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Is a channel that is there and in our hands."""

    channel: str
    place: Place
    arrived: Arrived | None
    """For a caller: where he called."""
    was_told: bool
    """Whether anybody of us has dealt with it before."""
    is_up: bool = True
    """Whether it is in a call: whoever is dialled may ring still."""


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """Is all that is there."""

    callers: dict[LegId, Found]
    phones: dict[AgentKey, tuple[Found, ...]]
    """The channels of agents who picked up."""
    ringing: dict[str, AgentKey]
    """The channels that ring at agents', or wait for us with music."""
    tapes: tuple[str, ...]
    """The channels that overhear callers for recordings."""
    bridges: dict[str, int]
    """Bridges of ours, and how many are in each."""
    reachable: frozenset[str]
    """The endpoints that can be rung."""
    started_at: str
    """When Asterisk started, in its own words."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Is what follows."""

    legs: tuple[LegId, ...]
    """Those that are held now and on record."""
    inputs: tuple[AnyInput, ...]
    orphans: tuple[str, ...]
    """Channels to be hung up."""
    empty: tuple[str, ...]
    """Bridges to be ended."""


def read_stock(
    info: Json, channels: list[Json], bridges: list[Json], endpoints: list[Json]
) -> Stock:
    """Returns what four answers of Asterisk say together."""
    where = {
        str(channel): str(bridge["id"])
        for bridge in bridges
        for channel in bridge.get("channels", ())
    }
    callers: dict[LegId, Found] = {}
    phones: dict[AgentKey, tuple[Found, ...]] = {}
    ringing: dict[str, AgentKey] = {}
    for each in channels:
        name = str(each["id"])
        agent = agent_of_channel(name)
        arrived = arrival(each)
        # In any other application of the dialplan it waits for us, and comes by itself.
        is_ours = each.get("dialplan", {}).get("app_name") == "Stasis"
        if agent is not None and not is_ours:
            ringing[name] = agent
        rings_outside = is_dialled(name) and not is_ours
        if (not is_ours and not rings_outside) or (
            agent is None and arrived is None and not is_dialled(name)
        ):
            continue
        written = str((each.get("channelvars") or {}).get(PLACE, ""))
        found = Found(
            channel=name,
            place=_place(written, where.get(name)),
            arrived=arrived,
            was_told=bool(written) or name in where or is_dialled(name),
            is_up=not rings_outside,
        )
        if agent is None:
            callers[caller_leg(name)] = found
        else:
            phones[agent] = (*phones.get(agent, ()), found)
    return Stock(
        callers=callers,
        phones=phones,
        ringing=ringing,
        tapes=tuple(str(each["id"]) for each in channels if is_tape(str(each["id"]))),
        bridges={
            str(bridge["id"]): len(bridge.get("channels", ()))
            for bridge in bridges
            if str(bridge["id"]).startswith("talk-")
        },
        reachable=frozenset(
            str(each["resource"]) for each in endpoints if each.get("state") == "online"
        ),
        started_at=str(info.get("status", {}).get("startup_time", "")),
    )


def _place(written: str, bridge: str | None) -> Place:
    if bridge is not None:
        return Talking(bridge)
    place = place_read(written) if written else NOTHING
    if isinstance(place, Talking):
        return NOTHING
    if isinstance(place, Playing):
        # Nobody tells whether it has ended meanwhile: it is to be played again.
        return msgspec.structs.replace(place, sound="")
    return place


def take(
    state: State,
    stock: Stock,
    *,
    left: i.HangUp,
    new_since: frozenset[LegId],
    arrives: Callable[[Arrived], i.LegArrived],
    asked: Container[AgentKey] = (),
) -> Taken:
    """Returns what follows for the durable state.

    `left` is why those have gone who are not there; `new_since` are callers who came after
    Asterisk was asked, and cannot be missed; `arrives` makes of an arrival what is told of it.
    `asked` are agents who have not accepted by picking up: they are asked to press a key.
    """
    legs: list[LegId] = []
    inputs: list[AnyInput] = []
    orphans: list[str] = []
    for leg, found in stock.callers.items():
        call = state.calls_by_leg.get(leg)
        if is_dialled(found.channel):
            seen = _dialled(state, stock, leg, found)
            if seen is None:
                orphans.append(found.channel)
            else:
                legs.append(leg)
                inputs += seen
        elif call is not None:
            legs.append(leg)
            session = call.session if _is_joined(state, stock, call) else None
            inputs.append(i.LegReturned(leg=leg, session=session))
        elif found.was_told or found.arrived is None:
            orphans.append(found.channel)
        else:
            inputs.append(arrives(found.arrived))
    for leg in (*state.calls_by_leg, *state.calls_by_outside_leg):
        if _is_callers(leg) and leg not in stock.callers and leg not in new_since:
            inputs.append(_gone(state, leg, left))
    for agent in state.agents.values():
        if agent.leg is not None and agent.leg == phone_leg(agent.key):
            _take_agent(state, stock, agent, legs, inputs, asked)
    orphans += _orphans(state, stock)
    kept = _rooms(state, stock, new_since)
    empty = [each for each, members in stock.bridges.items() if not members or each not in kept]
    return Taken(legs=tuple(legs), inputs=tuple(inputs), orphans=tuple(orphans), empty=tuple(empty))


def _rooms(state: State, stock: Stock, new_since: frozenset[LegId]) -> set[str]:
    """Returns the bridges of calls whose callers are there: nothing would ever end another."""
    return {
        f"{bridge_of(call.id)}{aside}"
        for leg, call in state.calls_by_leg.items()
        if leg in stock.callers or leg in new_since
        for aside in ("", "-aside")
    }


def _dialled(state: State, stock: Stock, leg: LegId, found: Found) -> list[AnyInput] | None:
    """Returns what is told of somebody whom we dialled; None if he is on no record."""
    call = state.calls_by_leg.get(leg)
    if call is None and leg not in state.calls_by_outside_leg:
        return None
    if _still_rings(state, leg):
        return [i.DialAnswered(leg=leg)] if found.is_up else []
    if call is None:
        return []  # he hears whom he heard before
    session = call.session if _is_joined(state, stock, call) else None
    return [i.LegReturned(leg=leg, session=session)]


def _still_rings(state: State, leg: LegId) -> bool:
    """Tells whether, by the record, somebody whom we dialled has not answered yet."""
    call = state.calls_by_leg.get(leg)
    if call is not None:
        return call.state is CallState.DIALLING
    parties = state.calls_by_outside_leg[leg].parties
    return any(each.leg == leg and each.state is PartyState.RINGING for each in parties)


def _gone(state: State, leg: LegId, left: i.HangUp) -> AnyInput:
    """Returns what is told of a leg that is not there."""
    if agent_at(leg) is None and is_dialled(channel_at(leg)) and _still_rings(state, leg):
        return i.DialFailed(leg=leg, why=i.DialFailure.FAILED)
    return i.LegHungUp(leg=leg, why=left)


def arrived_input(arrived: Arrived, known: Known) -> i.LegArrived:
    """Returns what the centre is told of somebody who called, and of what is known of him."""
    return i.LegArrived(
        leg=caller_leg(arrived.channel),
        line=LineKey(arrived.line),
        origin=Origin.REAL,
        entry=EntryKey(arrived.entry) if arrived.entry else None,
        partner=known.partner,
        waiting_since=known.waiting_since,
        can_be_called_back=known.can_be_called_back,
    )


def channel_of(state: State, stock: Stock, agent: Agent) -> Found | None:
    """Returns the channel by which an agent is in her conversation or has taken her offer."""
    for found in stock.phones.get(agent.key, ()):
        offer = offer_of_channel(found.channel)
        if agent.state is AgentState.TALKING or (offer is not None and offer == agent.offer):
            return found
    return None


def _take_agent(
    state: State,
    stock: Stock,
    agent: Agent,
    legs: list[LegId],
    inputs: list[AnyInput],
    asked: Container[AgentKey],
) -> None:
    leg = phone_leg(agent.key)
    found = channel_of(state, stock, agent)
    # The way to an ordinary telephone is the trunk's.
    if found is None and agent.key not in asked and endpoint_of(agent.key) not in stock.reachable:
        inputs.append(i.LegLost(leg=leg))
        return
    legs.append(leg)
    if found is not None and agent.offer is not None:
        if agent.key not in asked:
            inputs.append(i.AcceptRequested(agent=agent.key, offer=agent.offer))
    elif agent.state is AgentState.TALKING and found is None:
        # She may have hung up, or the connection to her is gone: her caller is not left alone with
        # silence, and her telephone rings again.
        inputs += [i.LegLost(leg=leg), i.LegReturned(leg=leg)]
    elif agent.gone_at is not None:
        inputs.append(i.LegReturned(leg=leg))


def _is_joined(state: State, stock: Stock, call: Call) -> bool:
    """Tells whether the agent of a call is on the line for it."""
    if call.agent is None:
        return False
    found = channel_of(state, stock, state.agents[call.agent])
    return found is not None and found.place == Talking(bridge_of(call.id))


def _orphans(state: State, stock: Stock) -> Iterable[str]:
    for key, channels in stock.phones.items():
        agent = state.agents.get(key)
        kept = None if agent is None else channel_of(state, stock, agent)
        yield from (found.channel for found in channels if found != kept)
    for channel, key in stock.ringing.items():
        agent = state.agents.get(key)
        offer = offer_of_channel(channel)
        if agent is None or offer is None or offer != agent.offer:
            yield channel


def _is_callers(leg: LegId) -> bool:
    return leg.startswith(f"{PREFIX}:") and agent_at(leg) is None
