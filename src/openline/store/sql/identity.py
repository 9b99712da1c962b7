"""Accounts and sessions in a database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, exc, insert, select, update

from openline.model import Instant, RefusedError
from openline.store.port import AccountRecord, SessionRecord
from openline.store.schema import accounts, sessions
from openline.store.sql.database import Database


class IdentityTables:
    """Serves the tables `accounts` and `sessions`."""

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
