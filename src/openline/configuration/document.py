"""What may stand at the top of the file."""

from pydantic import Field

from openline.configuration.line_tables import (
    HoursTable,
    LineTable,
    MenuTable,
    RecordingTable,
    SurgeTable,
    TopicTable,
    VoicemailTable,
)
from openline.configuration.outside_tables import OutsideTable
from openline.configuration.partner_tables import PartnersTable
from openline.configuration.queue_tables import QueueTable
from openline.configuration.retention import RetentionTable
from openline.configuration.server_tables import ServerTable
from openline.configuration.simulation_tables import SimulationTable
from openline.configuration.store_tables import OnCallTable, StoreTable
from openline.configuration.tables import (
    AgentTable,
    CentreTable,
    DispositionTable,
    Key,
    PauseReasonTable,
    PracticeTable,
    SignInTable,
    SkillTable,
    Table,
)
from openline.configuration.telephony_tables import TelephonyTable, TrunkTable


class Document(Table):
    """One configuration file."""

    centre: CentreTable = Field(description="The helpline itself.")
    lines: dict[Key, LineTable] = Field(min_length=1, description="How callers reach it.")
    queues: dict[Key, QueueTable] = Field(min_length=1, description="Where calls wait.")
    menus: dict[Key, MenuTable] = Field(default={}, description="What callers are asked.")
    topics: dict[Key, TopicTable] = Field(default={}, description="What calls may be about.")
    hours: dict[Key, HoursTable] = Field(default={}, description="When lines are open.")
    voicemail: dict[Key, VoicemailTable] = Field(
        default={}, description="Where callers may leave a message."
    )
    recordings: dict[Key, RecordingTable] = Field(
        default={}, description="Recordings that differ by language."
    )
    surge: dict[Key, SurgeTable] = Field(
        default={}, description="What is switched when very many call."
    )
    outside: dict[Key, OutsideTable] = Field(
        default={}, description="With whom outside agents may connect a call."
    )
    partners: PartnersTable | None = Field(
        default=None, description="Organisations whose calls are known as theirs."
    )
    skills: dict[Key, SkillTable] = Field(default={}, description="What agents can handle.")
    agents: dict[Key, AgentTable] = Field(default={}, description="The people who answer.")
    pause_reasons: dict[Key, PauseReasonTable] | None = Field(
        default=None,
        min_length=1,
        description="Why an agent takes no calls. Left out: break, meal, training.",
    )
    dispositions: dict[Key, DispositionTable] | None = Field(
        default=None,
        min_length=1,
        description="How a call can end. Left out: helped, referred, silent, wrong-number.",
    )
    server: ServerTable = Field(default=ServerTable(), description="Where Openline listens.")
    sign_in: SignInTable = Field(default=SignInTable(), description="How people sign in.")
    store: StoreTable = Field(default=StoreTable(), description="Where the record is kept.")
    on_call: OnCallTable = Field(default=OnCallTable(), description="How people at home are rung.")
    telephony: TelephonyTable = Field(default=TelephonyTable(), description="How sound travels.")
    trunks: dict[Key, TrunkTable] = Field(
        default={}, description="By which lines of the telephone company calls come in."
    )
    practice: PracticeTable = Field(
        default=PracticeTable(), description="Practice calls for learners."
    )
    retention: RetentionTable = Field(
        default=RetentionTable(), description="How long things are kept."
    )
    simulation: SimulationTable | None = Field(
        default=None, description="A simulated world. Left out, nobody is simulated."
    )
