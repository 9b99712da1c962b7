"""Which mistakes could somebody make in the engine?

Each function plants one, through a monkeypatch, and says by which invariants it must be caught (see
`test_planted_bugs.py`). They reach for the engine's private parts on purpose: that is where bugs
are made.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from openline.engine import (
    Agent,
    AgentState,
    AnyEvent,
    CallState,
    State,
    choice,
    engine,
    rings,
    routing,
)
from openline.engine import apply as applying
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine import state as surging_state
from openline.engine.apply import agents as applying_agents
from openline.engine.apply import calls
from openline.engine.decision import Decision
from openline.engine.decisions import (
    DECIDE,
    acts,
    agents,
    callback_offers,
    callbacks,
    callers,
    centre,
    consults,
    deadlines,
    endings,
    help,
    interflow,
    leaving,
    listening,
    menus,
    new_rules,
    on_call,
    opening,
    outside,
    overflow,
    parties,
    reviews,
    sending,
    skills,
    sound,
    supervision,
    transfers,
    wrap_up,
)
from openline.engine.decisions.acts import wrap_up as wrap_up_after
from openline.engine.due import Deadlines, Due
from openline.engine.idle import Idle
from openline.engine.index import Index
from openline.engine.mix import Hears
from openline.engine.parties import PartyKind
from openline.engine.transitions import AGENT_TRANSITIONS
from openline.engine.waiting import Callers
from openline.engine.work import AtWork
from openline.model import Duration, Instant, Origin, QueueKey, Reason

Plant = Callable[[pytest.MonkeyPatch], None]

PLANTED: dict[str, tuple[Plant, tuple[str, ...]]] = {}
"""By name: how it is planted, and the invariants of which one must catch it."""

_APPLY: dict[Any, Any] = applying.APPLY


def exchange(patch: pytest.MonkeyPatch, table: dict[Any, Any], key: object, new: object) -> None:
    """Puts another function into a table of the engine."""
    patch.setitem(table, key, new)


def caught_by(*invariants: str) -> Callable[[Plant], Plant]:
    """Enters a bug into the table."""

    def enter(plant: Plant) -> Plant:
        PLANTED[plant.__name__] = (plant, invariants)
        return plant

    return enter


@caught_by("I15")
def deadlines_come_a_moment_late(patch: pytest.MonkeyPatch) -> None:
    """Plants `<` where `<=` should stand: what is due now is done with the next input."""
    original = Deadlines.next_due

    def next_due(deadlines: Deadlines) -> tuple[Instant, int, int] | None:
        due = original(deadlines)
        return None if due is None else (Instant(due[0] + 1), due[1], due[2])

    patch.setattr(Deadlines, "next_due", next_due)


@caught_by("I3")
def an_offered_agent_stays_ready(patch: pytest.MonkeyPatch) -> None:
    exchange(patch, AGENT_TRANSITIONS[AgentState.READY], e.CallOffered, AgentState.READY)


@caught_by("I4")
def last_come_first_served(patch: pytest.MonkeyPatch) -> None:
    def first_waiting(callers: Callers, ring: Any) -> Any:
        waiting = [place for place in callers._waiting[ring] if callers._is_waiting(ring, place)]
        return max(waiting) if waiting else None

    patch.setattr(Callers, "first_waiting", first_waiting)


@caught_by("I17")
def a_missed_call_goes_to_the_end(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.OfferMissed]

    def offer_missed(state: State, event: e.OfferMissed) -> None:
        state.calls[event.call].waiting_since = state.now
        original(state, event)

    exchange(patch, _APPLY, e.OfferMissed, offer_missed)


@caught_by("I17")
def a_lost_agent_costs_the_caller_his_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deadlines, "queue_again", acts.enqueue)


def forgotten(patch: pytest.MonkeyPatch, which: int) -> None:
    """Lets one kind of deadline never come."""
    original = Deadlines.due

    def due(deadlines: Deadlines, at: Instant, kind: int, number: int) -> None:
        if kind != which:
            original(deadlines, at, kind, number)

    patch.setattr(Deadlines, "due", due)


@caught_by("I15")
def offers_never_expire(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.OFFER_EXPIRES)


@caught_by("I15")
def lost_callers_wait_for_ever(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.CALLER_GONE)


@caught_by("I15")
def greetings_last_for_ever(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.GreetingStarted]

    def greeting_started(state: State, event: e.GreetingStarted) -> None:
        original(state, event)
        state.calls[event.call].due_at = None

    exchange(patch, _APPLY, e.GreetingStarted, greeting_started)


@caught_by("I15")
def a_recording_lasts_for_ever(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.VoicemailStarted]

    def voicemail_started(state: State, event: e.VoicemailStarted) -> None:
        original(state, event)
        state.calls[event.call].due_at = None

    exchange(patch, _APPLY, e.VoicemailStarted, voicemail_started)


@caught_by("I26")
def hops_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallSent, lambda told: msgspec.structs.replace(told, hops=0))


@caught_by("I26")
def the_hop_limit_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    original = sending.send_to

    def send_to(d: Decision, call: Any, to: Any, reason: Reason) -> bool:
        settings = d.state.settings
        d.state.settings = msgspec.structs.replace(settings, hop_limit=1_000)
        went = original(d, call, to, reason)
        d.state.settings = settings
        return went

    patch.setattr(sending, "send_to", send_to)


@caught_by("I1")
def a_voice_message_is_not_heard_of(patch: pytest.MonkeyPatch) -> None:
    def retold(told: e.CallEnded) -> e.CallEnded:
        if told.outcome is not e.CallOutcome.VOICEMAIL_LEFT:
            return told
        return msgspec.structs.replace(told, outcome=e.CallOutcome.HEARD_MESSAGE)

    retell(patch, e.CallEnded, retold)


@caught_by("menu")
def a_menu_is_heard_for_ever(patch: pytest.MonkeyPatch) -> None:
    def fail(d: Decision, call: Any, menu: Any, reason: Reason) -> None:
        sending.start_menu(d, call, menu, call.attempt + 1, reason)

    patch.setattr(menus, "_fail", fail)


@caught_by("menu")
def any_digit_is_a_choice(patch: pytest.MonkeyPatch) -> None:
    original = menus._choose

    def fail(d: Decision, call: Any, menu: Any, reason: Reason) -> None:
        original(d, call, menu, msgspec.structs.replace(menu.choices[0], digit="9"))

    patch.setattr(menus, "_fail", fail)


@caught_by("I15")
def a_menu_waits_for_ever_for_a_digit(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.PromptHeard]

    def prompt_heard(state: State, event: e.PromptHeard) -> None:
        original(state, event)
        state.calls[event.call].due_at = None

    exchange(patch, _APPLY, e.PromptHeard, prompt_heard)


@caught_by("I20")
def silence_is_consent(patch: pytest.MonkeyPatch) -> None:
    original = menus.answer_consent

    def answer(d: Decision, call: Any, *, given: bool, reason: Reason) -> None:
        original(d, call, given=given or reason is Reason.NO_CHOICE, reason=reason)

    patch.setattr(menus, "answer_consent", answer)


@caught_by("I20")
def consent_is_asked_again_and_again(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.ConsentAnswered]

    def answered(state: State, event: e.ConsentAnswered) -> None:
        original(state, event)
        state.calls[event.call].consent = None

    exchange(patch, _APPLY, e.ConsentAnswered, answered)


@caught_by("I10")
def a_line_closes_a_change_too_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        opening,
        "is_open",
        lambda hours, now: hours.open_first != bool((bisect_left(hours.changes, now) + 1) % 2),
    )


@caught_by("closing")
def a_closed_line_stays_closed(patch: pytest.MonkeyPatch) -> None:
    exchange(patch, _APPLY, e.LineReopened, lambda state, event: None)


@caught_by("closing")
def one_closed_line_closes_all(patch: pytest.MonkeyPatch) -> None:
    def turned_away(state: State, line: Any, now: Instant) -> Any:
        if state.closed_lines and line.emergency is not None:
            return line.emergency, Reason.CLOSED_BY_SUPERVISOR
        return None

    patch.setattr(callers, "turned_away", turned_away)


@caught_by("I24", "overflow")
def a_surge_changes_only_half(patch: pytest.MonkeyPatch) -> None:
    original = surging_state.surging

    def surging(settings: Any, surge: Any) -> Any:
        return original(settings, msgspec.structs.replace(surge, queues=surge.queues[:1]))

    patch.setattr(surging_state, "surging", surging)


@caught_by("I24", "overflow", "interflow", "I18")
def a_surge_is_never_over(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.SurgeSwitched]

    def switched(state: State, event: e.SurgeSwitched) -> None:
        if event.surge is not None:
            original(state, event)

    exchange(patch, _APPLY, e.SurgeSwitched, switched)


@caught_by("topic")
def what_it_is_about_is_forgotten_in_the_queue(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallQueued, lambda told: msgspec.structs.replace(told, topic=None))


@caught_by("topic")
def the_chosen_language_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallEnded, lambda told: msgspec.structs.replace(told, language=None))


@caught_by("I2", "I19", "BugError")
def anybody_may_accept_any_offer(patch: pytest.MonkeyPatch) -> None:
    def accept(d: Decision, seen: i.AcceptRequested) -> None:
        offer = d.state.offers.get(seen.offer)
        if offer is None or d.state.agents.get(seen.agent) is None:
            return
        call = d.state.calls[offer.call]
        assert call.queue is not None
        assert call.queued_at is not None
        d.record(
            e.OfferAccepted(
                offer=offer.id,
                call=call.id,
                queue=call.queue,
                origin=call.origin,
                agent=seen.agent,
                waited=Duration(d.now - call.queued_at),
            )
        )

    for state in (AgentState.READY, AgentState.PAUSED, AgentState.WRAP_UP):
        exchange(patch, AGENT_TRANSITIONS[state], e.OfferAccepted, AgentState.TALKING)
    exchange(patch, DECIDE, i.AcceptRequested, accept)


@caught_by("I2", "I6")
def an_answered_call_can_be_offered_again(patch: pytest.MonkeyPatch) -> None:
    original = DECIDE[i.AcceptRequested]

    def accept(d: Decision, seen: i.AcceptRequested) -> None:
        before = d.state.next_offer
        original(d, seen)
        for event in list(d.events):
            if isinstance(event, e.OfferAccepted) and before == d.state.next_offer:
                call = d.state.calls[event.call]
                call.state, call.agent, call.answered_at = CallState.QUEUED, None, None
                acts.offer_call(d, call)

    exchange(patch, DECIDE, i.AcceptRequested, accept)


@caught_by("I3")
def lost_agents_are_rung(patch: pytest.MonkeyPatch) -> None:
    original = Idle.first_idle

    def first_idle(bench: Idle, queue: Any, origin: Origin, step: int) -> Agent | None:
        agents = [bench._agents_by_number[entry[2]] for entry in bench._idle[queue, origin, 0]]
        lost = (
            agent
            for agent in agents
            if agent.gone_at and agent.state is AgentState.READY and origin in agent.origins
        )
        return next(lost, None) or original(bench, queue, origin, step)

    patch.setattr(Idle, "first_idle", first_idle)


@caught_by("I15")
def nobody_looks_for_work(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(agents, "offer_to", lambda d, agent: None)


@caught_by("I15", "interflow")  # who was away past his maximum wait is sent on when he is back
def who_comes_back_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sound, "offer_call", lambda d, call: None)


@caught_by("I15")
def a_new_configuration_wakes_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(new_rules, "offer_to", lambda d, agent: None)


@caught_by("I15", "I4", "origin", "on-call")
def skills_are_learnt_only_once(patch: pytest.MonkeyPatch) -> None:
    original, find = Index.adopt, rings.reaches

    def adopt(index: Index, settings: Any, agents: Any) -> None:
        known = index.work._reaches
        steps = {queue.key: len(queue.overflow) for queue in settings.queues}

        def reaches(agent: Any, settings: Any) -> Any:
            found = known[agent.key] if agent.key in known else find(agent, settings)
            return (each for each in found if each[1] <= steps.get(each[0], -1))

        with pytest.MonkeyPatch.context() as forgetful:
            forgetful.setattr(rings, "reaches", reaches)
            original(index, settings, agents)

    patch.setattr(Index, "adopt", adopt)


@caught_by("I4")
def practice_goes_first(patch: pytest.MonkeyPatch) -> None:
    rank = routing.ORIGIN_RANK
    patch.setattr(routing, "ORIGIN_RANK", {origin: -place for origin, place in rank.items()})


@caught_by("origin", "fairness")
def an_agent_gets_calls_she_did_not_choose(patch: pytest.MonkeyPatch) -> None:

    def list_for_all(bench: Idle) -> None:
        for agent in filter(lambda one: one.is_idle, bench._unlisted):
            for origin in Origin:
                for _, idle, rank in bench._benches.get((agent.key, origin), ()):
                    order = 0 if rank is None else rank(agent)
                    idle.append((order, agent.idle_since, agent.number))
        bench._unlisted.clear()

    def first_idle(bench: Idle, queue: Any, origin: Origin, step: int) -> Agent | None:
        bench._list()
        for reach in range(step + 1):
            idle = [entry for entry in bench._idle[queue, origin, reach] if bench._is_idle(entry)]
            if idle:
                return bench._agents_by_number[min(idle)[2]]
        return None

    patch.setattr(Idle, "_list", list_for_all)
    patch.setattr(Idle, "first_idle", first_idle)


@caught_by("fairness", "I15")
def the_newest_idle_agent_is_rung(patch: pytest.MonkeyPatch) -> None:

    def first_idle(bench: Idle, queue: Any, origin: Origin, step: int) -> Agent | None:
        bench._list()
        idle = [entry for entry in bench._idle[queue, origin, 0] if bench._is_idle(entry)]
        able = [bench._agents_by_number[number] for _, _, number in sorted(idle)]
        able = [agent for agent in able if origin in agent.origins]
        return able[-1] if able else None

    patch.setattr(Idle, "first_idle", first_idle)


@caught_by("I7")
def a_decision_changes_the_state_itself(patch: pytest.MonkeyPatch) -> None:
    """Plants a change that no event tells of."""
    original = DECIDE[i.HoldRequested]

    def hold(d: Decision, seen: i.HoldRequested) -> None:
        original(d, seen)
        agent = d.state.agents.get(seen.agent)
        if agent is not None:
            agent.since = Instant(d.now - 1)

    exchange(patch, DECIDE, i.HoldRequested, hold)


@caught_by("I5", "I3")
def a_snapshot_forgets_a_counter(patch: pytest.MonkeyPatch) -> None:
    original = State.snapshot

    def snapshot(state: State) -> Any:
        whole = original(state)
        whole.next_offer = 1
        return whole

    patch.setattr(State, "snapshot", snapshot)


@caught_by("I5")
def a_restored_state_forgets_who_waits(patch: pytest.MonkeyPatch) -> None:
    original = State.restored

    def restored(snapshot: Any) -> State:
        state = original(snapshot)
        for heap in state.index.callers._waiting.values():
            heap.clear()
        return state

    patch.setattr(State, "restored", restored)


@caught_by("I9")
def talk_runs_backwards(patch: pytest.MonkeyPatch) -> None:
    original = acts.talk_so_far

    def talk_so_far(call: Any, now: Instant) -> tuple[Duration, Duration]:
        talked, held = original(call, now)
        return Duration(-talked), held

    patch.setattr(endings, "talk_so_far", talk_so_far)


@caught_by("I9")
def hold_is_counted_twice(patch: pytest.MonkeyPatch) -> None:
    original = calls.held_so_far
    twice = lambda call, now: Duration(2 * original(call, now))  # noqa: E731
    patch.setattr(calls, "held_so_far", twice)


@caught_by("I1", "I2", "I6", "BugError")
def an_ended_call_stays(patch: pytest.MonkeyPatch) -> None:
    exchange(patch, _APPLY, e.CallEnded, lambda state, event: None)


@caught_by("I11")
def a_leg_may_call_twice(patch: pytest.MonkeyPatch) -> None:
    original = callers.leg_arrived

    def leg_arrived(d: Decision, seen: i.LegArrived) -> None:
        known = d.state.calls_by_leg.pop(seen.leg, None)
        original(d, seen)
        if known is not None:
            d.state.calls_by_leg.setdefault(seen.leg, known)

    exchange(patch, DECIDE, i.LegArrived, leg_arrived)


@caught_by("I28")
def who_signs_out_strands_her_caller(patch: pytest.MonkeyPatch) -> None:
    def sign_out(d: Decision, seen: i.SignOutRequested) -> None:
        agent = d.state.agents.get(seen.agent)
        if agent is not None and agent.state is AgentState.OFFERED:
            d.record(e.AgentSignedOut(agent=agent.key, reason=Reason.ASKED))

    table = AGENT_TRANSITIONS[AgentState.OFFERED]
    exchange(patch, table, e.AgentSignedOut, AgentState.SIGNED_OUT)
    exchange(patch, DECIDE, i.SignOutRequested, sign_out)


@caught_by("I15", "I4", "interflow")
def a_returned_offer_is_not_passed_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deadlines, "offer_call", lambda d, call: None)


@caught_by("I17")
def offers_are_missed_while_the_program_was_away(patch: pytest.MonkeyPatch) -> None:
    original = DECIDE[i.CentreStarted]

    def centre_started(d: Decision, seen: i.CentreStarted) -> None:
        offers = dict(d.state.offers)
        d.state.offers.clear()
        original(d, seen)
        d.state.offers.update(offers)

    exchange(patch, DECIDE, i.CentreStarted, centre_started)


@caught_by("I11")
def late_sound_reports_are_believed(patch: pytest.MonkeyPatch) -> None:
    def sound_connected(d: Decision, seen: i.SoundConnected) -> None:
        call = d.state.calls_by_leg.get(seen.leg)
        if call is not None and call.agent is not None:
            d.record(e.SoundConfirmed(call=call.id, session=seen.session, leg=seen.leg))

    exchange(patch, DECIDE, i.SoundConnected, sound_connected)


@caught_by("I11")
def sound_lost_is_answered_twice(patch: pytest.MonkeyPatch) -> None:
    def sound_lost(d: Decision, seen: i.SoundLost) -> None:
        call = d.state.calls_by_leg.get(seen.leg)
        if call is not None and call.agent is not None:
            acts.connect(d, call, d.state.agents[call.agent], Reason.SOUND_LOST)

    exchange(patch, DECIDE, i.SoundLost, sound_lost)


@caught_by("I17")
def a_call_counts_a_queue_entry_too_few(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.CallQueued]

    def call_queued(state: State, event: e.CallQueued) -> None:
        original(state, event)
        state.calls[event.call].entry = 0

    exchange(patch, _APPLY, e.CallQueued, call_queued)


def retell(
    patch: pytest.MonkeyPatch, kind: type[AnyEvent], retold: Callable[[Any], AnyEvent]
) -> None:
    """Records one kind of event otherwise than it was."""
    original = Decision.record

    def record(d: Decision, event: AnyEvent) -> None:
        original(d, retold(event) if type(event) is kind else event)

    patch.setattr(Decision, "record", record)


@caught_by("I8")
def every_queue_entry_is_the_first(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallQueued, lambda told: msgspec.structs.replace(told, entry=1))


@caught_by("I6")
def a_new_sound_session_keeps_the_old_number(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.SoundSessionStarted, lambda told: msgspec.structs.replace(told, session=1))


@caught_by("medium")
def who_wants_to_type_is_still_spoken_with(patch: pytest.MonkeyPatch) -> None:
    exchange(patch, _APPLY, e.MediumChanged, lambda state, event: None)


@caught_by("medium")
def who_wants_to_type_stays_in_the_session_of_sound(patch: pytest.MonkeyPatch) -> None:
    def medium_chosen(d: Decision, seen: i.MediumChosen) -> None:
        call = d.state.calls_by_leg.get(seen.leg)
        if call is None or call.medium is seen.medium or call.state is CallState.DIALLING:
            d.pass_over(seen, Reason.NOTHING_TO_DO)
        else:
            d.record(e.MediumChanged(call=call.id, medium=seen.medium))

    exchange(patch, DECIDE, i.MediumChosen, medium_chosen)


@caught_by("I1")
def who_gave_up_counts_as_never_queued(patch: pytest.MonkeyPatch) -> None:
    def retold(told: e.CallEnded) -> e.CallEnded:
        if told.outcome is not e.CallOutcome.ABANDONED:
            return told
        return msgspec.structs.replace(told, outcome=e.CallOutcome.LEFT_BEFORE_QUEUE)

    retell(patch, e.CallEnded, retold)


@caught_by("I9")
def the_wait_counts_from_the_offer(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.OfferAccepted, lambda told: msgspec.structs.replace(told, waited=Duration(0)))


@caught_by("I24")
def a_configuration_may_drop_who_is_at_work(patch: pytest.MonkeyPatch) -> None:
    original = centre._in_use

    def in_use(state: State, settings: Any) -> bool:
        agents = state.agents
        state.agents = {}
        is_used = original(state, settings)
        state.agents = agents
        return is_used

    patch.setattr(centre, "_in_use", in_use)


@caught_by("forced", "I25", "I23")
def a_supervisor_cuts_a_talk(patch: pytest.MonkeyPatch) -> None:
    def state_forced(d: Decision, seen: i.StateForced) -> None:
        agent = d.state.agents.get(seen.agent)
        if agent is not None and agent.state is AgentState.TALKING and agent.call is not None:
            call = d.state.calls[agent.call]
            acts.enqueue(d, call, Reason.AGENT_LOST, call.waiting_since)
            d.record(e.AgentPaused(agent=agent.key, reason=Reason.FORCED, by=seen.by))

    exchange(patch, DECIDE, i.StateForced, state_forced)


@caught_by("skills")
def nobody_says_who_gave_her_the_skill(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.CallOffered, lambda told: msgspec.structs.replace(told, by=None))


@caught_by("I5", "origin", "fairness", "I4", "I15", "I16", "on-call", "overflow", "skills", "share")
def changed_skills_count_from_the_next_restart_on(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.AgentSkillsChanged]

    def changed(state: State, event: e.AgentSkillsChanged) -> None:
        patch.setattr(applying_agents, "adopt_anew", lambda state, settings: None)
        original(state, event)

    exchange(patch, _APPLY, e.AgentSkillsChanged, changed)


@caught_by("taken")
def who_takes_a_call_takes_the_last(patch: pytest.MonkeyPatch) -> None:
    original = Callers.waiting
    first = skills._first

    def last(d: Decision, agent: Agent, queue: QueueKey) -> Any:
        patch.setattr(Callers, "waiting", lambda *asked: original(*asked)[::-1])
        try:
            return first(d, agent, queue)
        finally:
            patch.setattr(Callers, "waiting", original)

    patch.setattr(skills, "_first", last)


@caught_by("help")
def anybody_may_call_off_who_was_to_come(patch: pytest.MonkeyPatch) -> None:
    original = help._refusal

    def refusal(seen: i.HelpTakeRequested, agent: Agent | None) -> Reason | None:
        why = original(seen, agent)
        return None if why is Reason.HELP_IS_TAKEN else why

    patch.setattr(help, "_refusal", refusal)


@caught_by("help")
def a_hand_outlives_the_work_on_the_call(patch: pytest.MonkeyPatch) -> None:
    original = applying_agents._clear_work

    def clear_work(state: State, agent: Agent) -> None:
        since, by = agent.help_since, agent.help_by
        original(state, agent)
        agent.help_since, agent.help_by = since, by

    patch.setattr(applying_agents, "_clear_work", clear_work)


@caught_by("help")
def a_hand_is_raised_with_no_call(patch: pytest.MonkeyPatch) -> None:
    def help_requested(d: Decision, seen: i.HelpRequested) -> None:
        agent = d.state.agents.get(seen.agent)
        if agent is not None and agent.help_since is None:
            d.record(e.HelpAsked(agent=agent.key))

    exchange(patch, DECIDE, i.HelpRequested, help_requested)


@caught_by("transfer")
def who_was_transferred_waits_like_anybody(patch: pytest.MonkeyPatch) -> None:
    original = acts.put_into

    def put_into(d: Any, call: Any, queue: Any, priority: int, *rest: Any) -> None:
        original(d, call, queue, queue.priority, *rest)

    patch.setattr(transfers, "put_into", put_into)


@caught_by("I17")
def who_was_transferred_waits_anew(patch: pytest.MonkeyPatch) -> None:
    original = acts.put_into
    patch.setattr(
        transfers,
        "put_into",
        lambda d, call, queue, priority, reason, *_: original(d, call, queue, priority, reason),
    )


@caught_by("I19")
def a_transferred_call_is_never_queued(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transfers, "put_into", lambda *_: None)
    patch.setattr(transfers, "offer", lambda *_: None)


@caught_by("I2")
def who_transferred_stays_in_the_call(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transfers, "wrap_up", lambda *_: None)


@caught_by("I25")
def who_is_consulted_is_forgotten_when_the_call_ends(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(endings, "dismiss", lambda *_: ())


@caught_by("I2")
def who_gives_her_call_after_consulting_stays_in_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consults, "wrap_up", lambda *_: None)


@caught_by("I19")
def the_caller_hears_nothing_while_his_agent_consults(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(consults, "mix", lambda *_, **__: None)


@caught_by("I2", "I25", "I3")
def two_colleagues_are_asked_about_one_call(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.PartyAsked]

    def consult_offered(state: State, event: e.PartyAsked) -> None:
        original(state, event)
        call = state.calls[event.call]
        call.parties = (*call.parties, call.parties[-1])

    exchange(patch, _APPLY, e.PartyAsked, consult_offered)


@caught_by("I25")
def thirds_are_forgotten_when_the_call_ends(patch: pytest.MonkeyPatch) -> None:
    original = parties.dismiss

    def dismiss(d: Decision, call: Any, reason: Reason) -> tuple[Any, ...]:
        return original(d, call, reason, kind=PartyKind.CONSULTED)

    patch.setattr(endings, "dismiss", dismiss)


@caught_by("I19")
def who_joins_hears_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parties, "mix", lambda *_, **__: None)


@caught_by("outside")
def anybody_outside_is_dialled_from_any_line(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parties, "may_be_connected", lambda call, outside: True)


@caught_by("outside")
def everybody_outside_is_shown_who_calls(patch: pytest.MonkeyPatch) -> None:
    retell(patch, e.OutsideDialled, lambda told: msgspec.structs.replace(told, passes_number=True))


@caught_by("I19")
def whom_nobody_outside_answers_is_left_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leaving, "_go_on_outside", lambda *_: None)


@caught_by("I2")
def who_gave_her_call_outside_stays_in_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outside, "wrap_up", lambda *_: None)


@caught_by("I15", "BugError")
def it_rings_outside_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(callbacks, "rung_long_enough", lambda *_: None)


@caught_by("review")
def who_passed_a_number_on_looks_at_it_herself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reviews, "_refusal", lambda d, found, by: None)


@caught_by("review")
def nobody_looks_at_a_number_passed_on(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.OutsideDialled]

    def dialled(state: State, event: e.OutsideDialled) -> None:
        original(state, event)
        state.hand_overs.clear()

    exchange(patch, _APPLY, e.OutsideDialled, dialled)


@caught_by("I23")
def any_line_is_listened_to(patch: pytest.MonkeyPatch) -> None:
    original = listening._refusal

    def refusal(d: Decision, supervisor: Agent, call: Any) -> Reason | None:
        found = original(d, supervisor, call)
        return None if found is Reason.NOT_HEARD_HERE and supervisor.is_idle else found

    patch.setattr(listening, "_refusal", refusal)


@caught_by("I23")
def sound_flows_before_it_is_on_record(patch: pytest.MonkeyPatch) -> None:
    def listen(d: Decision, seen: i.ListenRequested) -> None:
        supervisor, agent = d.state.agents.get(seen.by), d.state.agents.get(seen.agent)
        call = None if agent is None else acts.work_of(d, agent)
        if call is None or supervisor is None or supervisor.leg is None or supervisor.call:
            return
        heard = Hears(leg=supervisor.leg, others=(call.leg,))
        d.order(
            c.MixCall(
                id=d.command_id(),
                leg=call.leg,
                call=call.id,
                session=call.session,
                hears=(heard,),
                music="music",
                reason=Reason.LISTENING,
            )
        )

    exchange(patch, DECIDE, i.ListenRequested, listen)


@caught_by("I3", "origin", "BugError")
def a_call_is_transferred_to_somebody_busy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parties, "may_be_rung", lambda call, agent: agent.leg is not None)


@caught_by("forced")
def what_was_forced_is_forgotten_after_the_call(patch: pytest.MonkeyPatch) -> None:
    def follow_force(d: Decision, agent: Agent) -> None:
        d.record(e.AgentReady(agent=agent.key, reason=Reason.WRAP_UP_DONE))
        acts.offer_to(d, agent)

    patch.setattr(wrap_up, "follow_force", follow_force)


@caught_by("forced")
def who_types_is_made_ready_at_the_limit(patch: pytest.MonkeyPatch) -> None:
    def limit(d: Decision, number: int) -> None:
        agent = d.state.index.agent_by_number(number)
        d.record(e.AgentReady(agent=agent.key, reason=Reason.WRAP_UP_DONE))
        acts.offer_to(d, agent)

    exchange(patch, deadlines.DUE, Due.WRAP_UP_LIMIT, limit)


@caught_by("I8")
def who_goes_home_leaves_her_wrap_up_untold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(agents, "sign_out", _only_signed_out)


@caught_by("I8")
def who_is_sent_home_leaves_her_wrap_up_untold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(supervision, "sign_out", _only_signed_out)


def _only_signed_out(d: Decision, agent: Agent, reason: Reason, by: Any = None) -> None:
    d.record(e.AgentSignedOut(agent=agent.key, reason=reason, by=by))


@caught_by("recovery")
def a_supervisor_cuts_a_recovery_break(patch: pytest.MonkeyPatch) -> None:
    original = supervision._refusal

    def refusal(d: Decision, seen: i.StateForced, agent: Agent | None) -> Reason | None:
        why = original(d, seen, agent)
        return None if why is Reason.IN_RECOVERY else why

    patch.setattr(supervision, "_refusal", refusal)


@caught_by("on-call")
def nobody_at_home_is_rung(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "watch_queues", lambda d: None)


@caught_by("on-call")
def the_on_call_list_is_rung_again_and_again(patch: pytest.MonkeyPatch) -> None:
    original = on_call.watch_queues

    def watch_queues(d: Decision) -> None:
        original(d)
        for unstaffed in list(d.state.unstaffed.values()):
            on_call.on_call_due(d, unstaffed.queue)

    patch.setattr(engine, "watch_queues", watch_queues)


@caught_by("on-call")
def who_recovers_is_rung_at_home(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(on_call, "_may_be_rung", lambda state, key: key in state.agents)


@caught_by("I16")
def a_ceiling_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Callers, "past_ceiling", lambda index, ring, now: None)


@caught_by("I4")
def waiting_counts_for_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Callers, "level", lambda index, place, queue, now: 0)


@caught_by("fairness")
def the_least_skilled_is_rung(patch: pytest.MonkeyPatch) -> None:
    original = choice._by_skill

    def by_skill(queue: Any, settings: Any) -> Callable[[Agent], int]:
        best = original(queue, settings)
        return lambda agent: -best(agent)

    patch.setattr(choice, "_by_skill", by_skill)


@caught_by("fairness")
def the_work_of_the_day_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(choice, "occupancy", lambda agent: 0)


@caught_by("fairness")
def who_worked_most_is_asked_first(patch: pytest.MonkeyPatch) -> None:
    original = choice.occupancy
    patch.setattr(choice, "occupancy", lambda agent: -original(agent))


@caught_by("I15", "overflow")
def nobody_overflows(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.OVERFLOW)


@caught_by("I15", "I4")
def who_has_waited_is_offered_to_the_same_people(patch: pytest.MonkeyPatch) -> None:
    original = rings.reaches
    patch.setattr(rings, "reaches", lambda *known: (r for r in original(*known) if r[1] == 0))


@caught_by("origin")
def everybody_is_asked_at_once(patch: pytest.MonkeyPatch) -> None:
    original = rings.reaches
    patch.setattr(rings, "reaches", lambda *known: ((queue, 0) for queue, _ in original(*known)))


@caught_by("I17", "I5", "overflow", "BugError")
def who_overflows_goes_to_the_end(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.CallWidened]

    def call_widened(state: State, event: e.CallWidened) -> None:
        state.calls[event.call].waiting_since = state.now
        original(state, event)

    exchange(patch, _APPLY, e.CallWidened, call_widened)


@caught_by("fairness")
def helpers_from_elsewhere_are_rung_first(patch: pytest.MonkeyPatch) -> None:
    original = Idle.first_idle

    def first_idle(bench: Idle, queue: Any, origin: Origin, step: int) -> Agent | None:
        bench._list()
        for reach in range(step, -1, -1):
            idle = [entry for entry in bench._idle[queue, origin, reach] if bench._is_idle(entry)]
            able = [bench._agents_by_number[number] for _, _, number in sorted(idle)]
            able = [agent for agent in able if origin in agent.origins]
            if able and reach:
                return able[0]
        return original(bench, queue, origin, step)

    patch.setattr(Idle, "first_idle", first_idle)


@caught_by("interflow")
def a_surge_forgets_who_waits_for_too_long(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interflow, "reckon_anew", lambda d, reason: None)


@caught_by("overflow")
def a_surge_forgets_who_overflows(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(overflow, "reckon_anew", lambda d, reason: None)


@caught_by("I18")
def a_surge_offers_callbacks_as_before(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(callback_offers, "reckon_anew", lambda d: None)


@caught_by("I15", "interflow")
def the_maximum_wait_never_comes(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.MAXIMUM_WAIT)


@caught_by("interflow", "I15")
def who_rang_in_vain_past_the_maximum_stays(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(acts, "may_leave", lambda d, call: None)


@caught_by("interflow")
def who_finds_colleagues_busy_is_sent_away(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AtWork, "is_staffed", lambda index, pool: False)


@caught_by("I17", "I5")
def who_is_sent_on_loses_his_place(patch: pytest.MonkeyPatch) -> None:
    original = sending.send_to

    def send_to(d: Decision, call: Any, to: Any, reason: Reason, *, keeps_place: bool) -> bool:
        return original(d, call, to, reason, keeps_place=False)

    patch.setattr(interflow, "send_to", send_to)


@caught_by("announced")
def everybody_is_told_to_be_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Callers, "place_of", lambda index, call: 1)


@caught_by("announced", "BugError")
def who_hung_up_keeps_his_place_in_the_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Callers, "leaves_line", lambda index, call: None)


@caught_by("I15")
def who_waits_is_told_but_once(patch: pytest.MonkeyPatch) -> None:
    forgotten(patch, Due.ANNOUNCEMENT)


@caught_by("I1", "I18", "BugError")
def a_call_lost_with_the_telephony_counts_as_a_callback(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(callers._BECAUSE, i.HangUp.TELEPHONY_LOST, Reason.CALLBACK_ASKED)


@caught_by("I2", "I15", "I25", "BugError")
def an_agent_whose_caller_left_while_away_is_not_set_free(patch: pytest.MonkeyPatch) -> None:
    original = wrap_up_after

    def wrap_up_unless(d: Decision, call: Any, agent: Agent, reason: Reason) -> None:
        if reason is not Reason.LEFT_WHILE_AWAY:
            original(d, call, agent, reason)

    patch.setattr(endings, "wrap_up", wrap_up_unless)
