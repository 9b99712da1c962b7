"""The values of a configuration that say where browsers find the centre."""

from pathlib import Path

import msgspec


class Acme(msgspec.Struct, frozen=True, kw_only=True):
    """Names who gives the certificate."""

    directory: str
    contact: str | None
    authorities: Path | None
    """The certificates by which it is believed; None: those that everybody believes."""


class CertificateFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Names the two files, both PEM."""

    certificate: Path
    key: Path


class Public(msgspec.Struct, frozen=True, kw_only=True):
    """Says how the centre is reached from everywhere."""

    name: str
    host: str
    """Where to listen; `port` too is taken there unless another is asked for."""
    port: int
    http_port: int
    """0: no page leads on to HTTPS."""
    by: Acme | CertificateFiles
    """Where the certificate comes from."""

    @property
    def address(self) -> str:
        """Where a browser finds it, for example https://help.example.org."""
        return f"https://{self.name}" + ("" if self.port == 443 else f":{self.port}")


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """Says where to listen."""

    host: str
    port: int
    public: Public | None = None
    """None: by HTTP, for this machine."""

    @property
    def address(self) -> str:
        """Where it is found, for example http://127.0.0.1:8800 from this machine."""
        if self.public is not None:
            return self.public.address
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
