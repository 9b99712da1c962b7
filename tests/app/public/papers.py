"""Makes certificates as an authority would."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from openline.configuration import CertificateFiles

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "help.example.org"


def paper(
    *names: str,
    begins: datetime = NOW - timedelta(days=30),
    ends: datetime = NOW + timedelta(days=60),
    key: ec.EllipticCurvePrivateKey | None = None,
) -> tuple[bytes, bytes]:
    """Returns a certificate and its key, as PEM; it is its own authority."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM), key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def filed(folder: Path, certificate: bytes, key: bytes) -> CertificateFiles:
    """Puts both into files and says where."""
    files = CertificateFiles(certificate=folder / "chain.pem", key=folder / "key.pem")
    files.certificate.write_bytes(certificate)
    files.key.write_bytes(key)
    return files
