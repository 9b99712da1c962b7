from datetime import UTC, datetime
from pathlib import Path

import pytest

from openline.configuration import ConfigurationError, check_file, difference, load, load_text
from openline.configuration.problems import Problem
from openline.model import SECOND, Instant, PartnerKey
from scripts.make_partners import FILE, rows

HEADER = "key,name,entry,at,start,group,agents"
GOOD = f"""{HEADER}
mercy,"Mercy, Hospital",number,+13125550100 +13125550101,2026-03-30,houses,
school,West School,line,desk/school,2026-03-30,,2
church,Old Church,menu,main/2,2026-06-15,,
"""


def centre(rows_of_partners: str | None = GOOD, *, limits: str = "percent = 20") -> str:
    text = f"""
[centre]
name = "Line"
time_zone = "America/Chicago"
[queues.talk]
[lines.desk]
queue = "talk"
leads_to = {{ menu = "main" }}
entries.school = {{ kind = "number" }}
[menus.main]
prompt = "menu-family-en"
choices.1 = {{ queue = "talk" }}
choices.2 = {{ queue = "talk" }}
[agents]
a = {{}}
b = {{}}
c = {{}}
d = {{}}
[partners]
{limits}
groups.houses = {{ percent = 10 }}
"""
    return text if rows_of_partners is None else f"{text}rows = '''\n{rows_of_partners}'''\n"


def problems(rows_of_partners: str | None = GOOD, **more: str) -> list[Problem]:
    try:
        load_text(centre(rows_of_partners, **more), "openline.toml")
    except ConfigurationError as error:
        return list(error.problems)
    return []


def test_partners_are_read_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text(GOOD, encoding="utf-8")
    file = tmp_path / "openline.toml"
    file.write_text(centre(None) + 'file = "partners.csv"\n', encoding="utf-8")
    published = load(file)
    assert [partner.key for partner in published.settings.partners] == ["mercy", "school", "church"]
    assert published.name_of("partner", "mercy", "en") == "Mercy, Hospital"
    assert published.partner_numbers["+13125550101"] == PartnerKey("mercy")


def test_the_published_text_holds_the_rows(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text(GOOD, encoding="utf-8")
    file = tmp_path / "openline.toml"
    file.write_text(centre(None) + 'file = "partners.csv"\n', encoding="utf-8")
    published = load(file)
    again = load_text(published.source, "version 7", version=published.version)
    assert again.settings == published.settings
    assert again.source == published.source


def test_a_changed_row_is_told_as_a_difference() -> None:
    other = GOOD.replace("West School", "East School")
    (line,) = difference(centre(GOOD), centre(other))
    assert line.startswith("partners.rows.school: was")


def test_shares_lie_within_each_other() -> None:
    settings = load_text(centre(limits="agents = 3\nagents_each = 2"), "openline.toml").settings
    within = {share.key: share.within for share in settings.shares}
    assert within == {
        "all:": None,
        "group:houses": "all:",
        "partner:mercy": "group:houses",
        "partner:school": "all:",
        "partner:church": "all:",
    }


def test_a_partner_begins_with_its_first_day_by_the_clock_of_the_centre() -> None:
    settings = load_text(centre(), "openline.toml").settings
    midnight = datetime(2026, 3, 30, 5, tzinfo=UTC)  # in Chicago, in summer
    assert settings.partners[0].begins == Instant(int(midnight.timestamp()) * SECOND)


def test_lines_pages_and_digits_know_whose_they_are() -> None:
    settings = load_text(centre(), "openline.toml").settings
    assert settings.lines[0].entries[0].partner == "school"
    assert [choice.partner for choice in settings.menus[0].choices] == [None, "church"]


@pytest.mark.parametrize(
    ("wrong", "right", "row", "column", "said"),
    [
        ("mercy,", "Mercy,", 2, 1, "lower-case letters"),
        ("school,West", "mercy,West", 3, 1, "as in row 2"),
        ("West School", "", 3, 2, "is empty"),
        ("line,desk", "lines,desk", 3, 3, 'Did you mean "line"'),
        ("+13125550101", "3125550101", 2, 4, "+13125550100"),
        ("desk/school", "desk/scool", 3, 4, 'Did you mean "desk/school"'),
        ("main/2", "main/7", 4, 4, "menu choice"),
        ("2026-06-15", "15/06/2026", 4, 5, "year-month-day"),
        ("2026-06-15", "2026-02-30", 4, 5, "year-month-day"),
        ("houses", "hoses", 2, 6, 'Did you mean "houses"'),
        (",,2", ",,none", 3, 7, "a number from 1"),
        ("start,group", "begin,group", 1, 5, "there is no column"),
    ],
)
def test_each_finding_names_row_and_column(
    wrong: str, right: str, row: int, column: int, said: str
) -> None:
    found = problems(GOOD.replace(wrong, right, 1))
    first = next(problem for problem in found if ", column " in problem.key)
    assert f"row {row}, column {column}" in first.key
    assert said in first.text
    line = centre().splitlines().index(HEADER) + row
    assert first.line == line, "the line of the file in which the row stands"


def test_a_row_that_is_too_long_says_how_to_write_a_comma() -> None:
    (found,) = problems(GOOD.replace('"Mercy, Hospital"', "Mercy, Hospital"))
    assert "8 columns" in found.text
    assert "quotes" in found.text


def test_a_missing_column_and_a_missing_file_are_told() -> None:
    assert "has no column start" in problems("key,name,entry,at\n")[0].text
    (found,) = problems(None)
    assert "partners.file" in found.key


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("agents = 2\npercent = 20", "cannot stand beside agents"),
        ("percent = 5", "contradicts the limit for all"),
        ("agents = 1\nagents_each = 2", "contradicts the limit for all"),
        ("agents = 1", 'gives "school" 2 agents of its own'),
    ],
)
def test_limits_that_contradict_each_other_are_found(limits: str, said: str) -> None:
    assert said in " ".join(problem.text for problem in problems(limits=limits))


def test_a_limit_that_holds_nobody_back_is_warned_of() -> None:
    published = load_text(centre(limits="agents = 4"), "openline.toml")
    assert any("holds nobody back" in warning.text for warning in published.warnings)


def test_a_group_of_nobody_is_warned_of() -> None:
    published = load_text(centre(GOOD.replace("houses", "")), "openline.toml")
    assert any("no partner is in this group" in each.text for each in published.warnings)


def test_numbers_are_in_no_settings_and_in_no_log() -> None:
    published = load_text(centre(), "openline.toml")
    assert "3125550" not in repr(published.settings)
    assert "3125550" not in repr(published)


def test_the_example_has_the_partners_of_the_yardstick(tmp_path: Path) -> None:
    assert FILE.read_text(encoding="utf-8") == rows(), "run scripts/make_partners.py"
    report = check_file(FILE.parent / "yardstick.toml")
    assert report.problems == ()
    assert report.published is not None
    partners = report.published.settings.partners
    opening = Instant(int(datetime(2026, 3, 30, 5, tzinfo=UTC).timestamp()) * SECOND)
    assert len(partners) == 1_100
    assert sum(partner.begins <= opening for partner in partners) == 135
