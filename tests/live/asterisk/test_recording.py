"""Talks that are recorded, by real SIP: who is heard where, what is not, and what is left of it."""

import json
import os
import signal
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, caller, telephone
from tests.live.asterisk.test_voicemail import RATE, files, loudest, recorder

CALLER_HZ, AMIRA_HZ, BEN_HZ = 1000, 600, 440
LINE = "consent = { time_limit_s = 30 }"


@contextmanager
def asking(folder: Path, **how: Any) -> Iterator[House]:
    """Runs a house whose callers are asked, from when all is ready for them."""
    with house(folder, line=LINE, **how) as home:
        until(lambda: home.health()["degraded"] == [], 20, what="the recorder does not come")
        yield home


def says_yes(party: Party, desk: Desk) -> None:
    party.ear.hears_sound(20)

    def waits() -> bool:
        party.ear.presses("1")
        return bool(desk.view["queues"][0]["waiting"])

    until(waits, 20, every_s=1, what="he is not in the queue")


def light(desk: Desk, wanted: str, within_s: float = 10) -> None:
    desk.sees(lambda view: view["call"] and view["call"]["recording"] == wanted, within_s)


def wants(desk: Desk, what: str) -> None:
    assert json.loads(desk.asks("/api/recording", {"to": what}))["recording"] is not None


def there(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(desk.asks("/api/recordings"))["recordings"]
    return found


def hears(desk: Desk, recording: dict[str, Any]) -> tuple[Any, Any]:
    """Returns what the caller says, and what he hears."""
    sound = desk.asks(f"/api/recordings/{recording['call']}/sound", {"why": "quality"})
    with wave.open(BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    return both[0::2], both[1::2]


def tones(heard: Any) -> list[float | None]:
    """Returns the tone of each whole half second, None for one that is silent or nearly so."""
    step = RATE // 2
    pieces = [heard[at : at + step] for at in range(0, len(heard) - step + 1, step)]
    loud = [float(np.sqrt(np.mean(each**2))) > 2_000 for each in pieces]
    return [
        round(loudest(each), -1) if is_loud else None
        for each, is_loud in zip(pieces, loud, strict=True)
    ]


def silences(heard: Any) -> list[tuple[int, int]]:
    """Returns begin and end of what is silent for a second or more, in half seconds."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    for at, tone in enumerate([*tones(heard), 0.0]):
        if tone is None and begin is None:
            begin = at
        elif tone is not None and begin is not None:
            if at - begin >= 3:
                found.append((begin, at))
            begin = None
    return found


def test_who_said_yes_is_recorded_on_two_channels_and_a_pause_is_true_silence(
    tmp_path: Path,
) -> None:
    with (
        asking(tmp_path) as home,
        telephone(home.ports["amira"], hertz=AMIRA_HZ) as phone,
        caller(home.server, hertz=CALLER_HZ) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as room,
    ):
        says_yes(maria, amira)
        # Nothing is recorded while he waits.
        assert not list((home.data / "recordings").glob("*"))
        amira.does("ready")
        amira.is_in("talking", 20)
        phone.ear.hears(CALLER_HZ)
        light(amira, "on")
        time.sleep(3)
        wants(amira, "paused")
        light(amira, "paused")
        maria.ear.presses("7")
        time.sleep(3)
        wants(amira, "on")
        light(amira, "on")
        time.sleep(3)
        amira.does("hold")
        light(amira, "held")
        time.sleep(1)
        amira.does("resume")
        light(amira, "on")
        time.sleep(2)
        assert there(room) == []
        amira.does("hang_up")
        amira.is_in("wrap_up")
        until(lambda: there(room), what="no recording")
        (recording,) = there(room)
        assert not recording["is_cut"]
        heard, said = hears(room, recording)
        assert_two_channels(heard, said)
        # Nothing of it is in clear on any disk, and what is sealed is there.
        piece = heard[RATE : RATE + 400].astype("<i2").tobytes()
        assert not any(piece in each for each in files(home))
        sealed = list((home.data / "recordings").iterdir())
        assert len(sealed) == 6
        # The audit is there before the sound, and gone is what its caller wants gone.
        room.asks(f"/api/recordings/{recording['call']}/withdrawal", {})
        assert there(room) == []
        assert list((home.data / "recordings").iterdir()) == []
        until(home.is_empty, what="channels are left")


def assert_two_channels(heard: Any, said: Any) -> None:
    """Each side has its own tone and no other, and both fall silent together."""
    assert set(tones(heard)) == {CALLER_HZ, None}
    assert set(tones(said)) == {AMIRA_HZ, None}
    (pause,) = silences(heard)
    for side in (heard, said):
        # It is of digits and not of a quiet line.
        true = side[(pause[0] + 1) * RATE // 2 : (pause[1] - 1) * RATE // 2]
        assert not np.any(true), "a pause is not true silence"


def test_who_says_no_is_served_and_nothing_of_him_is_kept(tmp_path: Path) -> None:
    with (
        asking(tmp_path) as home,
        telephone(home.ports["amira"], hertz=AMIRA_HZ),
        caller(home.server, hertz=CALLER_HZ) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as room,
    ):
        maria.ear.hears_sound(20)

        def waits() -> bool:
            maria.ear.presses("9")
            return bool(amira.view["queues"][0]["waiting"])

        until(waits, 20, every_s=1)
        amira.does("ready")
        amira.is_in("talking", 20)
        maria.ear.hears(AMIRA_HZ)
        assert amira.view["call"]["recording"] is None
        assert not any(each["id"].startswith("tape-") for each in home.channels())
        amira.does("hang_up")
        amira.is_in("wrap_up")
        assert there(room) == []
        assert list((home.data / "recordings").iterdir()) == []


def test_a_yes_that_is_taken_back_destroys_what_there_is_and_stays_so(tmp_path: Path) -> None:
    with (
        asking(tmp_path) as home,
        telephone(home.ports["amira"], hertz=AMIRA_HZ) as phone,
        caller(home.server, hertz=CALLER_HZ) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as room,
    ):
        says_yes(maria, amira)
        amira.does("ready")
        amira.is_in("talking", 20)
        phone.ear.hears(CALLER_HZ)
        light(amira, "on")
        time.sleep(3)
        until(lambda: list((home.data / "recordings").iterdir()), what="nothing was sealed")
        wants(amira, "withdrawn")
        light(amira, "withdrawn")
        assert list((home.data / "recordings").iterdir()) == []
        home.centre.kill()
        until(home.is_routing, 20, what="it does not route again")
        light(amira, "withdrawn", 20)
        assert not any(each["id"].startswith("tape-") for each in home.channels())
        maria.ear.hears(AMIRA_HZ)
        amira.does("hang_up")
        amira.is_in("wrap_up")
        assert there(room) == []
        until(home.is_empty, what="channels are left")


def test_a_recording_and_a_pause_outlive_the_death_of_the_centre_and_the_recorder(
    tmp_path: Path,
) -> None:
    with (
        asking(tmp_path) as home,
        telephone(home.ports["amira"], hertz=AMIRA_HZ) as phone,
        caller(home.server, hertz=CALLER_HZ) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as room,
    ):
        says_yes(maria, amira)
        amira.does("ready")
        amira.is_in("talking", 20)
        phone.ear.hears(CALLER_HZ)
        light(amira, "on")
        time.sleep(2)
        home.centre.kill()
        os.kill(recorder(home), signal.SIGKILL)
        until(home.is_routing, 20, what="it does not route again")
        light(amira, "on", 20)
        time.sleep(2)
        wants(amira, "paused")
        time.sleep(1)
        home.centre.kill()
        until(home.is_routing, 20, what="it does not route again")
        light(amira, "paused", 20)
        assert not any(each["id"].startswith("tape-") for each in home.channels())
        time.sleep(2)
        wants(amira, "on")
        light(amira, "on")
        time.sleep(2)
        maria.hangs_up()
        amira.is_in("wrap_up", 20)
        until(lambda: there(room), 20, what="no recording")
        (recording,) = there(room)
        assert not recording["is_cut"]
        heard, said = hears(room, recording)
        # The first death left no hole: there is one silence, and it is the pause.
        assert_two_channels(heard, said)


def test_a_transfer_goes_on_being_recorded_and_asterisk_killed_leaves_a_marked_one(
    tmp_path: Path,
) -> None:
    with (
        asking(tmp_path) as home,
        telephone(home.ports["amira"], hertz=AMIRA_HZ) as phone,
        telephone(home.ports["ben"], hertz=BEN_HZ),
        caller(home.server, hertz=CALLER_HZ) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as ben,
    ):
        says_yes(maria, amira)
        amira.does("ready")
        amira.is_in("talking", 20)
        phone.ear.hears(CALLER_HZ)
        light(amira, "on")
        time.sleep(2)
        ben.does("ready")
        amira.does("transfer", agent="ben")
        ben.is_in("talking", 20)
        light(ben, "on")
        maria.ear.hears(BEN_HZ)
        time.sleep(4)
        home.server.kill()
        until(lambda: there(ben), 20, what="no recording")
        (recording,) = there(ben)
        assert recording["is_cut"]
        heard, said = hears(ben, recording)
        assert {AMIRA_HZ, BEN_HZ} <= set(tones(said))
        assert set(tones(heard)) <= {CALLER_HZ, None}
