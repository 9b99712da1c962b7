"""What the command line asks about the accounts of a data folder, whether or not its centre runs.

While a centre runs it alone writes the accounts; then what is asked goes to it through a socket in
the folder (see `local_socket`), and takes effect at once. Else the folder is opened here.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import structlog

from openline.app.local_socket import listen_at, short_name
from openline.app.storage import open_store, open_store_to_read, url_of
from openline.centre.clock import wall_now
from openline.identity import (
    Account,
    Accounts,
    Invited,
    Note,
    Passkeys,
    People,
    Person,
    Role,
    SecondFactors,
    Sessions,
)
from openline.model import AgentKey, Instant, OpenlineError, PeerError, RefusedError
from openline.store import DataFolder

log = structlog.get_logger(__name__)

ASKED_WITHIN_S = 30.0
LARGEST = 64 * 1024
NOTES = 50


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """Is something asked about accounts."""


class Listed(Asked, frozen=True, kw_only=True, tag="list"):
    """Who is there?"""


class Told(Asked, frozen=True, kw_only=True, tag="tell"):
    """What was done to accounts?"""


class Added(Asked, frozen=True, kw_only=True, tag="add"):
    """Make an account with a password."""

    login: str
    name: str
    role: Role
    agent: AgentKey | None
    password: str


class Invite(Asked, frozen=True, kw_only=True, tag="invite"):
    """Make an account and a link."""

    login: str
    name: str
    role: Role
    agent: AgentKey | None


class Reset(Asked, frozen=True, kw_only=True, tag="reset"):
    """Take the password away and make a link."""

    login: str


class Disable(Asked, frozen=True, kw_only=True, tag="disable"):
    """Close an account."""

    login: str


class Enable(Asked, frozen=True, kw_only=True, tag="enable"):
    """Open an account again."""

    login: str


class GiveRole(Asked, frozen=True, kw_only=True, tag="role"):
    """Change what an account is for."""

    login: str
    role: Role
    agent: AgentKey | None


AnyAsked = Listed | Told | Added | Invite | Reset | Disable | Enable | GiveRole
BEGINS = (Added, Invite)
"""What may make a centre's folder; anything else is refused where there is none."""


class Answered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Is the answer: what was asked for, or why not."""

    people: tuple[Person, ...] = ()
    notes: tuple[Note, ...] = ()
    invited: Invited | None = None
    address: str | None = None
    """Where the running centre is reached; None where none runs."""
    code: str | None = None
    """Of a refusal."""
    message: str = ""


def ask(data: Path, asked: AnyAsked, config: Path | None = None) -> Answered:
    """Returns the answer; `config` is needed where the record is in PostgreSQL.

    Raises:
        RefusedError: with the rule that stands against it.
        PeerError: the disk failed, or the running centre does not answer.
    """
    try:
        with people_of(data, config, may_begin=isinstance(asked, BEGINS)) as people:
            return carry_out(people, asked, by="")
    except RefusedError as error:
        folder = DataFolder(data)
        if error.code != "data_folder_in_use" or not folder.people_socket.exists():
            raise
    answered = _ask_running(folder, asked)
    if answered.code is not None:
        raise RefusedError(answered.message, code=answered.code)
    return answered


def add(
    data: Path,
    *,
    login: str,
    password: str,
    name: str,
    role: Role,
    agent: AgentKey | None,
    config: Path | None = None,
) -> None:
    """Makes an account; raises as `ask`."""
    asked = Added(login=login, password=password, name=name, role=role, agent=agent)
    ask(data, asked, config)


def listed(data: Path, config: Path | None = None) -> tuple[Account, ...]:
    """Returns all accounts by login; raises as `ask`."""
    return tuple(person.account for person in ask(data, Listed(), config).people)


def carry_out(people: People, asked: AnyAsked, *, by: str) -> Answered:
    """Does what is asked; raises `RefusedError` with the rule that stands against it."""
    match asked:
        case Listed():
            return Answered(people=people.listed())
        case Told():
            return Answered(notes=tuple(people.notes(NOTES)))
        case Added():
            people.add(
                asked.login,
                asked.password,
                name=asked.name,
                role=asked.role,
                agent=asked.agent,
                by=by,
            )
        case Invite():
            invited = people.invite(
                asked.login, name=asked.name, role=asked.role, agent=asked.agent, by=by
            )
            return Answered(invited=invited)
        case Reset():
            return Answered(invited=people.reset(asked.login, by=by))
        case Disable():
            people.disable(asked.login, by=by)
        case Enable():
            people.enable(asked.login, by=by)
        case GiveRole():
            people.give_role(asked.login, asked.role, asked.agent, by=by)
    return Answered()


class PeopleSocket:
    """Hears what the command line asks of a running centre."""

    def __init__(self, folder: DataFolder, people: People, address: str) -> None:
        """`address` is where people reach the centre, for the links."""
        self._path = folder.people_socket
        self._people = people
        self._address = address
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens; raises `PeerError` if the socket cannot be made."""
        listening = listen_at(self._path)
        self._server = await asyncio.start_unix_server(self._serve, sock=listening, limit=LARGEST)

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = msgspec.json.decode(await reader.readline(), type=AnyAsked)
            answered = await asyncio.to_thread(carry_out, self._people, asked, by="")
            answered = msgspec.structs.replace(answered, address=self._address)
        except RefusedError as error:
            answered = Answered(code=error.code, message=str(error))
        except (OpenlineError, OSError, ValueError) as error:
            # Whoever asked finds no answer and says so.
            log.error("account_not_changed", why=type(error).__name__)
            writer.close()
            return
        with suppress(OSError):
            writer.write(msgspec.json.encode(answered) + b"\n")
            await writer.drain()
        writer.close()


def _ask_running(folder: DataFolder, asked: AnyAsked) -> Answered:
    try:
        with socket.socket(socket.AF_UNIX) as asking, short_name(folder.people_socket) as short:
            asking.settimeout(ASKED_WITHIN_S)
            asking.connect(short)
            asking.sendall(msgspec.json.encode(asked) + b"\n")
            with asking.makefile("rb") as answer:
                return msgspec.json.decode(answer.readline(), type=Answered)
    except (OSError, msgspec.DecodeError) as error:
        raise PeerError(
            f"The centre that runs on {folder.path} does not answer ({type(error).__name__}). "
            f"Look into its log, or stop it and try again."
        ) from error


@contextmanager
def people_of(
    data: Path, config: Path | None = None, *, may_begin: bool = False
) -> Iterator[People]:
    """Opens the accounts of a data folder, which is held meanwhile.

    `may_begin`: a folder without a centre is made one; else it is refused (`no_data`), so that a
    mistyped name leaves nothing behind.
    """

    def now() -> Instant:
        return Instant(wall_now())

    url = url_of(config)
    if not may_begin:
        open_store_to_read(DataFolder(data), url).close()
    with DataFolder(data).hold(now()) as folder:
        store = open_store(folder, url, now=now())
        accounts = Accounts(store, now=now)
        try:
            yield People(
                store,
                accounts,
                Sessions(store, accounts, now=now),
                SecondFactors(store, now=now),
                Passkeys(store, now=now),
                now=now,
            )
        finally:
            accounts.close()
            store.close()
