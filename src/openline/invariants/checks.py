"""Do the invariants of the centre hold in this state, after these events?

`check(state, history)` is to be called after every input, with a `History` that was told the events
of every step. It raises `InvariantBrokenError`, which names the invariant. The invariants about
what may follow what (a call is answered once, first come first served, waits add up) are refused by
the history itself; here stand those that speak of the whole state at one moment. `check_fold` and
`check_round_trip` ask whether the record alone, and a snapshot alone, would give the same state.

Costs a look at every live call and agent; nothing grows with the length of the night.
"""

from collections.abc import Iterator

import msgspec

from openline.engine import AgentState, CallOutcome, CallState, FlowsWhen, Snapshot, State
from openline.engine.parties import PartyState
from openline.invariants.catalogue import expect
from openline.invariants.history import History
from openline.model import Instant

_IN_QUEUE = (CallState.QUEUED, CallState.OFFERED)
_AWAITED = (
    CallState.GREETING,
    CallState.CONSENT,
    CallState.MENU,
    CallState.MESSAGE,
    CallState.VOICEMAIL,
    CallState.FORWARDED,
)
"""States that end when something is reported, which may never be."""


def check(state: State, history: History) -> None:
    """Checks every invariant that can be seen between two inputs."""
    calls_and_agents_agree(state)
    the_events_told_the_state(state, history)
    nobody_able_is_idle_while_a_call_waits(state, history)
    the_on_call_list_is_rung_when_nobody_is_left(state, history)
    every_call_has_reached_its_steps(state, history)
    everything_pending_has_a_deadline(state, history)
    sums_add_up(state, history)


def calls_and_agents_agree(state: State) -> None:
    """I2, I3, I28: who belongs to whom is the same from every side, and legs name one each."""
    for call in state.calls.values():
        is_offered = call.state is CallState.OFFERED
        expect(is_offered == (call.offer is not None), "I28", f"call {call.id} and its offer")
        if call.offer is not None:
            offer = state.offers.get(call.offer)
            expect(
                offer is not None and offer.call == call.id, "I28", f"call {call.id} is stranded"
            )
        in_talk = call.state in (CallState.TALKING, CallState.HELD, CallState.DIALLING)
        expect(in_talk == (call.agent is not None), "I2", f"call {call.id} and its agent")
        if call.agent is not None:
            agent = state.agents[call.agent]
            expect(
                agent.state is AgentState.TALKING and agent.call == call.id,
                "I2",
                f"call {call.id} has {agent.key}, who is {agent.state.value} in {agent.call}",
            )
    for offer in state.offers.values():
        call, agent = state.calls[offer.call], state.agents[offer.agent]
        asked = [party.number for party in call.parties if party.state is PartyState.RINGING]
        is_its = offer.id in asked if offer.is_for_party else call.offer == offer.id
        expect(is_its, "I3", f"offer {offer.id} is not its call's")
        expect(agent.offer == offer.id, "I3", f"offer {offer.id} is not {agent.key}'s")
    for agent in state.agents.values():
        is_offered = agent.state is AgentState.OFFERED
        expect(is_offered == (agent.offer is not None), "I3", f"{agent.key} and her offer")
        expect(agent.offer is None or agent.offer in state.offers, "I3", f"{agent.key} rings on")
        has_work = agent.state in (AgentState.TALKING, AgentState.WRAP_UP)
        expect(has_work == (agent.call is not None), "I2", f"{agent.key} and her call")
        if agent.state is AgentState.TALKING:
            expect(agent.call in state.calls, "I2", f"{agent.key} talks with nobody")
        is_here = agent.state is not AgentState.SIGNED_OUT
        expect(is_here == (agent.leg is not None), "I2", f"{agent.key} and her leg")
    at_legs = [call for call in state.calls.values() if call.has_leg]
    by_call = {call.leg: call.id for call in at_legs}
    by_agent = {a.leg: a.key for a in state.agents.values() if a.leg is not None}
    expect(len(by_call) == len(at_legs), "I11", "two calls share a leg")
    expect(not by_call.keys() & by_agent.keys(), "I11", "a caller and an agent share a leg")
    by_outside = {
        party.leg: call.id
        for call in state.calls.values()
        for party in call.parties
        if party.outside is not None
    }
    expect(not by_outside.keys() & (by_call.keys() | by_agent.keys()), "I11", "a leg outside")
    expect(
        {leg: call.id for leg, call in state.calls_by_outside_leg.items()} == by_outside,
        "I11",
        "a leg outside leads to the wrong call",
    )
    expect(
        {leg: call.id for leg, call in state.calls_by_leg.items()} == by_call
        and {leg: agent.key for leg, agent in state.agents_by_leg.items()} == by_agent,
        "I11",
        "a leg leads to the wrong party",
    )


def the_events_told_the_state(state: State, history: History) -> None:
    """I1, I5, I6: what was told and what is are the same calls, places, agents and offers."""
    expect(list(state.calls) == list(history.calls), "I1", "other calls are live than were told")
    for call_id, told in history.calls.items():
        call = state.calls[call_id]
        expect(call.state is told.stage, "I6", f"call {call_id} is {call.state.value}")
        expect(
            (call.queue, call.priority, call.waiting_since, call.entry)
            == (told.queue, told.priority, told.waiting_since, told.entries),
            "I17",
            f"call {call_id} is at another place than was told",
        )
        expect(call.agent == told.agent and call.offer == told.offer, "I2", f"call {call_id}")
        parties = [
            (one.number, one.kind, one.agent or one.outside, one.state is PartyState.JOINED)
            for one in call.parties
        ]
        known = [(n, one.kind, one.who, one.is_there) for n, one in told.parties.items()]
        expect(parties == known, "I2", f"call {call_id} has {parties} in it")
        out = (call.forwarded_to, call.back_at)
        expect(out == (told.forwarded_to, told.back_at), "forwarding", f"call {call_id}: outside")
        expect((call.gone_at is not None) == told.is_lost, "I6", f"call {call_id}: lost or not")
        expect(call.session == told.session, "I6", f"call {call_id}: sound session")
        expect(call.medium is told.medium, "medium", f"call {call_id} is {call.medium.value}")
        expect(call.hops == told.hops, "I26", f"call {call_id}: hops")
        expect(call.consent == told.consent, "I20", f"call {call_id}: consent")
        expect(call.menu == told.menu, "menu", f"call {call_id} is in another menu")
        expect(
            (call.topic, call.language) == (told.topic, told.language), "topic", f"call {call_id}"
        )
        expect(call.partner == told.partner, "partner", f"call {call_id}: from another partner")
        expect(call.was_held_back == told.was_held_back, "share", f"call {call_id}: held back")
        expect(
            (call.callback, call.dialled_at is not None, call.reached_at is not None)
            == (told.callback, told.is_dialled, told.is_reached)
            and (call.callback_offer_at, call.is_callback_offered)
            == (told.callback_offer_at, told.is_callback_offered),
            "I18",
            f"call {call_id} and its callback",
        )
        if told.callback_offer_at is not None and told.stage in _IN_QUEUE:
            in_force = told.callback_offer_at == history.callback_offer_at(told)
            expect(in_force, "I18", f"call {call_id} is offered a callback by other rules")
    queues = {key: state.queues.get(key) for key in history.queue_settings}
    expect(state.surge == history.surge and queues == history.queue_settings, "I24", "the surge")
    passed = {number: one.by for number, one in state.hand_overs.items()}
    expect(passed == history.hand_overs, "review", "which hand-overs are still to be looked at")
    expect(state.closed_lines.keys() == history.closed_lines, "closing", "which lines are closed")
    expect(list(state.agents) == list(history.agents), "I6", "other agents than were told")
    for key, told_agent in history.agents.items():
        agent = state.agents[key]
        expect(agent.state is told_agent.stage, "I3", f"{key} is {agent.state.value}")
        expect(agent.leg == told_agent.leg, "I6", f"{key} is at another leg than was told")
        expect((agent.gone_at is not None) == told_agent.is_lost, "I6", f"{key}: lost or not")
        expect(agent.rests_until == told_agent.rests_until, "recovery", f"{key}: another break")
        expect(agent.forced_to == told_agent.forced_to, "forced", f"{key}: something else")
        expect(
            (agent.help_since is not None, agent.help_by)
            == (told_agent.wants_help, told_agent.help_by),
            "help",
            f"{key}: her hand",
        )
    expect(list(state.offers) == list(history.offers), "I3", "other offers than were told")
    expect(list(state.callbacks) == list(history.callbacks), "I18", "other promises than were told")
    for callback_id, told_callback in history.callbacks.items():
        callback = state.callbacks[callback_id]
        expect(
            state.callbacks_by_number.get(callback.number) is callback,
            "I18",
            f"{callback_id}: whose",
        )
        expect(
            (callback.call, callback.due_at, callback.attempts, callback.waiting_since)
            == (
                told_callback.call,
                told_callback.due_at,
                told_callback.attempts,
                told_callback.waiting_since,
            ),
            "I18",
            f"callback {callback_id} stands otherwise than was told",
        )
    for offer_id, told_offer in history.offers.items():
        expect(
            state.offers[offer_id].expires_at == told_offer.expires_at, "I6", f"offer {offer_id}"
        )


def nobody_able_is_idle_while_a_call_waits(state: State, history: History) -> None:
    """I15: an idle able agent and a waiting call do not exist beside each other."""
    waiting = [call for call in history.calls.values() if call.is_offerable]
    for agent in history.agents.values():
        if agent.is_idle:
            for call in waiting:
                expect(
                    not history.could_take(agent, call),
                    "I15",
                    f"{agent.key} is idle while call {call.id} waits",
                )
    for call_id in state.calls:
        expect(call_id < state.next_call, "I1", f"call number {call_id} could be drawn again")


def the_on_call_list_is_rung_when_nobody_is_left(state: State, history: History) -> None:
    """A queue with a list is known to be unstaffed as long as it is, and is rung in time."""
    listed = {queue.key for queue in history.queue_settings.values() if queue.on_call}
    for queue in listed:
        if history.needs_on_call(queue, lost_too=False):
            expect(queue in history.unstaffed, "on-call", f"nobody noticed that {queue} is empty")
    for queue, told in history.unstaffed.items():
        needs = queue in listed and history.needs_on_call(queue, lost_too=True)
        expect(needs, "on-call", f"{queue} is thought unstaffed and is not")
        in_time = told.was_rung or told.ring_at > history.now
        expect(in_time, "on-call", f"the list of {queue} was not rung in time")
        ring_at = None if told.was_rung else told.ring_at
        expect(state.unstaffed[queue].ring_at == ring_at, "I6", f"the list of {queue}")
    expect(state.unstaffed.keys() == history.unstaffed.keys(), "I6", "which queues are unstaffed")


def every_call_has_reached_its_steps(state: State, history: History) -> None:
    """Who waits may be offered to everybody to whom his queue overflows after such a wait."""
    for call in history.calls.values():
        if call.stage in _IN_QUEUE:
            expect(
                (call.step, call.widens_at) == history.steps_of(call),
                "overflow",
                f"call {call.id} stands at step {call.step}",
            )
        is_here = call.is_offerable and call.is_overdue
        rules = history.rules_of(call) if is_here else ()
        stays = any(rule.when is FlowsWhen.WAITED for rule in rules)
        expect(not stays, "interflow", f"call {call.id} has waited for the maximum and is here")
        has_place = call.stage in _IN_QUEUE
        is_stopped = call.leaves_at is None and call.hops >= history.settings.hop_limit
        if has_place and not call.is_overdue and not is_stopped:
            in_force = call.leaves_at == history.leaves_at(call)
            expect(in_force, "interflow", f"call {call.id} waits by rules that are not in force")
        known = state.calls[call.id]
        expect(
            (known.leaves_at, known.is_overdue) == (call.leaves_at, call.is_overdue),
            "I6",
            f"when call {call.id} leaves its queue",
        )
        expect(known.announce_at == call.announce_at, "I6", f"when call {call.id} is told again")
        rhythm = None if call.queue is None else history.queue_of(call).announcements
        listens = has_place and (call.callback is None or call.is_dialled)
        is_told = rhythm is None or not rhythm.every or not listens
        expect(
            is_told or call.announce_at is not None,
            "announced",
            f"call {call.id} is told nothing any more",
        )
        told = (state.calls[call.id].step, state.calls[call.id].widens_at)
        expect(told == (call.step, call.widens_at), "I6", f"the step of call {call.id}")


def everything_pending_has_a_deadline(state: State, history: History) -> None:
    """I15: nothing lasts for ever, nothing is overdue, and the engine asks to be woken for it."""
    for call in state.calls.values():
        expect(
            call.state not in _AWAITED
            or call.due_at is not None
            or (call.state is CallState.FORWARDED and bool(call.parties)),
            "I15",
            f"what call {call.id} hears has no end",
        )
    deadlines = sorted(deadlines_of(state))
    expect(
        not deadlines or deadlines[0] > history.now,
        "I15",
        f"something was due {history.now - min(deadlines, default=history.now)} us ago",
    )
    due = state.index.deadlines.next_due()
    expect(
        (None if due is None else due[0]) == (deadlines[0] if deadlines else None),
        "I15",
        "the engine does not ask to be woken when the next thing is due",
    )


def deadlines_of(state: State) -> Iterator[Instant]:
    """Yields every deadline that stands in the state, in no order."""
    for call in state.calls.values():
        if call.due_at is not None:
            yield call.due_at
        if call.gone_at is not None:
            yield call.gone_at
        if call.widens_at is not None:
            yield call.widens_at
        if call.leaves_at is not None:
            yield call.leaves_at
        if call.announce_at is not None:
            yield call.announce_at
        if call.callback_offer_at is not None:
            yield call.callback_offer_at
        if call.give_up_at is not None:
            yield call.give_up_at
    for callback in state.callbacks.values():
        if callback.due_at is not None:
            yield callback.due_at
        if callback.ends_at is not None:
            yield callback.ends_at
    for agent in state.agents.values():
        if agent.gone_at is not None:
            yield agent.gone_at
        if agent.warn_at is not None:
            yield agent.warn_at
        if agent.rests_until is not None:
            yield agent.rests_until
    for unstaffed in state.unstaffed.values():
        if unstaffed.ring_at is not None:
            yield unstaffed.ring_at
    for offer in state.offers.values():
        yield offer.expires_at


def sums_add_up(state: State, history: History) -> None:
    """I1, I8: every call that arrived is live or ended once; so is every one that was offered."""
    live = len(state.calls)
    came = history.arrived + history.attempts
    expect(came == live + history.ended.total(), "I1", "a call was lost or made up")
    expect(
        history.promised == len(state.callbacks) + history.explained.total(),
        "I18",
        "a promise was lost or made up",
    )
    in_queue_or_later = sum(1 for call in state.calls.values() if call.entry > 0)
    expect(
        history.queued
        == history.ended[CallOutcome.ANSWERED]
        + history.ended[CallOutcome.ANSWERED_OUTSIDE]
        + history.ended[CallOutcome.ABANDONED]
        + history.queued_and_sent_on
        + history.ended[CallOutcome.LEFT_FOR_CALLBACK]
        + history.ended[CallOutcome.CALLBACK_MADE]
        + history.ended[CallOutcome.CALLBACK_FAILED]
        + in_queue_or_later,
        "I8",
        "offered is not answered plus abandoned plus sent on plus those still here",
    )


# --- the record and the snapshot -----------------------------------------------------------


def written(state: State) -> bytes:
    """Returns the state as it would be written down."""
    return msgspec.msgpack.encode(state.snapshot())


def reread(state: State) -> State:
    """Returns the state as it would be after a restart: written down and read again."""
    return State.restored(msgspec.msgpack.decode(written(state), type=Snapshot))


def check_fold(state: State, folded: State) -> None:
    """I7: the events alone, folded by `apply_step`, give the very bytes of the live state."""
    expect(written(folded) == written(state), "I7", "the record does not give the live state")


def check_round_trip(state: State) -> None:
    """I5: a state that is written down and read again is the same, its order of waiting too."""
    again = reread(state)
    expect(written(again) == written(state), "I5", "a snapshot does not give the state")
    for queue in state.queues:
        for origin in {call.origin: None for call in state.calls.values()}:
            pool = (queue, origin)
            expect(
                again.index.callers.waiting(pool, state.now)
                == state.index.callers.waiting(pool, state.now),
                "I5",
                f"the order of {queue} did not survive",
            )
    expect(
        again.index.deadlines.next_due() == state.index.deadlines.next_due(),
        "I5",
        "a deadline did not survive",
    )
