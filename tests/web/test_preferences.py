import pytest

from openline.web.preferences import best_language, local_path
from tests.web.builders import Site


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-GB, es", "en"),
        ("de, fr;q=0.9", None),
        ("en;q=0.2, es;q=0.7", "es"),
        ("en;q=0, es;q=0.1", "es"),
        ("en;q=rubbish, es;q=0.1", "es"),
        ("ES", "es"),
        ("", None),
        (";;,,q=", None),
    ],
)
def test_the_language_liked_best_is_taken(accepted: str, expected: str | None) -> None:
    assert best_language(accepted, ["en", "es"]) == expected


def test_a_chosen_language_counts_more_than_the_browsers(demo: Site) -> None:
    browser = demo.here(accept_language="en")
    browser.post("/preferences", data={"language": "es"})
    assert '<html lang="es"' in browser.get("/").text


def test_without_any_wish_the_centres_first_language_is_used(demo: Site) -> None:
    assert '<html lang="en"' in demo.here(accept_language="fi").get("/").text


def test_every_page_offers_the_other_language_by_its_own_name(demo: Site) -> None:
    assert "Español</button>" in demo.here().get("/").text
    assert "English</button>" in demo.here(accept_language="es").get("/").text


@pytest.mark.parametrize("form", [{"theme": "purple"}, {"language": "xx"}, {}])
def test_a_wish_that_makes_no_sense_is_not_remembered(demo: Site, form: dict[str, str]) -> None:
    assert "set-cookie" not in demo.here().post("/preferences", data=form).headers


def test_a_script_that_changes_the_colours_loads_no_page(demo: Site) -> None:
    answer = demo.here(accept="*/*").post("/preferences", data={"theme": "light"})
    assert answer.status_code == 204
    assert "theme=light" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/desk", "/desk"),
        ("/wallboard?origins=real", "/wallboard?origins=real"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\nx", "/"),
        ("desk", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_only_a_path_of_ours_is_followed(text: str | None, expected: str) -> None:
    assert local_path(text) == expected
