"""A trunk with an account, in clear and encrypted: its company is a second Asterisk of ours."""

import ipaddress
import socket
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.command import openline
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.server import HEAD, TRUNK, Server, free_port
from tests.live.asterisk.sipp import telephone

ACCOUNT = "phone-helpline"
COMPANY = f"""\
{HEAD}
[queues.talk]
[lines.main]
queue = "talk"
[lines.main.entries.city]
kind = "number"
number = "+15550199"
[agents.helpline]
phone = {{{{ encrypted = {{encrypted}} }}}}
"""


def certificate(folder: Path) -> None:
    """Writes a certificate for the company's address, which is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, TRUNK)])
    now = datetime.now(UTC)
    both = [x509.IPAddress(ipaddress.ip_address(each)) for each in (TRUNK, "127.0.0.1")]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(both), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "key.pem").chmod(0o600)


def both(folder: Path, stack: ExitStack, *, encrypted: bool, password: str | None = None) -> House:
    """Starts a company and a centre that registers with it."""
    certificate(folder)
    tls = "\n".join(
        (
            f'certificate = "{folder}/cert.pem"',
            f'certificate_key = "{folder}/key.pem"',
            f'authorities = "{folder}/cert.pem"',
            "tls_port = {port}",
        )
    )
    port = free_port(socket.SOCK_STREAM, TRUNK)
    (folder / "company").mkdir()
    company = stack.enter_context(
        Server(
            folder / "company",
            COMPANY.format(encrypted="true" if encrypted else "false"),
            asterisk=f'sip_address = "{TRUNK}"\n{tls.format(port=port)}',
        )
    )
    secret = folder / "account"
    secret.write_text(password or company.phone_passwords["helpline"])
    secret.chmod(0o600)
    (folder / "ours").mkdir()
    home = stack.enter_context(
        house(
            folder / "ours",
            asterisk=tls.format(port=free_port(socket.SOCK_STREAM)),
            trunk=f'account = {{ user = "{ACCOUNT}", password_file = "{secret}", '
            f'number = "+15550100" }}\nencrypted = {"true" if encrypted else "false"}',
            trunk_address=f"{TRUNK}:{port if encrypted else company.sip_port}",
        )
    )
    assert secret.read_text() not in home.server.configured
    home.company = company
    return home


@pytest.mark.parametrize("encrypted", [False, True], ids=["in_clear", "encrypted"])
def test_a_trunk_registers_and_calls_to_its_account_are_answered(
    tmp_path: Path, *, encrypted: bool
) -> None:
    with ExitStack() as stack:
        home = both(tmp_path, stack, encrypted=encrypted)
        company = home.company
        assert company is not None
        phone = stack.enter_context(telephone(home.ports["amira"]))
        amira = stack.enter_context(Desk(home.centre.base, "amira"))
        amira.does("ready")
        until(
            lambda: company.ask(f"/endpoints/PJSIP/{ACCOUNT}")["state"] == "online",
            20,
            what=f"it does not register: {home.server.log} {company.log}",
        )
        doctor = openline("doctor", "--config", home.server.config)
        assert "trunk carrier: It is registered" in doctor.out
        # Somebody at the company's calls the account; her music is what is heard.
        company.ask(
            f"/channels?endpoint=PJSIP/{ACCOUNT}&context=agents&extension=s&priority=1", "POST"
        )
        amira.is_in("talking", 20)
        phone.ear.hears_sound()
        amira.does("hang_up")
        amira.is_in("wrap_up")
        until(home.is_empty, what="channels are left")
        until(lambda: not company.ask("/channels"), what="channels are left at the company")
        secret = (tmp_path / "account").read_text()
        assert secret not in home.server.log + company.log + doctor.out
        assert not any(secret in line for line in home.centre.said)


def test_an_account_that_is_refused_is_told_by_the_doctor(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = both(tmp_path, stack, encrypted=False, password="not-the-one")
        told = ""

        def is_told() -> bool:
            nonlocal told
            told = openline("doctor", "--config", home.server.config).out
            return "refuses its account" in told

        until(is_told, 20, what=told, every_s=1)
