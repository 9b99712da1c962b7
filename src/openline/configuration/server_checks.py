"""Does what is written of the public address agree with itself? One rule, one function.

As in `cross_checks`, the raw document is read, and a value of a wrong type is passed over.
"""

from collections.abc import Iterator

from openline.configuration.problems import Path, Problem
from openline.configuration.raw import Raw, table_of
from openline.configuration.words import Reporter

_PUBLIC: Path = ("server", "public")


def problems_of_server(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields every problem of the public address."""
    public = table_of(raw.get("server")).get("public")
    if isinstance(public, dict):
        yield from _the_certificate_comes_from_one_place(public, report)
        yield from _terms_are_agreed_to(public, report)
        yield from _the_authority_can_look(public, report)
        yield from _ports_differ(public, report)


def _the_certificate_comes_from_one_place(public: Raw, report: Reporter) -> Iterator[Problem]:
    files = [key for key in ("certificate", "certificate_key") if key in public]
    if "acme" in public:
        for key in files:
            yield report.problem(
                (*_PUBLIC, key),
                'is given beside "acme", which fetches one.',
                allowed="Leave one of the two out.",
            )
    elif not files:
        yield report.problem(
            (*_PUBLIC, "certificate"),
            "is missing: without a certificate there is no HTTPS.",
            allowed="Give certificate and certificate_key, or add [server.public.acme].",
        )
    elif len(files) == 1:
        (missing,) = {"certificate", "certificate_key"} - set(files)
        yield report.problem(
            (*_PUBLIC, missing),
            f'is missing beside "{files[0]}".',
            allowed="Allowed: the file, beside the other.",
        )


def _terms_are_agreed_to(public: Raw, report: Reporter) -> Iterator[Problem]:
    if table_of(public.get("acme")).get("terms_agreed") is False:
        yield report.problem(
            (*_PUBLIC, "acme", "terms_agreed"),
            "says that you do not agree; then there is no certificate.",
            allowed="Read the authority's terms and write true, or give a certificate of your own.",
        )


def _the_authority_can_look(public: Raw, report: Reporter) -> Iterator[Problem]:
    if "acme" in public and public.get("http_port") == 0:
        yield report.problem(
            (*_PUBLIC, "http_port"),
            "is 0, but there the certificate authority makes sure that the name is yours.",
            allowed="Allowed: 80, or the port to which your router leads its port 80.",
        )


def _ports_differ(public: Raw, report: Reporter) -> Iterator[Problem]:
    if public.get("http_port", 80) == public.get("port", 443):
        yield report.problem(
            (*_PUBLIC, "http_port"),
            "is the port for HTTPS too.",
            allowed="Allowed: two different ports, or 0 for none.",
        )
