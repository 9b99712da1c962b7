from pathlib import Path

import pytest

from openline.configuration import ConfigurationError, load_text
from openline.model import AgentKey
from tests.configuration.builders import changed
from tests.configuration.test_telephony_checks import _DIALS, TELEPHONES, said
from tests.configuration.toml_text import Document, write

AT_HOME: Document = changed(
    TELEPHONES,
    ("agents.amira.phone", {"ordinary": True}),
    ("telephony.asterisk", {"numbers_file": "numbers"}),
    ("trunks.carrier", _DIALS),
)
NUMBER = "+15125550177"


def refused(folder: Path, rows: str | None, document: Document = AT_HOME) -> str:
    if rows is not None:
        (folder / "numbers").write_text(rows)
    with pytest.raises(ConfigurationError) as told:
        load_text(write(document)[0], "x.toml", folder=folder)
    return "\n".join(problem.text for problem in told.value.problems)


def test_a_number_is_read_from_its_file_and_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "numbers").write_text(
        "# at home\n\namira  +1 (512) 555-0177  # the landline\nx 1\n"
    )
    published = load_text(write(AT_HOME)[0], "x.toml", folder=tmp_path)
    assert published.asterisk is not None
    phone = published.asterisk.phone_of(AgentKey("amira"))
    assert phone is not None
    assert phone.number == NUMBER
    assert not phone.registers
    assert "5550177" not in repr(published) + published.source


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (None, "names a file that cannot be read"),
        ("ben +15125550177\n", "names a file without amira"),
        ("amira 5125550177\n", "in its international form"),
        ("amira +1512555017x\n", "in its international form"),
        ("amira +1 900 555 0177\n", "costs by the minute"),
    ],
)
def test_what_is_wrong_is_told_without_the_number(
    tmp_path: Path, rows: str | None, words: str
) -> None:
    told = refused(tmp_path, rows)
    assert words in told
    assert "555017" not in told


def test_an_ordinary_telephone_needs_its_file_and_a_trunk_that_dials_and_no_address() -> None:
    assert "numbers_file: is missing" in said(changed(AT_HOME, ("telephony.asterisk", {})))
    no_way = changed(AT_HOME, ("trunks.carrier.dials", False))
    assert "needs a trunk that dials" in said(no_way)
    address = {"ordinary": True, "address": "192.0.2.9"}
    assert "which has none" in said(changed(AT_HOME, ("agents.amira.phone", address)))
