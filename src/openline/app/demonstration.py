"""What only a demonstration has: accounts that anybody may take, and a plug to pull."""

import os
import secrets
import signal
from collections.abc import Sequence

from openline.configuration import Published
from openline.identity import Accounts, Role
from openline.web import DemoAccount


def pull_the_plug() -> None:
    """Kills this process as a power cut would: nothing is said, nothing is flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def demo_accounts(published: Published, accounts: Accounts) -> Sequence[DemoAccount]:
    """Makes an account for every agent who is a person; nobody knows its password.

    The last of several looks after the room as well as answering.
    """
    offered = []
    people = [each for each in published.settings.agents if not published.is_simulated(each.key)]
    for agent in people:
        looks_after = len(people) > 1 and agent is people[-1]
        account = accounts.find(agent.key)
        if account is None:
            account = accounts.create(
                agent.key,
                secrets.token_urlsafe(24),
                name=published.name_of("agent", agent.key, published.languages[0]),
                role=Role.SUPERVISOR if looks_after else Role.AGENT,
                agent=agent.key,
                demo=True,
            )
        offered.append(DemoAccount(account=account))
    return offered
