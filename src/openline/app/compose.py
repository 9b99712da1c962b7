"""How one centre is put together: long, flat, from the disk up to the pages."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from openline import __version__
from openline.api import ApiContext, Departures, Here, RoomFeed, WallboardFeed
from openline.api import router as api_router
from openline.app.beside import (
    conversations_of,
    forget_sound,
    keep_numbers,
    redials_of,
    sounds_of,
)
from openline.app.demonstration import demo_accounts, pull_the_plug
from openline.app.entrance import FACTORS_SECRET, open_entrance
from openline.app.health import Health
from openline.app.hours import Hours
from openline.app.keeping import Keeping
from openline.app.kept_tries import KeptBeside, KeptTries
from openline.app.key_copies import KeyCopies
from openline.app.memory import Memory, terms_of
from openline.app.openings import KeptOpenings
from openline.app.options import Options
from openline.app.privacy import statement
from openline.app.public import Certificate
from openline.app.reading.living import Living
from openline.app.reading.reader import Reader
from openline.app.relay import ice_servers
from openline.app.retention import Retention
from openline.app.shown import agents, centre_name, lines, short_abandons, shown_queues, targets
from openline.app.sign_in import SignIn, WebPeople, WebSessions
from openline.app.telephone_port import telephones as telephone_port
from openline.app.transcripts import heard_by
from openline.app.versions import published_by, read_version
from openline.centre import Centre, CentreClock, Watching
from openline.centre.clock import wall_now
from openline.centre.codec import SCHEMA, decode_state, encode_state
from openline.centre.emergency_list import EmergencyList
from openline.centre.hand_overs_view import alarm
from openline.centre.keys import TalkKeys
from openline.centre.publishing import Configured, Publishing
from openline.centre.recovery import steps_since
from openline.centre.views import Places
from openline.configuration import Notify, Published
from openline.engine import Engine, State
from openline.identity import (
    Accounts,
    People,
    Role,
)
from openline.model import (
    SECOND,
    Instant,
    RefusedError,
)
from openline.reports import CivilDays, DeskDays, LivePicture
from openline.sealing import (
    Tokens,
)
from openline.store.sql import SqlStore
from openline.telephony.browser import BrowserPort
from openline.telephony.on_call import Notice, OnCallPort, notify
from openline.telephony.simulated import PracticeCallers, SimulatedWorld
from openline.web import (
    Assets,
    WebContext,
    check_complete,
    install,
    load_catalogues,
    visitor_of,
)
from openline.web.preferences import language_of

log = structlog.get_logger(__name__)

TOKEN_SECRET = "page tokens"


@dataclass(frozen=True, kw_only=True)
class Running:
    """Holds a centre that is up."""

    app: FastAPI
    centre: Centre
    context: ApiContext
    retention: Retention
    hours: Hours
    key_copies: KeyCopies
    watching: Watching
    accounts: Accounts
    sessions: WebSessions
    reader: Reader
    people: People

    async def stop(self) -> None:
        """Ends the pages' streams, then the ports, then the record."""
        self.retention.stop()
        self.hours.stop()
        self.context.publishing.stop()
        await self.key_copies.stop()
        self.watching.stop()
        self.context.redials.stop()
        self.sessions.stop()
        await self.reader.stop()
        await self.centre.stop()
        self.accounts.close()


async def compose(
    options: Options,
    published: Published,
    memory: Memory,
    *,
    certificate: Certificate | None = None,
) -> Running:
    """Puts the centre together and starts it; `certificate` is that of one open to the world.

    Raises `RefusedError` if live calls need what the configuration no longer has, or if it has
    another use for the key of an emergency service.
    """

    def wall() -> Instant:
        return Instant(wall_now())

    # --- the engine, its durable copy and the clock
    durable = memory.recovered.state
    engine = Engine(decode_state(encode_state(durable), SCHEMA))
    clock = CentreClock(last=durable.now, speed=options.speed)
    centre = Centre(
        engine=engine,
        durable=durable,
        link=memory.recovered.hash,
        store=memory.store,
        segments=memory.segments,
        spool=memory.spool,
        clock=clock,
    )
    emergency, configured = _configured(published, memory.store, clock)
    is_demo = published.simulation is not None

    # --- telephony
    assets = Assets()
    watching = Watching(durable)
    messages, recordings, spoken = sounds_of(
        centre, memory, configured, assets, watching.agent_changed
    )
    pages = BrowserPort(spoken.url)
    centre.add_port(pages)
    if published.simulation is not None:
        centre.add_port(SimulatedWorld(published.simulation, clock))
    redials = redials_of(centre, clock)
    days = CivilDays(published.zone)
    midnight = days.start_of(days.day_of(clock.now()))
    today = list(steps_since(memory.store, memory.segments, midnight))
    keys = TalkKeys(durable, watching.agent_changed)
    telephones = await telephone_port(
        configured,
        centre,
        clock,
        redials=redials,
        numbers=keep_numbers(centre, memory.sealer, terms_of(published)),
        keys=keys,
        messages=messages,
        recordings=recordings,
        spoken=spoken,
        today=today,
    )
    on_call = OnCallPort(
        None if published.notify is None else partial(_ring, published.notify),
        lambda queue: published.name_of("queue", queue, published.languages[0]),
        plays=is_demo,
    )
    centre.add_port(on_call)
    conversation_keys, conversations = conversations_of(
        centre, memory.sealer, memory.segments, published
    )
    practice = _practice(centre, configured, heard_by(conversations, durable, watching))

    # --- pictures, from the record of today and from now on
    picture = LivePicture.resumed(
        durable,
        today,
        shown_queues(published),
        published.zone,
        demo=is_demo,
        speed=options.speed,
    )
    desk_days = DeskDays(State(), days)
    for at, events in today:
        desk_days.noticed(at, events)
    publishing = Publishing(
        centre,
        configured,
        written=published,
        emergency=emergency,
        load=read_version(options.config),
        wall=wall,
    )
    feed, room = _feeds(centre, picture, configured, publishing)
    configured.observe(lambda new: picture.show(shown_queues(new)))
    for observer in (
        *(publishing, picture, desk_days, keys, conversations),
        *(recordings, watching, feed, room),
    ):
        centre.observe(observer.noticed)
    centre.observe(alarm())
    if practice is not None:
        centre.observe(practice.noticed)

    # --- people
    departures = Departures()
    entrance = open_entrance(
        memory.store, memory.sealer.secret(FACTORS_SECRET), departures, wall, is_demo=is_demo
    )
    offered = demo_accounts(published, entrance.accounts) if is_demo else []

    # --- pages and sockets
    catalogues = load_catalogues()
    health = Health(
        centre,
        memory.sealer,
        memory.folder,
        on_call_trouble=lambda: on_call.trouble,
        has_relay=published.turn is not None,
        certificate=certificate,
        telephone_trouble=None if telephones is None else lambda: telephones.trouble,
        recorder_trouble=None if telephones is None else lambda: messages.trouble,
    )
    reader = Reader(options.data, options.config, lambda: configured.now)
    retention = Retention(
        centre,
        memory.sealer,
        memory.segments,
        terms=terms_of(published),
        targets=targets(published),
        folder=memory.folder,
        forget_sound=partial(forget_sound, messages, recordings),
        short_abandons=short_abandons(published),
        conversations=conversation_keys,
    )
    configured.observe(lambda new: retention.count_by(targets(new), short_abandons(new)))
    context = ApiContext(
        centre=centre,
        watching=watching,
        configured=configured,
        publishing=publishing,
        picture=picture,
        places=Places(durable),
        days=desk_days,
        feed=feed,
        room=room,
        pages=pages,
        redials=redials,
        tokens=Tokens(memory.sealer.secret(TOKEN_SECRET)),
        here=lambda connection: _here(connection, configured.now),
        seal_note=retention.seal_note,
        keys=keys,
        conversations=conversations,
        captions=(lambda _: ()) if practice is None else practice.told,
        ice_servers=ice_servers(published.turn),
        is_demo=is_demo,
        departures=departures,
        on_call_trouble=lambda: on_call.trouble,
        telephone_trouble=lambda: None if telephones is None else telephones.trouble,
        recorder_trouble=lambda: None if telephones is None else messages.trouble,
        messages=messages,
        recordings=recordings,
        spoken=spoken,
        telephone_of=lambda agent: None if telephones is None else telephones.leg_of(agent),
        browser_phones=None if telephones is None else telephones.in_browser,
    )

    app = FastAPI(
        title="Openline", version=__version__, docs_url=None, redoc_url=None, openapi_url=None
    )
    install(
        app,
        WebContext(
            catalogues=catalogues,
            assets=assets,
            languages=lambda: configured.now.languages,
            centre_name=partial(centre_name, configured),
            lines=lambda language: lines(configured.now, language),
            is_demo=is_demo,
            speed=options.speed,
            has_relay=published.turn is not None,
            is_public=certificate is not None,
            sign_in=SignIn(entrance.accounts),
            sessions=entrance.sessions,
            published=lambda: configured.now,
            now=clock.now,
            reading=reader,
            living=Living(options.config, memory.folder.path, lambda: configured.now),
            kept_tries=KeptBeside(KeptTries(memory.folder.path)),
            openings=KeptOpenings(centre),
            recorded=recordings.of,
            # Terms are those of the start: `[retention]` is read then.
            privacy=partial(statement, published),
            second_step=entrance.second_step,
            passkeys=entrance.passkeys,
            people=WebPeople(entrance.people),
            agents=lambda language: agents(configured.now, language),
            health=health,
            keeping=Keeping(centre, memory.sealer, lambda: configured.now, catalogues),
            demo_accounts=offered,
            pull_the_plug=pull_the_plug if is_demo else None,
        ),
    )
    app.include_router(api_router(context))
    check_complete(app.routes)

    running = Running(
        app=app,
        centre=centre,
        context=context,
        retention=retention,
        hours=Hours(configured, clock, centre.see),
        key_copies=KeyCopies(memory.folder, memory.sealer),
        watching=watching,
        accounts=entrance.accounts,
        sessions=entrance.sessions,
        reader=reader,
        people=entrance.people,
    )
    refused = await centre.start(configured.now.settings_at(clock.now()))
    if refused is not None:
        # What is in force stays the truth; the version that could not be adopted never was.
        if published.version != durable.settings.version:
            memory.store.remove_configuration(published.version)
        await running.stop()
        raise RefusedError(
            "The configuration no longer has a line, queue or agent that a live call needs. "
            "Start once more with the configuration from before, let the calls end, then change.",
            code=refused.value,
        )
    # Beside the calls: days of the record may wait to be summed or forgotten.
    centre.spawn(retention.watch())
    centre.spawn(health.watch())
    await publishing.start(published_by(memory.store, published.version))
    running.hours.start()
    await running.key_copies.start()
    return running


def _configured(
    written: Published, store: SqlStore, clock: CentreClock
) -> tuple[EmergencyList, Configured]:
    """Returns what is in force: what is written, with the list of emergency services in force."""
    emergency = EmergencyList(store)
    return emergency, Configured(emergency.over(written, clock.now()))


async def _ring(how: Notify, notice: Notice) -> None:
    await notify(notice, command=how.command, webhook=how.webhook, limit_s=how.limit / SECOND)


def _here(connection: HTTPConnection, published: Published) -> Here:
    visitor = visitor_of(connection)
    account = visitor.account
    return Here(
        agent=None if account is None else account.agent,
        login="" if account is None else account.login,
        is_here=visitor.is_here,
        language=language_of(connection, published.languages),
        supervises=account is not None and account.role is Role.SUPERVISOR,
    )


def _practice(
    centre: Centre, configured: Configured, heard: Callable[..., None]
) -> PracticeCallers | None:
    """Makes the practice callers, where the configuration has them."""
    if not configured.now.practice.enabled:
        return None
    practice = PracticeCallers(
        centre.clock,
        heard,
        lambda line: configured.now.line_languages[line],
        after=configured.now.practice.after,
    )
    centre.add_port(practice)
    return practice


def _feeds(
    centre: Centre, picture: LivePicture, configured: Configured, publishing: Publishing
) -> tuple[WallboardFeed, RoomFeed]:
    """Makes the streams of pictures; they notice after the picture has."""
    feed = WallboardFeed(picture, configured, centre.clock)
    room = RoomFeed(picture, configured, centre, publishing)
    return feed, room
