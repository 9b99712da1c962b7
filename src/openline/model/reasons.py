"""Why something happened. Every event that could be otherwise carries one of these.

The words that people read for them stand in the catalogues under `reason.<value>`; a test holds
the two lists together.
"""

from openline.model.names import Name


class Reason(Name):
    """Gives the reason of an event, of a refusal, or of an input that was passed over."""

    # why a call waits, is offered, or ends
    ARRIVED = "arrived"
    GREETING_HEARD = "greeting_heard"
    GREETING_OVERDUE = "greeting_overdue"
    NO_GREETING = "no_greeting"
    LONGEST_IDLE = "longest_idle"
    BEST_SKILL = "best_skill"
    LEAST_OCCUPIED = "least_occupied"
    LONGEST_WAITING = "longest_waiting"
    PAST_CEILING = "past_ceiling"
    CALLER_HUNG_UP = "caller_hung_up"
    AGENT_HUNG_UP = "agent_hung_up"
    CALLER_LOST = "caller_lost"
    AGENT_LOST = "agent_lost"
    # why a call is sent on, and how that ends
    LED_ON = "led_on"
    CHOSEN = "chosen"
    NO_CHOICE = "no_choice"
    WRONG_DIGIT = "wrong_digit"
    LINE_CLOSED = "line_closed"
    CLOSED_BY_SUPERVISOR = "closed_by_supervisor"
    HOP_LIMIT = "hop_limit"
    MESSAGE_HEARD = "message_heard"
    MESSAGE_OVERDUE = "message_overdue"
    VOICEMAIL_LEFT = "voicemail_left"
    VOICEMAIL_OVERDUE = "voicemail_overdue"
    CANNOT_RECORD = "cannot_record"
    # how an offer ends
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    CALLER_LEFT = "caller_left"
    AGENT_UNREACHABLE = "agent_unreachable"
    AGENT_LEFT = "agent_left"
    # why an agent's state changed
    SIGNED_IN = "signed_in"
    ASKED = "asked"
    ASKED_DURING_CALL = "asked_during_call"
    CALL_ENDED = "call_ended"
    WRAP_UP_DONE = "wrap_up_done"
    OFFER_MISSED = "offer_missed"
    OFFER_DECLINED = "offer_declined"
    CONNECTION_LOST = "connection_lost"
    ABSENT = "absent"
    FORCED = "forced"
    RECOVERY = "recovery"
    # how a conversation changes hands
    TRANSFERRED = "transferred"
    # why people at home are rung
    NOBODY_AT_WORK = "nobody_at_work"
    # what befell a leg or its sound
    CONNECTION_CLOSED = "connection_closed"
    CAME_BACK = "came_back"
    RESTARTED = "restarted"
    FIRST_CONNECTION = "first_connection"
    SOUND_LOST = "sound_lost"
    PAGE_RELOADED = "page_reloaded"
    # why a request was refused or an input passed over
    NOT_SIGNED_IN = "not_signed_in"
    ALREADY_SIGNED_IN = "already_signed_in"
    UNKNOWN_AGENT = "unknown_agent"
    UNKNOWN_LINE = "unknown_line"
    UNKNOWN_LEG = "unknown_leg"
    UNKNOWN_SURGE = "unknown_surge"
    NOTHING_TO_HEAR = "nothing_to_hear"
    UNKNOWN_COMMAND = "unknown_command"
    LEG_KNOWN_ALREADY = "leg_known_already"
    NOT_IN_THIS_STATE = "not_in_this_state"
    OFFER_IS_OVER = "offer_is_over"
    CALL_IS_OVER = "call_is_over"
    IN_A_CALL = "in_a_call"
    DISPOSITION_MISSING = "disposition_missing"
    UNKNOWN_DISPOSITION = "unknown_disposition"
    UNKNOWN_PAUSE_REASON = "unknown_pause_reason"
    IN_RECOVERY = "in_recovery"
    UNKNOWN_QUEUE = "unknown_queue"
    AGENT_NOT_READY = "agent_not_ready"
    CANNOT_TRANSFER = "cannot_transfer"
    CONFIGURATION_IN_USE = "configuration_in_use"
    OUT_OF_DATE = "out_of_date"
    NOTHING_TO_DO = "nothing_to_do"
