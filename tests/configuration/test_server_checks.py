from pathlib import Path
from typing import Any

import pytest

from openline.configuration import Acme, CertificateFiles, load_text
from tests.configuration.builders import SMALL, problems
from tests.configuration.toml_text import Document, write


def centre(**public: Any) -> Document:
    return {**SMALL, "server": {"public": {"name": "help.example.org", **public}}}


def said(document: Document) -> str:
    return "\n".join(problem.text for problem in problems(document))


def test_files_of_ones_own_begin_beside_the_configuration() -> None:
    text, _ = write(centre(certificate="chain.pem", certificate_key="/etc/key.pem"))
    public = load_text(text, "x.toml", folder=Path("/centre")).server.public
    assert public is not None
    assert public.by == CertificateFiles(
        certificate=Path("/centre/chain.pem"), key=Path("/etc/key.pem")
    )
    assert (public.host, public.port, public.http_port) == ("0.0.0.0", 443, 80)


def test_a_fetched_one_comes_from_lets_encrypt_unless_another_is_named() -> None:
    text, _ = write(centre(acme={"terms_agreed": True}))
    public = load_text(text, "x.toml").server.public
    assert public is not None
    assert isinstance(public.by, Acme)
    assert public.by.directory.startswith("https://acme-v02.api.letsencrypt.org/")


def test_without_the_table_the_centre_is_for_this_machine() -> None:
    text, _ = write(SMALL)
    assert load_text(text, "x.toml").server.public is None


@pytest.mark.parametrize(
    ("public", "words"),
    [
        ({}, "without a certificate there is no HTTPS"),
        ({"certificate": "c"}, 'certificate_key: is missing beside "certificate"'),
        ({"certificate_key": "k"}, 'certificate: is missing beside "certificate_key"'),
        (
            {"certificate": "c", "certificate_key": "k", "acme": {"terms_agreed": True}},
            'is given beside "acme"',
        ),
        ({"acme": {"terms_agreed": False}}, "you do not agree"),
        ({"acme": {"terms_agreed": True}, "http_port": 0}, "makes sure that the name is yours"),
        ({"acme": {"terms_agreed": True}, "http_port": 443}, "is the port for HTTPS too"),
    ],
)
def test_what_does_not_agree_is_told_with_its_mend(public: Document, words: str) -> None:
    assert words in said(centre(**public))


@pytest.mark.parametrize("name", ["Help.example.org", "help", "https://help.org", "1.2.3.4"])
def test_what_is_no_name_is_told_with_an_example(name: str) -> None:
    document = {**SMALL, "server": {"public": {"name": name, "acme": {"terms_agreed": True}}}}
    assert '"help.example.org"' in said(document)
