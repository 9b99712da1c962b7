"""One process per data folder, and words with a way out when a folder cannot be used."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from openline.model import Instant, PeerError, RefusedError
from openline.store import DataFolder
from openline.store.folder import file_error_in_words

NOW = Instant(1_700_000_000_000_000)

HOLDER = """
import sys
from pathlib import Path
from openline.model import Instant, RefusedError
from openline.store import DataFolder
try:
    folder = DataFolder(Path(sys.argv[1])).hold(Instant(1_700_000_000_000_000))
except RefusedError as error:
    print(error.code, error, flush=True)
else:
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path, *before: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*before, sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(child: subprocess.Popen[str]) -> str:
    said, _ = child.communicate("")
    return said


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "above" / "centre"
    with DataFolder(path).hold(NOW) as folder:
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.lock.stat().st_mode) == 0o600
        assert folder.hold(NOW) is folder
    assert {folder.database.name, folder.keys.name} == {"openline.sqlite", "keys.sqlite"}


def test_a_second_process_is_told_who_has_the_folder_and_since_when(tmp_path: Path) -> None:
    with DataFolder(tmp_path).hold(NOW):
        said = answer(holder(tmp_path))
    assert said.startswith("data_folder_in_use")
    for part in (str(tmp_path), f"process {os.getpid()} on ", "since 2023-11-14 22:13:20 UTC"):
        assert part in said


def test_a_second_folder_object_in_the_same_process_is_refused_as_well(tmp_path: Path) -> None:
    with DataFolder(tmp_path).hold(NOW), pytest.raises(RefusedError) as refused:
        DataFolder(tmp_path).hold(NOW)
    assert refused.value.code == "data_folder_in_use"


def test_a_released_folder_can_be_held_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path).hold(NOW)
    folder.release()
    folder.release()
    assert answer(holder(tmp_path)) == "held\n"


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    child = holder(tmp_path)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(RefusedError, match=f"process {child.pid} "):
        DataFolder(tmp_path).hold(NOW)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    DataFolder(tmp_path).hold(NOW).release()


def test_a_lock_file_without_a_name_in_it_still_refuses_in_words(tmp_path: Path) -> None:
    with DataFolder(tmp_path).hold(NOW) as folder:
        folder.lock.write_bytes(b"")
        with pytest.raises(RefusedError, match="another process"):
            DataFolder(tmp_path).hold(NOW)


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    # Root may write anywhere by a right of its own; without that right it is like everybody.
    plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        for path in (tmp_path, tmp_path / "new"):
            said = answer(holder(path, *plain))
            assert said.startswith("data_folder_not_writable")
            assert str(path) in said
            assert "choose another folder" in said
    finally:
        tmp_path.chmod(0o700)


def test_a_file_system_that_can_only_be_read_is_named(tmp_path: Path) -> None:
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    private = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(tmp_path)]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*private, "true"], capture_output=True, check=False).returncode != 0
    ):
        pytest.skip("this machine lets nobody mount a folder for himself")
    said = answer(holder(tmp_path, *private))
    assert said.startswith("data_folder_not_writable")
    assert "can only be read" in said


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file, file / "below", file / "far" / "below"):
        with pytest.raises(RefusedError, match=f"{path}") as refused:
            DataFolder(path).hold(NOW)
        assert refused.value.code == "data_folder_not_a_folder"


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "is full"), (errno.EIO, "error")])
def test_a_disk_that_fails_is_not_the_fault_of_a_person(number: int, words: str) -> None:
    said = file_error_in_words(OSError(number, os.strerror(number)), Path("centre"))
    assert isinstance(said, PeerError)
    assert words in str(said)


def test_whoever_holds_the_folder_can_say_where_it_listens(tmp_path: Path) -> None:
    with DataFolder(tmp_path).hold(NOW) as folder:
        assert DataFolder(tmp_path).address() is None
        folder.note_address("http://127.0.0.1:8801")
        assert DataFolder(tmp_path).address() == "http://127.0.0.1:8801"
        assert "at http://127.0.0.1:8801" in answer(holder(tmp_path))
    with DataFolder(tmp_path).hold(NOW) as folder:
        assert folder.address() is None
