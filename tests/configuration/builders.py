"""One configuration that uses every key there is, and what tests do with configurations."""

import copy
from typing import Any

import pytest

from openline.configuration import ConfigurationError, Problem, Published, load_text
from tests.configuration.toml_text import Document, write

SMALL: Document = {
    "centre": {"name": "Night Line", "time_zone": "Europe/London"},
    "queues": {"talk": {}},
    "lines": {"night": {"queue": "talk"}},
    "agents": {"amira": {}},
}

EVERYTHING: Document = {
    "centre": {
        "name": {"en": "Night Line", "es": "Línea nocturna"},
        "time_zone": "America/Chicago",
        "languages": ["en", "es"],
        "recovery_break_s": 600,
        "heal_within_s": 20,
        "absent_after_s": 900,
        "writing": "by_line",
    },
    "skills": {"en": {"name": "English"}, "es": {"name": {"en": "Spanish", "es": "Español"}}},
    "queues": {
        "general": {
            "name": "General",
            "needs": {"en": 1, "es": 2},
            "priority": 3,
            "ageing_s": 120,
            "ceiling_s": 900,
            "choice": "best_skill",
            "on_call": ["amira"],
            "on_call_after_s": 60,
            "ring_timeout_s": 25,
            "wrap_up_limit_s": 200,
            "transferred_priority": 4,
            "service_level": {"percent": 85.5, "within_s": 30},
            "short_abandon_s": 4,
            "overflow": [{"after_s": 40, "needs": {"en": 1}}],
            "announcements": {"place": True, "wait": False, "every_s": 45},
            "interflow": [
                {
                    "when": "waited",
                    "after_s": 1800,
                    "queue": "later",
                    "keeps_place": False,
                },
                {
                    "when": "long_wait",
                    "after_s": 1200,
                    "outside": "legal",
                    "announcement": "connecting-es",
                },
            ],
            "callback": {
                "offer_after_s": 120,
                "attempts": 2,
                "pause_s": 600,
                "dial_timeout_s": 30,
                "kept_s": 7200,
                "goodbye": "wrong-number-es",
            },
        },
        "later": {
            "interflow": [{"when": "nobody_at_work", "message": "welcome-es"}],
        },
    },
    "lines": {
        "night": {
            "name": "Night",
            "language": "es",
            "queue": "general",
            "greeting": "hello",
            "may_be_heard": True,
            "listening": True,
            "writing": "as_typed",
            "hold_music": "piano",
            "leads_to": {"menu": "main"},
            "entries": {
                "web": {"kind": "web", "language": "en"},
                "phone": {"kind": "number", "number": "+15550100"},
            },
            "consent": {"question": "consent-es", "digit": "2", "time_limit_s": 9},
            "hours": "office",
            "closed": {"voicemail": "box"},
            "emergency": {"message": "closed-es"},
        }
    },
    "menus": {
        "main": {
            "prompt": "menu-family-en",
            "choices": {
                "1": {"queue": "general", "topic": "legal", "language": "es", "name": "Law"},
                "2": {"menu": "main"},
                "3": {"message": "closed-en"},
                "4": {"voicemail": "box"},
            },
            "repeats": 2,
            "time_limit_s": 8,
            "otherwise": {"queue": "general"},
        }
    },
    "topics": {"legal": {"name": "Legal help"}},
    "hours": {
        "office": {
            "mon": ["07:00-12:00", "13:00-22:00"],
            "tue": ["07:00-22:00"],
            "wed": [],
            "thu": ["22:00-02:30"],
            "fri": ["00:00-24:00"],
            "sat": [],
            "sun": [],
            "weekdays": ["08:00-09:00"],
            "weekend": ["10:00-11:00"],
            "public_holidays": {"country": "US", "region": "TX"},
            "on_holidays": ["09:00-10:00"],
            "special": {"2026-12-24": ["07:00-12:00"]},
        }
    },
    "voicemail": {
        "box": {
            "name": "The box",
            "queue": "general",
            "prompt": "voicemail-es",
            "limit_s": 90,
            "silence_s": 4,
            "shortest_s": 3,
            "cannot_record": "no-recording-es",
        }
    },
    "recordings": {"hello": {"en": "welcome-en", "es": "welcome-es"}},
    "outside": {
        "legal": {
            "name": "Legal aid",
            "number": "+1 512 555 0100",
            "kind": "service",
            "lines": ["night"],
            "ring_timeout_s": 30,
        }
    },
    "partners": {
        "rows": "key,name,entry,at,start,group\nmercy,Mercy,number,+13125550100,2026-03-30,houses",
        "agents": 2,
        "agents_each": 1,
        "groups": {"houses": {"name": "Houses", "percent": 10}},
    },
    "surge": {
        "flood": {
            "name": "Flood",
            "lines": {
                "night": {
                    "greeting": "many-en",
                    "leads_to": {"queue": "general"},
                    "may_be_heard": True,
                }
            },
            "queues": {
                "general": {
                    "priority": 7,
                    "ageing_s": 30,
                    "ceiling_s": 300,
                    "overflow": [{"after_s": 20, "needs": {"en": 1}}],
                    "interflow": [
                        {
                            "when": "waited",
                            "after_s": 900,
                            "queue": "later",
                            "keeps_place": True,
                        },
                        {
                            "when": "long_wait",
                            "after_s": 1200,
                            "outside": "legal",
                            "announcement": "connecting-es",
                        },
                    ],
                    "callback_offer_after_s": 60,
                    "offers_callbacks": True,
                },
            },
        }
    },
    "agents": {
        "amira": {
            "name": "Amira",
            "skills": {"en": 5, "es": 3},
            "phone": {"address": "192.0.2.7", "encrypted": True, "ordinary": False},
        }
    },
    "pause_reasons": {"meal": {"name": "Meal"}},
    "dispositions": {"helped": {"name": "Helped"}},
    "server": {
        "host": "127.0.0.1",
        "port": 8801,
        "spare": True,
        "public": {
            "name": "help.example.org",
            "host": "0.0.0.0",
            "port": 8443,
            "http_port": 8080,
            "acme": {
                "terms_agreed": True,
                "directory": "https://ca.example/directory",
                "contact": "it@example.org",
                "authorities": "root.pem",
            },
        },
    },
    "sign_in": {"second_factor_for": ["administrator"]},
    "telephony": {
        "turn": {"urls": ["turn:turn.example.org:3478"], "secret": "correct horse battery"},
        "asterisk": {
            "folder": "telephones",
            "sip_address": "192.0.2.1",
            "sip_port": 5062,
            "tls_port": 5063,
            "certificate": "telephones.pem",
            "certificate_key": "telephones.key",
            "authorities": "authorities.pem",
            "ari_port": 8089,
            "country_code": "1",
            "lost_after_s": 20,
            "numbers_file": "numbers.txt",
            "most_arriving": 60,
            "beyond_it": "refusal",
            "spool": "/dev/shm/calls",
            "rtp_from": 20000,
            "rtp_to": 20999,
        },
    },
    "trunks": {
        "carrier": {
            "address": "192.0.2.20",
            "calls_from": ["192.0.2.16/28"],
            "dials": True,
            "shows": "+15550100",
            "calls_per_hour": 30,
            "calls_per_day": 200,
            "encrypted": True,
            "account": {
                "user": "helpline-7",
                "password_file": "carrier.password",
                "number": "+15550100",
            },
        }
    },
    "store": {"url": "postgresql://openline@db.example/openline"},
    "on_call": {
        "notify": {
            "command": ["/bin/true", "--loud"],
            "webhook": "https://example.org/ring",
            "limit_s": 5,
        }
    },
    "practice": {"enabled": False, "after_s": 9},
    "retention": {
        "note_days": 30,
        "number_minutes": 30,
        "callback_days": 3,
        "message_days": 9,
        "recording_days": 8,
        "conversation_hours": 12,
        "journal_days": 120,
    },
    "simulation": {
        "seed": 7,
        "calls_per_day": 120.5,
        "day": {
            "weekday_factors": [2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
            "amplitude": 0.5,
            "peak_hour": 20,
            "busyness_cv": 0.1,
            "open": {"start": "16:00", "end": "02:00"},
        },
        "callers": [
            {
                "line": "night",
                "partners": True,
                "share": 2,
                "keys": "21",
                "no_choice_share": 0.2,
                "leaves_in_menu_share": 0.05,
                "talk_mean_s": 600,
                "talk_cv": 0.9,
                "patience_mean_s": 100,
                "balk_share": 0.1,
                "transfer_share": 0.06,
                "transfer_to": "general",
                "hold_share": 0.2,
                "hold_mean_s": 30,
                "wrap_up_mean_s": 50,
                "silent_share": 0.1,
                "typed_share": 0.05,
                "early_hang_up_share": 0.2,
                "wrong_number_share": 0.3,
                "redial_share": 0.4,
                "redial_least_s": 60,
                "redial_most_s": 600,
                "callback_share": 0.3,
                "callback_answered_share": 0.7,
            },
            {"line": "night", "transfer_share": 0.1, "transfer_outside": "legal"},
        ],
        "colleagues": [
            {
                "prefix": "both",
                "skills": {"en": 2, "es": 2},
                "days_a_week": 1,
                "late_most_s": 60,
                "answer_delay_mean_s": 3,
                "missed_share": 0.02,
                "missed_share_tired": 0.05,
                "breaks": [{"after_s": 3600, "length_s": 600, "pause_reason": "meal"}],
                "shifts": [{"count": 2, "days": ["mon", "tue"], "start": "22:00", "end": "04:00"}],
            }
        ],
    },
}


def changed(document: Document, *changes: tuple[str, Any]) -> Document:
    """Returns a copy in which each dotted path has its value; a number in it counts from 0."""
    copied = copy.deepcopy(document)
    for dotted, value in changes:
        *parents, last = dotted.split(".")
        table: Any = copied
        for part in parents:
            table = table[int(part)] if isinstance(table, list) else table.setdefault(part, {})
        table[int(last) if isinstance(table, list) else last] = value
    return copied


def published(document: Document) -> Published:
    text, _ = write(document)
    return load_text(text, "openline.toml")


def problems(document: Document) -> tuple[Problem, ...]:
    text, _ = write(document)
    with pytest.raises(ConfigurationError) as caught:
        load_text(text, "openline.toml")
    return caught.value.problems


def only_problem(document: Document) -> Problem:
    found = problems(document)
    assert len(found) == 1, [problem.text for problem in found]
    return found[0]
