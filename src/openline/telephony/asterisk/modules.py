"""Which modules does Asterisk load? These and no others: what is not there cannot be attacked.

Some are wanted only because another asks for their symbols: `chan_pjsip` and the registrar for
`res_pjsip_pubsub`, `res_ari_*` for `res_stasis_*`. Those under `OPTIONAL` are not
everywhere, and asked for where they are.
"""

MODULES = (
    # what everything stands on
    "res_timing_timerfd",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_pjproject",
    "res_crypto",
    "res_http_websocket",
    "res_websocket_client",
    "res_security_log",
    # sound
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_g722",
    "codec_resample",
    "format_pcm",
    "format_wav",
    "format_sln",
    "res_rtp_asterisk",
    "res_srtp",
    "res_musiconhold",
    # SIP
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_sdp_rtp",
    "res_pjsip_caller_id",
    "res_pjsip_header_funcs",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_registrar",
    "res_pjsip_nat",
    "res_pjsip_rfc3326",
    "res_pjsip_dtmf_info",
    "res_pjsip_path",
    "res_pjsip_pubsub",
    "chan_pjsip",
    # two parties hear each other
    "bridge_simple",
    "bridge_softmix",
    "bridge_native_rtp",
    "chan_bridge_media",
    # the way to Openline, and what callers hear while it is away
    "pbx_config",
    "func_channel",
    "func_callerid",
    "func_logic",
    "app_stasis",
    "app_playback",
    "app_dial",
    # Openline's orders
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_stasis_device_state",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
)

FOR_BROWSERS = (
    "res_pjsip_transport_websocket",
    "res_format_attr_opus",
    "codec_opus_open_source",
    "app_echo",
    "func_timeout",
)
"""Those that are wanted where agents answer in the browser."""

OPTIONAL = ("res_websocket_client", "res_format_attr_opus", "codec_opus_open_source")
"""Those that later versions have, or that a distribution may leave out."""
