from pathlib import Path

import pytest

from openline.app.options import AskedPublic, asked_public
from openline.app.public.chosen import public_of
from openline.configuration import Acme, CertificateFiles, Public
from openline.model import RefusedError

CONFIGURED = Public(
    name="written.example.org",
    host="0.0.0.0",
    port=8443,
    http_port=8080,
    by=Acme(directory="https://ca.example/d", contact=None, authorities=None),
)


def test_nothing_asked_is_what_the_configuration_says() -> None:
    assert public_of(CONFIGURED, None) is CONFIGURED
    assert public_of(None, None) is None


def test_a_name_that_is_asked_for_stands_before_the_written_one() -> None:
    chosen = public_of(CONFIGURED, AskedPublic(name="Help.Example.org."))
    assert chosen is not None
    assert (chosen.name, chosen.port, chosen.by) == ("help.example.org", 8443, CONFIGURED.by)


def test_files_that_are_given_need_nothing_written() -> None:
    asked = AskedPublic(name="help.example.org", certificate=Path("/c"), key=Path("/k"))
    chosen = public_of(None, asked)
    assert chosen is not None
    assert (chosen.host, chosen.port, chosen.http_port) == ("0.0.0.0", 443, 80)
    assert chosen.by == CertificateFiles(certificate=Path("/c"), key=Path("/k"))
    assert chosen.address == "https://help.example.org"


@pytest.mark.parametrize(
    "name", ["", "help", "https://help.example.org", "a b.org", "a.org/x", "1.2.3.4"]
)
def test_what_is_no_name_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(RefusedError, match=r"For example: help\.example\.org"):
        public_of(CONFIGURED, AskedPublic(name=name))


def test_without_a_certificate_in_sight_both_ways_to_one_are_told() -> None:
    with pytest.raises(RefusedError, match="--certificate") as caught:
        public_of(None, AskedPublic(name="help.example.org"))
    assert "[server.public.acme]" in str(caught.value)


def test_options_that_disagree_are_refused() -> None:
    with pytest.raises(RefusedError, match="go together"):
        asked_public("help.example.org", Path("/c"), None)
    with pytest.raises(RefusedError, match="--public"):
        asked_public(None, Path("/c"), Path("/k"))
    assert asked_public(None, None, None) is None
