"""Is the certificate of a centre that is open to the world good, and for how long?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from openline.app.public.certificate import files_of, judged
from openline.configuration import Acme, Published
from openline.model import RefusedError
from openline.store import DataFolder

F = TypeVar("F")


def certificate_found(
    published: Published,
    folder: DataFolder,
    ok: Callable[[str, str], F],
    warn: Callable[[str, str, str], F],
    wrong: Callable[[str, str, str], F],
) -> Iterator[F]:
    """Yields what was found, if the centre is one that needs a certificate."""
    public = published.server.public
    if public is None:
        return
    files = files_of(public, folder)
    if isinstance(public.by, Acme) and not files.certificate.exists():
        yield ok("certificate", f"None yet: {public.by.directory} is asked at the first start.")
        return
    now = datetime.now(UTC)
    try:
        found = judged(files, public.name, now)
    except RefusedError as error:
        mend = "Put the right file in its place; the centre takes it up within the hour."
        yield wrong("certificate", str(error), mend)
        return
    words = f"The certificate for {public.name} is good until {found.ends:%Y-%m-%d}."
    if found.ends_soon(now):
        mend = "Renew it; if Openline fetches it, its log says why that failed."
        yield warn("certificate", words, mend)
    else:
        yield ok("certificate", words)
