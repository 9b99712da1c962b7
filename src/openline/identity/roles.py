"""What an account is and may be."""

import msgspec

from openline.model import AgentKey
from openline.model.names import Name


class Role(Name):
    """Says what somebody who signed in is here for."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    PLANNER = "planner"
    """Plans people: sees figures and tries changes, never a call, a story or an account."""
    WALLBOARD = "wallboard"
    """A screen on the wall; sees counts and times, can do nothing."""


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is one person's or one screen's right to sign in."""

    login: str
    name: str
    role: Role
    agent: AgentKey | None
    """Whose desktop opens; every agent account has one, a supervisor may."""
    demo: bool
    """Whether it belongs to a demonstration, where everybody may know the password."""
    disabled: bool = False
    is_invited: bool = False
    """Whether she has no password yet and is to choose one."""
