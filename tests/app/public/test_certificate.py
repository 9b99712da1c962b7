import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openline.app.public.certificate import Certificate, judged
from openline.configuration import CertificateFiles, Public
from openline.model import PeerError, RefusedError
from tests.app.public.papers import NAME, NOW, filed, paper


def public(files: CertificateFiles) -> Public:
    return Public(name=NAME, host="127.0.0.1", port=443, http_port=80, by=files)


def refused(files: CertificateFiles, now: datetime = NOW) -> str:
    with pytest.raises(RefusedError) as caught:
        judged(files, NAME, now)
    return str(caught.value)


def later(files: CertificateFiles) -> None:
    """Sets the files' time on, as the next second would."""
    stamp = files.certificate.stat().st_mtime_ns + 1_000_000_000
    os.utime(files.certificate, ns=(stamp, stamp))


def test_a_certificate_is_good_from_its_first_to_its_last_instant(tmp_path: Path) -> None:
    found = judged(filed(tmp_path, *paper(NAME)), NAME, NOW)
    assert (found.begins, found.ends) == (NOW - timedelta(days=30), NOW + timedelta(days=60))


@pytest.mark.parametrize("names", [("*.example.org",), ("other.org", "HELP.example.org")])
def test_a_name_is_covered_by_itself_or_by_a_star_for_its_first_label(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    judged(filed(tmp_path, *paper(*names)), NAME, NOW)


@pytest.mark.parametrize(
    "name", ["example.org", "*.org", "*.help.example.org", "xhelp.example.org"]
)
def test_another_name_is_refused_and_told(tmp_path: Path, name: str) -> None:
    said = refused(filed(tmp_path, *paper(name)))
    assert f"is for {name}, not for {NAME}" in said


def test_one_that_is_past_or_not_yet_good_is_refused_with_the_day(tmp_path: Path) -> None:
    files = filed(tmp_path, *paper(NAME))
    assert "was good until 2027-01-21" in refused(files, NOW + timedelta(days=60))
    assert "clock" in refused(files, NOW - timedelta(days=31))


def test_the_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    (certificate, _), (_, key) = paper(NAME), paper(NAME)
    assert "the key of another certificate" in refused(filed(tmp_path, certificate, key))


def test_files_that_are_no_pem_or_not_there_are_told_by_name(tmp_path: Path) -> None:
    certificate, key = paper(NAME)
    assert "chain.pem holds no certificate" in refused(filed(tmp_path, b"hello", key))
    assert "key.pem holds no private key" in refused(filed(tmp_path, certificate, b"hello"))
    (tmp_path / "key.pem").unlink()
    files = CertificateFiles(certificate=tmp_path / "chain.pem", key=tmp_path / "key.pem")
    (tmp_path / "chain.pem").write_bytes(certificate)
    assert "key.pem cannot be read" in refused(files)


def test_it_is_renewed_when_a_third_of_its_life_is_left_and_not_before(tmp_path: Path) -> None:
    now = NOW
    files = filed(tmp_path, *paper(NAME))
    fetches: list[datetime] = []

    def fetch() -> None:
        fetches.append(now)
        filed(tmp_path, *paper(NAME, begins=now, ends=now + timedelta(days=90)))
        later(files)

    certificate = Certificate(public(files), files, fetch=fetch, now=lambda: now)
    for days in range(60):
        now = NOW + timedelta(days=days)
        certificate.look()
    assert fetches == [NOW + timedelta(days=30)]
    assert certificate.judged.ends == NOW + timedelta(days=120)
    assert certificate.trouble is None


def test_a_failed_renewal_is_told_and_the_old_one_stays_in_use(tmp_path: Path) -> None:
    now = NOW
    files = filed(tmp_path, *paper(NAME))

    def fetch() -> None:
        raise PeerError("the authority does not answer")

    certificate = Certificate(public(files), files, fetch=fetch, now=lambda: now)
    now = NOW + timedelta(days=31)
    certificate.look()
    assert certificate.trouble == "the authority does not answer"
    soon = [certificate.ends_soon]
    now = NOW + timedelta(days=54)
    soon.append(certificate.ends_soon)
    assert soon == [False, True]
    assert certificate.days_left == 6


def test_without_one_that_is_fit_it_is_fetched_at_the_start(tmp_path: Path) -> None:
    files = filed(tmp_path, *paper("old.example.org"))

    def fetch() -> None:
        filed(tmp_path, *paper(NAME))

    assert Certificate(public(files), files, fetch=fetch, now=lambda: NOW).days_left == 60


def test_a_new_file_is_taken_up_and_a_broken_one_is_not(tmp_path: Path) -> None:
    files = filed(tmp_path, *paper(NAME))
    certificate = Certificate(public(files), files, now=lambda: NOW)
    filed(tmp_path, *paper(NAME, ends=NOW + timedelta(days=300)))
    later(files)
    certificate.look()
    assert certificate.days_left == 300
    files.certificate.write_bytes(b"half a fi")
    later(files)
    certificate.look()
    assert certificate.trouble is not None
    assert certificate.days_left == 300
