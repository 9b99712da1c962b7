"""The supervisor's stream: queues, people and lines as they are, at most once a second.

People are there by their aliases, with what they do and why; nothing of a call but its queue's
figures. Who is signed out is there by name only.
"""

import msgspec

from openline.api.feed import Kind, PictureFeed
from openline.centre import Centre
from openline.centre.emergency_list_view import pending_view
from openline.centre.hand_overs_view import hand_overs_view
from openline.centre.lines_view import lines_view
from openline.centre.listening_view import listening_view
from openline.centre.publishing import Configured, Publishing
from openline.centre.views import View, staff_view
from openline.configuration import Published
from openline.engine.decisions.skills import known_skills
from openline.engine.state import State
from openline.model import AgentKey, QueueKey
from openline.reports import LivePicture


class RoomFeed(PictureFeed):
    """Draws rooms."""

    every_s = 1.0

    def __init__(
        self,
        picture: LivePicture,
        configured: Configured,
        centre: Centre,
        publishing: Publishing,
    ) -> None:
        super().__init__(centre.clock)
        self._picture = picture
        self._configured = configured
        self._centre = centre
        self._publishing = publishing
        publishing.observe_list(self._plan)

    def _draw(self, kind: Kind) -> bytes:
        origins, language = kind
        published, now = self._configured.now, self._clock.now()
        picture, durable = self._picture.picture(origins, now), self._centre.durable
        for row in picture["queues"]:
            row["name"] = published.name_of("queue", row["key"], language)
        staff = staff_view(durable, published, language)
        return msgspec.json.encode(
            {
                "now": now,
                "zone": picture["zone"],
                "speed": picture["speed"],
                "total": picture["total"],
                "queues": [
                    {**row, "needs": _needs(durable, QueueKey(row["key"]))}
                    for row in picture["queues"]
                ],
                "people": [
                    {**each, "listening": self._listening(each["key"], published, language)}
                    for each in staff
                    if each["state"] != "signed_out"
                ],
                "away": [
                    {"key": each["key"], "name": each["name"]}
                    for each in staff
                    if each["state"] == "signed_out"
                ],
                "skills": [
                    {"key": key, "name": published.name_of("skill", key, language)}
                    for key in known_skills(durable.settings)
                ],
                "pause_reasons": [
                    {"key": key, "name": published.name_of("pause_reason", key, language)}
                    for key in published.settings.pause_reasons
                ],
                "hand_overs": hand_overs_view(durable, published, origins, language),
                "emergency_list": pending_view(self._publishing.emergency.pending(now), language),
                **lines_view(durable, published, language),
            }
        )

    def _listening(self, key: AgentKey, published: Published, language: str) -> View | None:
        refused = self._centre.why_not_heard(key)
        return listening_view(self._centre.durable, published, key, language, refused)


def _needs(state: State, queue: QueueKey) -> View:
    """Returns what the calls of a queue ask for at once, by the rules in force."""
    found = state.queues.get(queue)
    return {} if found is None else {each.skill: each.level for each in found.needs}
