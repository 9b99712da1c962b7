"""A scanner that finds nothing proves nothing: each spelling is planted and must be found."""

import base64
import gzip
import hashlib
import sqlite3
from pathlib import Path

import pytest

from tests.canary import scan, spellings

NUMBER = "+13125550142"
NOTE = "Quetzalbrück am Fluß"


@pytest.mark.parametrize(
    "leak",
    [
        b"+13125550142",
        b"(312) 555-0142",
        b"+1 312 555 0142",
        b"00 1 312".replace(b" ", b"") + b"5550142",
        b"3 1 2 5 5 5 0 1 4 2",
        b"2410555213",
        "312-555-0142".encode("utf-16-le"),
        "3125550142".encode("utf-16-be").hex().encode(),
        base64.b64encode(b'{"from":"+13125550142"}'),
        base64.b64encode(b'{"frm":"+13125550142"}'),
        base64.b64encode(b'{"fm":"+13125550142"}'),
        b"tel%3A%2B13125550142",
        hashlib.sha256(b"+13125550142").hexdigest().encode(),
        (13125550142).to_bytes(8, "big"),
        bytes.fromhex("1352551024"),
        gzip.compress(b"from 3125550142 at noon", mtime=0),
    ],
)
def test_a_leaked_number_is_found(tmp_path: Path, leak: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"before" + leak if leak[:1] != b"\x1f" else leak)
    assert scan(tmp_path, spellings(NUMBER))


def test_a_leaked_note_is_found_in_a_database_log_and_file_name(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (?)", (NOTE,))
    connection.commit()
    (tmp_path / f"{NOTE.lower()}.txt").touch()
    found = {hit.path.name for hit in scan(tmp_path, spellings(NOTE))}
    connection.close()
    assert found == {"a.sqlite-wal", f"{NOTE.lower()}.txt"}


def test_other_numbers_and_words_are_not_taken_for_canaries(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("+13125550143 Quetzal 1760000000000000 3125550144")
    assert scan(tmp_path, spellings(NUMBER) | spellings(NOTE)) == []
