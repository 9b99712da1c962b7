"""How much may be sent to the centre: little, and nobody fills its memory."""

from collections.abc import Iterator

import pytest

from openline.web.bodies import LARGEST_BODY_BYTES
from tests.web.builders import ADA, Site

JSON = {"accept": "application/json"}


def test_a_form_that_is_too_large_is_refused_in_words(centre: Site) -> None:
    body = "login=" + "a" * LARGEST_BODY_BYTES
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = centre.afar().post("/sign-in", content=body, headers=form)
    assert answer.status_code == 413
    assert "This is too large" in answer.text
    answer = centre.afar().post("/sign-in", content=body, headers=form | JSON)
    assert answer.json()["error"]["code"] == "too_large"


def test_what_comes_without_a_length_is_counted_as_it_comes(centre: Site) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(5):
            yield b"a" * (LARGEST_BODY_BYTES // 4)

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert centre.afar().post("/sign-in", content=parts(), headers=form).status_code == 413


@pytest.mark.parametrize("length", ["-1", "many", "1e3"])
def test_a_length_that_is_none_changes_nothing(centre: Site, length: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "content-length": length}
    answer = centre.afar().post("/sign-in", content="login=ada&password=no", headers=headers)
    assert answer.status_code == 422


def test_what_fits_is_let_through_and_a_configuration_may_be_larger(centre: Site) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = centre.afar().post("/sign-in", content="login=ada&password=no", headers=form)
    assert answer.status_code == 422
    large = b" " * (2 * LARGEST_BODY_BYTES)
    assert centre.afar(ADA).post("/api/configuration", content=large).status_code == 200
