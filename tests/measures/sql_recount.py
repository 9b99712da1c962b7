"""A third count of the same record, in SQL alone: every event a row, every figure a query.

It shares nothing with `measures`: no state is carried from event to event. A window function
numbers the queue entries of each call, grouping gathers what became of each entry, and pairs of
events (held and taken back) are found with LEAD; who had a call, and until when, by an index.
Civil days come from a table of their first instants.

It counts from the first event on: where the record begins in the middle it finds calls that the
fold passes over. Give it whole records.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from openline.engine import AnyEvent
from openline.measures import INTERVAL, Slice
from openline.model import Duration, Instant, QueueKey

COLUMNS = (
    *("type", "call", "agent", "line", "queue", "origin", "reason", "outcome", "callback"),
    *("taken_by", "party", "kind", "consulted", "took"),
)

# Told apart by name alone, so that the figures rest on the events' own words.
SPEAK = frozenset(
    {
        *(
            "CallSent",
            "CallArrived",
            "CallQueued",
            "CallOffered",
            "CallHeld",
            "CallResumed",
            "CallEnded",
        ),
        *("OfferAccepted", "OfferMissed", "OfferDeclined", "OfferWithdrawn"),
        *("AgentSignedIn", "AgentSignedOut", "AgentReady", "AgentPaused"),
        *("WrapUpStarted", "WrapUpFinished"),
        *("CallbackPromised", "CallbackJoined", "CallbackDialled", "CallbackReached"),
        *("CallbackEnded", "OutsideAnswered"),
        *("CallTransferred", "CallGivenOutside", "OutsideLeft"),
        *("PartyAsked", "PartyJoined", "PartyDeclined", "PartyMissed", "PartyWithdrawn"),
        *("PartyLeft", "ListeningStarted"),
    }
)

SCHEMA = """
CREATE TABLE event (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, call INTEGER, agent TEXT,
    line TEXT, queue TEXT, origin TEXT, reason TEXT, outcome TEXT, callback INTEGER,
    taken_by TEXT, party INTEGER, kind TEXT, consulted INTEGER, took INTEGER
);
CREATE TABLE target (queue TEXT PRIMARY KEY, within INTEGER NOT NULL, short INTEGER NOT NULL);
CREATE TABLE slice (start INTEGER PRIMARY KEY, until INTEGER NOT NULL);
"""

# What became of each queue entry, whatever is to be counted.
GATHER = """
CREATE TABLE gathered AS
WITH of_call AS (
    SELECT *, sum(type = 'CallQueued') OVER (PARTITION BY call ORDER BY seq) AS entry
    FROM event
    WHERE type IN ('CallQueued', 'CallOffered', 'OfferAccepted', 'OfferMissed', 'OfferDeclined',
                   'OfferWithdrawn', 'CallSent', 'CallEnded', 'CallTransferred',
                   'CallGivenOutside', 'PartyLeft', 'OutsideLeft', 'OutsideAnswered')
)
SELECT call, entry,
    min(at) FILTER (WHERE type = 'CallQueued') AS began,
    max(line) FILTER (WHERE type = 'CallQueued') AS line,
    max(queue) FILTER (WHERE type = 'CallQueued') AS queue,
    max(origin) FILTER (WHERE type = 'CallQueued') AS origin,
    min(at) FILTER (WHERE type = 'OfferAccepted') AS accepted_at,
    min(seq) AS seq,
    min(at) FILTER (WHERE type = 'CallEnded') AS ended_at,
    min(at) FILTER (WHERE type = 'CallSent') AS sent_at,
    min(at) FILTER (WHERE type = 'OutsideAnswered') AS reached_at,
    max(outcome = 'left_for_callback') AS for_callback,
    min(seq) FILTER (WHERE outcome = 'left_for_callback') AS left_seq,
    sum(type = 'CallOffered') AS offers,
    sum(type = 'OfferMissed') AS missed,
    sum(type = 'OfferDeclined') AS declined,
    sum(type = 'OfferWithdrawn' AND reason = 'caller_left') AS caller_left,
    sum(type = 'OfferWithdrawn' AND reason <> 'caller_left') AS agent_gone
FROM of_call WHERE entry > 0 GROUP BY call, entry;

-- A conversation is one agent's part after another: who accepted it, and to whom she gave it.
CREATE TABLE part AS
SELECT b.*,
    (SELECT at FROM event AS f WHERE f.agent = b.agent AND f.seq > b.seq AND f.type IN
        ('WrapUpFinished', 'AgentReady', 'AgentPaused', 'AgentSignedOut')
        ORDER BY seq LIMIT 1) AS free_at,
    (SELECT at FROM event AS g WHERE g.call = b.call AND g.seq > b.seq AND g.type IN
        ('CallTransferred', 'CallGivenOutside', 'CallEnded', 'CallQueued')
        ORDER BY seq LIMIT 1) AS gone_at
FROM (
    SELECT seq, call, agent, at, 1 AS is_first FROM event
        WHERE type IN ('OfferAccepted', 'CallbackReached')
    UNION ALL
    SELECT seq, call, taken_by, at, 0 FROM event WHERE taken_by IS NOT NULL
) AS b;

CREATE TABLE parked AS SELECT * FROM (
    SELECT call, type, at AS held_at, lead(at) OVER (PARTITION BY call ORDER BY seq) AS back_at
    FROM event WHERE type IN ('CallHeld', 'CallResumed', 'CallEnded', 'CallQueued',
                              'CallTransferred', 'CallGivenOutside')
) WHERE type = 'CallHeld';
CREATE INDEX parked_by_call ON parked (call);

CREATE TABLE timed AS
SELECT *, min(coalesce(gone_at, free_at), free_at) AS parted_at FROM part;

CREATE TABLE heard AS
SELECT t.*, coalesce((
    SELECT sum(min(coalesce(p.back_at, t.parted_at), t.parted_at) - p.held_at)
    FROM parked AS p WHERE p.call = t.call AND p.held_at >= t.at AND p.held_at < t.parted_at
), 0) AS held
FROM timed AS t WHERE free_at IS NOT NULL;
CREATE INDEX heard_by_call ON heard (call, seq);

-- Who left for a callback, and what became of it.
CREATE TABLE promised AS
SELECT g.call, g.entry, g.began, g.left_seq, asked.callback,
    EXISTS (SELECT 1 FROM event AS d WHERE d.callback = asked.callback
        AND d.type = 'CallbackDialled' AND d.seq > g.left_seq) AS attempted,
    EXISTS (SELECT 1 FROM event AS d WHERE d.callback = asked.callback
        AND d.type = 'CallbackReached' AND d.seq > g.left_seq) AS reached,
    CASE WHEN over.reason = 'callback_made' THEN (
        SELECT max(d.at) FROM event AS d WHERE d.callback = asked.callback
            AND d.type = 'CallbackReached' AND d.seq < over.seq
    ) - g.began END AS connected_after
FROM gathered AS g
JOIN event AS asked ON asked.seq = (
    SELECT max(seq) FROM event AS p WHERE p.call = g.call AND p.seq < g.left_seq
        AND p.type IN ('CallbackPromised', 'CallbackJoined'))
LEFT JOIN event AS over ON over.callback = asked.callback AND over.type = 'CallbackEnded'
WHERE g.for_callback;
CREATE INDEX promised_by_callback ON promised (callback, left_seq);
CREATE INDEX promised_by_entry ON promised (call, entry);

-- Whose entry each stretch of a call belongs to: its own, or that of who asked last for the
-- callback, from when somebody was reached to when he queues again.
CREATE TABLE home AS
SELECT call AS of_call, seq AS from_seq,
    lead(seq, 1, 9e15) OVER (PARTITION BY call ORDER BY seq) AS until_seq, call, entry
FROM gathered
UNION ALL
SELECT r.call, r.seq,
    coalesce((SELECT min(seq) FROM event AS q WHERE q.call = r.call AND q.type = 'CallQueued'
        AND q.seq > r.seq), 9e15),
    p.call, p.entry
FROM event AS r JOIN promised AS p ON p.callback = r.callback AND p.left_seq = (
    SELECT max(left_seq) FROM promised AS o WHERE o.callback = r.callback AND o.left_seq < r.seq)
WHERE r.type = 'CallbackReached';
CREATE INDEX home_by_call ON home (of_call, from_seq);

CREATE TABLE spoken AS
SELECT m.call, m.entry, sum(h.is_first) AS handled,
    total(h.parted_at - h.at - h.held) AS talk, total(h.held) AS held,
    total(h.free_at - h.parted_at) AS wrap_up
FROM home AS m JOIN heard AS h
    ON h.call = m.of_call AND h.seq >= m.from_seq AND h.seq < m.until_seq
GROUP BY m.call, m.entry;

CREATE TABLE passed_on AS
SELECT m.call, m.entry,
    total(c.type = 'CallTransferred' AND c.reason = 'transferred') AS transferred,
    total(c.type = 'CallTransferred' AND c.reason = 'transferred_after_consult') AS after_consult,
    total(c.type = 'CallGivenOutside') AS outside,
    total(c.taken_by IS NOT NULL OR (c.type = 'CallGivenOutside' AND c.party IS NOT NULL)
        OR (c.took IS NOT NULL AND c.kind = 'consulted')) AS consults,
    total(c.consulted) + total(c.took) FILTER (WHERE c.kind = 'consulted') AS consult_time
FROM home AS m JOIN event AS c
    ON c.call = m.of_call AND c.seq >= m.from_seq AND c.seq < m.until_seq
    AND c.type IN ('CallTransferred', 'CallGivenOutside', 'PartyLeft', 'OutsideLeft')
GROUP BY m.call, m.entry;

CREATE TABLE lived AS
SELECT f.*, coalesce(s.handled, 0) AS handled,
    coalesce(talk, 0) AS talk, coalesce(held, 0) AS held, coalesce(wrap_up, 0) AS wrap_up,
    coalesce(transferred, 0) AS transferred, coalesce(after_consult, 0) AS after_consult,
    coalesce(outside, 0) AS outside, coalesce(consults, 0) AS consults,
    coalesce(consult_time, 0) AS consult_time,
    coalesce(attempted, 0) AS attempted, coalesce(reached, 0) AS reached, connected_after
FROM (
    SELECT *, lead(began) OVER (PARTITION BY call ORDER BY entry) AS next_began
    FROM gathered
) AS f
LEFT JOIN spoken AS s USING (call, entry)
LEFT JOIN passed_on USING (call, entry)
LEFT JOIN promised AS p USING (call, entry);
DROP TABLE part; DROP TABLE heard; DROP TABLE gathered; DROP TABLE parked; DROP TABLE timed;
DROP TABLE spoken; DROP TABLE passed_on; DROP TABLE promised; DROP TABLE home;
"""

ENTRIES = """
CREATE TABLE entry AS
SELECT call, began, line, queue, origin, offers, missed, declined, caller_left, agent_gone,
    accepted_at - began AS answered_after,
    coalesce(for_callback, 0) AS for_callback,
    CASE WHEN accepted_at IS NULL AND coalesce(sent_at, next_began) IS NULL
        AND reached_at IS NULL
        AND NOT coalesce(for_callback, 0) THEN ended_at - began END AS abandoned_after,
    accepted_at IS NULL AND coalesce(sent_at, reached_at, next_began) IS NOT NULL AS flowed,
    CASE WHEN accepted_at IS NULL THEN reached_at - began END AS outside_after,
    handled, talk, held AS hold, wrap_up,
    transferred, after_consult, outside, consults, consult_time,
    attempted, reached, connected_after,
    (SELECT s.start FROM slice AS s WHERE s.until > began
        AND s.start = (SELECT max(start) FROM slice WHERE start <= began)) AS slice
FROM lived;
CREATE INDEX entry_by_slice ON entry (slice);
"""

COUNTS = """
SELECT e.slice, e.line, e.queue, e.origin,
    count(*) AS offered,
    count(answered_after) AS answered,
    total(answered_after <= t.within) AS answered_in_target,
    count(abandoned_after) AS abandoned,
    total(abandoned_after <= t.within) AS abandoned_in_target,
    total(abandoned_after < t.short) AS short_abandoned,
    sum(flowed) AS flowed_out,
    count(outside_after) AS answered_outside,
    total(outside_after <= t.within) AS answered_outside_in_target,
    sum(for_callback) AS left_for_callback,
    sum(attempted) AS callbacks_attempted, sum(reached) AS callbacks_reached,
    count(connected_after) AS callbacks_connected,
    total(connected_after <= t.within) AS callbacks_in_target,
    total(connected_after) AS wait_of_callbacks,
    total(answered_after) AS wait_of_answered,
    total(abandoned_after) AS wait_of_abandoned,
    coalesce(max(answered_after), 0) AS longest_wait,
    sum(handled) AS handled,
    total(talk) AS talk, total(hold) AS hold, total(wrap_up) AS wrap_up,
    sum(transferred) AS transferred, sum(after_consult) AS transferred_after_consult,
    sum(outside) AS transferred_outside,
    sum(consults) AS consults, total(consult_time) AS consult_time,
    sum(offers) AS offers, sum(missed) AS offers_missed, sum(declined) AS offers_declined,
    sum(caller_left) AS offers_caller_left, sum(agent_gone) AS offers_agent_gone
FROM entry AS e LEFT JOIN target AS t USING (queue)
WHERE e.slice IS NOT NULL
GROUP BY e.slice, e.line, e.queue, e.origin
"""

ARRIVALS = """
SELECT s.start AS slice, a.line, a.origin,
    count(*) AS arrived,
    total(e.outcome = 'left_before_queue') AS left_before_queue,
    total(e.outcome = 'left_in_menu') AS left_in_menu,
    total(e.outcome = 'heard_closed') AS heard_closed,
    total(e.outcome = 'heard_message') AS heard_message,
    total(e.outcome = 'voicemail_left') AS voicemail_left,
    total(e.outcome = 'answered') AS arrived_answered,
    total(e.outcome = 'answered_outside') AS arrived_answered_outside,
    total(e.outcome = 'abandoned') AS arrived_abandoned,
    total(e.outcome = 'left_for_callback') AS arrived_for_callback,
    total(e.call IS NULL) AS still_here
FROM event AS a JOIN slice AS s ON s.start = (SELECT max(start) FROM slice WHERE start <= a.at)
    LEFT JOIN event AS e ON e.type = 'CallEnded' AND e.call = a.call
WHERE a.type = 'CallArrived' AND a.at < s.until
GROUP BY 1, 2, 3
"""

# Nearest rank: of n waits in order, the one at place n * p / 100, rounded up.
PERCENTILE = """
SELECT min(answered_after) FROM (
    SELECT answered_after, row_number() OVER (ORDER BY answered_after) AS place,
        count(*) OVER () AS n
    FROM entry
    WHERE answered_after IS NOT NULL AND slice IS NOT NULL AND (:slice IS NULL OR slice = :slice)
) WHERE place * 100 >= n * :per_cent
"""

# What an agent does from one move to the next, cut into the slices that it overlaps.
AGENTS = """
WITH
moved AS (
    SELECT agent, at, type, lead(at, 1, :now) OVER (PARTITION BY agent ORDER BY seq) AS until
    FROM event
    WHERE type IN ('AgentSignedIn', 'AgentSignedOut', 'AgentReady', 'AgentPaused', 'CallOffered',
                   'OfferAccepted', 'OfferDeclined', 'OfferMissed', 'OfferWithdrawn',
                   'WrapUpStarted', 'PartyAsked', 'PartyJoined', 'PartyDeclined', 'PartyMissed',
                   'PartyWithdrawn', 'ListeningStarted')
),
spent AS (
    SELECT s.start AS slice, min(m.until, s.until) - max(m.at, s.start) AS time,
        CASE WHEN m.type IN ('AgentReady', 'CallOffered', 'OfferWithdrawn', 'PartyAsked',
                             'PartyWithdrawn') THEN 'ready'
             WHEN m.type IN ('OfferAccepted', 'PartyJoined', 'ListeningStarted') THEN 'talking'
             WHEN m.type = 'WrapUpStarted' THEN 'wrap_up'
             WHEN m.type = 'AgentSignedOut' THEN 'out'
             ELSE 'paused' END AS state
    FROM moved AS m JOIN slice AS s
        ON s.start < m.until AND s.start >= m.at - :longest AND s.until > m.at
)
SELECT slice, total(time) FILTER (WHERE state = 'ready'),
    total(time) FILTER (WHERE state = 'talking'),
    total(time) FILTER (WHERE state = 'wrap_up'), total(time) FILTER (WHERE state = 'paused')
FROM spent GROUP BY slice
"""


class Limits(NamedTuple):
    """Is what a queue aims at and what it counts as a short abandon."""

    within: Duration
    short: Duration


class SqlRecount:
    """Holds the events of a record in a database of its own and counts there."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.connection = sqlite3.connect(path)
        self.connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        self.connection.executescript(SCHEMA)
        self._seq = 0
        self._rows: list[tuple[object, ...]] = []

    def close(self) -> None:
        self.connection.close()

    def take(self, at: Instant, events: Iterable[AnyEvent]) -> None:
        """Writes the events of a step down, flat and without understanding them."""
        for event in events:
            if type(event).__name__ in SPEAK:
                self._seq += 1
                fields = msgspec.to_builtins(event)
                self._rows.append((self._seq, at, *(fields.get(name) for name in COLUMNS)))
        if len(self._rows) >= 20_000:
            self._flush()

    def _flush(self) -> None:
        places = ", ".join("?" * (len(COLUMNS) + 2))
        names = ", ".join(("seq", "at", *COLUMNS))
        self.connection.executemany(f"INSERT INTO event ({names}) VALUES ({places})", self._rows)
        self._rows.clear()

    def index(self) -> None:
        """Ends the record: makes what the queries look up by, and gathers the queue entries."""
        self._flush()
        self.connection.execute("CREATE INDEX event_by_call ON event (call, seq)")
        self.connection.execute("CREATE INDEX event_by_agent ON event (agent, seq)")
        self.connection.execute(
            "CREATE INDEX event_by_callback ON event (callback, seq) WHERE callback IS NOT NULL"
        )
        self.connection.executescript(GATHER)

    def cut(self, slices: Iterable[Slice], limits: dict[QueueKey, Limits]) -> None:
        """Says which slices are counted, and sorts the queue entries into them."""
        run = self.connection
        run.executescript("DROP TABLE IF EXISTS entry; DELETE FROM slice; DELETE FROM target;")
        run.executemany("INSERT INTO slice VALUES (?, ?)", slices)
        rows = [(queue, limit.within, limit.short) for queue, limit in limits.items()]
        run.executemany("INSERT INTO target VALUES (?, ?, ?)", rows)
        run.executescript(ENTRIES)

    def counts(self) -> dict[tuple[int, str, str, str], dict[str, int]]:
        """Returns the sums of queue entries by slice, line, queue and origin."""
        return {
            (row["slice"], row["line"], row["queue"], row["origin"]): _whole(row, 4)
            for row in self._rows_of(COUNTS)
        }

    def arrivals(self) -> dict[tuple[int, str, str], dict[str, int]]:
        """Returns arrivals by slice, line and origin."""
        return {
            (row["slice"], row["line"], row["origin"]): _whole(row, 3)
            for row in self._rows_of(ARRIVALS)
        }

    def percentile(self, per_cent: int, slice_: Slice | None = None) -> int | None:
        """Returns the exact percentile of the waits of answered calls."""
        start = None if slice_ is None else slice_.start
        values = {"per_cent": per_cent, "slice": start}
        row = self.connection.execute(PERCENTILE, values).fetchone()
        return None if row[0] is None else int(row[0])

    def agents(self, now: Instant, longest: Duration = INTERVAL) -> dict[int, tuple[int, ...]]:
        """Returns time ready, talking, in wrap-up and paused by slice; `longest` is the longest
        slice.
        """
        values = {"now": now, "longest": longest}
        return {
            int(row[0]): tuple(int(each) for each in row[1:])
            for row in self.connection.execute(AGENTS, values)
        }

    def _rows_of(self, query: str) -> Iterator[sqlite3.Row]:
        cursor = self.connection.cursor()
        cursor.row_factory = sqlite3.Row
        yield from cursor.execute(query)


def _whole(row: sqlite3.Row, keys: int) -> dict[str, int]:
    return {name: int(row[name]) for name in row.keys()[keys:]}  # a row's own keys
