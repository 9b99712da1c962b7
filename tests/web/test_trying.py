"""The page that tries a change: a form with choices, and a line for each run."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from openline.model import PeerError, RefusedError
from openline.reports import USUAL
from openline.simulation.changes import Changes, ExtraPeople
from openline.simulation.rules import (
    CallbackRule,
    HoursRule,
    NeedsRule,
    OverflowRule,
    PriorityRule,
    SkillRule,
    TargetRule,
)
from openline.web.catalogue import load_catalogues
from openline.web.trying_form import read_try
from tests.web.builders import ADA, MARIA, SAM, Site

WHEN = {"callers": "invented", "since": "2026-03-03", "days": "1"}


def lines(client: TestClient, **fields: str) -> list[dict[str, Any]]:
    answer = client.post(
        "/try/lived", data={**WHEN, **fields}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_page_offers_what_the_centre_has(centre: Site) -> None:
    page = centre.here(SAM).get("/try")
    assert page.status_code == 200
    for name in ("people", "callback", "overflow", "priority", "target", "open_from", "volume"):
        assert f'name="{name}"' in page.text
    assert "As the configuration invents them" not in page.text


def test_each_run_is_a_line_with_what_is_known(centre: Site) -> None:
    found = lines(centre.here(SAM), people="-3")
    assert [each["done"] for each in found] == [1, 2, 3, 3, 3]
    assert "One run tells nothing of chance" in found[0]["html"]
    last = found[-1]["html"]
    assert "more people hang up a day" in last
    assert '<svg class="plan tried"' in last
    assert found[-1]["far"] == "Done."
    assert centre.living.closed == 1


def test_it_is_told_in_spanish(centre: Site) -> None:
    client = centre.here(SAM)
    client.cookies.set("language", "es")
    assert "Cuelgan" in lines(client, people="-3")[-1]["html"]


def test_nothing_changed_and_fields_that_are_none_are_answered_in_words(centre: Site) -> None:
    client = centre.here(ADA)
    assert "Nothing is changed yet" in lines(client)[0]["problem"]
    (line,) = lines(client, callback="abc", people="many", days="400", outage_from="14:00")
    assert set(line["wrong"]) == {"callback", "people", "days", "outage_until"}
    assert line["wrong"]["days"] == "That is too few or too many."
    assert centre.living.closed == 0


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RefusedError("x", code="no_calls"), "Choose other days"),
        (RefusedError("x", code="what?"), "This cannot be tried."),
        (PeerError("x"), "The twin could not be asked"),
    ],
    ids=["refused", "unknown", "peer"],
)
def test_what_goes_wrong_is_told(
    centre: Site, problem: RefusedError | PeerError, words: str
) -> None:
    centre.living.problem = problem
    assert words in lines(centre.here(SAM), people="-1")[0]["problem"]


def test_agents_do_not_come_here(centre: Site) -> None:
    assert centre.here(MARIA).get("/try").status_code == 403


def test_every_figure_has_a_name_in_both_languages() -> None:
    for words in load_catalogues().values():
        assert all(f"measure.{key}.name" in words.messages for key in USUAL)


def test_every_field_becomes_the_change_it_means() -> None:
    sent = read_try(
        {
            **WHEN,
            "people": "-3",
            "extra": "2",
            "extra_from": "20:00",
            "extra_until": "00:00",
            "volume": "200",
            "outage_from": "14:00",
            "outage_until": "15:00",
            "queue": "talk",
            "target": "60s",
            "callback": "4m",
            "overflow": "2m",
            "priority": "5",
            "needs": "spanish",
            "needs_level": "3",
            "agent": "*",
            "skill": "spanish",
            "skill_level": "4",
            "line": "main",
            "open_from": "16:00",
            "open_until": "02:00",
        }
    )
    assert sent.asked is not None
    changes = sent.asked.changes
    assert changes == Changes(
        people=-3,
        extra=(ExtraPeople(count=2, start_minute=1200, end_minute=1440),),
        volume=2.0,
        outages=((840, 900),),
        rules=changes.rules,
    )
    assert [type(rule) for rule in changes.rules] == [
        TargetRule,
        CallbackRule,
        OverflowRule,
        PriorityRule,
        NeedsRule,
        SkillRule,
        HoursRule,
    ]


ROWS = "\n".join(f"2026-03-03 {hour:02d}:00\t12" for hour in range(24))
PASTED = f"timestamp\tmean\n{ROWS}"
SHIFTS = "person;start;end\nAna;2026-03-03 08:00;2026-03-03 20:00"


def test_a_forecast_and_a_roster_are_given_as_tables(centre: Site) -> None:
    client = centre.here(SAM)
    found = lines(client, callers="planned", calls=PASTED, roster=SHIFTS, aht="6m", people="-1")
    assert "more people hang up a day" in found[-1]["html"]
    answer = client.post(
        "/try/lived",
        data={"callers": "planned", "aht": "6m", "volume": "150"},
        files={
            "calls_file": ("next.csv", PASTED.replace("\t", ",")),
            "roster_file": ("roster.csv", SHIFTS),
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert json.loads(answer.text.splitlines()[-1])["far"] == "Done."


def test_faults_of_what_was_given_are_named_by_row_and_column(centre: Site) -> None:
    client = centre.here(SAM)
    given = {"callers": "planned", "aht": "6m", "people": "-1"}
    (line,) = lines(client, **given, calls=PASTED + "\nsoon\t3", roster=SHIFTS)
    assert "Nothing was tried" in line["problem"]
    assert line["faults"] == [
        "row 26, timestamp: “soon” is no time; write it like 2026-03-02 08:30"
    ]
    (line,) = lines(client, **given, calls=PASTED, roster=SHIFTS + "\n;2026-03-03 08:00;x")
    assert line["faults"][0].startswith("row 3, person")
    (line,) = lines(client, callers="planned", people="-1")
    assert set(line["wrong"]) == {"calls"}
