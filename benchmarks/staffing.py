"""How fast and how right are the staffing formulas?

A year of half hours, each with its own number of calls, is staffed for 80/20 by Erlang A, as the
planner's page does after every change. Beside pyworkforce, which knows Erlang C, the same half
hours are staffed by Erlang C; install it for that with

    .venv/bin/pip install --require-hashes -r requirements/peers.txt

(it brings a solver and a table library, so it is not among the packages that every test needs).

Rightness: the least number of agents in 100,000 drawn cases is held against plain sums over the
states and an integral by Simpson's rule, written down here for nothing else; and figures far out
against long arithmetic.
"""

import sys
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from openline.planning.erlang import Model
from openline.planning.staffing import Questions, Targets, behave, least_agents
from tests.planning.exact import erlang_a

NAME = "staffing"

HALF_HOURS = 365 * 48
ROUNDS = 5
BOUND_S = 0.1
SEED = 20260330
CASES = 100_000
PEER_QUESTIONS = 300
PEER_AIM = 8.0
EXACT_CASES = 40
MOST_EXACT = 3_000
UNDECIDED = 1e-7
"""Where a share lies so near to its target, Simpson's rule cannot tell who is right."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def run() -> list[Figure]:
    """Measures speed by the best of some rounds: the machine's other work is not ours."""
    return [_year(), *_beside_pyworkforce(), *_least_agents(), _far_out()]


def _half_hours(model: Model, count: int) -> Questions:
    every = np.ones(count)
    calls = np.random.default_rng(SEED).gamma(4, 35, count)
    return Questions(model, calls, 1800 * every, 360 * every, 180 * every, 20 * every)


def _took(questions: Questions) -> float:
    targets = Targets.of_service_level(np.full(len(questions.calls), 0.8))
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        least_agents(questions, targets)
        took.append(time.perf_counter() - begun)
    return min(took)


def _year() -> Figure:
    return Figure.at_most(
        name="a year of half hours, Erlang A",
        value=_took(_half_hours(Model.ERLANG_A, HALF_HOURS)),
        unit="s",
        against="bound: 0.1 s",
        reference=BOUND_S,
    )


def _beside_pyworkforce() -> list[Figure]:
    try:
        import pyworkforce  # noqa: PLC0415 - a peer that need not be there
        from pyworkforce.queuing import ErlangC  # noqa: PLC0415
    except ImportError:
        sys.stderr.write(
            "pyworkforce is not there: .venv/bin/pip install --require-hashes "
            "-r requirements/peers.txt\n"
        )
        return []
    questions = _half_hours(Model.ERLANG_C, PEER_QUESTIONS)
    took = []
    for _ in range(2):
        begun = time.perf_counter()
        for calls in questions.calls.tolist():
            asked = ErlangC(transactions=calls, asa=20 / 60, aht=6, interval=30, shrinkage=0.0)
            asked.required_positions(service_level=0.8, max_occupancy=1.0)
        took.append(time.perf_counter() - begun)
    theirs = PEER_QUESTIONS / min(took)
    ours = HALF_HOURS / _took(_half_hours(Model.ERLANG_C, HALF_HOURS))
    return [
        Figure(
            name="half hours staffed, Erlang C",
            value=ours,
            unit="per s",
            against=f"pyworkforce {pyworkforce.__version__}; aim: {PEER_AIM:g}",
            reference=theirs,
            ratio=ours / theirs,
            ok=ours >= PEER_AIM * theirs,
        )
    ]


# --- the least number of agents ------------------------------------------------------------


def _least_agents() -> list[Figure]:
    chance = np.random.default_rng(SEED)
    wrong = undecided = 0
    for model in Model:
        count = CASES // len(Model) + 1
        aht = chance.uniform(60, 3600, count)
        load = 60 * chance.random(count) ** 2
        # Zero calls, and loads of hardly anything, too.
        calls = np.where(chance.random(count) < 0.05, 0.0, load * 1800 / aht)
        questions = Questions(
            model,
            calls,
            np.full(count, 1800.0),
            aht,
            10 ** chance.uniform(0, 3, count),
            chance.choice([0.0, 5.0, 20.0, 60.0, 120.0], count),
        )
        shares = chance.uniform(0.05, 0.99, count)
        found = least_agents(questions, Targets.of_service_level(shares))
        enough = _service_level(questions, found)
        fewer = _service_level(questions, found - 1)
        undecided += int((np.abs(enough - shares) < UNDECIDED).sum())
        undecided += int((np.abs(fewer - shares) < UNDECIDED).sum())
        is_least = (enough >= shares - UNDECIDED) & (fewer < shares + UNDECIDED)
        wrong += int((~np.where(calls > 0, is_least, found == 0)).sum())
    return [
        Figure.at_most(
            name=f"least agents that are not the least, of {CASES:,}",
            value=wrong,
            unit="cases",
            against="plain sums over the states: none",
            reference=0,
        ),
        Figure.at_most(
            name="of these, too near to the target to tell",
            value=undecided,
            unit="cases",
            against="bound: 5",
            reference=5,
        ),
    ]


def _service_level(questions: Questions, agents: Counts) -> Floats:
    """Returns the share answered in time, by adding up the states one by one."""
    rate, load = questions.rate, questions.load
    n = np.maximum(agents, 0)
    leaves = 1 / questions.patience_s
    # Below: states 0 to n-1, each weighed against state n.
    below, weight = np.zeros_like(load), np.ones_like(load)
    for step in range(int(n.max())):
        busy = n - step
        weight = np.where(busy > 0, weight * busy / np.where(load > 0, load, np.inf), 0.0)
        weight = np.where(load > 0, weight, 0.0)
        below += weight
    if questions.model is Model.ERLANG_B:
        return _over(below, below + 1)
    if questions.model is Model.ERLANG_C:
        is_stable = load < n
        spare = np.where(is_stable, n - load, 1.0)
        waiting = n / spare
        in_time = waiting * (1 - np.exp(-spare / questions.aht_s * questions.target_s))
        return np.where(is_stable, _over(below + in_time, below + waiting), 0.0)
    # Above: with j waiting, one more leaves the state at the rate n/h + (j + 1)/p.
    above, weight, j = np.ones_like(load), np.ones_like(load), 0
    scale = np.ones_like(load)
    while True:
        j += 1
        weight = weight * rate / (n / questions.aht_s + j * leaves)
        above += weight
        if (huge := above > 1e250).any():
            # In deep overload the sums leave the range of numbers.
            for each in (weight, above, scale):
                each[huge] *= 1e-250
        if (weight < 1e-14 * above).all() and j > 20:
            break
    in_time = _in_time(questions, n)
    return _over((below + in_time) * scale, below * scale + above)


def _in_time(questions: Questions, n: Counts) -> Floats:
    """Returns the weight of those who wait at most the target, by Simpson's rule over the wait."""
    points = 801
    rate, leaves = questions.rate, 1 / questions.patience_s
    answer = np.empty_like(rate)
    simpson = np.array([1, *([4, 2] * ((points - 3) // 2)), 4, 1]) / 3
    for begin in range(0, len(rate), 2_000):
        rows = slice(begin, begin + 2_000)
        until = questions.target_s[rows][:, None]
        wait = until * np.linspace(0, 1, points)
        leave, serve = leaves[rows][:, None], (n / questions.aht_s)[rows][:, None]
        grows = rate[rows][:, None] / leave * -np.expm1(-leave * wait)
        density = serve * np.exp(grows - serve * wait - leave * wait)
        answer[rows] = (density @ simpson) * until[:, 0] / (points - 1)
    return answer


def _over(part: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(whole), 1.0, part / whole)


# --- far out -------------------------------------------------------------------------------


def _far_out() -> Figure:
    """Holds the formulas against long arithmetic, as far out as that can follow."""
    chance = np.random.default_rng(SEED)
    aht, target = 360.0, 20.0
    cases = [(1, 0.3, 0.1), (2000, 0.3, 0.1), (2000, 2.0, 0.1), (1, 0.3, 2_592_000.0)]
    while len(cases) < EXACT_CASES:
        n = int(np.exp(chance.uniform(0, np.log(2000))))
        patience = float(10 ** chance.uniform(-1, np.log10(2_592_000)))
        rho = float(chance.uniform(0.3, 2.0))
        # Beyond this the reference takes minutes.
        if rho * n / aht * patience < MOST_EXACT:
            cases.append((n, rho, patience))
    worst = 0.0
    for n, rho, patience in cases:
        rate = rho * n / aht
        one = np.ones(1)
        asked = Questions(Model.ERLANG_A, rate * one, one, aht * one, patience * one, target * one)
        found = behave(asked, np.array([n]))
        exact = erlang_a(n, rate, aht, patience, target)
        for name, right in exact._asdict().items():
            value = float(getattr(found, name)[0])
            if right > 1e-300:
                worst = max(worst, abs(value / float(right) - 1))
    return Figure.at_most(
        name="largest relative error, n to 2,000, patience 0.1 s to a month",
        value=worst,
        unit="",
        against=f"long arithmetic in {EXACT_CASES} cases: 1e-9",
        reference=1e-9,
    )
