"""How each input is answered: one function an input, gathered in one table.

Whatever the table of functions does not find is a bug; whatever a function finds out of place it
passes over or refuses by name, and nothing changes.
"""

from collections.abc import Callable
from typing import Any

from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions import (
    agents,
    callback_offers,
    callbacks,
    callers,
    centre,
    consults,
    deadlines,
    help,
    interflow,
    listening,
    medium,
    menus,
    on_call,
    opening,
    reviews,
    sending,
    skills,
    sound,
    supervision,
    thirds,
    transfers,
    wrap_up,
)

DECIDE: dict[type[i.Input], Callable[[Decision, Any], None]] = {
    i.ConfigurationPublished: centre.configuration_published,
    i.CentreStarted: centre.centre_started,
    i.TimePassed: centre.time_passed,
    i.ClockStepped: centre.clock_stepped,
    i.CommandFailed: centre.command_failed,
    i.LegArrived: callers.leg_arrived,
    i.PlaybackFinished: callers.playback_finished,
    i.DigitPressed: menus.digit_pressed,
    i.VoicemailEnded: sending.voicemail_ended,
    i.LegHungUp: callers.leg_hung_up,
    i.LegLost: sound.leg_lost,
    i.LegReturned: sound.leg_returned,
    i.MediumChosen: medium.medium_chosen,
    i.SoundConnected: sound.sound_connected,
    i.SoundLost: sound.sound_lost,
    i.CallbackAsked: callbacks.callback_asked,
    i.WaitEstimated: callback_offers.wait_estimated,
    i.DialAnswered: callbacks.dial_answered,
    i.DialFailed: callbacks.dial_failed,
    i.CallbackCloseRequested: callbacks.callback_close_requested,
    i.SignInRequested: agents.sign_in_requested,
    i.SignOutRequested: agents.sign_out_requested,
    i.OriginsChosen: agents.origins_chosen,
    i.ReadyRequested: agents.ready_requested,
    i.PauseRequested: agents.pause_requested,
    i.AcceptRequested: agents.accept_requested,
    i.DeclineRequested: agents.decline_requested,
    i.HoldRequested: agents.hold_requested,
    i.ResumeRequested: agents.resume_requested,
    i.HangUpRequested: agents.hang_up_requested,
    i.TransferRequested: transfers.transfer_requested,
    i.ConsultRequested: consults.consult_requested,
    i.ConsultCompleteRequested: consults.consult_complete_requested,
    i.ConsultCancelRequested: consults.consult_cancel_requested,
    i.ThirdRequested: thirds.third_requested,
    i.PartyDismissRequested: thirds.party_dismiss_requested,
    i.WrapUpFinishRequested: wrap_up.wrap_up_finish_requested,
    i.WrapUpExtendRequested: wrap_up.wrap_up_extend_requested,
    i.ListenRequested: listening.listen_requested,
    i.HelpRequested: help.help_requested,
    i.HelpWithdrawRequested: help.help_withdraw_requested,
    i.HelpTakeRequested: help.help_take_requested,
    i.ReviewRequested: reviews.review_requested,
    i.StateForced: supervision.state_forced,
    i.SkillsChangeRequested: skills.skills_change_requested,
    i.CallTakeRequested: skills.call_take_requested,
    i.LineClosureRequested: opening.line_closure_requested,
    i.SurgeRequested: opening.surge_requested,
}

DUE = deadlines.DUE

watch_queues = on_call.watch_queues
leave_queues = interflow.leave_queues

__all__ = ["DECIDE", "DUE", "leave_queues", "watch_queues"]
