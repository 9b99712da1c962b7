"""Who may come in: opens the accounts of a centre, and what the pages ask of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from openline.api import Departures
from openline.app.sign_in import WebPasskeys, WebSecondStep, WebSessions
from openline.identity import Accounts, HalfWay, Passkeys, People, SecondFactors, Sessions
from openline.model import Instant
from openline.store import Store

FACTORS_SECRET = "second factors"
"""The name in the key store of what seals second factors."""


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """Holds everything about accounts and how they are proved."""

    accounts: Accounts
    sessions: WebSessions
    people: People
    second_step: WebSecondStep
    passkeys: WebPasskeys


def open_entrance(
    store: Store,
    key: bytes,
    departures: Departures,
    now: Callable[[], Instant],
    *,
    is_demo: bool,
) -> Entrance:
    """Opens who may sign in, who is signed in, and what an administrator does with them.

    `key` seals second factors; sessions that end are announced to `departures`.
    """
    accounts = Accounts(store, now=now, is_demo=is_demo)
    sessions = Sessions(store, accounts, now=now)
    factors = SecondFactors(store, now=now, key=key)
    passkeys = Passkeys(store, now=now)
    half_way = HalfWay(now=now)
    loop = asyncio.get_running_loop()

    def gone(login: str) -> None:
        half_way.close_all(login)
        # Accounts are changed on other threads.
        loop.call_soon_threadsafe(departures.announce, login)

    people = People(store, accounts, sessions, factors, passkeys, now=now, gone=gone)
    return Entrance(
        accounts=accounts,
        sessions=WebSessions(sessions),
        people=people,
        second_step=WebSecondStep(people, factors, half_way),
        passkeys=WebPasskeys(people, passkeys),
    )
