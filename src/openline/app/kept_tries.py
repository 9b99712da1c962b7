"""Changes that were tried, kept with their question: listed, opened again, compared two by two.

Each is two files in the folder `studies` of the data folder: NAME.json with question and answer,
NAME.runs with the sums of every run. Both are written whole or not at all, the runs first, so that
what is listed can be opened. They are about drawn people. A removed one stays for a week under
another name, so that it can be put back. Backups leave them out: they can be made again (ADR 0054).
"""

import asyncio
import hashlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from openline.app.comparing import Comparison
from openline.app.study import Studied
from openline.app.trying import tried_of
from openline.model import SECOND, Instant, PeerError, RefusedError
from openline.planning.try_asked import KeptTry, Phase, Tried, TryAsked
from openline.reports.runs import RunSums

MOST_KEPT = 100
REMOVED_FOR_S = 7 * 86_400
_NAME = re.compile(r"\d{8,12}-\d{1,3}")


class _Runs(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the sums of every run of both worlds."""

    first: tuple[RunSums, ...]
    second: tuple[RunSums, ...]


class KeptTries:
    """Keeps them in a folder, which may not be there yet."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "studies"

    def keep(self, asked: TryAsked, tried: Tried, found: Comparison, now: Instant) -> KeptTry:
        """Keeps one and returns it; the oldest goes where there are too many.

        Raises `PeerError` where the disk refuses.
        """
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            name = self._new_name(now)
            tried = msgspec.structs.replace(tried, kept_as=name)
            kept = KeptTry(name=name, made_at=now, asked=_without_plan(asked, tried), tried=tried)
            runs = _Runs(first=found.first.runs, second=found.second.runs)
            self._write(f"{kept.name}.runs", msgspec.msgpack.encode(runs))
            self._write(f"{kept.name}.json", msgspec.json.encode(kept))
            for old in self._names()[MOST_KEPT:]:
                self._unlink(old)
        except OSError as error:
            raise PeerError(
                f"{self._folder}: cannot be written: {error.strerror or error}."
            ) from error
        return kept

    def listed(self) -> list[KeptTry]:
        """Returns all, the newest first; a file that is none of ours is passed over."""
        found = []
        for name in self._names():
            try:
                found.append(self.opened(name))
            except RefusedError:
                continue
        return found

    def opened(self, name: str) -> KeptTry:
        """Returns one; raises `RefusedError` (`not_kept`) where there is none of that name."""
        try:
            return msgspec.json.decode(self._read(name, "json"), type=KeptTry)
        except msgspec.DecodeError:
            raise _not_kept(name) from None

    def compared(self, first: str, second: str) -> Tried:
        """Returns how the changed world of the second differs from that of the first.

        Raises `RefusedError` where one is not kept (`not_kept`), or other people called in them
        (`other_callers`), so that what differs would be chance for the most part.
        """
        one, other = self.opened(first), self.opened(second)
        if _callers_of(one.asked) != _callers_of(other.asked):
            raise RefusedError(
                f"{first} and {second} are not of the same callers and days: then others called.",
                code="other_callers",
            )
        ours, theirs = self._runs(first).second, self._runs(second).second
        count = min(len(ours), len(theirs))
        if [run.seed for run in ours[:count]] != [run.seed for run in theirs[:count]]:
            raise RefusedError(
                f"{first} and {second} were lived with other seeds: then others called.",
                code="other_callers",
            )
        found = Comparison(
            first=Studied(runs=ours[:count]),
            second=Studied(runs=theirs[:count]),
            days=one.tried.days,
        )
        return tried_of(found, done=count, of=count, phase=Phase.COMPARED)

    def remove(self, name: str) -> None:
        """Removes one, for the time being; raises `RefusedError` (`not_kept`)."""
        path = self._path(name, "json")
        try:
            # The week counts from the removal.
            os.utime(path)
            path.rename(path.with_suffix(".removed"))
        except OSError:
            raise _not_kept(name) from None

    def put_back(self, name: str) -> None:
        """Takes a removal back; raises `RefusedError` (`not_kept`) where it is too late."""
        path = self._path(name, "removed")
        try:
            path.rename(path.with_suffix(".json"))
        except OSError:
            raise _not_kept(name) from None

    def forget(self, now_s: float | None = None) -> None:
        """Deletes for good what was removed a week ago."""
        now_s = time.time() if now_s is None else now_s
        for path in self._folder.glob("*.removed"):
            try:
                if now_s - path.stat().st_mtime > REMOVED_FOR_S:
                    path.unlink()
                    path.with_suffix(".runs").unlink(missing_ok=True)
            except OSError:
                continue

    def _names(self) -> list[str]:
        paths = self._folder.glob("*.json")
        names = [path.stem for path in paths if _NAME.fullmatch(path.stem)]
        return sorted(names, key=_age, reverse=True)

    def _new_name(self, now: Instant) -> str:
        seconds = now // SECOND
        for number in _numbers():
            name = f"{seconds}-{number}"
            try:
                # Two that end in one second do not write over each other.
                (self._folder / f"{name}.runs").touch(mode=0o600, exist_ok=False)
            except FileExistsError:
                continue
            return name
        raise PeerError("Too many changes were tried in one second.")

    def _path(self, name: str, kind: str) -> Path:
        if _NAME.fullmatch(name) is None:
            raise _not_kept(name)
        return self._folder / f"{name}.{kind}"

    def _read(self, name: str, kind: str) -> bytes:
        try:
            return self._path(name, kind).read_bytes()
        except OSError:
            raise _not_kept(name) from None

    def _runs(self, name: str) -> _Runs:
        try:
            return msgspec.msgpack.decode(self._read(name, "runs"), type=_Runs)
        except msgspec.DecodeError:
            raise _not_kept(name) from None

    def _write(self, name: str, body: bytes) -> None:
        part = self._folder / f".{name}.part"
        try:
            part.write_bytes(body)
            part.chmod(0o600)
            part.replace(self._folder / name)
        finally:
            part.unlink(missing_ok=True)

    def _unlink(self, name: str) -> None:
        for kind in ("json", "runs"):
            self._path(name, kind).unlink(missing_ok=True)


def _callers_of(asked: TryAsked) -> tuple[object, ...]:
    return asked.callers, asked.origin, asked.since, asked.days, asked.plan_mark


def _without_plan(asked: TryAsked, tried: Tried) -> TryAsked:
    """Returns the question without the forecast and roster that were given: they name people.

    A mark stays that tells whether the same people call, and which days they were.
    """
    if asked.plan is None or tried.since is None:
        return asked
    calls = (asked.plan.calls, asked.plan.assumptions)
    mark = hashlib.sha256(msgspec.msgpack.encode(calls)).hexdigest()[:16]
    return msgspec.structs.replace(
        asked, plan=None, plan_mark=mark, since=tried.since, days=tried.days
    )


def _age(name: str) -> tuple[int, int]:
    seconds, number = name.split("-")
    return int(seconds), int(number)


def _numbers() -> Iterator[int]:
    return iter(range(1, 1000))


def _not_kept(name: str) -> RefusedError:
    return RefusedError(f"{name}: no such change is kept.", code="not_kept")


class KeptBeside:
    """Reads and writes them in a thread, so that the centre never waits for the disk."""

    def __init__(self, kept: KeptTries) -> None:
        self._kept = kept

    async def listed(self) -> Sequence[KeptTry]:
        """Returns all, the newest first."""
        await asyncio.to_thread(self._kept.forget)
        return await asyncio.to_thread(self._kept.listed)

    async def opened(self, name: str) -> KeptTry:
        """Returns one."""
        return await asyncio.to_thread(self._kept.opened, name)

    async def compared(self, first: str, second: str) -> Tried:
        """Returns how the second differs from the first."""
        return await asyncio.to_thread(self._kept.compared, first, second)

    async def remove(self, name: str) -> None:
        """Removes one, for the time being."""
        await asyncio.to_thread(self._kept.remove, name)

    async def put_back(self, name: str) -> None:
        """Takes a removal back."""
        await asyncio.to_thread(self._kept.put_back, name)
