"""What the tables look like, and how long each column may be kept.

One schema for every database. Each column says in `info` how private it is (`class`) and what rules
how long it is kept (`term`, a word of `openline.app.privacy`, which says it to people); a test
refuses a column without them. The classes:

- `public`: could be printed in the yearly report.
- `coded`: tells of calls or staff by keys and numbers; stays inside the centre.
- `sealed`: ciphertext of what a caller said or of what happened; worthless without the key store.
  Never indexed.
- `secret`: opens something. Never indexed, save the hashes of tokens, which are
  looked up.

A change of any table brings a revision with it (`openline.store.migrations`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

_RECORD = "record"
_SNAPSHOT = "snapshot"
_SUMS = "sums"
_TEXT = "text"
_CONVERSATION = "conversation"
_ACCOUNT = "account"
_SESSION = "session"
_CENTRE = "centre"
_OPENING = "opening"
_INVITATION = "invitation"
_ACCOUNT_EVENT = "account_event"

# SQLite numbers rows in an INTEGER key by itself and stores no second index for it.
_STEP = BigInteger().with_variant(Integer, "sqlite")


def _about(class_: str, term: str) -> dict[str, str]:
    return {"class": class_, "term": term}


journal = Table(
    "journal",
    metadata,
    Column("step", _STEP, primary_key=True, autoincrement=False, info=_about("public", _RECORD)),
    Column("at", BigInteger, nullable=False, info=_about("coded", _RECORD)),
    Column("schema", Integer, nullable=False, info=_about("public", _RECORD)),
    Column("body", LargeBinary, nullable=False, info=_about("sealed", _RECORD)),
    Column("hash", LargeBinary, nullable=False, info=_about("coded", _RECORD)),
    CheckConstraint("length(hash) = 32", name="journal_hash_is_whole"),
)

# One row: where the journal ends, and whose it is. Whoever opens the store to write raises the
# epoch; steps are appended only where both are as the writer knows them (compare and set).
journal_head = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, info=_about("public", _CENTRE)),
    Column("epoch", BigInteger, nullable=False, info=_about("public", _CENTRE)),
    Column("step", BigInteger, nullable=False, info=_about("public", _CENTRE)),
    Column("hash", LargeBinary, nullable=False, info=_about("coded", _CENTRE)),
    # Up to here the steps are dropped; the chain of those that are kept begins with this hash.
    Column("forgotten_step", BigInteger, nullable=False, info=_about("public", _CENTRE)),
    Column("forgotten_hash", LargeBinary, nullable=False, info=_about("coded", _CENTRE)),
    # What began before this instant is in `sums`.
    Column("summed_until", BigInteger, nullable=False, info=_about("public", _CENTRE)),
    CheckConstraint("id = 1", name="journal_has_one_head"),
)

gaps = Table(
    "gaps",
    metadata,
    Column(
        "after_step", _STEP, primary_key=True, autoincrement=False, info=_about("public", _RECORD)
    ),
    Column("since", BigInteger, nullable=False, info=_about("coded", _RECORD)),
    Column("found_at", BigInteger, nullable=False, info=_about("coded", _RECORD)),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("step", _STEP, primary_key=True, autoincrement=False, info=_about("public", _SNAPSHOT)),
    Column("at", BigInteger, nullable=False, info=_about("coded", _SNAPSHOT)),
    Column("schema", Integer, nullable=False, info=_about("public", _SNAPSHOT)),
    Column("body", LargeBinary, nullable=False, info=_about("sealed", _SNAPSHOT)),
    Column("hash", LargeBinary, nullable=False, info=_about("coded", _SNAPSHOT)),
    # Taken before the first step of a segment, and kept as long as its steps are.
    Column("opens_segment", Boolean, nullable=False, info=_about("public", _SNAPSHOT)),
)

# What stays of the record when it is forgotten: sums by quarter of an hour, of real calls alone.
sums = Table(
    "sums",
    metadata,
    Column("start", BigInteger, primary_key=True, autoincrement=False, info=_about("coded", _SUMS)),
    Column("what", String(16), primary_key=True, info=_about("public", _SUMS)),
    Column("line", String(64), primary_key=True, info=_about("coded", _SUMS)),
    Column("queue", String(64), primary_key=True, info=_about("coded", _SUMS)),
    Column("form", Integer, nullable=False, info=_about("public", _SUMS)),
    Column("sums", LargeBinary, nullable=False, info=_about("coded", _SUMS)),
)

# The calls of a day that is over, as columns: what pages filter. Made from the journal and sealed
# under a key of the day, so it is forgotten with it; made anew where it is missing.
call_lists = Table(
    "call_lists",
    metadata,
    Column("day", BigInteger, primary_key=True, autoincrement=False, info=_about("coded", _RECORD)),
    Column("form", Integer, nullable=False, info=_about("public", _RECORD)),
    Column("mark", LargeBinary, nullable=False, info=_about("coded", _RECORD)),
    Column("filters", LargeBinary, nullable=False, info=_about("sealed", _RECORD)),
    Column("details", LargeBinary, nullable=False, info=_about("sealed", _RECORD)),
)

sealed = Table(
    "sealed",
    metadata,
    Column("ref", String(32), primary_key=True, info=_about("coded", _TEXT)),
    Column("kind", String(32), nullable=False, info=_about("coded", _TEXT)),
    Column("created_at", BigInteger, nullable=False, info=_about("coded", _TEXT)),
    Column("destroy_at", BigInteger, nullable=False, info=_about("coded", _TEXT)),
    Column("ciphertext", LargeBinary, nullable=False, info=_about("sealed", _TEXT)),
    Index("sealed_by_term", "destroy_at"),
)

# What was typed in calls, a row a line. The leg is drawn at random, and names nobody.
written = Table(
    "written",
    metadata,
    Column("leg", String(64), primary_key=True, info=_about("coded", _CONVERSATION)),
    Column(
        "place",
        Integer,
        primary_key=True,
        autoincrement=False,
        info=_about("public", _CONVERSATION),
    ),
    Column("ref", String(32), nullable=False, info=_about("coded", _CONVERSATION)),
    Column("destroy_at", BigInteger, nullable=False, info=_about("coded", _CONVERSATION)),
    Column("ciphertext", LargeBinary, nullable=False, info=_about("sealed", _CONVERSATION)),
    Index("written_by_term", "destroy_at"),
)

# The published versions, which are the truth; files are how they come in and go out. Texts may hold
# the secret of a relay.
configurations = Table(
    "configurations",
    metadata,
    Column("version", _STEP, primary_key=True, autoincrement=False, info=_about("public", _CENTRE)),
    Column("at", BigInteger, nullable=False, info=_about("coded", _CENTRE)),
    Column("by", String(64), nullable=False, info=_about("coded", _CENTRE)),
    Column("toml", Text, nullable=False, info=_about("secret", _CENTRE)),
)

# What supervisors spoke for callers to hear, in the place of the recordings that came with
# Openline. It is meant to be heard by anybody who calls.
spoken = Table(
    "spoken",
    metadata,
    Column("take", _STEP, primary_key=True, autoincrement=False, info=_about("public", _CENTRE)),
    Column("sound", String(64), nullable=False, info=_about("public", _CENTRE)),
    Column("at", BigInteger, nullable=False, info=_about("coded", _CENTRE)),
    Column("by", String(64), nullable=False, info=_about("coded", _CENTRE)),
    Column("length", BigInteger, nullable=False, info=_about("public", _CENTRE)),
    Column("again", BigInteger, info=_about("public", _CENTRE)),
    Column("body", LargeBinary, info=_about("public", _CENTRE)),
)

# The lists of emergency services: each change, who proposed it and who else confirmed it. The
# services are those of the configuration, with their numbers. Nothing is ever taken out of here.
emergency_lists = Table(
    "emergency_lists",
    metadata,
    Column("version", _STEP, primary_key=True, autoincrement=False, info=_about("public", _CENTRE)),
    Column("at", BigInteger, nullable=False, info=_about("coded", _CENTRE)),
    Column("by", String(64), nullable=False, info=_about("coded", _CENTRE)),
    Column("services", Text, nullable=False, info=_about("coded", _CENTRE)),
    Column("confirmed_at", BigInteger, info=_about("coded", _CENTRE)),
    Column("confirmed_by", String(64), info=_about("coded", _CENTRE)),
    Column("in_force_from", BigInteger, info=_about("coded", _CENTRE)),
    Column("withdrawn_at", BigInteger, info=_about("coded", _CENTRE)),
    Column("withdrawn_by", String(64), info=_about("coded", _CENTRE)),
)

accounts = Table(
    "accounts",
    metadata,
    Column("login", String(64), primary_key=True, info=_about("coded", _ACCOUNT)),
    Column("name", String(128), nullable=False, info=_about("coded", _ACCOUNT)),
    Column("role", String(32), nullable=False, info=_about("coded", _ACCOUNT)),
    # Two desktops for one agent would take each other's calls.
    Column("agent", String(64), unique=True, info=_about("coded", _ACCOUNT)),
    Column("demo", Boolean, nullable=False, info=_about("public", _ACCOUNT)),
    Column("disabled", Boolean, nullable=False, info=_about("coded", _ACCOUNT)),
    Column("password_hash", String(256), nullable=False, info=_about("secret", _ACCOUNT)),
    Column("created_at", BigInteger, nullable=False, info=_about("coded", _ACCOUNT)),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, info=_about("secret", _SESSION)),
    Column(
        "login",
        String(64),
        ForeignKey("accounts.login", ondelete="CASCADE"),
        nullable=False,
        info=_about("coded", _SESSION),
    ),
    Column("created_at", BigInteger, nullable=False, info=_about("coded", _SESSION)),
    Column("seen_at", BigInteger, nullable=False, info=_about("coded", _SESSION)),
)

# Who opened which story of a call (rule P31) or heard which message (P8), and why. Kept as long
# as the record is.
openings = Table(
    "openings",
    metadata,
    Column("at", BigInteger, primary_key=True, autoincrement=False, info=_about("coded", _OPENING)),
    Column("login", String(64), primary_key=True, info=_about("coded", _OPENING)),
    Column(
        "call", BigInteger, primary_key=True, autoincrement=False, info=_about("coded", _OPENING)
    ),
    Column("is_exact", Boolean, nullable=False, info=_about("coded", _OPENING)),
    Column("what", String(16), nullable=False, info=_about("coded", _OPENING)),
    Column("why", String(32), nullable=False, info=_about("coded", _OPENING)),
)

# A link that lets one person choose a password, once. Its token is sent and not kept.
invitations = Table(
    "invitations",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, info=_about("secret", _INVITATION)),
    Column(
        "login",
        String(64),
        ForeignKey("accounts.login", ondelete="CASCADE"),
        nullable=False,
        info=_about("coded", _INVITATION),
    ),
    Column("expires_at", BigInteger, nullable=False, info=_about("coded", _INVITATION)),
    Column("is_used", Boolean, nullable=False, info=_about("coded", _INVITATION)),
)

# What a telephone proves beside the password. The secret is sealed with the centre's own key.
second_factors = Table(
    "second_factors",
    metadata,
    Column(
        "login",
        String(64),
        ForeignKey("accounts.login", ondelete="CASCADE"),
        primary_key=True,
        info=_about("coded", _ACCOUNT),
    ),
    Column("secret", LargeBinary, nullable=False, info=_about("secret", _ACCOUNT)),
    # A code of this step of time or an older one is not taken again.
    Column("last_step", BigInteger, nullable=False, info=_about("coded", _ACCOUNT)),
)

# What lets somebody in whose telephone is lost; each once.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True, info=_about("secret", _ACCOUNT)),
    Column(
        "login",
        String(64),
        ForeignKey("accounts.login", ondelete="CASCADE"),
        nullable=False,
        info=_about("coded", _ACCOUNT),
    ),
)

# What a device proves in place of password and code; the public half alone.
passkeys = Table(
    "passkeys",
    metadata,
    Column("credential", LargeBinary, primary_key=True, info=_about("coded", _ACCOUNT)),
    Column(
        "login",
        String(64),
        ForeignKey("accounts.login", ondelete="CASCADE"),
        nullable=False,
        info=_about("coded", _ACCOUNT),
    ),
    # Of our own page, by which the device knows it.
    Column("host", String(255), nullable=False, info=_about("coded", _ACCOUNT)),
    Column("public", LargeBinary, nullable=False, info=_about("coded", _ACCOUNT)),
    Column("counter", BigInteger, nullable=False, info=_about("coded", _ACCOUNT)),
    Column("label", String(64), nullable=False, info=_about("coded", _ACCOUNT)),
    Column("created_at", BigInteger, nullable=False, info=_about("coded", _ACCOUNT)),
)

# What was done to accounts, and by whom.
account_events = Table(
    "account_events",
    metadata,
    Column(
        "entry",
        _STEP,
        primary_key=True,
        autoincrement=False,
        info=_about("public", _ACCOUNT_EVENT),
    ),
    Column("at", BigInteger, nullable=False, info=_about("coded", _ACCOUNT_EVENT)),
    Column("what", String(32), nullable=False, info=_about("coded", _ACCOUNT_EVENT)),
    Column("login", String(64), nullable=False, info=_about("coded", _ACCOUNT_EVENT)),
    # Empty: at the machine itself.
    Column("by", String(64), nullable=False, info=_about("coded", _ACCOUNT_EVENT)),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True, info=_about("public", _CENTRE)),
    Column("value", String(256), nullable=False, info=_about("public", _CENTRE)),
)
