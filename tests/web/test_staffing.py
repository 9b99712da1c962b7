import re

import pytest

from openline.model import PeerError
from tests.web.builders import ADA, MARIA, SAM, Site

USUAL = "calls=146&interval=30m&aht=6m&patience=3m&target=80/20&shrinkage=30"


def page(centre: Site, query: str) -> str:
    return centre.here(SAM).get(f"/staffing?{query}").text


def test_before_anything_is_asked_it_says_what_to_give(centre: Site) -> None:
    assert "Say how many calls come" in page(centre, "")
    assert 'href="/staffing"' in centre.here(ADA).get("/planner").text
    assert centre.here(MARIA).get("/staffing").status_code == 403


def test_the_least_people_stand_beside_those_to_schedule_with_their_model(centre: Site) -> None:
    shown = page(centre, USUAL)
    assert "32 people on the phones, 46 to schedule." in shown
    assert "By Erlang A" in shown
    assert "Erlang C, nobody leaves: 35 on the phones, 50 to schedule" in shown
    # The curve: four fewer and five more, with the least among them.
    rows = re.findall(r'<th scope="row" class="number">(\d+)', shown)
    assert rows == [str(count) for count in range(28, 38)]
    assert shown.count("<polyline") == 3


def test_so_many_people_are_told_as_they_are(centre: Site) -> None:
    shown = page(centre, USUAL + "&agents=28")
    assert "With 28 people on the phones, 40 to schedule:" in shown


def test_who_holds_several_typed_contacts_is_several_places(centre: Site) -> None:
    shown = page(centre, USUAL + "&concurrency=3")
    # 32 places are needed; eleven people have 33.
    assert "11 people on the phones, 16 to schedule." in shown
    assert "Write a whole number from 1 to 20." in page(centre, USUAL + "&concurrency=21")


def test_more_targets_need_more_people(centre: Site) -> None:
    assert "32 people on the phones" not in page(centre, USUAL + "&abandon=1")
    assert "on the phones, " in page(centre, USUAL + "&occupancy=70")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("&target=100/20", "Possible is 99.9% in time, with"),
        ("&abandon=0", "Possible is that 0.1% leave, with"),
        ("&occupancy=0", "Possible is to be busy 1.0% of the time, with"),
    ],
)
def test_an_impossible_target_says_what_is_possible(centre: Site, query: str, words: str) -> None:
    shown = page(centre, USUAL.replace("&target=80/20", "") + query)
    assert "out of reach" in shown
    assert words in shown


def test_with_few_people_a_break_is_spoken_of(centre: Site) -> None:
    assert "while one of them has a break" in page(centre, "calls=2&aht=6m&interval=30m")


def test_nobody_calls_and_nobody_is_needed(centre: Site) -> None:
    assert "0 people on the phones, 0 to schedule." in page(centre, "calls=0&aht=6m")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("calls=many&aht=6m", "Write a number, 0 or more."),
        ("calls=3", "This is no duration"),
        ("calls=3&aht=6m&agents=1.5", "Write a whole number."),
        ("calls=3&aht=6m&target=80", "Write 80/20"),
        ("calls=3&aht=6m&abandon=200", "Write a percentage"),
    ],
)
def test_a_field_that_cannot_be_understood_is_marked(centre: Site, query: str, words: str) -> None:
    answer = centre.here(SAM).get(f"/staffing?{query}")
    assert answer.status_code == 422
    assert words in answer.text


def test_trouble_is_told_and_nothing_typed_becomes_part_of_the_page(centre: Site) -> None:
    assert "<script>x" not in page(centre, "calls=<script>x&aht=6m")
    centre.reading.problem = PeerError("gone")
    assert "could not be read just now" in page(centre, USUAL)
