"""Talks that are recorded while disk or memory is full: the call goes on, and everybody is told.

Needs root, to mount a small file system; elsewhere it is skipped.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, until
from tests.live.asterisk.sipp import Party, caller, telephone
from tests.live.asterisk.test_recording import (
    AMIRA_HZ,
    CALLER_HZ,
    LINE,
    hears,
    light,
    says_yes,
    there,
    tones,
    wants,
)

MEMORY = 66 * 1024 * 1024
"""A recorder leaves 64 MiB to the rest of the machine."""


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path]:
    """Mounts a small file system; yields a file in it that fills it, once it is written to."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield folder / "filler"
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fills(filler: Path) -> None:
    """Leaves no room beside it."""
    room = os.statvfs(filler.parent)
    with filler.open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize)


@contextmanager
def recorded_talk(home: House) -> Iterator[tuple[Party, Party, Desk, Desk]]:
    """Lets a caller who said yes talk with Amira while Ben looks after the room."""
    with home.opens(), ExitStack() as stack:
        enter = stack.enter_context
        until(lambda: home.health()["degraded"] == [], 20, what="the recorder does not come")
        phone = enter(telephone(home.ports["amira"], hertz=AMIRA_HZ))
        maria = enter(caller(home.server, hertz=CALLER_HZ, stays_s=200))
        amira = enter(Desk(home.centre.base, "amira"))
        room = enter(Desk(home.centre.base, "ben"))
        says_yes(maria, amira)
        amira.does("ready")
        amira.is_in("talking", 20)
        phone.ear.hears(CALLER_HZ)
        light(amira, "on")
        yield maria, phone, amira, room


def alarm(home: House, wanted: str, room: Desk, words: str) -> None:
    """Waits until it is told to machines, and to people on the page of health."""
    until(lambda: wanted in home.health()["degraded"], 20, what=f"{wanted} is told to nobody")
    assert words in room.asks("/health").decode()


def test_with_a_full_disk_what_is_said_waits_in_memory_and_nothing_of_it_is_lost(
    tmp_path: Path,
) -> None:
    home = House(tmp_path, line=LINE)
    with (
        mounted(home.data / "recordings", 1024 * 1024) as filler,
        recorded_talk(home) as (maria, phone, amira, room),
    ):
        fills(filler)
        alarm(home, "recorder_disk_full", room, "disk for recordings is full")
        phone.ear.hears(CALLER_HZ)
        maria.ear.hears(AMIRA_HZ)
        # What runs goes on in memory; nothing new is begun, and her light says so.
        light(amira, "on")
        wants(amira, "paused")
        wants(amira, "on")
        light(amira, "failed")
        filler.unlink()
        until(lambda: home.health()["degraded"] == [], 20, what="the alarm stays")
        wants(amira, "on")
        light(amira, "on")
        phone.ear.hears(CALLER_HZ)
        maria.hangs_up()
        amira.is_in("wrap_up", 20)
        until(lambda: there(room), 20, what="no recording")
        (recording,) = there(room)
        assert not recording["is_cut"]
        heard, said = hears(room, recording)
        assert CALLER_HZ in tones(heard)
        assert AMIRA_HZ in tones(said)
        until(home.is_empty, what="channels are left")
        home.adds_up(1)


def test_with_a_full_memory_the_recording_ends_and_the_call_does_not(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    with mounted(spool, MEMORY) as filler:
        home = House(tmp_path, line=LINE, asterisk=f"spool = '{spool}/openline'")
        with recorded_talk(home) as (maria, phone, amira, room):
            fills(filler)
            light(amira, "failed", 20)
            alarm(home, "recorder_memory_full", room, "nothing new is recorded")
            phone.ear.hears(CALLER_HZ)
            maria.ear.hears(AMIRA_HZ)
            filler.unlink()
            until(lambda: home.health()["degraded"] == [], 20, what="the alarm stays")
            # She begins anew, and it is one recording with a hole.
            wants(amira, "on")
            light(amira, "on")
            maria.hangs_up()
            amira.is_in("wrap_up", 20)
            until(home.is_empty, what="channels are left")
            home.adds_up(1)
