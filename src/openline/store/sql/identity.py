"""Accounts, sessions, invitations and what was done to accounts, in a database."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import and_, bindparam, delete, exc, func, insert, literal, or_, select, update

from openline.model import Instant, RefusedError
from openline.store.records import (
    AccountEventRecord,
    AccountRecord,
    InvitationRecord,
    PasskeyRecord,
    SecondFactorRecord,
    SessionRecord,
)
from openline.store.schema import (
    account_events,
    accounts,
    invitations,
    passkeys,
    recovery_codes,
    second_factors,
    sessions,
)
from openline.store.sql.database import Database


class IdentityTables:
    """Serves the tables of accounts, and those about them."""

    _database: Database

    def accounts(self) -> tuple[AccountRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.login)).all()
        return tuple(
            AccountRecord(
                login=row.login,
                name=row.name,
                role=row.role,
                agent=row.agent,
                demo=row.demo,
                disabled=row.disabled,
                password_hash=row.password_hash,
            )
            for row in rows
        )

    def add_account(
        self,
        *,
        login: str,
        name: str,
        role: str,
        agent: str | None,
        demo: bool,
        password_hash: str,
        created_at: Instant,
    ) -> None:
        values = {
            "login": login,
            "name": name,
            "role": role,
            "agent": agent,
            "demo": demo,
            "disabled": False,
            "password_hash": password_hash,
            "created_at": created_at,
        }
        with self._database.writing() as connection:
            try:
                connection.execute(insert(accounts), values)
            except exc.IntegrityError:
                raise RefusedError(
                    f"There is an account for the login {login} already, or for the same agent.",
                    code="account_exists",
                ) from None  # what the database says may hold the login of somebody else

    def set_password_hash(self, login: str, password_hash: str) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(accounts)
                .where(accounts.c.login == login)
                .values(password_hash=password_hash)
            )

    def set_disabled(self, login: str, disabled: bool) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(accounts).where(accounts.c.login == login).values(disabled=disabled)
            )

    def set_role(self, login: str, role: str, agent: str | None) -> None:
        change = update(accounts).where(accounts.c.login == login).values(role=role, agent=agent)
        with self._database.writing() as connection:
            try:
                connection.execute(change)
            except exc.IntegrityError:
                raise RefusedError(
                    f"The agent {agent} has an account already.", code="account_exists"
                ) from None

    def invitations(self) -> tuple[InvitationRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(invitations)).all()
        return tuple(
            InvitationRecord(
                token_hash=row.token_hash,
                login=row.login,
                expires_at=row.expires_at,
                is_used=row.is_used,
            )
            for row in rows
        )

    def add_invitation(self, *, token_hash: bytes, login: str, expires_at: Instant) -> None:
        values = {
            "token_hash": token_hash,
            "login": login,
            "expires_at": expires_at,
            "is_used": False,
        }
        with self._database.writing() as connection:
            connection.execute(delete(invitations).where(invitations.c.login == login))
            connection.execute(insert(invitations), values)

    def use_invitation(self, token_hash: bytes, *, password_hash: str) -> bool:
        unused = invitations.c.token_hash == token_hash, invitations.c.is_used.is_(False)
        with self._database.writing() as connection:
            login = connection.scalar(select(invitations.c.login).where(*unused))
            if login is None:
                return False
            connection.execute(update(invitations).where(*unused).values(is_used=True))
            connection.execute(
                update(accounts)
                .where(accounts.c.login == login)
                .values(password_hash=password_hash)
            )
        return True

    def remove_invitations(self, token_hashes: Sequence[bytes]) -> None:
        if not token_hashes:
            return
        with self._database.writing() as connection:
            connection.execute(
                delete(invitations).where(invitations.c.token_hash.in_(token_hashes))
            )

    def second_factors(self) -> tuple[SecondFactorRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(second_factors)).all()
        return tuple(
            SecondFactorRecord(login=row.login, secret=row.secret, last_step=row.last_step)
            for row in rows
        )

    def set_second_factor(
        self, login: str, *, secret: bytes, last_step: int, code_hashes: Sequence[bytes]
    ) -> None:
        values = {"login": login, "secret": secret, "last_step": last_step}
        with self._database.writing() as connection:
            for table in (second_factors, recovery_codes):
                connection.execute(delete(table).where(table.c.login == login))
            connection.execute(insert(second_factors), values)
            connection.execute(
                insert(recovery_codes),
                [{"code_hash": each, "login": login} for each in code_hashes],
            )

    def use_step(self, login: str, step: int) -> bool:
        use = (
            update(second_factors)
            .where(second_factors.c.login == login, second_factors.c.last_step < step)
            .values(last_step=step)
        )
        with self._database.writing() as connection:
            return connection.execute(use).rowcount == 1

    def use_recovery_code(self, login: str, code_hash: bytes) -> bool:
        use = delete(recovery_codes).where(
            recovery_codes.c.login == login, recovery_codes.c.code_hash == code_hash
        )
        with self._database.writing() as connection:
            return connection.execute(use).rowcount == 1

    def recovery_codes(self, login: str) -> int:
        left = (
            select(func.count()).select_from(recovery_codes).where(recovery_codes.c.login == login)
        )
        with self._database.reading() as connection:
            return connection.scalar(left) or 0

    def remove_second_factor(self, login: str) -> bool:
        with self._database.writing() as connection:
            connection.execute(delete(recovery_codes).where(recovery_codes.c.login == login))
            gone = delete(second_factors).where(second_factors.c.login == login)
            return connection.execute(gone).rowcount == 1

    def passkeys(self) -> tuple[PasskeyRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(passkeys)).all()
        return tuple(PasskeyRecord(**row._mapping) for row in rows)

    def add_passkey(
        self,
        *,
        credential: bytes,
        login: str,
        host: str,
        public: bytes,
        counter: int,
        label: str,
        created_at: Instant,
    ) -> PasskeyRecord:
        record = PasskeyRecord(
            credential=credential,
            login=login,
            host=host,
            public=public,
            counter=counter,
            label=label,
            created_at=created_at,
        )
        with self._database.writing() as connection:
            connection.execute(insert(passkeys), msgspec.structs.asdict(record))
        return record

    def use_passkey(self, credential: bytes, counter: int) -> bool:
        never_counts = and_(passkeys.c.counter == 0, literal(counter) == 0)
        use = (
            update(passkeys)
            .where(
                passkeys.c.credential == credential, or_(passkeys.c.counter < counter, never_counts)
            )
            .values(counter=counter)
        )
        with self._database.writing() as connection:
            return connection.execute(use).rowcount == 1

    def remove_passkeys(self, credentials: Sequence[bytes]) -> None:
        if not credentials:
            return
        with self._database.writing() as connection:
            connection.execute(delete(passkeys).where(passkeys.c.credential.in_(credentials)))

    def account_events(self, limit: int) -> tuple[AccountEventRecord, ...]:
        newest = select(account_events).order_by(account_events.c.entry.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(newest).all()
        return tuple(
            AccountEventRecord(at=row.at, what=row.what, login=row.login, by=row.by) for row in rows
        )

    def add_account_event(self, *, at: Instant, what: str, login: str, by: str) -> None:
        with self._database.writing() as connection:
            last = connection.scalar(select(func.max(account_events.c.entry))) or 0
            values = {"entry": last + 1, "at": at, "what": what, "login": login, "by": by}
            connection.execute(insert(account_events), values)

    def remove_account_events(self, before: Instant) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(account_events).where(account_events.c.at < before))

    def sessions(self) -> tuple[SessionRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(sessions)).all()
        return tuple(
            SessionRecord(
                token_hash=row.token_hash,
                login=row.login,
                created_at=row.created_at,
                seen_at=row.seen_at,
            )
            for row in rows
        )

    def add_session(self, *, token_hash: bytes, login: str, created_at: Instant) -> None:
        values = {
            "token_hash": token_hash,
            "login": login,
            "created_at": created_at,
            "seen_at": created_at,
        }
        with self._database.writing() as connection:
            connection.execute(insert(sessions), values)

    def touch_sessions(self, seen: Mapping[bytes, Instant]) -> None:
        if not seen:
            return
        touch = (
            update(sessions)
            .where(sessions.c.token_hash == bindparam("which"))
            .values(seen_at=bindparam("at"))
        )
        with self._database.writing() as connection:
            connection.execute(touch, [{"which": key, "at": at} for key, at in seen.items()])

    def remove_sessions(self, token_hashes: Sequence[bytes]) -> None:
        if not token_hashes:
            return
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash.in_(token_hashes)))
