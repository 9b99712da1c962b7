"""What an administrator does with the accounts of a centre, and the note that is kept of it.

One use-case, one function; pages, command line and tests go through these. Whatever takes a right
away ends the account's sessions at once. All of it blocks for the disk.
"""

from collections.abc import Callable, Sequence

import msgspec

from openline.identity.accounts import Accounts
from openline.identity.invitations import Invitations, Link
from openline.identity.passkeys import Answer, Passkeys, Place
from openline.identity.port import IdentityStore
from openline.identity.roles import Account, Role
from openline.identity.second_factor import SecondFactors
from openline.identity.sessions import Sessions
from openline.model import MINUTE, AgentKey, Duration, Instant
from openline.model.names import Name

HOUR = 60 * MINUTE
NOTES_KEPT = Duration(400 * 24 * 60 * MINUTE)
"""Somewhat more than the record's usual term, 13 months."""


class Change(Name):
    """Says what was done to an account."""

    ADDED = "added"
    INVITED = "invited"
    JOINED = "joined"
    RESET = "reset"
    DISABLED = "disabled"
    ENABLED = "enabled"
    ROLE_GIVEN = "role_given"
    FACTOR_BEGUN = "factor_begun"
    FACTOR_ENDED = "factor_ended"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"


class Note(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Says what was done to an account, when, and by whom."""

    at: Instant
    what: Change
    login: str
    by: str
    """A login; empty for whoever sat at the machine itself."""


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is an account as an administrator sees it."""

    account: Account
    invited_until: Instant | None
    """Until when the link that was given can be used; None without one."""
    has_second_factor: bool = False
    has_passkey: bool = False
    link_hours_left: int = 0
    """The same as whole hours from now, rounded up; 0 without a link."""


class Invited(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is a link that was just made; its token is in no other place."""

    login: str
    token: str
    until: Instant


class People:
    """Changes accounts; `gone` is told each login whose sessions were ended."""

    def __init__(
        self,
        store: IdentityStore,
        accounts: Accounts,
        sessions: Sessions,
        factors: SecondFactors,
        passkeys: Passkeys,
        *,
        now: Callable[[], Instant],
        gone: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._sessions = sessions
        self._factors = factors
        self._passkeys = passkeys
        self._invitations = Invitations(store, accounts, now=now)
        self._now = now
        self._gone = gone

    def listed(self) -> tuple[Person, ...]:
        """Returns everybody by login."""
        open_until, now = self._invitations.open_until(), self._now()
        people = []
        for account in self._accounts.list():
            until = open_until.get(account.login)
            hours = 0 if until is None else -((now - until) // HOUR)
            people.append(
                Person(
                    account=account,
                    invited_until=until,
                    has_second_factor=self._factors.has(account.login),
                    has_passkey=self._passkeys.has(account.login),
                    link_hours_left=hours,
                )
            )
        return tuple(people)

    def notes(self, limit: int) -> Sequence[Note]:
        """Returns what was last done, the newest first."""
        return tuple(
            Note(at=row.at, what=Change(row.what), login=row.login, by=row.by)
            for row in self._store.account_events(limit)
        )

    def add(
        self,
        login: str,
        password: str,
        *,
        name: str,
        role: Role,
        agent: AgentKey | None,
        by: str,
    ) -> Account:
        """Makes an account with a password; raises as `Accounts.create`."""
        account = self._accounts.create(login, password, name=name, role=role, agent=agent)
        self._note(Change.ADDED, account.login, by)
        return account

    def invite(
        self, login: str, *, name: str, role: Role, agent: AgentKey | None, by: str
    ) -> Invited:
        """Makes an account, and the link with which its owner chooses a password.

        Raises:
            RefusedError: as `Accounts.create`, save for passwords.
        """
        account = self._accounts.add_without_password(login, name=name, role=role, agent=agent)
        return self._linked(Change.INVITED, account.login, by)

    def reset(self, login: str, *, by: str) -> Invited:
        """Takes password, second factor and passkeys away at once; makes a link for a new password.

        Raises:
            RefusedError: `no_such_account`, `demo_account`.
        """
        login = self._accounts.existing(login).login
        self._accounts.take_password(login)
        self._end_sessions(login)
        if self._factors.remove(login):
            self._note(Change.FACTOR_ENDED, login, by)
        if self._passkeys.remove_all(login):
            self._note(Change.PASSKEY_REMOVED, login, by)
        return self._linked(Change.RESET, login, by)

    def disable(self, login: str, *, by: str) -> None:
        """Closes an account at once; raises as `Accounts.disable`."""
        login = self._accounts.existing(login).login
        self._accounts.disable(login)
        self._end_sessions(login)
        self._note(Change.DISABLED, login, by)

    def enable(self, login: str, *, by: str) -> None:
        """Opens an account again; raises `RefusedError`: `no_such_account`."""
        login = self._accounts.existing(login).login
        self._accounts.enable(login)
        self._note(Change.ENABLED, login, by)

    def give_role(self, login: str, role: Role, agent: AgentKey | None, *, by: str) -> Account:
        """Changes what an account is for; its owner signs in anew. Raises as `Accounts.set_role`.

        Without `agent` the account keeps the agent it has.
        """
        before = self._accounts.existing(login)
        account = self._accounts.set_role(login, role, agent or before.agent)
        self._end_sessions(account.login)
        self._note(Change.ROLE_GIVEN, account.login, by)
        return account

    def look(self, token: str) -> Link:
        """Tells what can be done with a link; changes nothing."""
        return self._invitations.look(token)

    def join(self, token: str, password: str) -> Account:
        """Gives the owner of a link the password she chose; raises as `Invitations.take`."""
        account = self._invitations.take(token, password)
        self._note(Change.JOINED, account.login, account.login)
        return account

    def begin_factor(self, login: str, secret: bytes, code: str) -> tuple[str, ...]:
        """Begins a second factor; returns recovery codes. Raises as `SecondFactors.confirm`."""
        codes = self._factors.confirm(login, secret, code)
        self._note(Change.FACTOR_BEGUN, login, login)
        return codes

    def check_factor(self, login: str, code: str) -> None:
        """Takes a code of the second factor; raises as `SecondFactors.check`."""
        if self._factors.check(login, code):
            self._note(Change.RECOVERY_CODE_USED, login, login)

    def end_factor(self, login: str, code: str) -> None:
        """Ends a second factor, for who has its code; raises as `SecondFactors.check`."""
        self.check_factor(login, code)
        if self._factors.remove(login):
            self._note(Change.FACTOR_ENDED, login, login)

    def add_passkey(self, login: str, place: Place, answer: Answer, *, label: str) -> None:
        """Keeps the passkey that a browser made; raises as `Passkeys.added`."""
        self._passkeys.added(login, place, answer, label=label)
        self._note(Change.PASSKEY_ADDED, login, login)

    def remove_passkey(self, login: str, name: str) -> None:
        """Takes one of somebody's own passkeys away; one that is not there counts as gone."""
        if self._passkeys.remove(login, name):
            self._note(Change.PASSKEY_REMOVED, login, login)

    def _linked(self, what: Change, login: str, by: str) -> Invited:
        token, until = self._invitations.make(login)
        self._note(what, login, by)
        return Invited(login=login, token=token, until=until)

    def _end_sessions(self, login: str) -> None:
        self._sessions.close_all(login)
        self._gone(login)

    def _note(self, what: Change, login: str, by: str) -> None:
        now = self._now()
        self._store.remove_account_events(Instant(now - NOTES_KEPT))
        self._store.add_account_event(at=now, what=what.value, login=login, by=by)
