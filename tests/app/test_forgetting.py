"""P5 and P6 on a whole centre: things are planted, their terms pass, every byte is read."""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from openline.app.backup import backup, restore
from openline.app.key_copies import segment_keys
from openline.app.retention import Retention
from openline.centre.recovery import steps_since
from openline.engine import inputs as i
from openline.model import Duration, Instant, LegId, Origin, RefusedError, SealedRef
from openline.sealing import COPY_KEPT, TERMS, ConversationKeys, KeyStore, SealedKind, Sealer
from openline.sealing.kinds import DAY, HOUR
from openline.store import DataFolder, Spool
from openline.store.sqlite import SqliteStore
from tests.builders import ES
from tests.canary import key_spellings, scan, spellings
from tests.centre.small_centre import SmallCentre, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

NUMBER = "+13125550142"
CALLBACK = "+17735550199"
NOTE = "Quetzalbrück am Fluß, bei Señora Xochiquetzal"
LEG = "Tlalocayotl"
"""The name of a leg is in the record itself, and so stands for all that the record tells."""

RECORD_TERM = Duration(14 * DAY)
HOUR_S = HOUR // 1_000_000
CANARIES = spellings(NUMBER) | spellings(CALLBACK) | spellings(NOTE)


class Planted:
    """Is a running centre in which a call, two numbers and a note were planted."""

    def __init__(self, small: SmallCentre) -> None:
        self.small = small
        self.retention = Retention(
            small.centre,
            small.sealer,
            small.segments,
            terms={**TERMS, SealedKind.JOURNAL: RECORD_TERM},
            targets={},
            short_abandons={},
            folder=DataFolder(small.folder),
            conversations=ConversationKeys(small.sealer),
        )
        self.refs: dict[SealedKind, SealedRef] = {}
        self.keys: set[bytes] = set()

    async def plant(self, folder: DataFolder) -> None:
        """Plants all of it, and one step in a spool as a full disk leaves it there."""
        await self.retention.watch()
        for kind, text in (
            (SealedKind.CALLER_NUMBER, NUMBER),
            (SealedKind.CALLBACK_NUMBER, CALLBACK),
            (SealedKind.NOTE, NOTE),
        ):
            self.refs[kind] = await self.retention.seal(kind, text)
        leg = LegId(f"test:{LEG}")
        self.small.centre.see(i.LegArrived(leg=leg, line=ES, origin=Origin.REAL))
        await self.small.durable()
        await self.small.centre.save_snapshot()
        spool = Spool(folder.spool)
        spool.allocate()
        spool.write(list(self.small.store.read()))
        assert scan(folder.path, CANARIES | spellings(LEG)) == [], "something is not sealed"
        spool.clear()
        spool.close()
        self.small.centre.see(i.LegHungUp(leg=leg))
        await self.small.durable()
        for copied in self.small.sealer.copy().keys:
            if copied.kind is not None:
                self.keys |= key_spellings(copied.key)

    async def after(self, seconds: float) -> None:
        """Lets time pass, and what it brings be done."""
        await advance(seconds)
        await self.small.durable()
        while self.retention.is_at_work:
            await self.small.centre.writer.flush()
            await advance(0)


def what_opens(folder: Path) -> set[str]:
    """Returns what can be read in the folder of a centre that does not run."""
    data, found = DataFolder(folder), set()
    keys = segment_keys(data, Instant(0))
    with closing(SqliteStore.open_to_read(data.database)) as store:
        for _, events in steps_since(store, keys, Instant(0)):
            if LEG in repr(events):
                found.add(LEG)
        with closing(sqlite3.connect(data.database)) as connection:
            refs = [SealedRef(ref) for (ref,) in connection.execute("SELECT ref FROM sealed")]
        sealer = Sealer(KeyStore(data.keys))
        for ref in refs:
            record = store.sealed(ref)
            assert record is not None
            with contextlib.suppress(RefusedError):
                found.add(sealer.open(ref, record.ciphertext))
        sealer.close()
    return found


@in_virtual_time
async def test_when_all_terms_are_over_no_byte_is_left_and_no_backup_opens_anything(
    tmp_path: Path,
) -> None:
    (tmp_path / "centre").mkdir()
    data = DataFolder(tmp_path / "centre")
    backups = tmp_path / "backups"
    backups.mkdir()
    async with open_centre(data.path, term=RECORD_TERM) as small:
        planted = Planted(small)
        await planted.plant(data)
        assert scan(data.path, planted.keys), "the scan would not find a key that is there"
        begun = small.centre.clock.now()

    # Yesterday's backup, of all that was planted.
    made = backup(data.path, backups / "night.backup", url=None, now=begun)
    restore(made.archive, tmp_path / "then", keys=made.keys, url=None, now=begun)
    assert what_opens(tmp_path / "then") == {NUMBER, CALLBACK, NOTE, LEG}

    async with open_centre(data.path, term=RECORD_TERM) as small:
        planted_again = Planted(small)
        await planted_again.retention.watch()
        for _ in range(TERMS[SealedKind.NOTE] // DAY + 1):
            await planted_again.after(24 * HOUR_S)
        for kind, ref in planted.refs.items():
            assert small.store.sealed(ref) is None, kind
        # While it runs, its logs and all.
        assert scan(data.path, planted.keys | CANARIES | spellings(LEG)) == []
        end = small.centre.clock.now()
    assert scan(data.path, planted.keys | CANARIES | spellings(LEG)) == []
    assert what_opens(data.path) == set()

    # The backup comes back, with the keys that the centre still has; and its own are refused.
    with pytest.raises(RefusedError) as refused:
        restore(made.archive, tmp_path / "again", keys=made.keys, url=None, now=end)
    assert refused.value.code == "keys_too_old"
    restore(made.archive, tmp_path / "again", keys=None, url=None, now=end)
    assert what_opens(tmp_path / "again") == set()
    with closing(KeyStore(data.keys)) as keys:
        copy = keys.copy()
    (tmp_path / "again" / "keys.sqlite").unlink(missing_ok=True)
    with closing(KeyStore(tmp_path / "again" / "keys.sqlite")) as keys:
        keys.take_back(copy, end)
    assert what_opens(tmp_path / "again") == set()


@in_virtual_time
async def test_what_fell_due_since_a_backup_does_not_come_back_with_its_keys(
    tmp_path: Path,
) -> None:
    (tmp_path / "centre").mkdir()
    data = DataFolder(tmp_path / "centre")
    async with open_centre(data.path, term=RECORD_TERM) as small:
        planted = Planted(small)
        await planted.plant(data)
        begun = small.centre.clock.now()
    made = backup(data.path, tmp_path / "night.backup", url=None, now=begun)
    later = Instant(begun + COPY_KEPT - HOUR)
    restore(made.archive, tmp_path / "again", keys=made.keys, url=None, now=later)
    assert what_opens(tmp_path / "again") == {CALLBACK, NOTE, LEG}, "the number was due after a day"


@pytest.mark.parametrize("kind", [SealedKind.CALLER_NUMBER, SealedKind.CALLBACK_NUMBER])
def test_each_kind_is_gone_within_an_hour_of_its_term(kind: SealedKind, tmp_path: Path) -> None:
    @in_virtual_time
    async def live() -> None:
        async with open_centre(tmp_path, term=RECORD_TERM) as small:
            planted = Planted(small)
            await planted.retention.watch()
            ref = await planted.retention.seal(kind, NUMBER)
            term_s = TERMS[kind] // 1_000_000
            await planted.after(term_s - 1)
            assert small.store.sealed(ref) is not None
            await planted.after(HOUR_S)
            assert small.store.sealed(ref) is None

    live()
