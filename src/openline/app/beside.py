"""What a running centre keeps beside its record: numbers, messages, typed words, places lost.

Each knows again after a restart what it must, and then notices what happens.
"""

from collections.abc import Callable, Sequence

from openline.app.callbacks import CallbackNumbers
from openline.app.memory import Memory, terms_of
from openline.app.messages import Messages
from openline.app.recordings import Recordings
from openline.app.sound_spool import NO_SPOOL, SoundSpool
from openline.app.spoken import Spoken
from openline.app.transcripts import Transcripts
from openline.centre import Centre, CentreClock
from openline.centre.conversations import Conversations
from openline.centre.publishing import Configured
from openline.centre.redial import Redials
from openline.configuration import Published
from openline.model import AgentKey, SealedRef
from openline.sealing import ConversationKeys, SealedKind, Sealer, SegmentKeys, Terms
from openline.web import Assets


def redials_of(centre: Centre, clock: CentreClock) -> Redials:
    """Remembers for a while, in memory alone, whose place it was that was lost."""
    redials = Redials(clock)
    centre.observe(redials.noticed)
    return redials


def conversations_of(
    centre: Centre, sealer: Sealer, segments: SegmentKeys, published: Published
) -> tuple[ConversationKeys, Conversations]:
    """Takes up what is typed in calls, and the keys under which it is kept."""
    keys = ConversationKeys(sealer, term=terms_of(published)[SealedKind.CONVERSATION])
    conversations = Conversations(
        centre.durable, Transcripts(centre, segments, keys), centre.clock.now
    )
    conversations.take_up()
    return keys, conversations


def keep_numbers(centre: Centre, sealer: Sealer, terms: Terms) -> CallbackNumbers:
    """Keeps the numbers of open callbacks, and destroys each with the end of its promise."""
    numbers = CallbackNumbers(centre, sealer, terms)
    numbers.take_up(centre.durable)
    centre.observe(numbers.noticed)
    return numbers


def sounds_of(
    centre: Centre,
    memory: Memory,
    configured: Configured,
    assets: Assets,
    changed: Callable[[AgentKey], None],
) -> tuple[Messages, Recordings, Spoken]:
    """Knows again which messages wait, which talks were recorded, and what was spoken to be heard.

    There are no messages and no recordings without telephones.

    `changed` is told of every agent whose talk is recorded now, or no longer.
    """
    asterisk = configured.now.asterisk
    spool = SoundSpool(NO_SPOOL if asterisk is None else asterisk.spool)
    folder, terms = memory.folder.recordings, terms_of(configured.now)
    messages = Messages(centre, memory.sealer, configured, spool=spool, folder=folder, terms=terms)
    messages.take_up(centre.durable)
    recordings = Recordings(
        centre, memory.sealer, spool=spool, folder=folder, terms=terms, changed=changed
    )
    recordings.take_up(centre.durable)
    spoken = Spoken(
        centre,
        lambda name: assets.url(f"sounds/{name}.mp3"),
        None if asterisk is None else asterisk.folder,
    )
    return messages, recordings, spoken


def forget_sound(messages: Messages, recordings: Recordings, refs: Sequence[SealedRef]) -> None:
    """Drops the files of sound whose keys are destroyed."""
    messages.forget(refs)
    recordings.forget(refs)
