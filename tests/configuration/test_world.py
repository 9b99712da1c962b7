from collections import Counter

from openline.model import MINUTE, SECOND
from openline.simulation import Shift, WorldProfile
from tests.configuration.builders import EVERYTHING, changed, published
from tests.configuration.toml_text import Document


def world(document: Document) -> WorldProfile:
    profile = published(document).simulation
    assert profile is not None
    return profile


def shift_of(profile: WorldProfile, number: int) -> Shift:
    (shift,) = profile.colleagues[number].shifts
    return shift


def test_the_world_has_the_zone_the_hours_and_the_curve_of_the_file() -> None:
    profile = world(EVERYTHING)
    assert (profile.seed, profile.zone, profile.calls_per_day) == (7, "America/Chicago", 120.5)
    assert (profile.opens_minute, profile.closes_minute) == (16 * 60, 2 * 60)
    assert (profile.amplitude, profile.peak_hour, profile.busyness_cv) == (0.5, 20, 0.1)
    assert profile.dispositions == ("helped",)


def test_a_world_without_hours_is_open_day_and_night() -> None:
    day = {key: v for key, v in EVERYTHING["simulation"]["day"].items() if key != "open"}
    profile = world(changed(EVERYTHING, ("simulation.day", day)))
    assert (profile.opens_minute, profile.closes_minute) == (0, 24 * 60)


def test_durations_of_callers_become_microseconds() -> None:
    group, _ = world(EVERYTHING).callers
    assert group.talk_mean == 600 * SECOND
    assert group.redial_most == 600 * SECOND
    assert (group.balk_share, group.wrong_number_share) == (0.1, 0.3)


def test_each_colleague_is_a_group_of_one_with_a_key_of_her_own() -> None:
    profile = world(EVERYTHING)
    assert [group.agents for group in profile.colleagues] == [
        ("sim-both-001",),
        ("sim-both-002",),
    ]
    shift = shift_of(profile, 0)
    assert (shift.start_minute, shift.end_minute) == (22 * 60, 4 * 60)


def test_days_off_are_spread_evenly_over_the_week() -> None:
    shift = {"count": 14, "start": "08:00", "end": "16:00"}
    profile = world(
        changed(
            EVERYTHING,
            ("simulation.colleagues.0.shifts", [shift]),
            ("simulation.colleagues.0.days_a_week", 5),
        )
    )
    works = [shift_of(profile, number).days for number in range(14)]
    assert {len(days) for days in works} == {5}
    assert Counter(day for days in works for day in days) == dict.fromkeys(range(7), 10)


def test_colleagues_take_the_same_break_in_four_places() -> None:
    shift = {"count": 4, "start": "08:00", "end": "16:00"}
    profile = world(changed(EVERYTHING, ("simulation.colleagues.0.shifts", [shift])))
    breaks = [shift_of(profile, number).breaks[0] for number in range(4)]
    assert sorted(each.after for each in breaks) == [m * MINUTE for m in (60, 70, 80, 90)]
    assert {(each.length, each.pause_reason) for each in breaks} == {(10 * MINUTE, "meal")}


def test_a_break_without_a_reason_has_the_first_one() -> None:
    document = changed(
        EVERYTHING,
        ("simulation.colleagues.0.breaks", [{"after_s": 0, "length_s": 60}]),
        ("pause_reasons", {"rest": {}, "meal": {}}),
    )
    assert shift_of(world(document), 0).breaks[0].pause_reason == "rest"
