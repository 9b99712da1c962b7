"""The parent of a centre, with real processes: the child is `small_child.py`.

Nothing is timed: every step waits for a line that the parent prints, for an answer of the child,
or for the end of a process.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.app.parent import CRASHES_ALLOWED, child_command, listen

pytestmark = pytest.mark.timeout(60)

CHILD = Path(__file__).parent / "small_child.py"

DRIVER = """
import sys
from openline.app import parent
listening = parent.listen("127.0.0.1", 0)
parent.IMPATIENT_AFTER_S = float(sys.argv[3])
parent.FROZEN_AFTER_S, parent.IN_DOUBT_S, parent.LOAD_AFTER_S = 2.0, 0.5, 0.0
def say(*words):
    print(*words, flush=True)
say("port", listening.getsockname()[1])
raise SystemExit(
    parent.Parent(
        [sys.executable, sys.argv[4], sys.argv[1], sys.argv[2]],
        listening,
        on_ready=lambda first, demo: say("ready", "first" if first else "again", demo),
        on_crash=lambda code: say("crashed", code),
        has_loader=bool(sys.argv[5]),
    ).run()
)
"""


class Household:
    """Is a parent that runs, with its children."""

    def __init__(
        self, mode: str, folder: Path, *, impatient_after_s: float = 60, has_loader: bool = False
    ) -> None:
        self.folder = folder
        arguments = [
            mode,
            str(folder),
            str(impatient_after_s),
            str(CHILD),
            "yes" if has_loader else "",
        ]
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *arguments], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.line().split()[1])

    def line(self) -> str:
        """Returns the next thing the parent says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def connect(self) -> socket.socket:
        """Connects to whichever child runs, or will."""
        return socket.create_connection(("127.0.0.1", self.port))

    def say(self, words: str) -> str:
        """Tells the child something; returns its answer."""
        with self.connect() as connection:
            connection.sendall(words.encode())
            try:
                return connection.recv(100).decode()
            except ConnectionResetError:
                return ""

    def log(self) -> list[str]:
        """Returns what the children noted."""
        return (self.folder / "log").read_text(encoding="ascii").splitlines()

    def tell(self, number: int) -> None:
        """Sends the parent a signal."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Waits for the parent's end; returns its exit code."""
        code = self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def households() -> Iterator[list[Household]]:
    """Ends what a test that failed has left."""
    started: list[Household] = []
    yield started
    for household in started:
        if household.process.poll() is None:
            household.process.kill()
            household.end()


@pytest.fixture
def start(households: list[Household], tmp_path: Path) -> "Starter":
    return Starter(households, tmp_path)


class Starter:
    """Starts households that are ended whatever happens."""

    def __init__(self, households: list[Household], folder: Path) -> None:
        self._households = households
        self._folder = folder

    def __call__(
        self, mode: str, *, impatient_after_s: float = 60, has_loader: bool = False
    ) -> Household:
        household = Household(
            mode, self._folder, impatient_after_s=impatient_after_s, has_loader=has_loader
        )
        self._households.append(household)
        return household


def test_a_child_that_is_killed_is_started_again_at_once(start: Starter) -> None:
    household = start("serve")
    assert household.line() == "ready first False"
    first = household.say("pid")
    household.say("die")
    assert household.line() == "crashed -9"
    assert household.line() == "ready again False"
    assert household.say("pid") not in (first, "")
    household.tell(signal.SIGINT)
    assert household.end() == 0


def test_a_child_that_freezes_is_ended_and_started_again(start: Starter) -> None:
    household = start("beating")
    assert household.line() == "ready first False"
    first = household.say("pid")
    with household.connect() as connection:
        connection.sendall(b"freeze")
        assert household.line() == "crashed -9"
    assert household.line() == "ready again False"
    assert household.say("pid") not in (first, "")
    household.tell(signal.SIGINT)
    assert household.end() == 0


def loader_of(household: Household, number: int = 1) -> str:
    """Waits for the loader that is started as the so-manieth; returns its process id."""
    while True:
        loaders = [line.split()[1] for line in household.log() if line.startswith("loader")]
        if len(loaders) >= number:
            return loaders[number - 1]
        assert household.say("pid")


def is_gone(process: str) -> bool:
    """Whether a process is over, even if nobody has asked for its end yet."""
    try:
        return ") Z" in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True


def test_one_loader_forks_every_child(start: Starter) -> None:
    household = start("beating", has_loader=True)
    assert household.line() == "ready first False"
    loader, seen = loader_of(household), {household.say("pid")}
    for code in (-9, -9, 70):
        assert household.say("parent") == loader
        assert household.say("group") == household.say("pid")
        household.say("die" if code == -9 else f"exit {code}")
        assert household.line() == f"crashed {code}"
        assert household.line() == "ready again False"
        seen.add(household.say("pid"))
    assert len(seen) == 4
    household.tell(signal.SIGINT)
    assert household.end() == 0
    assert is_gone(loader)
    assert household.log().count(f"loader {loader}") == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_loader_that_died_or_froze_costs_no_child_and_is_replaced(
    number: signal.Signals, start: Starter
) -> None:
    household = start("beating", has_loader=True)
    household.line()
    loader, pid = loader_of(household), household.say("pid")
    os.kill(int(loader), number)
    assert household.say("pid") == pid, "the child lives on"
    household.say("die")
    assert household.line().startswith("crashed")
    assert household.line() == "ready again False"
    assert household.say("parent") == str(household.process.pid)
    following = loader_of(household, 2)
    household.say("die")
    assert household.line() == "crashed -9"
    assert household.line() == "ready again False"
    assert household.say("parent") == following
    household.tell(signal.SIGINT)
    assert household.end() == 0
    assert is_gone(loader)
    assert is_gone(following)


def test_child_and_loader_end_with_their_parent(start: Starter) -> None:
    household = start("beating", has_loader=True)
    household.line()
    loader = loader_of(household)
    household.tell(signal.SIGKILL)
    assert household.end() == -signal.SIGKILL
    while not is_gone(loader):
        select.select([], [], [], 0.01)
    assert set(household.log()[2:]) == {"parent gone", "not needed"}


def test_a_child_that_refuses_is_not_tried_again_by_a_loader_either(start: Starter) -> None:
    household = start("2", has_loader=True)
    assert household.end() == 2
    # The loader may have the time to say that it is needed no longer.
    told = [line for line in household.log() if line != "not needed"]
    assert [line.split()[0] for line in told] == ["loader", "started"]


def test_a_child_that_beats_and_ends_is_not_waited_for(start: Starter) -> None:
    household = start("beating")
    household.line()
    household.say("die")
    assert household.line() == "crashed -9"
    household.tell(signal.SIGINT)
    household.end()


@pytest.mark.parametrize("code", [1, 70])
def test_a_child_that_breaks_after_it_was_ready_is_started_again(code: int, start: Starter) -> None:
    household = start("serve")
    household.line()
    household.say(f"exit {code}")
    assert household.line() == f"crashed {code}"
    assert household.line() == "ready again False"
    household.tell(signal.SIGTERM)
    assert household.end() == 0


def test_a_child_that_ends_by_itself_is_the_end(start: Starter) -> None:
    household = start("serve")
    household.line()
    household.say("end")
    assert household.end() == 0


@pytest.mark.parametrize("code", [1, 2])
def test_a_child_that_refuses_to_start_is_not_tried_again(code: int, start: Starter) -> None:
    household = start(str(code))
    assert household.end() == code
    assert len(household.log()) == 1


def test_a_child_that_always_dies_is_given_up(start: Starter) -> None:
    household = start("70")
    said = [household.line() for _ in range(CRASHES_ALLOWED + 1)]
    assert said == ["crashed 70"] * (CRASHES_ALLOWED + 1)
    assert household.end() == 1
    assert len(household.log()) == CRASHES_ALLOWED + 1


def test_who_connects_while_no_child_serves_is_served_by_the_next(start: Starter) -> None:
    household = start("deaf")
    household.line()
    (started,) = household.log()
    first = int(started.split()[1])
    with household.connect() as waiting:
        waiting.sendall(b"pid")
        os.kill(first, signal.SIGKILL)
        assert int(waiting.recv(100)) != first
    household.tell(signal.SIGINT)
    assert household.end() == 0


def test_ctrl_c_ends_child_and_parent_in_order(start: Starter) -> None:
    household = start("serve")
    household.line()
    household.tell(signal.SIGINT)
    assert household.end() == 0
    assert household.log()[1:] == ["told to end"]


def test_ctrl_c_of_the_terminal_does_not_reach_the_child_itself(start: Starter) -> None:
    household = start("serve")
    household.line()
    assert household.say("group") == household.say("pid")
    household.tell(signal.SIGINT)
    household.end()


def test_a_ctrl_c_heard_twice_leaves_the_child_its_time(start: Starter) -> None:
    household = start("stubborn")
    household.line()
    household.tell(signal.SIGINT)
    household.tell(signal.SIGINT)
    household.say("end")
    assert household.end() == 0


def test_told_again_later_it_waits_no_longer(start: Starter) -> None:
    household = start("stubborn", impatient_after_s=0)
    household.line()
    household.tell(signal.SIGINT)
    while "told to end" not in household.log():
        assert household.say("pid")
    household.tell(signal.SIGINT)
    assert household.end() == 0


def test_the_child_ends_when_the_parent_is_killed(start: Starter) -> None:
    household = start("serve")
    household.line()
    with household.connect() as connection:
        household.tell(signal.SIGKILL)
        # The child holds the last end of the connection: it breaks when the child ends, by a reset
        # if the child had not yet taken it.
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""
    assert household.end() == -signal.SIGKILL
    assert household.log()[1:] == ["parent gone"]


def test_a_port_that_is_taken_cannot_be_had() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_the_parent_imports_nothing_of_the_centre() -> None:
    imported = subprocess.run(
        [sys.executable, "-c", "import sys, openline.app.parent; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert [name for name in imported if name.startswith("openline")] == [
        "openline",
        "openline.app",
        "openline.app.loader",
        "openline.app.parent",
    ]
    assert not {"asyncio", "sqlite3", "fastapi", "msgspec"} & set(imported)


def test_the_child_runs_on_this_very_python() -> None:
    assert child_command(["--config", "x"]) == [
        sys.executable,
        "-m",
        "openline.cli",
        "serve",
        "--config",
        "x",
    ]
