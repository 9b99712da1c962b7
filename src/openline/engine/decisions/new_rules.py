"""What follows for those who are there already when other rules come into force?

A new configuration and a surge are adopted by one event; then, in the same step, every call that
waits is held to the rules that are in force now, as if it had waited under them from the start. It
keeps its place and its priority. Nobody sees half of it, and nobody has to come anew to be helped.
"""

from openline.engine.decision import Decision
from openline.engine.decisions import announcements, callback_offers, interflow, overflow
from openline.engine.decisions.acts import offer_to
from openline.model import Reason


def reckon_anew(d: Decision, reason: Reason) -> None:
    """Holds every waiting call to the rules in force, and offers what can be offered now."""
    overflow.reckon_anew(d, reason)
    interflow.reckon_anew(d, reason)
    callback_offers.reckon_anew(d)
    announcements.reckon_anew(d)
    for agent in d.state.agents.values():
        offer_to(d, agent)
