"""Turns what the document says of the public address into values."""

from pathlib import Path

from openline.configuration.document import Document
from openline.configuration.server_tables import PublicTable
from openline.configuration.serving import Acme, CertificateFiles, Public, Server


def server_of(document: Document, folder: Path) -> Server:
    """Returns where to listen; relative names of files begin in the folder."""
    table = document.server
    return Server(
        host=table.host,
        port=table.port,
        public=None if table.public is None else _public(table.public, folder),
    )


def _public(table: PublicTable, folder: Path) -> Public:
    by: Acme | CertificateFiles
    if table.acme is not None:
        own = table.acme.authorities
        by = Acme(
            directory=table.acme.directory,
            contact=table.acme.contact,
            authorities=None if own is None else (folder / own).absolute(),
        )
    else:
        # The checks have seen that both are there.
        assert table.certificate is not None
        assert table.certificate_key is not None
        by = CertificateFiles(
            certificate=(folder / table.certificate).absolute(),
            key=(folder / table.certificate_key).absolute(),
        )
    return Public(
        name=table.name, host=table.host, port=table.port, http_port=table.http_port, by=by
    )
