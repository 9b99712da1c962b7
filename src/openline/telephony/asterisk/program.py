"""Where is Asterisk on this machine, and how is it started?

Either the distribution has it, in a version that will do, or `scripts/asterisk.sh` has laid the
files of a newer Debian into the cache of this user. Those are started by their own dynamic loader
with their own libraries: no other root folder, no mounts, and no rights of root are needed.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec

from openline.telephony.child import start_child

_FIRST = {20: 14, 21: 9, 22: 4}
"""The first minor version of each that takes orders over the same connection that tells events."""
OLDEST = "20.14, 21.9 or 22.4"
_VERSION = re.compile(r"Asterisk (?:certified/)?(\d+)\.(\d+)")


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """Is an Asterisk that can be started."""

    command: tuple[str, ...]
    version: str
    modules: Path
    data: Path
    """The documentation that its modules read, and nothing of ours."""


def cache() -> Path:
    """Returns the folder into which the script lays an Asterisk."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "openline" / "asterisk"


def find_program() -> Program | None:
    """Returns the Asterisk of this machine that is new enough, or None."""
    installed = shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if installed is not None:
        found = _program((installed,), Path("/"))
        if found is not None:
            return found
    root = cache() / "root"
    loader = next(root.glob("usr/lib64/ld-linux-*.so.*"), None) or next(
        root.glob("usr/lib/ld-linux-*.so.*"), None
    )
    libraries = next(root.glob("usr/lib/*-linux-gnu*"), None)
    if loader is None or libraries is None:
        return None
    command = (str(loader), "--library-path", str(libraries), str(root / "usr/sbin/asterisk"))
    return _program(command, root)


def _program(command: tuple[str, ...], root: Path) -> Program | None:
    try:
        said = subprocess.run(
            [*command, "-V"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = _VERSION.search(said)
    modules = next(root.glob("usr/lib/*/asterisk/modules"), None) or next(
        root.glob("usr/lib/asterisk/modules"), None
    )
    if version is None or modules is None or not _is_new_enough(version):
        return None
    return Program(
        command=command,
        version=f"{version[1]}.{version[2]}",
        modules=modules,
        data=root / "usr/share/asterisk",
    )


def _is_new_enough(version: re.Match[str]) -> bool:
    major, minor = int(version[1]), int(version[2])
    return minor >= _FIRST[major] if major in _FIRST else major > max(_FIRST)


def start(program: Program, folder: Path, *, said: int | None = None) -> subprocess.Popen[bytes]:
    """Starts it in the foreground with the configuration in the folder; it ends with this process.

    `said` is a descriptor for its words; without, they are thrown away (its log has them).
    """
    return start_child(
        [*program.command, "-f", "-C", str(folder / "etc" / "asterisk.conf")], said=said
    )


def told_by(program: Program, folder: Path, question: str) -> str | None:
    """Returns what the running Asterisk of a folder says to a question, or None: it does not."""
    command = [*program.command, "-C", str(folder / "etc" / "asterisk.conf"), "-rx", question]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
