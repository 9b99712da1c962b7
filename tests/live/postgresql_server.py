"""A real PostgreSQL for the tests: a cluster of its own, on a socket, thrown away afterwards.

The server refuses to run as root, so root lends it another user. It listens on no network port.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

USER = "openline"


def programs() -> Path | None:
    """Returns the folder of initdb and its kin, the newest where there are several."""
    found = [str(path.parent) for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return Path(max(found, key=lambda path: int(path.split("/")[-2])))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresqlServer:
    """Is one cluster; stop and start it as a test needs."""

    def __init__(self, bin: Path) -> None:
        self._bin = bin
        # Not in pytest's own folder: other users may not look into that one, and the path of a
        # socket must be shorter than 108 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._numbers = itertools.count(1)
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            user = next(name for name in ("postgres", "nobody") if _is_user(name))
            entry = pwd.getpwnam(user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self._as_user = [
                *("setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}"),
                "--clear-groups",
            ]
        self._run("initdb", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-sync")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Starts it; on return it takes connections."""
        # What a killed server has written, the machine still has; only a test that cuts the power
        # of the machine would need its flushes.
        settings = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "--wait", "--log", log, "--options", settings, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; `immediate` is as hard as a power cut."""
        self._run("pg_ctl", "--wait", "--mode", mode, "stop")

    def url(self, database: str) -> str:
        """Returns the address of a database."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Makes a database of its own and returns its address."""
        name = f"centre_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Runs a statement as the owner of everything; returns what it says, without headings."""
        words = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", USER]
        return self._call([*words, "-d", database, "-c", statement]).strip()

    def owns(self, path: Path) -> None:
        """Gives a folder to the server's user."""
        owner = self.folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)

    def _run(self, program: str, *arguments: str) -> None:
        data = ["--pgdata", str(self.folder / "data")]
        self._call([*self._as_user, str(self._bin / program), *data, *arguments])

    def _call(self, command: list[str]) -> str:
        # Into a file and not a pipe: the server would hold the other end for as long as it lives.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                command, stdout=said, stderr=subprocess.STDOUT, cwd=self.folder, check=False
            )
            said.seek(0)
            text = said.read()
        assert done.returncode == 0, text
        return text


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
