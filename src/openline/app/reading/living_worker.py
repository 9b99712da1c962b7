"""The process that lives one plan, one change or days as they are, and tells each run.

A frame is a length and its bytes; one of length nothing is the end. Runs have seeds 1, 2, 3 …, so
the same plan is lived the same way whenever it is asked again.
"""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from openline.app.comparing import Comparison
from openline.app.kept_tries import KeptTries
from openline.app.living_days import lives_days
from openline.app.reading.jobs import LENGTH, Answer, Done, LiveAsked, Refused
from openline.app.roster_twin import (
    Presence,
    Staffed,
    TwinService,
    fewer_leave,
    presence_of,
    presence_of_counts,
    staffed,
    verdict_of,
    with_change,
)
from openline.app.sharing import Shared, shared_of
from openline.app.study import USUAL_RUNS, Studied, run_once
from openline.app.trying import faults_told, tries
from openline.app.versions import read_version
from openline.centre.clock import wall_now
from openline.configuration import Published
from openline.model import Instant, OpenlineError, PeerError, RefusedError
from openline.planning.cover import Change
from openline.planning.history_file.findings import FaultyHistoryError
from openline.planning.history_file.sheet import sheet_of
from openline.planning.plan_asked import Known, LivedInterval, LivedPlan, Plan, PlanAsked
from openline.planning.plan_sheet import Covered, covered
from openline.planning.plan_tables import read_expected
from openline.planning.roster_file.faults import FaultyRosterError
from openline.planning.try_asked import Phase, Tried, TryAsked
from openline.reports.runs import Estimate, RunSums

NICE = 10


def lives(published: Published, asked: PlanAsked, runs: int = USUAL_RUNS) -> Iterator[LivedPlan]:
    """Yields what is known of a plan after each run.

    Raises `RefusedError` where there is no roster to live (`no_roster`) or it makes no sense.
    """
    plans = [_worked_out(published, asked.plan)]
    if asked.was is not None:
        was = _worked_out(published, asked.was)
        if was.cover.stamps == plans[0].cover.stamps and _differ(asked.was, asked.plan):
            plans.append(was)
    worlds = [_staffed(published, plan) for plan in plans]
    done: list[list[RunSums]] = [[] for _ in worlds]
    share = plans[0].service.target_share
    for number in range(runs):
        for kept, world in zip(done, worlds, strict=True):
            kept.append(run_once(world.scenario, number))
        studied = [Studied(runs=tuple(kept)) for kept in done]
        verdict = verdict_of(worlds[0].scenario, studied[0], share)
        yield LivedPlan(
            done=number + 1,
            of=runs,
            intervals=tuple(
                LivedInterval(
                    stamp=each.stamp,
                    offered=each.offered,
                    leave=each.leave,
                    in_time=each.in_time,
                    missed=each.missed,
                )
                for each in verdict.intervals
            ),
            leave=_known(verdict.leave),
            in_time=_known(verdict.in_time),
            formula_leave=float(plans[0].cover.leave.sum()),
            fewer=_known(fewer_leave(studied[1], studied[0])) if len(studied) > 1 else None,
            unknown=worlds[0].unknown,
        )


def _differ(one: Plan, other: Plan) -> bool:
    """Tells whether two plans say different things, whatever their files were called."""
    tables = ((one.calls, other.calls), (one.roster, other.roster))
    # A form sends lines with other ends than a file has.
    is_other = any(ours.split() != theirs.split() for ours, theirs in tables)
    return is_other or one.assumptions != other.assumptions or one.today != other.today


def _known(estimate: Estimate) -> Known:
    return Known(value=estimate.value, half=estimate.half_width)


def _worked_out(published: Published, plan: Plan) -> Covered:
    found = covered(read_expected(sheet_of(plan.calls, "calls")), plan, published.zone)
    if found.planned is None:
        raise RefusedError("There is no roster that could be lived.", code="no_roster")
    return found


def _staffed(published: Published, plan: Covered) -> Staffed:
    cover, service = plan.cover, plan.service
    aht, calls = service.aht_s, cover.calls
    if aht is None:
        assert cover.intervals.aht_s is not None, "the cover needs it too"
        aht = float(np.average(cover.intervals.aht_s, weights=calls if calls.any() else None))
    like = TwinService(
        aht_s=aht,
        patience_s=service.patience_s,
        target_share=service.target_share,
        target_s=service.target_s,
        away_share=float(service.shrinkage) / 100,
    )
    return staffed(published, _presence(plan), cover.intervals, like)


def _presence(plan: Covered) -> Presence:
    assert plan.planned is not None, "there is a roster"
    asked, cover = plan.plan.assumptions, plan.cover
    if not plan.planned.shifts:
        # Counted people have the change in them.
        counts = cover.rostered.tolist()
        return presence_of_counts(cover.stamps, counts, cover.intervals.interval_s)
    presence = presence_of(plan.planned.shifts)
    if asked.people:
        days = sorted({date.fromisoformat(stamp[:10]) for stamp in cover.stamps})
        change = Change(people=asked.people, begin=asked.begin, end=asked.end)
        presence = with_change(presence, change, days)
    return presence


def serve(config: Path, data: Path, asked: BinaryIO, answers: BinaryIO) -> None:
    """Lives the one plan, or tries the one change, that is asked for."""

    def tell(answer: Answer | None) -> None:
        body = b"" if answer is None else msgspec.msgpack.encode(answer)
        answers.write(LENGTH.pack(len(body)) + body)
        answers.flush()

    def told(each: msgspec.Struct) -> None:
        tell(Done(body=msgspec.msgpack.encode(each)))

    length = LENGTH.unpack(asked.read(LENGTH.size))[0]
    question = msgspec.msgpack.decode(asked.read(length), type=LiveAsked)
    try:
        published = read_version(config)(question.text, question.version)
        if question.plan is not None:
            for lived in lives(published, question.plan):
                told(lived)
        elif question.attempt is not None:
            for tried, found in tries(published, data, question.attempt, told):
                if tried.phase is Phase.DONE:
                    tried = _kept(data, question.attempt, tried, found)
                told(tried)
        elif question.days is not None:
            for known in lives_days(published, data, question.days, _shared(), told):
                told(known)
        tell(None)
    except (FaultyHistoryError, FaultyRosterError) as error:
        if question.attempt is None:
            tell(Refused(code=error.code, message=str(error)))
            return
        told(faults_told(error))
        tell(None)
    except OpenlineError as error:
        tell(Refused(code=getattr(error, "code", "peer"), message=str(error)))


def _shared() -> Shared:
    """Returns who shares the runs: all processors but one, which the centre keeps for its calls."""
    return Shared(processes=max(1, shared_of(None).processes - 1))


def _kept(data: Path, asked: TryAsked, tried: Tried, found: Comparison) -> Tried:
    """Returns the answer as it is kept; as it is where the disk refuses."""
    try:
        return KeptTries(data).keep(asked, tried, found, Instant(wall_now())).tried
    except PeerError:
        # What is known is told all the same, and the page says that it is not kept.
        return tried


def main() -> None:
    """Runs the process; its arguments are the paths of configuration and data folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        serve(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        # Nobody listens any more: the end, also of those that live runs for this process.
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(0)


if __name__ == "__main__":
    main()
