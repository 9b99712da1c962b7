"""What is wrong with the running centre, since when; asked by the health page and once a minute.

`doctor` looks at a machine and a folder from outside and takes its time; this looks from inside, at
what concerns the calls of the next hour, and costs a few milliseconds on a thread.
"""

import asyncio
import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from openline.app.doctor import MEMORY_WARN, ROOM_WARN, ROOM_WRONG, STEPS_SINCE_SNAPSHOT
from openline.app.public import Certificate
from openline.centre import Centre
from openline.model import MINUTE, Duration, Instant
from openline.sealing import Sealer
from openline.store import DataFolder
from openline.web.care import HealthFinding, Level

EVERY_S = 60
LATE = Duration(60 * MINUTE)
"""What is due is destroyed within the hour."""
TELEPHONE_TROUBLES = {
    "taken_over": Level.WRONG,
    "wrong_password": Level.WRONG,
    "not_connected": Level.WRONG,
    "turn_calls_away": Level.WARN,
    "calls_out_spent": Level.WARN,
    "broken_recordings": Level.WARN,
}
"""What can be in the way of telephones; with the last three whoever is on the line is served."""
RECORDER_TROUBLES = (
    "recorder_away",
    "disk_full",
    "disk_failed",
    "memory_full",
    "spool_not_memory",
)
"""Why nothing can be recorded."""


class Health:
    """Looks after one centre and remembers since when something is wrong."""

    def __init__(
        self,
        centre: Centre,
        sealer: Sealer,
        folder: DataFolder,
        *,
        on_call_trouble: Callable[[], str | None],
        has_relay: bool,
        certificate: Certificate | None = None,
        telephone_trouble: Callable[[], str | None] | None = None,
        recorder_trouble: Callable[[], str | None] | None = None,
    ) -> None:
        """The last two are None for a centre without telephones."""
        self._centre = centre
        self._sealer = sealer
        self._folder = folder
        self._on_call_trouble = on_call_trouble
        self._has_relay = has_relay
        self._certificate = certificate
        self._telephone_trouble = telephone_trouble
        self._recorder_trouble = recorder_trouble
        self._since: dict[str, Instant] = {}

    async def watch(self) -> None:
        """Looks once a minute, until it is cancelled."""
        while True:
            await self.findings()
            await asyncio.sleep(EVERY_S)

    async def findings(self) -> Sequence[HealthFinding]:
        """Returns one finding for each question, what is worst first."""
        now = self._centre.clock.now()
        live = list(self._of_the_centre(now))
        found = [*live, *await asyncio.to_thread(lambda: list(self._of_the_machine()))]
        wrong = {each.code for each in found if each.level is not Level.OK}
        for code in list(self._since):
            if code not in wrong:
                del self._since[code]
        for code in wrong:
            self._since.setdefault(code, now)
        dated = [
            HealthFinding(
                code=each.code,
                level=each.level,
                values=each.values,
                since=self._since.get(each.code),
            )
            for each in found
        ]
        return sorted(dated, key=lambda each: -list(Level).index(each.level))

    def _of_the_centre(self, now: Instant) -> Iterator[HealthFinding]:
        centre = self._centre
        if centre.store_failing is None:
            yield _finding("store", Level.OK)
        elif centre.takes_new_calls:
            yield _finding("store_spooling", Level.WRONG, waiting=centre.writer.backlog)
        else:
            yield _finding("store_refuses", Level.WRONG)
        trouble = self._on_call_trouble()
        yield _finding("on_call", Level.OK if trouble is None else Level.WRONG)
        due = self._sealer.next_due()
        is_late = due is not None and due + LATE < now
        yield _finding("retention", Level.WRONG if is_late else Level.OK)
        yield _finding("relay", Level.OK if self._has_relay else Level.WARN)
        if self._telephone_trouble is not None:
            yield _of_telephones(self._telephone_trouble())
        if self._recorder_trouble is not None:
            yield _of_recorder(self._recorder_trouble())
        if self._certificate is not None:
            yield _of_certificate(self._certificate)

    def _of_the_machine(self) -> Iterator[HealthFinding]:
        free = shutil.disk_usage(self._folder.path).free
        level = Level.WRONG if free < ROOM_WRONG else Level.WARN if free < ROOM_WARN else Level.OK
        yield _finding("disk", level, gigabytes=round(free / 1e9, 1))
        memory = _memory_free()
        if memory is not None:
            level = Level.WARN if memory < MEMORY_WARN else Level.OK
            yield _finding("memory", level, gigabytes=round(memory / 1e9, 1))
        gaps = len(self._centre.store.gaps())
        yield _finding("gaps", Level.WARN if gaps else Level.OK, count=gaps)
        snapshot = self._centre.store.latest_snapshot()
        behind = self._centre.store.head()[0] - (0 if snapshot is None else snapshot.step)
        level = Level.WARN if behind > STEPS_SINCE_SNAPSHOT else Level.OK
        yield _finding("snapshot", level, steps=behind)


def _of_certificate(certificate: Certificate) -> HealthFinding:
    level = Level.OK
    if certificate.ends_soon:
        level = Level.WRONG
    elif certificate.trouble is not None:
        level = Level.WARN
    return _finding("certificate", level, days=max(0, math.floor(certificate.days_left)))


def _of_telephones(trouble: str | None) -> HealthFinding:
    if trouble is None:
        return _finding("telephones", Level.OK)
    return _finding(f"telephones_{trouble}", TELEPHONE_TROUBLES[trouble])


def _of_recorder(trouble: str | None) -> HealthFinding:
    if trouble is None:
        return _finding("recorder", Level.OK)
    return _finding(f"recorder_{trouble.removeprefix('recorder_')}", Level.WRONG)


def _finding(code: str, level: Level, **values: float) -> HealthFinding:
    return HealthFinding(code=code, level=level, values=values, since=None)


def _memory_free() -> int | None:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        line = next(each for each in text.splitlines() if each.startswith("MemAvailable:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration, ValueError):
        return None
