import doctest
import re
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from openline.model import Origin, PeerError, RefusedError
from openline.planning.forecast_asked import ForecastAsked
from openline.web import forecast_plot as plot_module
from tests.planning.invented_calls import invented
from tests.web.builders import ADA, SAM, Site


def pasted(days: int = 70) -> str:
    history = invented(seed=78, days=days, per_day=400)
    lines = ["timestamp\tcalls"]
    for day in range(days):
        for slot in range(48):
            when = datetime.combine(history.day(day), datetime.min.time())
            when += timedelta(minutes=30 * slot)
            lines.append(f"{when:%Y-%m-%d %H:%M}\t{history.calls[day, slot]:.0f}")
    return "\n".join(lines)


def send(client: TestClient, **fields: str) -> str:
    answer = client.post("/forecast", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    return answer.text


def asked_of(centre: Site) -> ForecastAsked:
    asked = centre.reading.asked[-1]
    assert isinstance(asked, ForecastAsked)
    return asked


def test_the_form_is_there_before_anything_was_asked(centre: Site) -> None:
    page = centre.here(SAM).get("/forecast")
    assert page.status_code == 200
    assert 'enctype="multipart/form-data"' in page.text
    assert '<svg class="bands"' not in page.text
    assert centre.reading.asked == []


def test_the_header_leads_there_for_those_who_plan(centre: Site) -> None:
    assert 'href="/forecast"' in centre.here(ADA).get("/reports").text


def test_what_was_pasted_is_forecast_in_bands_and_days(centre: Site) -> None:
    page = send(centre.here(SAM), calls=pasted(), days="7")
    assert asked_of(centre).days == 7
    assert '<svg class="bands"' in page
    assert page.count("<polygon") == 2
    assert len(re.findall(r"<tr>", page)) == 8
    assert "4 times in 5" in page
    assert "Chance alone" in page
    # What was typed is still there, to be changed and sent again.
    assert "timestamp\tcalls" in page


def test_a_file_goes_before_what_was_pasted(centre: Site) -> None:
    answer = centre.here(SAM).post(
        "/forecast",
        data={"calls": "nonsense"},
        files={"calls_file": ("calls.csv", pasted().replace("\t", ";"))},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 200
    assert "calls.csv was read" in answer.text


def test_without_either_the_record_is_learned_from(centre: Site) -> None:
    page = send(centre.here(SAM), origin="simulated")
    assert asked_of(centre).content == b""
    assert asked_of(centre).origins == (Origin.SIMULATED,)
    assert '<svg class="bands"' in page


def test_faults_are_named_by_row_in_the_readers_language(centre: Site) -> None:
    text = pasted().split("\n")
    text[9] = text[9].split("\t")[0] + "\t-4"
    bad = "\n".join(text)
    client = centre.here(SAM)
    page = send(client, calls=bad)
    assert "row 10, calls: -4 cannot be" in page
    assert '<svg class="bands"' not in page
    client.cookies.set("language", "es")
    assert "fila 10, calls: -4 no puede ser" in send(client, calls=bad)
    mended = send(client, calls=bad, skip_faulty="yes")
    assert "se dejó fuera" in mended
    assert '<svg class="bands"' in mended


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when;how many\n1;2", "must name the columns"),
        ("timestamp;calls\n2026-03-02 08:00;3", "one interval only"),
        ("timestamp;calls", "no row with calls"),
    ],
)
def test_what_is_no_history_is_refused_in_words(centre: Site, text: str, words: str) -> None:
    assert words in send(centre.here(SAM), calls=text)


def test_trouble_of_the_reading_process_is_told(centre: Site) -> None:
    centre.reading.problem = PeerError("gone")
    assert "could not be read just now" in send(centre.here(SAM))
    centre.reading.problem = RefusedError("?", code="something_new")
    assert "This could not be forecast." in send(centre.here(SAM))


def test_special_days_and_a_line_are_asked_for_as_they_were_typed(centre: Site) -> None:
    page = send(centre.here(SAM), special="2026-03-02=campaign, 2026-04-03", line="main")
    asked = asked_of(centre)
    assert (asked.special, asked.line) == ("2026-03-02=campaign, 2026-04-03", "main")
    assert '<svg class="bands"' in page
    assert '<option value="main">' in page
    assert "no line of that name" in send(centre.here(SAM), line="none")
    assert "Write special days as a date" in send(centre.here(SAM), special="soon=campaign")


def test_a_day_that_has_begun_shows_what_came_and_forecasts_its_rest(centre: Site) -> None:
    text = pasted().split("\n")
    half = "\n".join(text[: 1 + 48 * 69 + 20])
    page = send(centre.here(SAM), calls=half, days="7", so_far="yes")
    assert "calls have come so far" in page
    found = re.search(r'<textarea id="forecast-table"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    assert len(found[1].strip().split("\n")) == 1 + 7 * 48 - 20
    assert "10:00:00" in found[1].split("\n")[1]


def test_the_table_comes_back_as_a_file_or_goes_on_to_the_planner(centre: Site) -> None:
    client = centre.here(SAM)
    table = "timestamp\tmean\r\n2026-09-01T08:00:00\t3.5\r\n2026-09-01T09:00:00\t4\r\n"
    headers = {"Sec-Fetch-Site": "same-origin"}
    file = client.post("/forecast/file", data={"calls": table}, headers=headers)
    assert file.text.split("\n")[:2] == ["timestamp,mean", "2026-09-01T08:00:00,3.5"]
    assert "openline-forecast.csv" in file.headers["content-disposition"]
    page = client.post("/planner", data={"calls": table, "aht": "6m"}, headers=headers).text
    assert "hours on the phones are needed" in page


def test_an_unknown_choice_is_the_usual_one(centre: Site) -> None:
    send(centre.here(SAM), days="9999", minutes="7", origin="martian")
    assert asked_of(centre).days == 14
    assert asked_of(centre).minutes is None
    assert asked_of(centre).origins == (Origin.REAL,)


def test_a_form_of_another_site_is_refused(centre: Site) -> None:
    answer = centre.here(SAM).post("/forecast", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert centre.reading.asked == []


def test_what_is_pasted_cannot_become_part_of_the_page(centre: Site) -> None:
    page = send(centre.here(SAM), calls="timestamp;calls\n<script>alert(1)</script>;3")
    assert "<script>alert" not in page


def test_the_plots_worked_numbers_are_so() -> None:
    assert doctest.testmod(plot_module).failed == 0
