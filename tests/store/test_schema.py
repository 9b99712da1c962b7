"""Every column has a class and a term (P7), and nothing sealed or secret can be searched."""

import pytest
from sqlalchemy import Column, Table

from openline.app.privacy import ENTRIES
from openline.store import schema

CLASSES = {"public", "coded", "sealed", "secret"}
TABLES = list(schema.metadata.tables.values())
COLUMNS = [column for table in TABLES for column in table.columns]


def indexed(table: Table) -> set[str]:
    names = {column.name for column in table.primary_key}
    for index in table.indexes:
        names |= {column.name for column in index.columns}
    return names | {column.name for column in table.columns if column.unique or column.index}


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_has_a_class_and_a_term(column: Column[object]) -> None:
    assert set(column.info) == {"class", "term"}
    assert column.info["class"] in CLASSES
    assert column.info["term"] in {term for terms in ENTRIES.values() for term in terms}


def test_nothing_sealed_or_secret_is_indexed_save_the_hashes_of_tokens() -> None:
    found = {
        str(column)
        for column in COLUMNS
        if column.info["class"] in ("sealed", "secret") and column.name in indexed(column.table)
    }
    assert found == {
        "invitations.token_hash",
        "recovery_codes.code_hash",
        "sessions.token_hash",
    }


def test_no_column_is_made_for_what_identifies_a_caller() -> None:
    named = {column.name for column in COLUMNS if column.table.name != "accounts"}
    for word in ("number", "phone", "caller", "address", "ip", "name", "note", "text"):
        assert not {name for name in named if word in name.split("_")}
