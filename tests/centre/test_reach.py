import pytest

from openline.centre.reach import is_over_loopback

HOST = ("host", "127.0.0.1:8000")
ORIGIN = ("origin", "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("client", "host"),
    [
        ("127.0.0.1", "127.0.0.1:8000"),
        ("127.0.0.1", "localhost"),
        ("127.0.0.1", "LocalHost:8000"),
        ("127.8.9.10", "127.8.9.10"),
        ("::1", "[::1]:8000"),
        ("::ffff:127.0.0.1", "localhost:8000"),
    ],
)
def test_a_browser_on_this_machine_is_here(client: str, host: str) -> None:
    assert is_over_loopback(client, [("Host", host)])


@pytest.mark.parametrize("client", ["192.168.1.7", "10.0.0.1", "0.0.0.0", "fe80::1", "::", "", "x"])
def test_another_machine_is_not_here_whatever_it_says(client: str) -> None:
    assert not is_over_loopback(client, [HOST, ORIGIN])


def test_a_connection_without_an_address_is_not_here() -> None:
    assert not is_over_loopback(None, [HOST])


@pytest.mark.parametrize(
    "host",
    [
        "helpline.example",
        "localhost.example",
        "localhost.",
        "desk.localhost",
        "127.0.0.1.example",
        "127.0.0.1@helpline.example",
        "helpline.example#@127.0.0.1",
        "localhost:notaport",
        "localhost/x",
        "[::1",
        "0x7f000001",
        "2130706433",
        "",
    ],
)
def test_a_strangers_name_that_leads_to_this_machine_is_not_here(host: str) -> None:
    assert not is_over_loopback("127.0.0.1", [("host", host)])


def test_a_request_without_a_host_is_not_here() -> None:
    assert not is_over_loopback("127.0.0.1", [])


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "x-forwarded-proto",
        "X-Real-IP",
        "Via",
        "True-Client-IP",
    ],
)
def test_whatever_came_through_a_proxy_is_not_here(name: str) -> None:
    assert not is_over_loopback("127.0.0.1", [HOST, (name, "127.0.0.1")])


@pytest.mark.parametrize(
    "origin", ["http://localhost:8000", "https://127.0.0.1", "http://[::1]:8000"]
)
def test_a_page_of_this_machine_may_ask(origin: str) -> None:
    assert is_over_loopback("127.0.0.1", [HOST, ("origin", origin)])


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://helpline.example",
        "localhost",
        "file://localhost",
        "https://localhost.x",
    ],
)
def test_a_strangers_page_in_a_browser_on_this_machine_is_not_here(origin: str) -> None:
    assert not is_over_loopback("127.0.0.1", [HOST, ("origin", origin)])


@pytest.mark.parametrize("twice", [HOST, ORIGIN])
def test_a_header_that_stands_there_twice_is_not_believed(twice: tuple[str, str]) -> None:
    assert not is_over_loopback("127.0.0.1", [HOST, ORIGIN, twice])
