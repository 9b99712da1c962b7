"""Stands in for a centre in the tests of its parent: `small_child.py MODE FOLDER --fd … …`.

It writes a line into FOLDER/log for everything that happens to it, and as mode

- `serve` is ready, then does what each connection says: `pid`, `parent`, `group`, `die`, `freeze`,
  `exit CODE`, `end`;
- `deaf` is ready and accepts nobody the first time it is started; later it serves;
- `beating` serves, and tells its parent all the time that it is alive;
- `stubborn` serves, and when told to end does so only when a connection says `end`;
- any number: ends at once with this exit code.
"""

import argparse
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from openline.app.loader import centre_when_told

parser = argparse.ArgumentParser()
parser.add_argument("mode")
parser.add_argument("folder", type=Path)
parser.add_argument("--fd", type=int, required=True)
for pipe in ("--ready-fd", "--parent-fd", "--loader-fd"):
    parser.add_argument(pipe, type=int)
given = parser.parse_args()
LOG: Path = given.folder / "log"


def note(what: str) -> None:
    with LOG.open("a", encoding="ascii") as log:
        log.write(f"{what}\n")


def told_to_end(number: int, frame: FrameType | None) -> None:
    note("told to end")
    if given.mode != "stubborn":
        raise SystemExit(0)


def watch_parent() -> None:
    os.read(given.parent_fd, 1)
    note("parent gone")
    os._exit(0)


def beat() -> None:
    while True:
        os.write(given.ready_fd, b".")
        time.sleep(0.05)


def obey(connection: socket.socket) -> None:
    word, *rest = connection.recv(100).decode().split()
    match word:
        case "pid":
            connection.sendall(str(os.getpid()).encode())
        case "parent":
            connection.sendall(str(os.getppid()).encode())
        case "freeze":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "group":
            connection.sendall(str(os.getpgrp()).encode())
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(int(rest[0]))
        case _:
            sys.exit(0)


is_first = not LOG.exists()
if given.loader_fd is not None:
    note(f"loader {os.getpid()}")
    pipes = centre_when_told(given.loader_fd)
    if pipes is None:
        note("not needed")
        sys.exit(0)
    given.ready_fd, given.parent_fd = pipes
note(f"started {os.getpid()}")
if given.mode.isdecimal():
    sys.exit(int(given.mode))
signal.signal(signal.SIGTERM, told_to_end)
threading.Thread(target=watch_parent, daemon=True).start()
os.write(given.ready_fd, b"ready\n")
if given.mode != "beating":
    os.close(given.ready_fd)
else:
    threading.Thread(target=beat, daemon=True).start()
if given.mode == "deaf" and is_first:
    while True:
        signal.pause()
listening = socket.socket(fileno=given.fd)
while True:
    accepted, _ = listening.accept()
    with accepted:
        obey(accepted)
