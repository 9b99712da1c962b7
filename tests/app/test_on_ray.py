"""Studies on a Ray cluster of this machine: equal to the digit, cancelled, and refused in words."""

import socket
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import ray

from openline.app import on_ray
from openline.app.sharing import ALONE, Shared, shared_of
from openline.app.study import Scenario, scenario_of, study
from openline.configuration import load
from openline.model import PeerError, RefusedError
from openline.reports.runs import Estimate
from openline.simulation.changes import Changes

SMALL = Path(__file__).parents[2] / "examples" / "small-line.toml"
LOCAL = Shared(ray="local")

pytestmark = [
    # A Ray starts in some seconds alone, and in many beside other work.
    pytest.mark.timeout(300),
    # Ray's own: it leaves its pipes and sockets to the interpreter.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def no_ray_afterwards() -> Iterator[None]:
    yield
    ray.shutdown()


def an_evening(changes: Changes | None = None) -> Scenario:
    day = date(2026, 3, 3)
    return scenario_of(load(SMALL), start=day, days=1, seed=1, changes=changes or Changes())


def untold(done: int, best: Estimate) -> None:
    pass


def test_a_cluster_gives_what_this_process_gives() -> None:
    worlds = an_evening(), an_evening(Changes(people=-3))
    alone = study(worlds, runs=5, precision=None, shared=ALONE, tell=untold)
    on_cluster = study(worlds, runs=5, precision=None, shared=LOCAL, tell=untold)
    assert alone == on_cluster


def test_who_interrupts_keeps_what_is_finished_and_the_cluster_is_free_again() -> None:
    def interrupting(done: int, best: Estimate) -> None:
        if done == 3:
            raise KeyboardInterrupt

    (found,) = study((an_evening(),), runs=400, precision=None, shared=LOCAL, tell=interrupting)
    assert found.is_interrupted
    assert [run.seed for run in found.runs] == [1, 2, 3]
    (after,) = study((an_evening(),), runs=2, precision=None, shared=LOCAL, tell=untold)
    assert after.runs == found.runs[:2]


def test_a_cluster_with_another_openline_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ray.shutdown()
    monkeypatch.setattr(on_ray, "version", lambda package: "99.0")
    with pytest.raises(PeerError, match="Other versions would give other figures"):
        study((an_evening(),), runs=2, precision=None, shared=LOCAL, tell=untold)


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RefusedError, match=r"pip install 'openline\[ray\]'"):
        study((an_evening(),), runs=2, precision=None, shared=LOCAL, tell=untold)


@pytest.mark.parametrize("address", ["", "somewhere", "ray://head:10001", ":6379", "head:99999"])
def test_an_address_that_makes_no_sense_is_refused(address: str) -> None:
    shared = Shared(ray=address)
    with pytest.raises(RefusedError, match=r"write local, .* auto, .* like 10\.0\.0\.5:6379"):
        study((an_evening(),), runs=2, precision=None, shared=shared, tell=untold)


def test_an_address_where_nobody_answers_is_told_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(PeerError, match="nobody answers there"):
            study((an_evening(),), runs=2, precision=None, shared=Shared(ray=address), tell=untold)


def test_where_no_cluster_runs_auto_says_how_to_start_one() -> None:
    ray.shutdown()
    with pytest.raises(PeerError, match="ray start --head"):
        study((an_evening(),), runs=2, precision=None, shared=Shared(ray="auto"), tell=untold)


def test_processes_and_a_cluster_exclude_each_other() -> None:
    with pytest.raises(RefusedError, match="leave out one"):
        shared_of(2, "local")
