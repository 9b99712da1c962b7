"""What things are called inside.

Numbers are drawn by the engine from counters in its own state, so that a replay draws the same
ones. Keys are written by people in the configuration and never change their meaning. A leg is
named by the adapter that holds it, with the adapter's name before the colon (`web:3f2a…`).
None of these is a secret and none of them opens anything: addresses given to the public carry a
random token of their own beside the name.
"""

from typing import NewType

CallId = NewType("CallId", int)
OfferId = NewType("OfferId", int)
CommandId = NewType("CommandId", int)
CallbackId = NewType("CallbackId", int)

LegId = NewType("LegId", str)
LineKey = NewType("LineKey", str)
QueueKey = NewType("QueueKey", str)
SkillKey = NewType("SkillKey", str)
AgentKey = NewType("AgentKey", str)
BoxKey = NewType("BoxKey", str)
"""Names a voicemail box."""
MenuKey = NewType("MenuKey", str)
HoursKey = NewType("HoursKey", str)
SurgeKey = NewType("SurgeKey", str)
EntryKey = NewType("EntryKey", str)
"""Names a number or page by which a line is reached."""
PartnerKey = NewType("PartnerKey", str)
"""Names an organisation that calls as a partner; a public word, of no person."""
ShareKey = NewType("ShareKey", str)
"""Names a limit of how many agents serve some partners at once."""

OutsideKey = NewType("OutsideKey", str)
"""Names a destination outside, from the fixed list of the configuration."""

SealedRef = NewType("SealedRef", str)
"""Points to text or a number that only the key store can open; the engine sees no more."""
