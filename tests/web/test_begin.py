"""Does the first page of an empty centre ask, show, and write only what somebody has seen?"""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from openline.configuration.beginning import QUESTIONS, Answers
from openline.model import RefusedError
from openline.web import Assets, load_catalogues
from openline.web.begin import Beginning, first_page

PAGE = "/begin/the-key"
RIGHT = {
    "name": "Evening Line",
    "languages": "en,es",
    "time_zone": "America/Chicago",
    "hours": "Mon-Fri 18-22",
    "topics": "Talk",
    "people": "Amira\r\nBen",
    "on_call": "Ben",
    "recovery_break_min": "20",
}
ACCOUNT = {"login": "ada", "password": "correct horse battery", "again": "correct horse battery"}


class Written:
    """Stands for the disk: keeps what was written, or refuses."""

    def __init__(self) -> None:
        self.made: list[tuple[Answers, str, str]] = []
        self.refuses: RefusedError | None = None
        self.is_done = False

    async def write(self, answers: Answers, login: str, password: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.made.append((answers, login, password))

    def done(self) -> None:
        self.is_done = True


@pytest.fixture
def written() -> Written:
    return Written()


def client_of(written: Written, address: str = "127.0.0.1") -> TestClient:
    beginning = Beginning(
        key="the-key", folder=Path("/srv/line"), write=written.write, done=written.done
    )
    app = first_page(beginning, load_catalogues(), Assets())
    return TestClient(
        app,
        base_url="http://127.0.0.1:8800",
        client=(address, 50_000),
        headers={"Origin": "http://127.0.0.1:8800", "Accept": "text/html"},
    )


@pytest.fixture
def client(written: Written) -> Iterator[TestClient]:
    with client_of(written) as client:
        yield client


def test_the_page_asks_the_eight_questions_each_with_a_label_and_words(client: TestClient) -> None:
    html = client.get(PAGE).text
    for number, question in enumerate(QUESTIONS, start=1):
        assert f'id="{question}-hint"' in html
        assert re.search(rf'(for|id)="{question}"[^>]*>{number}\. ', html)
    assert "begin." not in re.sub(r'"[^"]*"', "", html)  # every id has words


def test_every_mistake_stands_at_its_field_in_the_language_of_the_reader(
    client: TestClient, written: Written
) -> None:
    wrong = {**RIGHT, "name": "", "hours": "bla", "on_call": "Bem"}
    answer = client.post(PAGE, data=wrong, headers={"Accept-Language": "es"})
    assert answer.status_code == 422
    html = unescape(answer.text)
    assert "3 respuestas aún no están bien" in html
    for question in ("name", "hours", "on_call"):
        assert f'aria-describedby="{question}-hint {question}-wrong" aria-invalid="true"' in html
    assert '¿Quiso decir "Ben"?' in html
    assert "time_zone-wrong" not in html
    assert 'value="America/Chicago"' in html
    assert written.made == []


def test_right_answers_are_shown_as_the_checked_configuration_and_nothing_is_written(
    client: TestClient, written: Written
) -> None:
    html = unescape(client.post(PAGE, data=RIGHT).text)
    assert 'name = "Evening Line"' in html
    assert 'mon = ["18:00-22:00"]' in html
    assert "/srv/line" in html
    assert written.made == []
    again = unescape(client.post(PAGE, data={**RIGHT, "step": "edit"}).text)
    assert 'value="Evening Line"' in again
    assert "Amira\nBen</textarea>" in again


def test_yes_writes_the_centre_with_its_administrator_and_ends_the_page(
    client: TestClient, written: Written
) -> None:
    answer = client.post(PAGE, data={**RIGHT, **ACCOUNT, "step": "write"})
    assert answer.status_code == 200
    ((answers, login, password),) = written.made
    assert (answers.people, answers.languages) == (("Amira", "Ben"), ("en", "es"))
    assert (login, password) == ("ada", ACCOUNT["password"])
    assert written.is_done
    assert 'href="/sign-in?next=/people"' in answer.text
    assert "openline run --config /srv/line" in answer.text


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("login_not_allowed", "login"),
        ("password_too_short", "password"),
        ("password_too_common", "password"),
    ],
)
def test_an_account_that_is_refused_is_told_at_its_field(
    code: str, field: str, client: TestClient, written: Written
) -> None:
    written.refuses = RefusedError("in English", code=code)
    answer = client.post(PAGE, data={**RIGHT, **ACCOUNT, "step": "write"})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert "in English" not in answer.text
    assert ACCOUNT["password"] not in answer.text
    assert not written.is_done


def test_two_passwords_that_differ_are_told(client: TestClient, written: Written) -> None:
    answer = client.post(PAGE, data={**RIGHT, **ACCOUNT, "again": "other", "step": "write"})
    assert 'id="again-wrong"' in answer.text
    assert written.made == []


def test_answers_that_were_changed_on_the_way_are_checked_again(
    client: TestClient, written: Written
) -> None:
    answer = client.post(PAGE, data={**RIGHT, **ACCOUNT, "people": "", "step": "write"})
    assert answer.status_code == 422
    assert written.made == []


def test_without_the_key_from_another_machine_or_from_a_foreign_page_nothing_is_to_be_had(
    client: TestClient, written: Written
) -> None:
    for path in ("/", "/begin/another-key", "/sign-in"):
        assert client.get(path).status_code == 404
        assert 'name="people"' not in client.get(path).text
    assert client.post("/begin/another-key", data=RIGHT).status_code == 404
    assert client.post(PAGE, data=RIGHT, headers={"Origin": "http://evil"}).status_code == 403
    with client_of(written, "192.0.2.7") as elsewhere:
        assert elsewhere.get(PAGE).status_code == 403
    proxied = client.get(PAGE, headers={"X-Forwarded-For": "192.0.2.7"})
    assert proxied.status_code == 403


def test_the_language_is_chosen_before_anything_is_answered(client: TestClient) -> None:
    chosen = client.post("/preferences", data={"language": "es", "next": PAGE})
    assert "Empezar una línea de ayuda" in chosen.text
