import pytest

from openline.web.headers import CONTENT_SECURITY_POLICY, HEADERS
from tests.web.builders import Site


@pytest.mark.parametrize("path", ["/", "/static/nothing.js", "/nothing", "/livez", "/favicon.ico"])
def test_every_answer_carries_every_header(demo: Site, path: str) -> None:
    answer = demo.here().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_a_refusal_by_the_guard_carries_them_too(demo: Site) -> None:
    answer = demo.here(origin="https://evil.example").post("/sign-out")
    assert answer.status_code == 403
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    for directive in CONTENT_SECURITY_POLICY.split("; "):
        assert directive.split()[1:] in (["'self'"], ["'none'"])
