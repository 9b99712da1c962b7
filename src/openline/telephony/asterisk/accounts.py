"""By which names and passwords does Asterisk know telephones, trunks and us?"""

import msgspec

from openline.configuration import Trunk
from openline.model import AgentKey


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the passwords that no configuration has."""

    ari: str
    phones: dict[AgentKey, str]
    trunks: dict[str, str] = {}
    """Those of accounts with which trunks register, by the keys of trunks."""

    def __repr__(self) -> str:
        return "Secrets(…)"


def endpoint_of(agent: AgentKey) -> str:
    """Returns the name by which Asterisk knows an agent's telephone; she registers with it."""
    return f"phone-{agent}"


def trunk_of(trunk: Trunk) -> str:
    """Returns the name by which Asterisk knows a trunk."""
    return f"trunk-{trunk.key}"
