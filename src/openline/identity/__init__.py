"""Who may sign in, and which browsers are signed in now.

`roles` says what an account is, `accounts` makes and checks them, `passwords` hashes, `delays`
slows down guessing, `sessions` remembers browsers, `invitations` makes the links with which people
come in, `second_factor` checks the codes of a telephone, `passkeys`
what devices prove, `half_way` remembers who still owes one,
`people` is what an administrator does. What is kept durably goes through `port`.
"""

from openline.identity.accounts import Accounts
from openline.identity.half_way import Half, HalfWay
from openline.identity.invitations import Link, LinkState
from openline.identity.passkeys import Passkey, Passkeys, Place
from openline.identity.people import Change, Invited, Note, People, Person
from openline.identity.port import IdentityStore
from openline.identity.roles import Account, Role
from openline.identity.second_factor import SecondFactors
from openline.identity.sessions import Sessions

__all__ = [
    "Account",
    "Accounts",
    "Change",
    "Half",
    "HalfWay",
    "IdentityStore",
    "Invited",
    "Link",
    "LinkState",
    "Note",
    "Passkey",
    "Passkeys",
    "People",
    "Person",
    "Place",
    "Role",
    "SecondFactors",
    "Sessions",
]
