"""How does another configuration come into force while calls are live?

The published versions in the store are the truth; a file is how one comes in or goes out. To
publish is: to have begun from the version that is in force (a stale base is refused, with the
difference), to be right (`openline check` says the same words), to take away nothing that somebody
is using, and then to be adopted by one step of the record, so that no call sees half of it.

Keys never change, so a rename is a change of `name` and loses nobody. A queue, line or agent that
is taken away while calls wait there, or she is at work, is refused with what is in the way; nobody
is moved behind his back. To undo is to publish an older version again.

The text is durable before the step that adopts it: whoever starts next reads the newest version. If
the engine refuses after all, the version is dropped again.

One part does not come into force at once: the list of emergency services, whose change waits for a
second person and a day (`emergency_list`). So what is in force is the newest version as it is
written, with the list that is in force.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from openline.centre.centre import Centre
from openline.centre.emergency_list import EmergencyList
from openline.configuration import ListChange, Published, difference, emergency_services
from openline.engine import AgentState, AnyEvent, Settings, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import Instant, Reason, RefusedError
from openline.store import ConfigurationRecord
from openline.telephony.port import Timer

log = structlog.get_logger(__name__)

AT_THE_NEXT_START = (
    "server",
    "store",
    "on_call",
    "telephony",
    "practice",
    "retention",
    "simulation",
    "centre.time_zone",
)
"""Tables and settings that are read when the program starts and not while it runs."""


class Configured:
    """Holds the configuration in force; whoever shows a name asks for it anew each time."""

    def __init__(self, published: Published) -> None:
        self.now = published
        self._observers: list[Callable[[Published], None]] = []

    def observe(self, observer: Callable[[Published], None]) -> None:
        """Adds one who is told when another configuration is in force."""
        self._observers.append(observer)

    def change(self, published: Published) -> None:
        """Puts another one into force and tells everybody."""
        self.now = published
        for observer in self._observers:
            observer(published)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Says what publishing does, or would do."""

    version: int
    """The version that is in force afterwards, or would be."""
    differences: tuple[str, ...]
    at_next_start: tuple[str, ...]
    """Of the differences: those that count only from the next start on."""
    held_back: tuple[ListChange, ...]
    """What of the text is not in force at once: changes of the list of emergency services."""
    is_published: bool


class StaleBaseError(RefusedError):
    """Says that the text was not begun from the version in force, and how the two differ."""

    def __init__(
        self, base: int | None, newest: ConfigurationRecord, differences: tuple[str, ...]
    ) -> None:
        begun = "does not say from which version it was begun"
        if base is not None:
            begun = f"was begun from version {base}"
        who = f"published by {newest.by}" if newest.is_live else "read from a file at a start"
        super().__init__(
            f"The configuration {begun}, and version {newest.version} is in force, {who}. Look at "
            f"the differences; if they are what you want, publish it with base {newest.version}.",
            code="stale_base",
        )
        self.differences = differences


class Publishing:
    """Publishes configurations to one running centre, one at a time."""

    def __init__(
        self,
        centre: Centre,
        configured: Configured,
        *,
        written: Published,
        emergency: EmergencyList,
        load: Callable[[str, int], Published],
        wall: Callable[[], Instant],
    ) -> None:
        """`load` reads a text as a version; raises `ConfigurationError` where it is not right.

        `written` is the newest version as it is written, whichever list is in force with it.
        """
        self._centre = centre
        self._configured = configured
        self._written = written
        self.emergency = emergency
        self._timer: Timer | None = None
        self._list_changed: list[Callable[[], None]] = []
        self._load = load
        self._wall = wall
        self._one_at_a_time = asyncio.Lock()
        self._coming: Published | None = None

    async def start(self, by: str) -> None:
        """Notes the list of the version that a start brought, and waits for what is to come."""
        async with self._one_at_a_time:
            await self._note_list(by)

    def stop(self) -> None:
        """Waits no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def observe_list(self, observer: Callable[[], None]) -> None:
        """Adds one who is told when a change of the list of emergency services went on."""
        self._list_changed.append(observer)

    async def confirm_list(self, version: int, *, by: str) -> None:
        """Confirms a change of the list as the second person; see `EmergencyList.confirm`."""
        async with self._one_at_a_time:
            writer, now = self._centre.writer, self._centre.clock.now()
            await self.emergency.confirm(version, by=by, writer=writer, now=now)
            self._look_again()

    async def withdraw_list(self, version: int, *, by: str) -> None:
        """Takes a change of the list back; see `EmergencyList.withdraw`."""
        async with self._one_at_a_time:
            writer, now = self._centre.writer, self._centre.clock.now()
            await self.emergency.withdraw(version, by=by, writer=writer, now=now)
            self._look_again()

    async def versions(self) -> tuple[ConfigurationRecord, ...]:
        """Returns all published versions, oldest first."""
        return await self._centre.writer.run(self._centre.store.configurations)

    async def publish(
        self, text: str, *, base: int | None, by: str, dry_run: bool = False
    ) -> Change:
        """Publishes a text as the next version; with `dry_run` only says what that would do.

        Raises:
            ConfigurationError: the text is not right.
            StaleBaseError: it was begun from another version than the one in force.
            RefusedError: (code `configuration_in_use`) it takes away what somebody is using.
        """
        async with self._one_at_a_time:
            versions = await self.versions()
            newest = versions[-1]
            written = self._load(text, newest.version + 1)
            now = self._centre.clock.now()
            published = self.emergency.over(written, now)
            lines = difference(newest.text, published.source)
            if base != newest.version:
                raise StaleBaseError(base, newest, lines)
            self._refuse_what_is_in_use(published.settings)
            later = tuple(line for line in lines if line.startswith(AT_THE_NEXT_START))
            change = Change(
                version=published.version if lines else newest.version,
                differences=lines,
                at_next_start=later,
                held_back=self.emergency.held_back(written, now),
                is_published=bool(lines) and not dry_run,
            )
            if change.is_published:
                await self._put_in_force(published, by)
                self._written = written
                await self._note_list(by)
            return change

    async def _put_in_force(self, published: Published, by: str) -> None:
        writer, store = self._centre.writer, self._centre.store
        record = ConfigurationRecord(
            version=published.version, at=self._wall(), by=by, text=published.source
        )
        await writer.run(lambda: store.add_configuration(record))
        refused = await self._adopt(published, published.settings)
        if refused is not None:
            await writer.run(lambda: store.remove_configuration(record.version))
            self._refuse_what_is_in_use(published.settings)
            raise RefusedError(
                "Somebody began to use what this configuration takes away; publish it again.",
                code=refused.value,
            )

    async def _adopt(self, published: Published, settings: Settings) -> Reason | None:
        self._coming = published
        try:
            return await self._centre.ask(i.ConfigurationPublished(settings=settings))
        finally:
            self._coming = None

    async def _note_list(self, by: str) -> None:
        writer, now = self._centre.writer, self._centre.clock.now()
        await self.emergency.note(self._written, by=by, writer=writer, now=now)
        self._look_again()

    def _look_again(self) -> None:
        """Tells everybody of a step of the list, and waits for the next."""
        self.stop()
        pending = self.emergency.pending(self._centre.clock.now())
        if pending is not None and pending.in_force_from is not None:
            self._timer = self._centre.clock.at(
                pending.in_force_from, lambda: self._centre.spawn(self._list_is_due())
            )
        for observer in self._list_changed:
            observer()

    async def _list_is_due(self) -> None:
        """Puts the list into force whose day has passed; nobody needs to do anything."""
        async with self._one_at_a_time:
            now = self._centre.clock.now()
            published = self.emergency.over(self._written, now)
            if emergency_services(published) != emergency_services(self._configured.now):
                settings = published.settings_at(now)
                if settings == self._centre.engine.state.settings:
                    # Nothing but a number: the engine knows none.
                    self._configured.change(published)
                else:
                    refused = await self._adopt(published, settings)
                    assert refused is None, f"a list of emergency services was refused: {refused}"
                log.warning("emergency_list_in_force", version=published.version)
            self._look_again()

    def noticed(self, _now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Puts names and targets into force with the step that adopts the settings.

        The first observer: whoever is told of the step after it sees the new names already.
        """
        coming = self._coming
        if coming is None:
            return
        if any(isinstance(event, e.ConfigurationAdopted) for event in events):
            self._configured.change(coming)

    def _refuse_what_is_in_use(self, settings: Settings) -> None:
        users = in_use(self._centre.durable, settings)
        if users:
            raise RefusedError(
                f"The configuration takes away what is in use: {'; '.join(users)}. Leave it in, "
                "let no new calls come to it, and take it away when nobody is there any more.",
                code="configuration_in_use",
            )


def in_use(state: State, settings: Settings) -> tuple[str, ...]:
    """Returns in words what live calls and agents at work need and the settings do not have."""
    queues = {queue.key for queue in settings.queues}
    lines = {line.key for line in settings.lines}
    agents = {agent.key for agent in settings.agents}
    users = []
    for key in state.queues:
        calls = sum(1 for call in state.calls.values() if call.queue == key)
        after = sum(1 for agent in state.agents.values() if agent.wrap_up_queue == key)
        if key not in queues and calls + after:
            users.append(f"queue {key} ({_counted(calls, 'call')}, {after} in wrap-up)")
    for key_of_line in state.lines:
        calls = sum(1 for call in state.calls.values() if call.line == key_of_line)
        if key_of_line not in lines and calls:
            users.append(f"line {key_of_line} ({_counted(calls, 'call')})")
    for agent in state.agents.values():
        if agent.key not in agents and agent.state is not AgentState.SIGNED_OUT:
            users.append(f"agent {agent.key} ({agent.state.value.replace('_', ' ')})")
    return tuple(users)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
