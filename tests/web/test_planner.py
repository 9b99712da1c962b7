import doctest
import html
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from openline.model import PeerError, RefusedError
from openline.planning import plan_asked as asked_module
from openline.planning.plan_asked import PlanAsked
from openline.web import planner_plot as plot_module
from tests.web.builders import ADA, MARIA, SAM, Site

EXAMPLES = Path(__file__).parents[2] / "examples"
CALLS = (EXAMPLES / "invented-calls.csv").read_text()
ROSTER = (EXAMPLES / "invented-roster.csv").read_text()
USUAL = {"aht": "6m", "patience": "3m", "target": "80/20", "shrinkage": "30", "volume": "100"}
TIMES = {"people": "0", "begin": "17:00", "end": "23:00"}


def send(client: TestClient, **fields: str) -> str:
    answer = client.post(
        "/planner",
        data={**USUAL, **TIMES, **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return answer.text


def carried(page: str, *names: str) -> dict[str, str]:
    """Returns what the page carries on in its fields."""
    found = {}
    for name in names:
        field = re.search(rf'<textarea [^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
        assert field is not None, name
        found[name] = html.unescape(field[1])
    return found


def again(client: TestClient, page: str, **fields: str) -> str:
    """Sends the form of an answer once more, with some fields changed."""
    return send(client, **{**carried(page, "calls", "roster", "was"), **fields})


def test_the_worked_numbers_are_so() -> None:
    assert doctest.testmod(plot_module).failed == 0
    assert doctest.testmod(asked_module).failed == 0


def test_before_anything_is_asked_the_page_says_what_to_give(centre: Site) -> None:
    page = centre.here(SAM).get("/planner")
    assert page.status_code == 200
    assert "Give a forecast or the calls of the past" in page.text
    assert '<svg class="plan"' not in page.text
    assert centre.reading.asked == []


def test_the_header_leads_there_for_those_who_plan(centre: Site) -> None:
    assert 'href="/planner"' in centre.here(ADA).get("/reports").text
    assert centre.here(MARIA).get("/planner").status_code == 403


def test_a_history_and_a_roster_become_one_picture_and_a_verdict(centre: Site) -> None:
    page = send(centre.here(SAM), calls=CALLS, roster=ROSTER)
    assert "The roster falls short in 49 of 168 intervals, by 58 hours" in page
    assert "About 83 of 1,426 callers leave (5.8%)." in page
    assert "by Erlang A" in page
    assert page.count('class="plan__gap"') == 49
    for layer in ("plan__95", "plan__80", "plan__mean", "plan__cover", "plan__schedule"):
        assert f'class="{layer}"' in page
    # Nothing was changed yet: there is no before to be drawn.
    assert 'class="plan__was"' not in page
    assert "What the change does" not in page


def test_one_person_more_is_told_before_after_and_in_words(centre: Site) -> None:
    client = centre.here(SAM)
    page = send(client, calls=CALLS, roster=ROSTER)
    changed = again(client, page, people="1")
    assert "About 17 fewer callers leave, mostly 17:00–19:00." in changed
    assert "it would be 5.6 to 33: the same way at both ends." in changed
    assert "Intervals that fall short: 49 before, 46 after." in changed
    assert 'class="plan__was"' in changed
    # What it is compared with stays until somebody says otherwise.
    more = again(client, changed, people="2")
    assert "Intervals that fall short: 49 before" in more
    anew = again(client, more, people="2", anew="yes")
    assert "What the change does" not in anew


def test_a_change_for_the_worse_is_told_as_such(centre: Site) -> None:
    client = centre.here(SAM)
    page = again(client, send(client, calls=CALLS, roster=ROSTER), volume="130")
    assert re.search(r"About \d+ more callers leave", page)
    assert "more hours to schedule" in page


def test_a_number_changed_by_hand_sticks(centre: Site) -> None:
    client = centre.here(SAM)
    page = send(client, calls=CALLS, roster=ROSTER)
    calls = carried(page, "calls")["calls"]
    lines = calls.splitlines()
    assert lines[0].split("\t")[:2] == ["timestamp", "mean"]
    cells = lines[12].split("\t")
    by_hand = calls.replace(lines[12], "\t".join([cells[0], "77.5", *cells[2:]]))
    changed = again(client, page, calls=by_hand)
    assert "77.5" in carried(changed, "calls")["calls"]


def test_the_table_can_be_pasted_back_as_calls_and_as_roster(centre: Site) -> None:
    client = centre.here(SAM)
    page = send(client, calls=CALLS, roster=ROSTER)
    found = re.search(r'<textarea id="planner-table"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    table = html.unescape(found[1])
    back = send(client, calls=table, roster=table)
    assert "The roster falls short in 49 of 168 intervals, by 58 hours" in back
    assert "About 83 of 1,426 callers leave" in back


def test_without_a_roster_it_says_what_is_needed(centre: Site) -> None:
    page = send(centre.here(SAM), calls=CALLS)
    assert "hours on the phones are needed" in page
    assert 'class="plan__cover"' not in page
    assert "Give a roster, and you see where it falls short." in page


def test_without_calls_the_record_is_learned_from(centre: Site) -> None:
    page = send(centre.here(SAM), minutes="30")
    asked = centre.reading.asked[-1]
    assert isinstance(asked, PlanAsked)
    assert asked.plan.calls == b""
    assert '<svg class="plan"' in page


def test_a_day_is_shown_interval_by_interval_with_its_risk(centre: Site) -> None:
    page = send(centre.here(SAM), calls=CALLS, roster=ROSTER, show="2026-09-01")
    assert len(re.findall(r'<th scope="row">\d\d:00</th>', page)) == 24
    assert page.count("badge") >= 24
    assert re.search(r'value="2026-09-01" aria-pressed="true"', page)


def test_faults_are_named_by_row_and_column_in_the_readers_language(centre: Site) -> None:
    client = centre.here(SAM)
    bad_roster = "person;start;end\nAna;2026-09-01 08:00;2026-09-01 08:00\n;2026-09-01 08:00;x"
    page = send(client, calls=CALLS, roster=bad_roster)
    assert "row 2, end: the shift ends when it begins" in page
    assert "row 3, person: nobody is named" in page
    bad_calls = "timestamp;mean\n2026-09-01 08:00;many\n2026-09-01 09:00;-3"
    assert "row 2, mean: “many” is no number" in send(client, calls=bad_calls)
    client.cookies.set("language", "es")
    page = send(client, calls=CALLS, roster=bad_roster)
    assert "fila 2, end: el turno acaba cuando empieza" in page


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("aht", "long", "This is no duration"),
        ("patience", "", "This is no duration"),
        ("target", "80", "Write 80/20"),
        ("shrinkage", "100", "below 100"),
        ("volume", "1000", "At most 900"),
        ("people", "one", "Write a whole number"),
        ("begin", "25:00", "Write a time"),
    ],
)
def test_a_field_that_cannot_be_understood_is_marked(
    centre: Site, field: str, typed: str, words: str
) -> None:
    page = send(centre.here(SAM), calls=CALLS, **{field: typed})
    assert words in page
    assert f'value="{typed}"' in page
    assert centre.reading.asked == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"target": "100/20"}, "out of reach"),
        ({"aht": ""}, "How long does one call keep somebody busy?"),
        ({"roster": "person;start;end\nA;2031-01-01 08:00;2031-01-01 09:00"}, "no day in common"),
        ({"roster": "who;when\nA;B"}, "This is no roster"),
        ({"calls": "timestamp;mean\n2026-09-01 08:00;3"}, "one interval only"),
        (
            {"calls": "timestamp;mean\n2026-09-01;3\n2026-09-02;3", "plan_for": "high80"},
            "no ranges",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    centre: Site, fields: dict[str, str], words: str
) -> None:
    assert words in send(centre.here(SAM), **{"calls": CALLS, **fields})


def test_the_table_comes_as_a_file(centre: Site) -> None:
    client = centre.here(SAM)
    fields = {**USUAL, **TIMES, "calls": CALLS, "roster": ROSTER}
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/planner/file?form=csv", data=fields, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="openline-plan.csv"'
    assert answer.text.startswith("timestamp,mean,low80")
    assert client.post("/planner/file?form=exe", data=fields, headers=headers).status_code == 404
    wrong = {**fields, "aht": "long"}
    assert client.post("/planner/file", data=wrong, headers=headers).status_code == 422


def test_trouble_of_the_reading_process_is_told(centre: Site) -> None:
    centre.reading.problem = PeerError("gone")
    assert "could not be read just now" in send(centre.here(SAM))
    centre.reading.problem = RefusedError("?", code="something_new")
    assert "This could not be worked out." in send(centre.here(SAM))


def test_a_plan_to_compare_with_that_was_tampered_with_is_left_out(centre: Site) -> None:
    for was in ("{", '{"calls": 3}', "null", '{"calls": "AAAA", "roster": ""}'):
        page = send(centre.here(SAM), calls=CALLS, roster=ROSTER, was=was)
        assert "The roster falls short" in page
        assert "What the change does" not in page


def test_what_is_pasted_cannot_become_part_of_the_page(centre: Site) -> None:
    evil = "person;start;end\n<script>alert(1)</script>;2026-09-01 08:00;2026-09-01 16:00"
    assert "<script>alert" not in send(centre.here(SAM), calls=CALLS, roster=evil)


def test_a_form_of_another_site_is_refused(centre: Site) -> None:
    answer = centre.here(SAM).post("/planner", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


# --- the twin -----------------------------------------------------------------------------------


def ask_twin(client: TestClient, page: str, **fields: str) -> list[dict[str, str | int]]:
    data = {**USUAL, **TIMES, **carried(page, "calls", "roster", "was"), **fields}
    answer = client.post("/planner/twin", data=data, headers={"Sec-Fetch-Site": "same-origin"})
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_twin_says_after_each_run_what_is_known(centre: Site) -> None:
    client = centre.here(SAM)
    page = send(client, calls=CALLS, roster=ROSTER)
    lines = ask_twin(client, page)
    assert [(each["done"], each["of"]) for each in lines] == [(1, 3), (2, 3), (3, 3)]
    last = str(lines[-1]["html"])
    assert re.search(r"About \d+ ± [\d.]+ callers leave", last)
    assert "The formula says 83 leave" in last
    assert "18 people are no agents" in last
    assert last.count('<th scope="row">') == 7
    # Nothing was changed, so nothing is compared.
    assert "With the change" not in last
    assert centre.living.closed == 1


def test_the_twin_compares_with_the_plan_before_and_shows_a_day(centre: Site) -> None:
    client = centre.here(SAM)
    page = send(client, calls=CALLS, roster=ROSTER)
    changed = again(client, page, people="4")
    last = str(ask_twin(client, changed, people="4", show="2026-09-01")[-1]["html"])
    assert re.search(r"With the change about \d+ fewer callers leave .*sure of the sign", last)
    assert last.count('<th scope="row">') == 24
    assert 'class="risk__' in last


def test_what_the_twin_cannot_do_is_said_in_words(centre: Site) -> None:
    client = centre.here(SAM)
    page = send(client, calls=CALLS, roster=ROSTER)
    (line,) = ask_twin(client, page, roster="")
    assert line["problem"] == "There is no roster that the twin could work."
    (line,) = ask_twin(client, page, patience="soon")
    assert "cannot be understood" in str(line["problem"])
    centre.living.problem = RefusedError("?", code="busy")
    (line,) = ask_twin(client, page)
    assert "Others are asking the twin" in str(line["problem"])
    centre.living.problem = PeerError("gone")
    client.cookies.set("language", "es")
    (line,) = ask_twin(client, page)
    assert "preguntar al gemelo" in str(line["problem"])


def test_what_came_today_is_taken_up_and_told_beside_the_mornings_forecast(centre: Site) -> None:
    client = centre.here(SAM)
    centre.reading.begun_at = 13
    page = send(client, today="yes", aht="6m", minutes="30")
    assert "Tue 15 Apr until 13:00:" in page
    assert "more calls are expected today, instead of" in page
    assert 'class="plan__came"' in page
    assert 'class="plan__now"' in page
    assert 'class="plan__was"' in page
    assert json.loads(carried(page, "took")["took"])["day"] == "2025-04-15"
    # The morning's forecast is carried on, so the next question corrects the same.
    more = again(client, page, today="yes")
    assert carried(more, "calls") == carried(page, "calls")
    assert 'class="plan__came"' in more
    without = again(client, page)
    assert 'class="plan__came"' not in without
    assert carried(without, "took")["took"] == ""


def test_where_no_day_has_begun_it_says_so(centre: Site) -> None:
    assert "There is no day that has begun" in send(centre.here(SAM), today="yes", minutes="30")
