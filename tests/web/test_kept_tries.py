"""What was tried stands on the page: opened again, compared two by two, removed and put back."""

from datetime import date
from pathlib import Path

import pytest

from openline.app.kept_tries import KeptTries
from openline.app.trying import tries
from openline.configuration import load
from openline.model import AgentKey, Instant, LineKey, QueueKey, SkillKey
from openline.planning.try_asked import Callers, TryAsked
from openline.simulation.changes import Changes, ExtraPeople
from openline.simulation.rules import (
    AnyRule,
    CallbackRule,
    HoursRule,
    NeedsRule,
    OverflowRule,
    PriorityRule,
    SkillRule,
    TargetRule,
)
from openline.web.planner import Written
from openline.web.trying_words import change_words
from tests.cli.tried import SMALL
from tests.simulation.worlds import seconds
from tests.web.builders import CATALOGUES, MARIA, NOW, SAM, Site

OURS = {"Sec-Fetch-Site": "same-origin"}
TALK, SPANISH = QueueKey("talk"), SkillKey("spanish")


def kept(folder: Path, people: int, day: int = 3) -> str:
    asked = TryAsked(
        callers=Callers.INVENTED,
        since=date(2026, 3, day),
        days=1,
        runs=3,
        changes=Changes(people=people),
    )
    tried, found = list(tries(load(SMALL), SMALL, asked, lambda told: None))[-1]
    return KeptTries(folder).keep(asked, tried, found, Instant(NOW)).name


def test_one_is_listed_and_opened_again_with_its_question(centre: Site, tmp_path: Path) -> None:
    name = kept(tmp_path, -3)
    client = centre.here(SAM)
    page = client.get("/try")
    assert "3 people fewer" in page.text
    assert f'href="/try/kept/{name}"' in page.text
    again = client.get(f"/try/kept/{name}")
    assert again.status_code == 200
    assert "more people hang up a day" in again.text
    assert '<svg class="plan tried"' in again.text


def test_two_are_compared(centre: Site, tmp_path: Path) -> None:
    first, second = kept(tmp_path, -1), kept(tmp_path, -10)
    page = centre.here(SAM).get(f"/try/compared?first={first}&second={second}")
    assert page.status_code == 200
    assert "Two changes compared" in page.text
    assert "1 person fewer" in page.text
    assert "10 people fewer" in page.text
    assert "more people hang up a day" in page.text


def test_two_of_other_days_are_not_compared_and_it_is_said_why(
    centre: Site, tmp_path: Path
) -> None:
    first, second = kept(tmp_path, -1), kept(tmp_path, -1, day=4)
    page = centre.here(SAM).get(f"/try/compared?first={first}&second={second}")
    assert page.status_code == 422
    assert "These two are not of the same callers and days" in page.text


def test_a_removed_one_can_be_put_back(centre: Site, tmp_path: Path) -> None:
    name = kept(tmp_path, -3)
    client = centre.here(SAM)
    page = client.post(f"/try/kept/{name}/removal", headers=OURS, follow_redirects=True)
    assert "3 people fewer" not in page.text
    assert f'action="/try/kept/{name}/return"' in page.text
    page = client.post(f"/try/kept/{name}/return", headers=OURS, follow_redirects=True)
    assert "3 people fewer" in page.text


@pytest.mark.parametrize("way", ["removal", "return"])
def test_what_is_gone_is_said_to_be_gone(centre: Site, way: str) -> None:
    client = centre.here(SAM)
    for page in (
        client.get("/try/kept/1772539200-9"),
        client.post(f"/try/kept/1772539200-9/{way}", headers=OURS),
    ):
        assert page.status_code == 410
        assert "This is no longer kept." in page.text


def test_an_address_cannot_carry_words_into_the_page(centre: Site) -> None:
    page = centre.here(SAM).get('/try?removed="><script>')
    assert "/return" not in page.text


def test_agents_do_not_open_it(centre: Site, tmp_path: Path) -> None:
    name = kept(tmp_path, -3)
    assert centre.here(MARIA).get(f"/try/kept/{name}").status_code == 403


RULES: list[AnyRule] = [
    TargetRule(queue=TALK, within=seconds(60)),
    CallbackRule(queue=TALK, after=seconds(240)),
    OverflowRule(queue=TALK, after=seconds(120)),
    PriorityRule(queue=TALK, priority=5),
    NeedsRule(queue=TALK, skill=SPANISH, level=3),
    NeedsRule(queue=TALK, skill=SPANISH, level=0),
    SkillRule(agent=AgentKey("ben"), skill=SPANISH, level=2),
    SkillRule(skill=SPANISH, level=0),
    HoursRule(line=LineKey("evening"), start_minute=960, end_minute=1320),
]


def test_every_change_has_words() -> None:
    changes = Changes(
        people=2,
        extra=(ExtraPeople(start_minute=1080, end_minute=1320, count=2),),
        volume=1.5,
        outages=((840, 900),),
        rules=tuple(RULES),
    )
    assert change_words(changes, load(SMALL), CATALOGUES["en"], Written("en")) == [
        "2 people more",
        "2 more, 18:00–22:00",
        "calls at 150.0%",
        "nobody can work 14:00–15:00",
        "Talk: in time within 1:00",
        "Talk: callback offered after 4:00",
        "Talk: offered to everybody after 2:00",
        "Talk: priority 5",
        "Talk: needs spanish 3",
        "Talk: needs no spanish",
        "Ben: spanish 2",
        "Everybody: without spanish",
        "Evening Line: open 16:00–22:00",
    ]
