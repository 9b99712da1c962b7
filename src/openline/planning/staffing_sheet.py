"""The staffing page's answer: the least people, what each more or fewer does, and other models."""

from fractions import Fraction
from math import ceil, isfinite

import msgspec
import numpy as np

from openline.model import RefusedError
from openline.planning.erlang import Model
from openline.planning.staffing import Questions, Targets, behave, least_agents, to_schedule
from openline.planning.staffing_asked import (
    FEWER,
    MODELS,
    MORE,
    ModelSays,
    Possible,
    StaffingAnswer,
    StaffingAsked,
    StaffingRow,
)

NEAREST = 99.9
LEAST_LEAVING = 0.1
LEAST_BUSY = (1.0, 5.0, 10.0, 20.0, 30.0, 50.0)
"""Caps on occupancy that are tried, in percent, where one is out of reach."""


def answer(asked: StaffingAsked) -> StaffingAnswer:
    """Returns what the model says; where a target is out of reach, also what is possible.

    Raises:
        RefusedError: a target is out of reach, and nothing near it is possible either
            (`target_out_of_reach`).
    """
    needed, possible = None, None
    if asked.agents is None:
        needed = _least(asked)
        possible = _possible(asked) if needed is None else None
        if needed is None and possible is None:
            raise RefusedError("The targets are out of reach.", code="target_out_of_reach")
    question = _question(asked)
    load = float(question.load[0])
    chosen = asked.agents if asked.agents is not None else needed
    if chosen is None:
        chosen = ceil(load / asked.concurrency) if possible is None else possible.agents
    return StaffingAnswer(
        load=load,
        chosen=chosen,
        needed=needed,
        rows=_rows(asked, chosen),
        models=tuple(_says(asked, model) for model in MODELS),
        possible=possible,
    )


def _question(asked: StaffingAsked) -> Questions:
    one = np.ones(1)
    return Questions(
        Model(asked.model),
        asked.calls * one,
        asked.interval_s * one,
        asked.aht_s * one,
        asked.patience_s * one,
        asked.target_s * one,
    )


def _least(asked: StaffingAsked) -> int | None:
    every = np.ones(1)
    targets = Targets(
        asked.target_percent / 100 * every,
        (1.0 if asked.most_abandoned is None else asked.most_abandoned / 100) * every,
        (1.0 if asked.most_occupied is None else asked.most_occupied / 100) * every,
    )
    try:
        places = int(least_agents(_question(asked), targets)[0])
    except RefusedError:
        return None
    # Each person is as many places as she holds contacts.
    return -(-places // asked.concurrency)


def _possible(asked: StaffingAsked) -> Possible | None:
    """Returns the nearest target that can be met, one changed at a time."""
    tries = []
    if asked.target_percent > NEAREST:
        tries.append(("level", NEAREST, msgspec.structs.replace(asked, target_percent=NEAREST)))
    if asked.most_abandoned is not None and asked.most_abandoned < LEAST_LEAVING:
        changed = msgspec.structs.replace(asked, most_abandoned=LEAST_LEAVING)
        tries.append(("abandoned", LEAST_LEAVING, changed))
    if asked.most_occupied is not None:
        tries += [
            ("occupied", cap, msgspec.structs.replace(asked, most_occupied=cap))
            for cap in LEAST_BUSY
            if cap > asked.most_occupied
        ]
    for what, percent, changed in tries:
        found = _least(changed)
        if found is not None:
            return Possible(what=what, percent=percent, agents=found)
    return None


def _rows(asked: StaffingAsked, chosen: int) -> tuple[StaffingRow, ...]:
    counts = list(range(max(0, chosen - FEWER), chosen + MORE + 1))
    question = _question(asked).rows(np.zeros(len(counts), dtype=np.int64))
    found = behave(question, np.array(counts, dtype=np.int64) * asked.concurrency)
    missing = Fraction(asked.shrinkage)
    return tuple(
        StaffingRow(
            agents=count,
            to_schedule=to_schedule(count, missing),
            service_level=float(found.service_level[at]),
            abandon=float(found.abandon_probability[at]),
            mean_wait_s=_known(float(found.mean_wait_s[at])),
            wait=float(found.wait_probability[at]),
            occupancy=float(found.occupancy[at]),
        )
        for at, count in enumerate(counts)
    )


def _says(asked: StaffingAsked, model: str) -> ModelSays:
    needed = _least(msgspec.structs.replace(asked, model=model, agents=None))
    planned = None if needed is None else to_schedule(needed, Fraction(asked.shrinkage))
    return ModelSays(model=model, agents=needed, to_schedule=planned)


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
