"""What pages and pictures show of the configuration: names in a language, and targets."""

from openline.centre.publishing import Configured
from openline.configuration import Published
from openline.measures import SHORT_ABANDON
from openline.model import Duration, QueueKey
from openline.reports import ShownQueue, Target
from openline.web import AgentName, LineName


def centre_name(configured: Configured, language: str) -> str:
    """Returns what the helpline is called in a language."""
    return configured.now.centre_name(language)


def lines(published: Published, language: str) -> list[LineName]:
    """Returns the lines that a caller's page offers."""
    return [
        LineName(
            key=line.key,
            name=published.name_of("line", line.key, language),
            language=published.line_languages[line.key],
        )
        for line in published.settings.lines
    ]


def agents(published: Published, language: str) -> list[AgentName]:
    """Returns who can answer, save those who are simulated."""
    return [
        AgentName(key=agent.key, name=published.name_of("agent", agent.key, language))
        for agent in published.settings.agents
        if not published.is_simulated(agent.key)
    ]


def targets(published: Published) -> dict[QueueKey, Duration]:
    """Returns within what time a call in each queue is answered in target."""
    return {key: target.within for key, target in published.targets.items()}


def short_abandons(published: Published) -> dict[QueueKey, Duration]:
    """Returns in each queue how soon who hangs up has hardly waited."""
    return {key: target.short_abandon for key, target in published.targets.items()}


def shown_queues(published: Published) -> list[ShownQueue]:
    """Returns the queues as live pictures show them."""
    shown = []
    for queue in published.settings.queues:
        target = published.targets.get(queue.key)
        shown.append(
            ShownQueue(
                key=queue.key,
                name=published.name_of("queue", queue.key, published.languages[0]),
                target=None
                if target is None
                else Target(percent=target.percent, within=target.within),
                short_abandon=SHORT_ABANDON if target is None else target.short_abandon,
            )
        )
    return shown
