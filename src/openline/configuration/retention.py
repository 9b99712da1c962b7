"""How long things are kept: the table of the file, and the terms that follow from it.

The terms are promises to those who call; `openline privacy` prints them. Left out, they are those
of a helpline that keeps little. What is sealed keeps the term it was sealed with: a change holds
for what comes after it.
"""

from pydantic import Field

from openline.configuration.published import Terms
from openline.configuration.tables import Table
from openline.model import MINUTE, Duration

_DAY = 24 * 60 * MINUTE


class RetentionTable(Table):
    """How long things are kept before they are destroyed for good."""

    note_days: int = Field(
        default=90, ge=1, le=365, description="What an agent writes about a call."
    )
    number_minutes: int = Field(
        default=1440,
        ge=5,
        le=10080,
        description="A caller's number. 30 suits lines for children and for people in danger at "
        "home.",
    )
    callback_days: int = Field(
        default=7,
        ge=1,
        le=30,
        description="The number of somebody who is to be called back. It goes when the callback "
        "has ended, and after this time at the latest.",
    )
    message_days: int = Field(
        default=14,
        ge=1,
        le=90,
        description="A message in a voicemail box. It goes when an agent is done with it, and "
        "after this time at the latest.",
    )
    recording_days: int = Field(
        default=30,
        ge=1,
        le=365,
        description="The recording of a talk whose caller said yes to it. It goes at once when "
        "the caller takes that back, and after this time at the latest.",
    )
    conversation_hours: int = Field(
        default=24,
        ge=12,
        le=2160,
        description="What was written in typed calls, counted from the end of the day (UTC). "
        "Nobody can read it once the work on the call is done.",
    )
    journal_days: int = Field(
        default=396,
        ge=7,
        le=3660,
        description="The record of each call. Afterwards only sums by quarter of an hour remain. "
        "396 days: a month can be held against the same month of the year before.",
    )


def terms_of(table: RetentionTable) -> Terms:
    """Returns the terms of a table."""
    return Terms(
        note=Duration(table.note_days * _DAY),
        caller_number=Duration(table.number_minutes * MINUTE),
        callback_number=Duration(table.callback_days * _DAY),
        message=Duration(table.message_days * _DAY),
        recording=Duration(table.recording_days * _DAY),
        conversation=Duration(table.conversation_hours * 60 * MINUTE),
        journal=Duration(table.journal_days * _DAY),
    )
