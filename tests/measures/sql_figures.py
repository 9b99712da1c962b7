"""Every figure of a report as a query on the entries of `sql_recount`: no sum in between.

The figures of MEASURES that no journal can tell are not here: adherence, conformance and shrinkage
need a roster and the hours paid, and blockage the counters of the trunk; they are tested where
those are known. Medians and percentiles are compared in `test_sql_recount`, for they are allowed
an error.
"""

from openline.measures import Slice
from tests.measures.sql_recount import SqlRecount

FIGURES = """
WITH e AS (
    SELECT entry.*, t.within, t.short, t.queue IS NOT NULL AS is_judged,
        answered_after <= t.within OR connected_after <= t.within AS is_good,
        answered_after IS NOT NULL OR abandoned_after IS NOT NULL OR for_callback AS is_over,
        coalesce(abandoned_after < t.short, 0) AS is_short
    FROM entry LEFT JOIN target AS t USING (queue)
    WHERE slice = :slice AND entry.queue = :queue AND origin = :origin
)
SELECT
    avg(CASE WHEN is_judged AND is_over THEN coalesce(is_good, 0) END) AS "service_level",
    avg(CASE WHEN is_judged AND is_over AND NOT is_short THEN coalesce(is_good, 0) END)
        AS "service_level.without_short_abandons",
    avg(CASE WHEN is_judged THEN answered_after <= within END) AS "service_level.answered_only",
    avg(CASE WHEN is_judged AND (is_over OR flowed) THEN coalesce(is_good, 0) END)
        AS "service_level.with_flowed_out",
    avg(CASE WHEN is_judged AND (is_over OR outside_after IS NOT NULL)
        THEN coalesce(is_good, outside_after <= within, 0) END)
        AS "service_level.with_answered_outside",
    avg(CASE WHEN is_judged THEN coalesce(answered_after, abandoned_after) <= within END)
        AS "service_level.asterisk_sl2",
    avg(abandoned_after IS NOT NULL) AS "abandon_rate",
    avg(CASE WHEN NOT is_short THEN abandoned_after IS NOT NULL END)
        AS "abandon_rate.without_short_abandons",
    avg(answered_after IS NOT NULL) AS "answer_rate",
    avg(answered_after) / 1e6 AS "asa",
    max(answered_after) / 1e6 AS "wait_longest",
    avg(abandoned_after) / 1e6 AS "average_time_to_abandon",
    avg(connected_after) / 1e6 AS "callback_wait",
    total(talk + hold + wrap_up) / nullif(sum(handled), 0) / 1e6 AS "handle_time",
    total(talk) / nullif(sum(handled), 0) / 1e6 AS "talk_time",
    total(hold) / nullif(sum(handled), 0) / 1e6 AS "hold_time",
    total(wrap_up) / nullif(sum(handled), 0) / 1e6 AS "wrap_up_time",
    total(missed + declined + agent_gone)
        / nullif(total(missed + declined + agent_gone) + count(answered_after), 0)
        AS "agent_no_answer"
FROM e
"""

BY_COUNT = frozenset(
    {
        *("arrived", "left_before_queue", "left_in_menu", "heard_closed", "heard_message"),
        *("voicemail_left", "arrived_answered", "arrived_answered_outside"),
        *("arrived_abandoned", "arrived_for_callback"),
        *("offered", "answered", "answered_in_target"),
        *("abandoned", "short_abandoned", "flowed_out", "answered_outside", "handled"),
        "left_for_callback",
        *("callbacks_attempted", "callbacks_reached", "callbacks_connected"),
        "callbacks_in_target",
    }
)
"""Compared as sums, in `test_sql_recount`."""
BY_PLACE = frozenset({"wait_median", "wait_p90"})
OF_AGENTS = frozenset({"occupancy", "signed_in_time", "pause_share"})
"""Made of the agents' time, as `of_agents` has it."""


def figures_in_sql(sql: SqlRecount, slice_: Slice, queue: str, origin: str) -> dict[str, object]:
    """Returns the figures of one slice and queue; those that nothing can be said of are None."""
    values = {"slice": slice_.start, "queue": queue, "origin": origin}
    cursor = sql.connection.execute(FIGURES, values)
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def of_agents(ready: int, talking: int, wrap_up: int, paused: int) -> dict[str, float | None]:
    """Returns what the agents' time says."""
    on_queue = ready + talking + wrap_up
    there = on_queue + paused
    return {
        "occupancy": (talking + wrap_up) / on_queue if on_queue else None,
        "signed_in_time": there / 1e6,
        "pause_share": paused / there if there else None,
    }
