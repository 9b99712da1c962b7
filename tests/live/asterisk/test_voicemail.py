"""Messages that callers leave by real SIP: what is heard of them, and what is left of them."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import wave
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, caller

LINE = 'leads_to = { voicemail = "night" }'
BOX = """
[voicemail.night]
name = "Night box"
prompt = "voicemail-en"
silence_s = 4
"""
RATE = 8_000


@contextmanager
def night(folder: Path) -> Iterator[House]:
    """Runs a house whose callers come to the box, from when all is ready for them."""
    with house(folder, line=LINE, more=BOX) as home:
        until(lambda: home.health()["degraded"] == [], 20, what="the recorder does not come")
        yield home


def waiting(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(desk.asks("/api/messages"))["messages"]
    return found


def speaks(party: Party, seconds: float) -> None:
    """Waits for the tone and then for so long; the caller's own tone is always there."""
    party.ear.hears(850, 30)
    time.sleep(seconds)


def samples(sound: bytes) -> Any:
    with wave.open(BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def hears(desk: Desk, message: dict[str, Any]) -> Any:
    return samples(desk.asks(f"/api/messages/{message['message']}/sound", {"why": "own_work"}))


def recorder(home: House) -> int:
    """Returns the process of the recorder of a house."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"recorder" in words and str(home.data).encode() in words:
                return int(folder.name)
    raise AssertionError("there is no recorder")


def loudest(heard: Any) -> float:
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return float(np.fft.rfftfreq(len(heard), 1 / RATE)[spectrum.argmax()])


def files(home: House) -> Iterator[bytes]:
    """Yields all that either program has written to a disk."""
    for path in home.folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def test_a_message_is_left_heard_by_an_agent_and_gone_when_she_is_done(tmp_path: Path) -> None:
    with (
        night(tmp_path) as home,
        Desk(home.centre.base, "amira") as amira,
        caller(home.server, hertz=1000) as maria,
    ):
        speaks(maria, 4)
        maria.hangs_up()
        until(lambda: waiting(amira), what="no message")
        (message,) = waiting(amira)
        assert message["box"] == "Night box"
        assert 2 <= message["length_s"] <= 6, message
        assert not message["is_cut"]

        sound = amira.asks(f"/api/messages/{message['message']}/sound", {"why": "own_work"})
        heard = samples(sound)
        assert abs(loudest(heard[RATE:-RATE]) - 1000) < 8
        # Nothing of it is in clear anywhere, and what is sealed is there.
        piece = sound[3 * RATE : 3 * RATE + 400]
        everything = list(files(home))
        assert not any(piece in each for each in everything)
        sealed = home.data / "recordings" / message["message"]
        assert sealed.stat().st_size > len(sound)

        amira.asks(f"/api/messages/{message['message']}/done", {})
        assert waiting(amira) == []
        assert not sealed.exists()
        until(home.is_empty, what="channels are left")


def test_who_says_nothing_leaves_nothing(tmp_path: Path) -> None:
    with (
        night(tmp_path) as home,
        Desk(home.centre.base, "amira") as amira,
        caller(home.server, hertz=0) as silent,
    ):
        speaks(silent, 0)
        assert silent.is_over(20)
        until(lambda: not list((home.data / "recordings").glob("*")), what="a sound is kept")
        assert waiting(amira) == []


def test_a_message_outlives_the_death_of_the_centre(tmp_path: Path) -> None:
    with (
        night(tmp_path) as home,
        Desk(home.centre.base, "amira") as amira,
        caller(home.server, hertz=1000) as maria,
        caller(home.server, hertz=700) as jo,
    ):
        maria.ear.hears(850, 30)
        speaks(jo, 3)
        home.centre.kill()
        # One hangs up while nobody is there, the other speaks on and is asked for.
        maria.hangs_up()
        until(home.is_routing, what="it does not route again")
        time.sleep(2)
        jo.hangs_up()
        until(lambda: len(waiting(amira)) == 2, what="a message is missing")
        found = [loudest(hears(amira, each)) for each in waiting(amira)]
        assert sorted(round(each, -1) for each in found) == [700, 1000]
        until(home.is_empty, what="channels are left")


def test_a_message_outlives_the_death_of_the_recorder(tmp_path: Path) -> None:
    with (
        night(tmp_path) as home,
        Desk(home.centre.base, "amira") as amira,
        caller(home.server, hertz=1000) as maria,
    ):
        speaks(maria, 3)
        os.kill(recorder(home), signal.SIGKILL)
        time.sleep(4)
        maria.hangs_up()
        until(lambda: waiting(amira), 20, what="no message")
        (message,) = waiting(amira)
        assert not message["is_cut"]
        heard = hears(amira, message)
        assert len(heard) > 6 * RATE
        # Nothing is missing in it: the tone goes through each of its seconds.
        seconds = [heard[at : at + RATE] for at in range(RATE, len(heard) - 2 * RATE, RATE)]
        assert all(abs(loudest(each) - 1000) < 8 for each in seconds)


@pytest.mark.skipif(shutil.which("strace") is None, reason="apt-get install strace")
def test_asterisk_writes_what_is_said_into_memory_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    trace = tmp_path / "trace"
    with (
        night(tmp_path / "house") as home,
        Desk(home.centre.base, "amira") as amira,
        caller(home.server, hertz=1000) as maria,
    ):
        command = ["strace", "-f", "-y", "-s", "0", "-e", "trace=write,writev,pwrite64,pwritev"]
        command += ["-o", str(trace), "-p", str(home.server.pid)]
        watching = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            speaks(maria, 5)
            maria.hangs_up()
            until(lambda: waiting(amira), what="no message")
        finally:
            watching.terminate()
            watching.wait()
    written: Counter[str] = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        found = re.search(r"\(\d+<(/[^>]+)>.* = (\d+)$", line)
        if found is not None:
            written[found[1]] += int(found[2])
    sound = {path: length for path, length in written.items() if path.endswith(".wav")}
    assert sum(sound.values()) > 4 * 2 * RATE
    assert all(path.startswith("/dev/shm/") for path in sound), sound
    # A second of speech is 16,000 bytes; what else it writes is its log and its own database.
    elsewhere = {path: length for path, length in written.items() if not path.startswith("/dev/")}
    assert sum(elsewhere.values()) < 4_000, elsewhere


def test_asterisk_killed_in_the_middle_leaves_a_message_that_is_marked(tmp_path: Path) -> None:
    with (
        night(tmp_path) as home,
        Desk(home.centre.base, "amira") as amira,
        caller(home.server, hertz=1000) as maria,
    ):
        speaks(maria, 6)
        home.server.kill()
        until(lambda: waiting(amira), what="no message")
        (message,) = waiting(amira)
        assert message["is_cut"]
        assert abs(loudest(hears(amira, message)) - 1000) < 8
