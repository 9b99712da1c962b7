"""Who may sign in, and which browsers are signed in now.

`roles` says what an account is, `accounts` makes and checks them, `passwords` hashes, `delays`
slows down guessing, `sessions` remembers browsers. What is kept durably goes through `port`.
"""

from openline.identity.accounts import Accounts
from openline.identity.port import IdentityStore
from openline.identity.roles import Account, Role
from openline.identity.sessions import Sessions

__all__ = ["Account", "Accounts", "IdentityStore", "Role", "Sessions"]
