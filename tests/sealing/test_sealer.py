"""Sealing does not wait for the disk, loses nothing in a crash, and terms run out."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.model import Instant, PeerError, RefusedError, SealedRef
from openline.sealing import KeyStore, SealedKind, Sealer

NOTE = SealedKind.NOTE
NUMBER = SealedKind.CALLER_NUMBER


def open_sealer(folder: Path, pool_size: int = 8) -> Sealer:
    return Sealer(KeyStore(folder / "keys.sqlite"), pool_size=pool_size)


@pytest.fixture
def sealer(tmp_path: Path) -> Iterator[Sealer]:
    opened = open_sealer(tmp_path)
    yield opened
    opened.close()


def test_a_sealed_text_is_opened_again(sealer: Sealer) -> None:
    note = sealer.seal(NOTE, "a note", Instant(100))
    number = sealer.seal(NUMBER, "+13125550142", Instant(50))
    assert b"note" not in note.ciphertext
    assert sealer.open(note.ref, note.ciphertext) == "a note"
    assert sealer.open(number.ref, number.ciphertext) == "+13125550142"


def test_references_are_all_different_and_say_nothing(sealer: Sealer) -> None:
    refs = {sealer.seal(NOTE, "same", Instant(1)).ref for _ in range(30)}
    assert len(refs) == 30
    assert all(len(each) == 22 for each in refs)


def test_more_texts_than_spare_keys_are_sealed_all_the_same(sealer: Sealer) -> None:
    sealed = [sealer.seal(NOTE, f"note {n}", Instant(1)) for n in range(100)]
    assert [sealer.open(each.ref, each.ciphertext) for each in sealed] == [
        f"note {n}" for n in range(100)
    ]


def test_texts_are_opened_after_a_restart(tmp_path: Path) -> None:
    sealer = open_sealer(tmp_path)
    sealed = sealer.seal(NOTE, "a note", Instant(100))
    sealer.close()
    sealer.close()
    keys = KeyStore(tmp_path / "keys.sqlite")
    assert keys.spare() == [], "spare keys were left behind"
    sealer = Sealer(keys)
    assert sealer.open(sealed.ref, sealed.ciphertext) == "a note"
    assert sealer.next_due() == 100
    sealer.close()


def test_a_text_whose_term_is_over_cannot_be_opened(sealer: Sealer) -> None:
    early = sealer.seal(NUMBER, "early", Instant(10))
    late = sealer.seal(NOTE, "late", Instant(20))
    assert sealer.next_due() == 10
    assert sealer.destroy_due(Instant(9)) == []
    assert sealer.destroy_due(Instant(10)) == [(early.ref, NUMBER)]
    with pytest.raises(RefusedError) as refused:
        sealer.open(early.ref, early.ciphertext)
    assert refused.value.code == "destroyed"
    assert sealer.open(late.ref, late.ciphertext) == "late"
    assert sealer.next_due() == 20


def test_a_text_can_be_destroyed_before_its_term(sealer: Sealer) -> None:
    sealed = sealer.seal(NOTE, "a note", Instant(100))
    sealer.destroy(sealed.ref)
    sealer.destroy(sealed.ref)
    with pytest.raises(RefusedError):
        sealer.open(sealed.ref, sealed.ciphertext)
    assert sealer.next_due() is None


def test_a_text_in_the_place_of_another_is_noticed(sealer: Sealer) -> None:
    one = sealer.seal(NOTE, "one", Instant(100))
    two = sealer.seal(NOTE, "two", Instant(100))
    with pytest.raises(PeerError):
        sealer.open(one.ref, two.ciphertext)


DIE = """
import os, signal, sys
from pathlib import Path
from openline.model import Instant
from openline.sealing import KeyStore, SealedKind, Sealer
keys = KeyStore(Path(sys.argv[1]))
# The claims stay in memory, as when the process dies in the same moment.
keys.claim = lambda claims: None
sealer = Sealer(keys, pool_size=8)
for text in ("kept", "lost"):
    sealed = sealer.seal(SealedKind.NOTE, text, Instant(100))
    print(sealed.ref, sealed.ciphertext.hex(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_key_whose_use_a_crash_left_open_is_claimed_if_its_text_is_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIE, str(tmp_path / "keys.sqlite")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    (kept, box), (lost, lost_box) = (line.split() for line in done.stdout.splitlines())
    sealer = open_sealer(tmp_path)
    asked: list[SealedRef] = []

    def find(ref: SealedRef) -> tuple[SealedKind, Instant] | None:
        asked.append(ref)
        return (NOTE, Instant(100)) if ref == kept else None

    assert sealer.settle(find) == 1
    assert len(asked) >= 8
    assert sealer.open(SealedRef(kept), bytes.fromhex(box)) == "kept"
    assert sealer.next_due() == 100
    with pytest.raises(RefusedError):
        sealer.open(SealedRef(lost), bytes.fromhex(lost_box))
    assert sealer.settle(find) == 0
    sealer.close()


def test_spare_keys_of_an_earlier_run_are_never_given_out_again(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys.sqlite")
    keys.add([(SealedRef("earlier"), b"k" * 32)])
    keys.close()
    sealer = open_sealer(tmp_path)
    refs = {sealer.seal(NOTE, "text", Instant(1)).ref for _ in range(50)}
    assert "earlier" not in refs
    sealer.close()


FULL = """
import resource, sys
from pathlib import Path
from openline.model import Instant, PeerError
from openline.sealing import KeyStore, SealedKind, Sealer
sealer = Sealer(KeyStore(Path(sys.argv[1])), pool_size=8)
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
sealed, refused = [], None
while refused is None:
    try:
        sealed.append(sealer.seal(SealedKind.NOTE, "text", Instant(1)))
    except PeerError as error:
        refused = error
assert len(sealed) == 8, len(sealed)
resource.setrlimit(resource.RLIMIT_FSIZE, before)
sealed.append(sealer.seal(SealedKind.NOTE, "text", Instant(1)))
assert {sealer.open(each.ref, each.ciphertext) for each in sealed} == {"text"}
sealer.close()
print(refused)
"""


def test_while_the_disk_is_full_spare_keys_are_used_and_then_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "keys.sqlite")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "key store" in done.stdout
