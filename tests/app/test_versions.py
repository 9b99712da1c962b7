"""Which configuration counts when a file and the store do not say the same?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from openline.app.versions import version_at_start
from openline.configuration import Published, load_text
from openline.model import Instant
from openline.store import ConfigurationRecord
from openline.store.sqlite import SqliteStore
from tests.centre.small_published import TEXT, a_published

NOW = Instant(1_774_911_600_000_000)
OTHER = TEXT.replace("Spanish calls", "Calls in Spanish")
THIRD = TEXT.replace("Spanish calls", "Third")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore.open(tmp_path / "openline.sqlite", now=NOW, program_version="test")
    yield opened
    opened.close()


def started(store: SqliteStore, text: str) -> Published:
    return version_at_start(store, load_text(text, "small.toml"), Path("small.toml"), NOW)


def publish_live(store: SqliteStore, version: int, text: str) -> None:
    store.add_configuration(ConfigurationRecord(version=version, at=NOW, by="ada", text=text))


def test_the_first_file_is_version_one(store: SqliteStore) -> None:
    published = started(store, TEXT)
    assert (published.version, published.settings.version) == (1, 1)
    assert published.names == a_published().names
    (record,) = store.configurations()
    assert (record.version, record.text, record.is_live) == (1, TEXT, False)


def test_a_file_that_was_edited_is_the_next_version(store: SqliteStore) -> None:
    started(store, TEXT)
    assert started(store, TEXT).version == 1
    published = started(store, OTHER)
    assert published.version == 2
    assert published.name_of("queue", "spanish", "en") == "Calls in Spanish"


def test_a_file_that_was_overtaken_by_a_live_version_is_not_read(store: SqliteStore) -> None:
    started(store, TEXT)
    publish_live(store, 2, OTHER)
    with structlog.testing.capture_logs() as logged:
        published = started(store, TEXT)
    assert (published.version, published.source) == (2, OTHER)
    assert logged == [
        {
            "event": "file_is_stale",
            "log_level": "warning",
            "in_force": 2,
            "file_was_published": True,
        }
    ]


def test_a_file_edited_after_a_live_version_is_stale_and_loses_nothing(store: SqliteStore) -> None:
    started(store, TEXT)
    publish_live(store, 2, OTHER)
    assert started(store, THIRD).source == OTHER
    assert len(store.configurations()) == 2
