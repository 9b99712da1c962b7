"""The page of days as they are: its form, a line for each run, and what is wrong in words."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from openline.model import Origin, PeerError, RefusedError
from openline.planning.plan_asked import Known
from openline.planning.study_asked import (
    BandLearnt,
    FigureLived,
    LearntTold,
    LineTold,
    Lived,
    PartLived,
    StudyAsked,
)
from openline.planning.try_asked import Callers, Phase
from openline.web.planner import Written
from openline.web.study_form import UNTIL_PRECISE, read_study
from openline.web.study_plot import study_plot
from openline.web.study_words import said_of
from tests.web.builders import ADA, CATALOGUES, MARIA, SAM, Site

WHEN = {"callers": "invented", "since": "2026-03-03", "days": "1", "runs": "10"}
FIGURE = FigureLived(
    key="offered",
    unit="count",
    lived=Known(value=60.0, half=4.0),
    recorded=90.0,
    low=45.0,
    high=75.0,
    fits=False,
)
LEVEL = FigureLived(
    key="service_level",
    unit="share",
    lived=Known(value=0.7, half=0.02),
    recorded=0.71,
    low=0.65,
    high=0.75,
    fits=True,
)
HELD = Lived(
    phase=Phase.DONE,
    done=20,
    of=20,
    days=3,
    whole=(FIGURE, LEVEL),
    parts=(PartLived(per="interval", key="18:00", figures=(FIGURE, LEVEL)),),
    learnt=LearntTold(
        calls=900,
        busyness_cv=0.08,
        redial_share=0.3,
        patience_was_seen=True,
        lines=(
            LineTold(
                line="evening",
                calls_per_day=60.0,
                talk_s=1320.0,
                half_left_after_s=210.0,
                has_own_patience=True,
            ),
        ),
        bands=(
            BandLearnt(from_days=0, until_days=14, calls=80, talk=1.2, wrap_up=1.1),
            BandLearnt(from_days=14, until_days=42, calls=70, talk=1.1, wrap_up=1.0),
            BandLearnt(from_days=91, until_days=None, calls=700, talk=0.97, wrap_up=1.0),
        ),
        missed=4,
        configurations=2,
    ),
)


def lines(client: TestClient, **fields: str) -> list[dict[str, Any]]:
    answer = client.post(
        "/study/lived", data={**WHEN, **fields}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_page_asks_which_days(centre: Site) -> None:
    page = centre.here(SAM).get("/study")
    assert page.status_code == 200
    for name in ("callers", "origin", "since", "days", "runs"):
        assert f'name="{name}"' in page.text
    assert 'href="/study"' in centre.here(SAM).get("/planner").text


def test_each_run_is_a_line_with_figures_by_every_part(centre: Site) -> None:
    found = lines(centre.here(SAM))
    assert [each["done"] for each in found] == [1, 2, 3]
    last = found[-1]["html"]
    assert "Service level" in last
    assert "By half hour of the day" in last
    assert '<svg class="plan study"' in last
    assert "±" in last
    assert "Recorded" not in last
    assert centre.living.closed == 1


def test_it_is_told_in_spanish(centre: Site) -> None:
    client = centre.here(SAM)
    client.cookies.set("language", "es")
    assert "Nivel de servicio" in lines(client, runs=UNTIL_PRECISE)[-1]["html"]
    assert "Vivido 3 veces" in lines(client, runs=UNTIL_PRECISE)[-1]["far"]


def test_fields_that_are_none_are_answered_in_words(centre: Site) -> None:
    (line,) = lines(centre.here(ADA), since="soon", days="4000")
    assert set(line["wrong"]) == {"since", "days"}
    assert line["wrong"]["days"] == "That is too few or too many."
    assert centre.living.closed == 0


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RefusedError("x", code="no_calls"), "Choose other days"),
        (PeerError("x"), "The twin could not be asked"),
    ],
    ids=["refused", "peer"],
)
def test_what_goes_wrong_is_told(
    centre: Site, problem: RefusedError | PeerError, words: str
) -> None:
    centre.living.problem = problem
    assert words in lines(centre.here(SAM))[0]["problem"]


def test_agents_do_not_come_here(centre: Site) -> None:
    assert centre.here(MARIA).get("/study").status_code == 403


def test_the_fields_become_what_is_asked() -> None:
    asked, wrong = read_study(
        {
            "callers": "record",
            "origin": "practice",
            "since": "2026-03-03",
            "days": "28",
            "runs": "50",
        }
    )
    assert wrong == {}
    assert asked == StudyAsked(
        callers=Callers.RECORD, origin=Origin.PRACTICE, since=date(2026, 3, 3), days=28, runs=50
    )
    until_precise, _ = read_study({"since": "2026-03-03", "days": "365", "runs": UNTIL_PRECISE})
    assert until_precise is not None
    assert until_precise.runs is None


def test_how_well_the_twin_fits_and_what_it_learnt_is_said(centre: Site) -> None:
    for language, first, band in (
        ("en", "The twin reproduces 1 of 2 measures. Off: Offered.", "under 14: 120.0%"),
        ("es", "El gemelo reproduce 1 de 2 medidas.", "menos de 14"),
    ):
        words = CATALOGUES[language]
        said = said_of(HELD, centre.context.published(), words, Written(language))
        assert said[0].startswith(first)
        assert any(band in each for each in said)
        assert len(said) == 6
    whole = msgspec.structs.replace(HELD, whole=(LEVEL,), is_precise=True)
    said = said_of(whole, centre.context.published(), CATALOGUES["en"], Written("en"))
    assert said[0] == "The twin reproduces the one measure of which that can be told."
    assert said[-1] == "Known well enough after 20 runs."


def test_what_differs_is_marked_in_the_picture_not_by_colour_alone() -> None:
    picture = study_plot(HELD, CATALOGUES["en"], Written("en"))
    assert picture.count('class="study__differs"') == 3
    assert picture.count('class="study__fits"') == 1
    assert "Calls and service level" in picture
