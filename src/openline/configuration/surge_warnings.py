"""Queues as they are while a surge is on: what of the usual warnings holds of them too?

A surge changes steps, rules and limits of a queue one by one, and what it leaves out stays. So each
queue is looked at as it is then, whole; a warning stands where the surge says what makes it wrong.
"""

from collections.abc import Iterator
from typing import NamedTuple

from openline.configuration.document import Document
from openline.configuration.line_tables import SurgeQueueTable
from openline.configuration.problems import Path
from openline.configuration.queue_tables import QueueTable


class AsSet(NamedTuple):
    """Is a queue with what is in force, and where each of its parts is written."""

    path: Path
    queue: QueueTable
    changed: SurgeQueueTable | None
    """What the surge says; None: as usual."""

    @property
    def has_steps(self) -> bool:
        """Whether the steps of its overflow are written here."""
        return self.changed is None or self.changed.overflow is not None

    def at(self, *parts: str | int) -> Path:
        """Returns where a part is written, or, if the surge left it out, what it changes else."""
        changed = self.changed
        if changed is None or parts[0] in changed.model_fields_set:
            return (*self.path, *parts)
        what = ("interflow", "overflow", "ceiling_s")
        return (*self.path, *(name for name in what if name in changed.model_fields_set))[
            : len(self.path) + 1
        ]


def queues_as_set(document: Document) -> Iterator[AsSet]:
    """Yields every queue as usual, and as each surge has it that changes where its calls go."""
    for key, queue in document.queues.items():
        yield AsSet(("queues", key), queue, None)
    for surge, table in document.surge.items():
        for key, changed in table.queues.items():
            parts = {
                name: getattr(changed, name)
                for name in ("overflow", "interflow", "ceiling_s", "ageing_s")
                if getattr(changed, name) is not None
            }
            if parts:
                queue = document.queues[key].model_copy(update=parts)
                yield AsSet(("surge", surge, "queues", key), queue, changed)
