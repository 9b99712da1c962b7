"""Runs of a study on a Ray cluster: this machine alone, or one that is there already.

Ray is the extra `ray`. The cluster's machines need the same Openline, Python and Ray; that is asked
before anything is lived, since other code would give other figures. Ray is kept from reporting how
it is used, and its dashboard is not started.

The connection stays until the program ends: a search for the least people is many studies.
"""

import logging
import os
import platform
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from openline.app.sharing import Life
from openline.model import PeerError, RefusedError
from openline.reports.runs import RunSums

if TYPE_CHECKING:
    from ray import ObjectRef

    Lives = ObjectRef[tuple[Life, ...]]

NEED_RAY = (
    "--ray needs the package ray, which is not installed. Install Openline with the extra `ray` "
    "(pip install 'openline[ray]'), or leave out --ray: all processors of this machine are used "
    "without it."
)
LOCAL, RUNNING = "local", "auto"
_LEAST_STORE = 100 * 1024 * 1024
"""Bytes of shared memory on this machine: a study is small, and Ray would take a third of all."""
_ANSWERS_WITHIN_S = 5.0
_ASKED_FOR_S = 60.0


@contextmanager
def on_ray(address: str, lives: tuple[Life, ...]) -> Iterator["_Cluster"]:
    """Gives the cluster at an address, and takes back what it has not finished.

    Raises `RefusedError` where Ray is not installed (`no_ray`) or the address makes no sense
    (`bad_ray`); `PeerError` where no cluster answers, or one with other versions does.
    """
    _connect(address)
    cluster = _Cluster(lives)
    try:
        yield cluster
    finally:
        cluster.end()


def _connect(address: str) -> None:
    """Connects, unless that is done."""
    if address not in {LOCAL, RUNNING}:
        _check_answers(address)
    # Ray reads this when it is imported.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray  # noqa: PLC0415
        from ray.exceptions import RayError  # noqa: PLC0415
    except ImportError:
        raise RefusedError(NEED_RAY, code="no_ray") from None
    if ray.is_initialized():
        return
    try:
        if address == LOCAL:
            ray.init(
                address=LOCAL,
                include_dashboard=False,
                object_store_memory=_LEAST_STORE,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
            )
        else:
            ray.init(address=address, log_to_driver=False, logging_level=logging.CRITICAL)
        there = ray.get(ray.remote(_versions).remote(), timeout=_ASKED_FOR_S)
    except (RayError, ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
        ray.shutdown()
        if address == RUNNING:
            raise PeerError(
                "--ray auto: no cluster that can be used runs on this machine. Start one with "
                "`ray start --head`, join one with `ray start --address HOST:PORT`, or write "
                "--ray local."
            ) from None
        reason = (str(error).strip().splitlines() or [repr(error)])[-1]
        raise PeerError(f"--ray {address}: no cluster could be used: {reason}") from None
    if there != _versions():
        ray.shutdown()
        raise PeerError(
            f"--ray {address}: the cluster has {there}, this machine {_versions()}. Other versions "
            f"would give other figures: install the same there."
        )


def _check_answers(address: str) -> None:
    """Sees whether anybody listens there: Ray itself would try for two minutes."""
    host, _, port = address.rpartition(":")
    if not host or "/" in address or not port.isdigit() or int(port) > 65_535:
        raise RefusedError(
            f"--ray {address}: write local, to start one on this machine; auto, for the cluster "
            f"that this machine belongs to; or its address, like 10.0.0.5:6379.",
            code="bad_ray",
        )
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_WITHIN_S).close()
    except OSError as error:
        raise PeerError(
            f"--ray {address}: nobody answers there: {error.strerror or error}."
        ) from None


def _versions() -> str:
    return f"Openline {version('openline')} on Python {platform.python_version()}"


class _Cluster:
    """Lives runs in Ray's workers."""

    def __init__(self, lives: tuple[Life, ...]) -> None:
        import ray  # noqa: PLC0415

        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]  # Ray has no type for it
        self.size = max(1, int(resources.get("CPU", 1)))
        self._lives = ray.put(lives)
        self._task = ray.remote(_one_there)
        self._pending: set[ObjectRef[RunSums]] = set()

    def begin(self, place: int, number: int) -> "_InCluster":
        # In a list Ray hands the reference on as it is; by itself it would be read for each run.
        run = self._task.remote([self._lives], place, number)
        self._pending.add(run)
        return _InCluster(run, self._pending)

    def end(self) -> None:
        """Ends whatever is still lived."""
        import ray  # noqa: PLC0415

        for run in self._pending:
            ray.cancel(run, force=True)
        self._pending.clear()


class _InCluster:
    """Is a run that a worker lives."""

    def __init__(self, run: "ObjectRef[RunSums]", pending: "set[ObjectRef[RunSums]]") -> None:
        self._run = run
        self._pending = pending

    def result(self) -> RunSums:
        import ray  # noqa: PLC0415
        from ray.exceptions import RayError  # noqa: PLC0415

        try:
            sums: RunSums = ray.get(self._run)
        except RayError as error:
            raise PeerError(
                "The Ray cluster lost a run, perhaps because a machine of it is gone or has too "
                f"little memory: {str(error).strip().splitlines()[-1]}"
            ) from None
        self._pending.discard(self._run)
        return sums


_known: "tuple[Lives, tuple[Life, ...]] | None" = None
"""In a worker: what it lives. Read once, for it is large."""


def _one_there(lives: "list[Lives]", place: int, number: int) -> RunSums:
    global _known  # noqa: PLW0603 - a worker is a process, and this is all it remembers
    import ray  # noqa: PLC0415

    (ref,) = lives
    if _known is None or _known[0] != ref:
        _known = ref, ray.get(ref)
    return _known[1][place](number)
