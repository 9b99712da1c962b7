"""The certificate in use: read, judged, loaded again when it changed, renewed in good time.

It is loaded into one TLS context that lives as long as the process, so that a new certificate is
used from the next connection on and no call notices.
"""

import asyncio
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from openline.configuration import Acme, CertificateFiles, Public
from openline.model import OpenlineError, PeerError, RefusedError
from openline.store import DataFolder

Publish = Callable[[str, str], None]
"""Shows a word at a path of http://NAME, until the process ends."""

log = structlog.get_logger(__name__)

LOOKED_AFTER_S = 3600.0
SOON = timedelta(days=7)
"""So long before its end a certificate is a trouble, if nothing renewed it."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Is a certificate that is fit to be used."""

    begins: datetime
    ends: datetime

    def is_due(self, now: datetime) -> bool:
        """Tells whether a third of its life or less is left: the time to renew it."""
        return self.ends - now <= (self.ends - self.begins) / 3

    def ends_soon(self, now: datetime) -> bool:
        """Tells whether it should have been renewed long ago; by then somebody must look."""
        return self.ends - now <= min(SOON, (self.ends - self.begins) / 6)


class Certificate:
    """Holds the TLS context of a public centre, and keeps what is in it fresh."""

    def __init__(
        self,
        public: Public,
        files: CertificateFiles,
        *,
        fetch: Callable[[], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`fetch` puts a new certificate into the files, in seconds; None: somebody else does.

        Raises as `judged`.
        """
        self.public = public
        self._files = files
        self._fetch = fetch
        self._now = now
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.trouble: str | None = None
        """Why the last try to read or renew it failed, in words; None if it did not."""
        if fetch is not None and not self._is_fit():
            fetch()
        self._seen = self._stamp()
        self.judged = self._load()

    @property
    def days_left(self) -> float:
        """How long the certificate in use is good for; negative when it is not any more."""
        return (self.judged.ends - self._now()) / timedelta(days=1)

    @property
    def ends_soon(self) -> bool:
        """Tells whether somebody must look, because nothing renewed it."""
        return self.judged.ends_soon(self._now())

    async def watch(self) -> None:
        """Looks every hour whether it changed or is due, until it is cancelled."""
        while True:
            # The first look is at once: a start does not wait for an authority while the
            # certificate is still good.
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOKED_AFTER_S)

    def look(self) -> None:
        """Renews the certificate if it is due, and takes up new files; keeps the old on failure."""
        try:
            if self._fetch is not None and self.judged.is_due(self._now()):
                self._fetch()
            stamp = self._stamp()
            if stamp != self._seen:
                self.judged = self._load()
                self._seen = stamp
                log.info("certificate_taken_up", until=f"{self.judged.ends:%Y-%m-%d}")
            self.trouble = None
        except OpenlineError as error:
            self.trouble = str(error)
            log.error("certificate_not_renewed", why=str(error))

    def _is_fit(self) -> bool:
        try:
            self._on_disk()
        except RefusedError:
            return False
        return True

    def _on_disk(self) -> Judged:
        return judged(self._files, self.public.name, self._now())

    def _load(self) -> Judged:
        found = self._on_disk()
        try:
            self.context.load_cert_chain(self._files.certificate, self._files.key)
        except (OSError, ssl.SSLError) as error:
            raise _unfit(self._files.certificate, "cannot be used for HTTPS") from error
        return found

    def _stamp(self) -> tuple[int, ...]:
        try:
            files = (self._files.certificate, self._files.key)
            return tuple(file.stat().st_mtime_ns for file in files)
        except OSError as error:
            raise _unreadable(Path(error.filename), error) from error


def certificate_of(
    public: Public, folder: DataFolder, publish: Publish, *, tell: Callable[[str], None]
) -> Certificate:
    """Returns the certificate of a public centre, fetched if that is how it comes.

    `publish` shows a word at a place of the front door, for the authority to see; `tell` hears of
    what takes time.

    Raises:
        RefusedError: the files are not what they should be.
        PeerError: the authority gave none.
    """
    by, files = public.by, files_of(public, folder)
    if isinstance(by, CertificateFiles):
        return Certificate(public, files)

    def fetch(by: Acme = by) -> None:
        try:
            # Brought by an extra that only those need who have no certificate of their own.
            from openline.app.public.authority import fetched  # noqa: PLC0415
        except ImportError as error:
            raise RefusedError(
                "To fetch certificates a library is missing. Type: pip install 'openline[acme]'",
                code="acme_missing",
            ) from error
        tell(f"Fetching a certificate for {public.name} from {by.directory} …")
        kept = files.certificate.parent
        kept.mkdir(mode=0o700, exist_ok=True)
        account = kept / "account.pem"
        _write(files.certificate, fetched(by, public.name, account, publish))

    return Certificate(public, files, fetch=fetch)


def files_of(public: Public, folder: DataFolder) -> CertificateFiles:
    """Returns where the certificate is: in files of one's own, or where fetched ones are kept."""
    if isinstance(public.by, CertificateFiles):
        return public.by
    # Both in one file: a new certificate never stands beside the old one's key.
    both = folder.path / "certificate" / "certificate.pem"
    return CertificateFiles(certificate=both, key=both)


def judged(files: CertificateFiles, name: str, now: datetime) -> Judged:
    """Returns from when to when a certificate is good.

    Raises `RefusedError` where it cannot be read, is for another name, is past, or the key is not
    its own.
    """
    certificate = _certificate_in(files.certificate)
    try:
        key = load_pem_private_key(_read(files.key), password=None)
    except (ValueError, TypeError) as error:
        raise _unfit(files.key, "holds no private key that can be read without a password") from (
            error
        )
    if key.public_key() != certificate.public_key():
        raise _unfit(files.key, f"holds the key of another certificate than {files.certificate}")
    names = _names_of(certificate)
    if not any(_covers(each, name) for each in names):
        shown = ", ".join(names[:5]) or "no name"
        raise _unfit(files.certificate, f"is for {shown}, not for {name}")
    if certificate.not_valid_after_utc <= now:
        when = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        raise _unfit(files.certificate, f"was good until {when}")
    if certificate.not_valid_before_utc > now + timedelta(minutes=5):
        when = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        raise _unfit(
            files.certificate, f"is good from {when} on only; is this machine's clock right?"
        )
    return Judged(begins=certificate.not_valid_before_utc, ends=certificate.not_valid_after_utc)


def _certificate_in(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_read(file))[0]
    except ValueError as error:
        raise _unfit(file, "holds no certificate as PEM (-----BEGIN CERTIFICATE-----)") from error


def _names_of(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)


def _covers(written: str, name: str) -> bool:
    """Tells whether a name of a certificate covers a name (RFC 6125: * stands for one label)."""
    written = written.lower()
    if written.startswith("*."):
        return name.partition(".")[2] == written[2:]
    return written == name


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error


def _write(file: Path, content: bytes) -> None:
    new = file.with_suffix(".new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
    except OSError as error:
        raise PeerError(f"{file} cannot be written: {error.strerror}.") from error


def _unreadable(file: Path, error: OSError) -> RefusedError:
    return RefusedError(
        f"The certificate file {file} cannot be read: {error.strerror}.", code="certificate_file"
    )


def _unfit(file: Path, words: str) -> RefusedError:
    return RefusedError(f"The certificate file {file} {words}.", code="certificate_unfit")
