"""From the record to tallies: the one place where events become counts.

Feed it every event in order, with the instant of its step. It books by cell (line, queue, origin)
on the tallies that its `books` hand out: of an interval and a day for the screens, of a slice of a
report (see `books`).

Where things are booked:

1. A queue entry, and all that becomes of it (answer, abandon, its offers, its conversation and
   wrap-up), belongs to the interval and day in which the entry began. So an interval goes on
   changing until its last call is over, and its sums always agree with each other (see `tally`).
2. An arrival belongs to the interval in which the call reached the line, under the queue to which
   the line leads at that moment; and so does how that call ended, whatever it met on its way.
3. A call whose agent was lost enters its queue again, and one that is transferred enters its new
   one. That is a second entry: offered again, and answered or abandoned again. The first entry
   stays answered, for it was. The wait of the second begins when it queues again, although the
   caller has his old place back.
4. A call of which the fold did not see the beginning belongs to an interval it does not have, and
   is passed over. So a fold that begins somewhere shows nothing wrong, only less.
5. An entry that was left for a callback is still one entry: whatever becomes of the callback is
   booked on it (see `promises`). The attempts to call back are no entries of their own.
6. An entry that its queue sends to a number outside goes on while it rings there. It flows out
   when somebody answers; if nobody does the call is at its place again, in the same entry, so that
   neither its wait nor the queue's figures begin anew.
7. A conversation is booked as handled (talk, hold and wrap-up at once) when its wrap-up is over,
   in whatever way: the mean handle time is then never made of halves.

Cost per event: O(1).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from openline.engine import events as e
from openline.engine.parties import PartyKind
from openline.measures.books import Cell
from openline.measures.estimate import RecentTimes
from openline.measures.promises import PromisedEntry, Promises
from openline.measures.talk import Talk
from openline.measures.tally import Tally
from openline.measures.waits import step_of
from openline.model import (
    SECOND,
    AgentKey,
    CallId,
    Duration,
    Instant,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openline.engine.settings import Settings
    from openline.measures.books import Books

SHORT_ABANDON = Duration(5 * SECOND)
"""Where a queue sets no limit of its own. Our choice; no source gives a better one."""
NO_LIMITS: Mapping[QueueKey, Duration] = MappingProxyType({})


ENDINGS: Mapping[e.CallOutcome, str] = MappingProxyType(
    {
        e.CallOutcome.LEFT_BEFORE_QUEUE: "left_before_queue",
        e.CallOutcome.LEFT_IN_MENU: "left_in_menu",
        e.CallOutcome.HEARD_CLOSED: "heard_closed",
        e.CallOutcome.HEARD_MESSAGE: "heard_message",
        e.CallOutcome.VOICEMAIL_LEFT: "voicemail_left",
        e.CallOutcome.ANSWERED: "arrived_answered",
        e.CallOutcome.ANSWERED_OUTSIDE: "arrived_answered_outside",
        e.CallOutcome.ABANDONED: "arrived_abandoned",
        e.CallOutcome.LEFT_FOR_CALLBACK: "arrived_for_callback",
    }
)
"""Under which name a call that arrived is counted when it is over: each under exactly one."""


class _Entry(msgspec.Struct, kw_only=True):
    """Is a queue entry that waits."""

    books: tuple[Tally, ...]
    queue: QueueKey
    origin: Origin
    began: Instant


class _Conversation(msgspec.Struct, kw_only=True):
    """Is a conversation, up to the end of its wrap-up."""

    books: tuple[Tally, ...]
    recent: RecentTimes
    time: Talk
    is_further: bool = False
    """Whether it is a second agent's part of a conversation that is counted already."""


class Fold:
    """Keeps the tallies of one centre up to date, event by event."""

    def __init__(
        self,
        *,
        settings: Settings,
        targets: Mapping[QueueKey, Duration],
        books: Books,
        short_abandons: Mapping[QueueKey, Duration] = NO_LIMITS,
    ) -> None:
        """Begins with empty sums.

        `settings` say where lines lead until the first `ConfigurationAdopted`. `targets` are the
        service level thresholds; in a queue without one nothing is ever in target, so leave such
        queues out of a service level. `short_abandons` are the limits of queues that have their
        own.
        """
        self.targets = targets
        self.short_abandons = short_abandons
        self._books = books
        self._queue_of_line: dict[LineKey, QueueKey] = {}
        self._recent: dict[tuple[QueueKey, Origin], RecentTimes] = {}
        self._here: dict[CallId, tuple[Tally, ...]] = {}
        """Who arrived and is not over, with the tallies of the arrival."""
        self._waiting: dict[CallId, _Entry] = {}
        self._promises = Promises(self._in_target)
        self._talking: dict[CallId, _Conversation] = {}
        self._at_work: dict[AgentKey, _Conversation] = {}
        self._adopt(settings)

    # --- what is known ---------------------------------------------------------------------

    @property
    def is_settled(self) -> bool:
        """Whether nothing can change any more but by new calls: all that was booked is over."""
        is_over = not (self._here or self._waiting or self._talking or self._at_work)
        return is_over and self._promises.is_settled

    def recent_handle_time(self, queue: QueueKey, origin: Origin) -> Duration | None:
        """Returns the mean of the last handle times, or None where too few calls ended."""
        recent = self._recent.get((queue, origin))
        return None if recent is None else recent.mean()

    # --- what happens ----------------------------------------------------------------------

    def notice(self, at: Instant, event: e.AnyEvent) -> None:
        """Books one event of the step at `at`. Events that no figure is made of are passed over."""
        book = _BOOK.get(type(event))
        if book is not None:
            book(self, at, event)

    def _adopt(self, settings: Settings) -> None:
        self._queue_of_line = {line.key: line.queue for line in settings.lines}

    def _adopted(self, at: Instant, event: e.ConfigurationAdopted) -> None:
        self._adopt(event.settings)

    def _arrived(self, at: Instant, event: e.CallArrived) -> None:
        cell = Cell(event.line, self._queue_of_line.get(event.line), event.origin)
        books = self._books.at(at, cell)
        if books:
            self._here[event.call] = books
        for tally in books:
            tally.arrived += 1

    def _sent(self, at: Instant, event: e.CallSent) -> None:
        self._flowed_out(event.call)

    def _flowed_out(self, call: CallId) -> None:
        left = self._waiting.pop(call, None)
        if left is not None:
            for tally in left.books:
                tally.flowed_out += 1

    def _answered_outside(self, at: Instant, event: e.OutsideAnswered) -> None:
        """Ends the entry of a call that its queue sent outside; up to here it went on waiting."""
        left = self._waiting.get(event.call)
        if left is None:
            return
        in_target = self._in_target(left.queue, Duration(at - left.began))
        for tally in left.books:
            tally.answered_outside += 1
            tally.answered_outside_in_target += in_target
        self._flowed_out(event.call)

    def _queued(self, at: Instant, event: e.CallQueued) -> None:
        self._flowed_out(event.call)
        cut_off = self._talking.pop(event.call, None)
        if cut_off is not None:
            cut_off.time.end(at)
        books = self._books.at(at, Cell(event.line, event.queue, event.origin))
        if books:
            self._waiting[event.call] = _Entry(
                books=books, queue=event.queue, origin=event.origin, began=at
            )
        for tally in books:
            tally.offered += 1

    def _offered(self, at: Instant, event: e.CallOffered) -> None:
        entry = self._waiting.get(event.call)
        if entry is not None:
            for tally in entry.books:
                tally.offers += 1

    def _accepted(self, at: Instant, event: e.OfferAccepted) -> None:
        entry = self._waiting.pop(event.call, None)
        if entry is None:
            return
        waited = Duration(at - entry.began)
        in_target = self._in_target(entry.queue, waited)
        for tally in entry.books:
            tally.answered += 1
            tally.answered_in_target += in_target
            tally.wait_of_answered = Duration(tally.wait_of_answered + waited)
            tally.longest_wait = max(tally.longest_wait, waited)
            if self._books.keeps_waits:
                step = step_of(waited)
                tally.waits[step] = tally.waits.get(step, 0) + 1
        self._talks(at, event, entry.books, entry.queue, entry.origin)

    def _reached(self, at: Instant, event: e.CallbackReached) -> None:
        books = self._promises.reached(at, event)
        if books:
            self._talks(at, event, books, event.queue, event.origin)

    def _talks(
        self,
        at: Instant,
        event: e.OfferAccepted | e.CallbackReached,
        books: tuple[Tally, ...],
        queue: QueueKey,
        origin: Origin,
    ) -> None:
        talk = _Conversation(
            books=books,
            recent=self._recent.setdefault((queue, origin), RecentTimes()),
            time=Talk(answered_at=at),
        )
        self._talking[event.call] = talk
        self._at_work[event.agent] = talk

    def _offer_failed(
        self, at: Instant, event: e.OfferMissed | e.OfferDeclined | e.OfferWithdrawn
    ) -> None:
        entry = self._waiting.get(event.call)
        if entry is None:
            return
        for tally in entry.books:
            match event:
                case e.OfferMissed():
                    tally.offers_missed += 1
                case e.OfferDeclined():
                    tally.offers_declined += 1
                case e.OfferWithdrawn(reason=Reason.CALLER_LEFT):
                    tally.offers_caller_left += 1
                case e.OfferWithdrawn():
                    tally.offers_agent_gone += 1

    def _parked(self, at: Instant, event: e.CallHeld | e.CallResumed) -> None:
        talk = self._talking.get(event.call)
        if talk is not None and isinstance(event, e.CallHeld):
            talk.time.hold(at)
        elif talk is not None:
            talk.time.take_back(at)

    def _handed_on(self, at: Instant, event: e.CallTransferred | e.CallGivenOutside) -> None:
        talk = self._talking.get(event.call)
        if talk is None:
            return
        is_outside = isinstance(event, e.CallGivenOutside)
        is_asked = event.reason is Reason.TRANSFERRED_AFTER_CONSULT
        for tally in talk.books:
            tally.transferred_outside += is_outside
            tally.transferred += event.reason is Reason.TRANSFERRED and not is_outside
            tally.transferred_after_consult += is_asked and not is_outside
        if isinstance(event, e.CallGivenOutside):
            if event.party is not None:
                _book_consult(talk.books, event.consulted)
            self._talking.pop(event.call).time.end(at)
        elif event.taken_by is not None:
            _book_consult(talk.books, event.consulted)
            talk.time.end(at)
            further = _Conversation(
                books=talk.books, recent=talk.recent, time=Talk(answered_at=at), is_further=True
            )
            self._talking[event.call] = further
            self._at_work[event.taken_by] = further

    def _party_left(self, at: Instant, event: e.PartyLeft | e.OutsideLeft) -> None:
        talk = self._talking.get(event.call)
        if talk is not None and event.kind is PartyKind.CONSULTED:
            _book_consult(talk.books, event.took)

    def _ended(self, at: Instant, event: e.CallEnded) -> None:
        arrival = self._here.pop(event.call, None)
        if arrival is not None:
            name = ENDINGS[event.outcome]
            for tally in arrival:
                setattr(tally, name, getattr(tally, name) + 1)
        talk = self._talking.pop(event.call, None)
        if talk is not None:
            talk.time.end(at)
        entry = self._waiting.pop(event.call, None)
        if event.outcome is e.CallOutcome.LEFT_FOR_CALLBACK:
            left = None
            if entry is not None:
                left = PromisedEntry(books=entry.books, queue=entry.queue, began=entry.began)
            self._promises.left(event.call, left)
        elif entry is not None:
            waited = Duration(at - entry.began)
            in_target = self._in_target(entry.queue, waited)
            short = waited < self.short_abandons.get(entry.queue, SHORT_ABANDON)
            for tally in entry.books:
                tally.abandoned += 1
                tally.abandoned_in_target += in_target
                tally.short_abandoned += short
                tally.wait_of_abandoned = Duration(tally.wait_of_abandoned + waited)

    def _work_over(
        self,
        at: Instant,
        event: e.WrapUpFinished | e.AgentReady | e.AgentPaused | e.AgentSignedOut,
    ) -> None:
        work = self._at_work.pop(event.agent, None)
        if work is None:
            return
        time = work.time
        time.end(at)
        wrap_up = Duration(0 if time.ended_at is None else at - time.ended_at)
        for tally in work.books:
            tally.handled += not work.is_further
            tally.talk = Duration(tally.talk + time.talked)
            tally.hold = Duration(tally.hold + time.held)
            tally.wrap_up = Duration(tally.wrap_up + wrap_up)
        work.recent.add(Duration(time.talked + time.held + wrap_up))

    def _asked(self, at: Instant, event: e.CallbackPromised | e.CallbackJoined) -> None:
        self._promises.asked(event)

    def _dialled(self, at: Instant, event: e.CallbackDialled) -> None:
        self._promises.dialled(event)

    def _callback_ended(self, at: Instant, event: e.CallbackEnded) -> None:
        self._promises.ended(event)

    def _in_target(self, queue: QueueKey, waited: Duration) -> bool:
        target = self.targets.get(queue)
        return target is not None and waited <= target


_BOOK: Mapping[type[e.Event], Callable[[Fold, Instant, Any], None]] = {
    e.CallArrived: Fold._arrived,
    e.CallSent: Fold._sent,
    e.OutsideAnswered: Fold._answered_outside,
    e.CallQueued: Fold._queued,
    e.CallOffered: Fold._offered,
    e.OfferAccepted: Fold._accepted,
    e.OfferMissed: Fold._offer_failed,
    e.OfferDeclined: Fold._offer_failed,
    e.OfferWithdrawn: Fold._offer_failed,
    e.CallHeld: Fold._parked,
    e.CallResumed: Fold._parked,
    e.CallTransferred: Fold._handed_on,
    e.CallGivenOutside: Fold._handed_on,
    e.PartyLeft: Fold._party_left,
    e.OutsideLeft: Fold._party_left,
    e.CallEnded: Fold._ended,
    e.WrapUpFinished: Fold._work_over,
    e.AgentReady: Fold._work_over,
    e.AgentPaused: Fold._work_over,
    e.AgentSignedOut: Fold._work_over,
    e.ConfigurationAdopted: Fold._adopted,
    e.CallbackPromised: Fold._asked,
    e.CallbackJoined: Fold._asked,
    e.CallbackDialled: Fold._dialled,
    e.CallbackReached: Fold._reached,
    e.CallbackEnded: Fold._callback_ended,
}
"""What books each kind of event; of all others no figure is made."""


def _book_consult(books: tuple[Tally, ...], took: Duration) -> None:
    for tally in books:
        tally.consults += 1
        tally.consult_time = Duration(tally.consult_time + took)
