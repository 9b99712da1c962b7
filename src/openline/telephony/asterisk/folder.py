"""The folder of our Asterisk: what stands in it, what would change, and its writing.

    etc/        Asterisk's configuration, all of it written by us
    secrets     the passwords, as JSON; made once and then kept
    sounds/     our recordings; own/ holds those that replace them, by the same names
    spoken/     what supervisors spoke instead, by its number; written by the running centre
    music/      a folder for each kind of hold music
    var/        Asterisk's own: its database, its log, its socket

Nobody but its user may look into the folder. What is changed is shown without the passwords.
"""

import difflib
import re
import secrets as chance
from importlib import resources
from pathlib import Path

import msgspec

from openline.configuration import Asterisk, Published
from openline.model import RefusedError
from openline.telephony.asterisk.accounts import Secrets
from openline.telephony.asterisk.files import MUSIC, files
from openline.telephony.asterisk.program import Program

_FOLDERS = ("etc", "sounds", "own", "music", "var/lib/keys", "var/run", "var/log")
_PLAIN = re.compile(r"[\w./+-]+")
_HIDDEN = "(a password)"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Is a file that is not as it should be."""

    file: Path
    is_new: bool
    lines: tuple[str, ...]
    """What is taken out and put in, as a unified difference; none for a sound."""


def read_secrets(folder: Path) -> Secrets | None:
    """Returns the passwords, or None where nothing was configured yet.

    Raises `RefusedError` where the file is not ours or cannot be read.
    """
    file = folder / "secrets"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Secrets)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise RefusedError(
            f"{file} cannot be read as the passwords of the telephones. Give it to this user, or "
            "remove it and run `openline asterisk configure` again: every telephone then needs "
            "its new password.",
            code="bad_secrets",
        ) from error


def complete(known: Secrets | None, asterisk: Asterisk) -> Secrets:
    """Returns the passwords with new ones for who has none; those of who is gone are dropped.

    Raises `RefusedError` where the password of a trunk's account cannot be read, or by too many.
    """
    phones = {} if known is None else known.phones
    return Secrets(
        ari=_password() if known is None else known.ari,
        phones={
            phone.agent: phones.get(phone.agent) or _password()
            for phone in asterisk.phones
            if phone.registers
        },
        trunks={
            trunk.key: _password_in(trunk.account.password_file)
            for trunk in asterisk.trunks
            if trunk.account is not None
        },
    )


def _password_in(file: Path) -> str:
    """Returns the password that a file holds."""
    try:
        if file.stat().st_mode & 0o077:
            raise RefusedError(
                f"{file} is open to other users of this machine, and a password stands in it. "
                f"Type: chmod 600 {file}",
                code="bad_password_file",
            )
        with file.open("rb") as read:
            password = read.read(1000).decode("utf-8").strip()
    except (OSError, ValueError) as error:
        raise RefusedError(
            f"{file} cannot be read: it should hold the password of a trunk's account.",
            code="bad_password_file",
        ) from error
    # A semicolon would begin a comment in Asterisk's files.
    if not re.fullmatch(r"[\x21-\x3a\x3c-\x7e]{1,200}", password):
        raise RefusedError(
            f"{file} holds no password that Asterisk could take: one line of plain characters "
            "without blanks and semicolons.",
            code="bad_password_file",
        )
    return password


def _password() -> str:
    # Letters and digits: some telephones have nothing else on their keys.
    alphabet = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(chance.choice(alphabet) for _ in range(24))


def changes(published: Published, secrets: Secrets, program: Program) -> list[Change]:
    """Returns what `write` would change."""
    asterisk = published.asterisk
    assert asterisk is not None, "there are no telephones"
    found = []
    for path, content in _wanted(published, secrets, program).items():
        file = asterisk.folder / path
        try:
            present: bytes | None = file.read_bytes()
        except FileNotFoundError:
            present = None
        if present != content:
            found.append(
                Change(
                    file=file,
                    is_new=present is None,
                    lines=_difference(present or b"", content, secrets)
                    if path.startswith("etc/")
                    else (),
                )
            )
    wanted = set(files(published, secrets, program))
    etc = asterisk.folder / "etc"
    strangers = sorted(etc.iterdir()) if etc.is_dir() else []
    found += [
        Change(file=file, is_new=False, lines=("-(the whole file)",))
        for file in strangers
        if file.name not in wanted
    ]
    return found


def write(published: Published, secrets: Secrets, program: Program) -> None:
    """Makes the folder as it should be. Files in `etc` that are not ours are removed."""
    asterisk = published.asterisk
    assert asterisk is not None, "there are no telephones"
    folder = asterisk.folder
    if not _PLAIN.fullmatch(str(folder)):
        raise RefusedError(
            f"{folder}: Asterisk's files cannot name a folder with blanks or signs in its path. "
            "Choose another with [telephony.asterisk] folder.",
            code="bad_folder",
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for name in (*_FOLDERS, *(f"music/{kind}" for kind in MUSIC)):
            (folder / name).mkdir(parents=True, exist_ok=True)
        wanted = _wanted(published, secrets, program)
        for change in changes(published, secrets, program):
            content = wanted.get(str(change.file.relative_to(folder)))
            if content is None:
                change.file.unlink()
            else:
                _put(change.file, content)
        _put(folder / "secrets", msgspec.json.encode(secrets))
    except OSError as error:
        raise RefusedError(
            f"{error.filename or folder} cannot be written: {error.strerror}.", code="not_writable"
        ) from error


def _put(file: Path, content: bytes) -> None:
    """Writes a file in one piece, for its owner's eyes."""
    beside = file.with_name(f".{file.name}.new")
    beside.touch(mode=0o600)
    beside.write_bytes(content)
    beside.replace(file)


def _wanted(published: Published, secrets: Secrets, program: Program) -> dict[str, bytes]:
    """Returns what every file is to hold, by its path in the folder."""
    wanted = {
        f"etc/{name}": text.encode() for name, text in files(published, secrets, program).items()
    }
    for sound in resources.files(__package__).joinpath("sounds").iterdir():
        name = sound.name.removesuffix(".ulaw")
        if name == sound.name:
            continue
        place = f"music/{name}" if name in MUSIC else "sounds"
        wanted[f"{place}/{sound.name}"] = sound.read_bytes()
    return wanted


def _difference(present: bytes, content: bytes, secrets: Secrets) -> tuple[str, ...]:
    hidden = {secrets.ari, *secrets.phones.values(), *secrets.trunks.values()}

    def shown(text: bytes) -> list[str]:
        return [_shown(line, hidden) for line in text.decode(errors="replace").splitlines()]

    told = difflib.unified_diff(shown(present), shown(content), lineterm="", n=1)
    return tuple(line for line in told if not line.startswith(("---", "+++")))


def _shown(line: str, hidden: set[str]) -> str:
    if line.startswith("password = "):
        # An older one is nobody's business either.
        old = line.removeprefix("password = ") not in hidden
        return f"password = {_HIDDEN}{' of before' if old else ''}"
    return line
