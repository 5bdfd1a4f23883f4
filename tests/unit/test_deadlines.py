"""Periods worked out by hand: strict and rolled, measures, hours, months, pauses, extensions, calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest

from enforcement.law.calendar import Calendar
from enforcement.law.deadlines import (
    DeadlineRules,
    Due,
    Extension,
    Pause,
    compute,
    earliest_hearing,
    latest_service,
)
from enforcement.values import CHINA

NATIONAL = Calendar.national()
RULES = DeadlineRules.load()
DAY = timedelta(days=1)
LAST_TEXT = date(2026, 7, 1)


def due(
    id: str,
    start: date,
    pauses: tuple[Pause, ...] = (),
    extensions: tuple[Extension, ...] = (),
    calendar: Calendar = NATIONAL,
) -> Due:
    """The period by the text in force in July 2026, whatever the start."""
    return compute(RULES.rule(id, LAST_TEXT), start, calendar, pauses, extensions)


def test_the_start_day_is_not_counted() -> None:
    # Mon 4 Mar 2024: 5, 6, 7, 8, Mon 11.
    assert due("DL-DEFENCE", date(2024, 3, 4)).at == date(2024, 3, 11)


def test_a_day_is_in_time_itself() -> None:
    end = due("DL-DEFENCE", date(2024, 3, 4))
    assert not end.passed(date(2024, 3, 11))
    assert not end.passed(datetime(2024, 3, 11, 23, 59, tzinfo=CHINA))
    assert end.passed(date(2024, 3, 12))
    # 16:00 UTC is midnight in China: the next day has begun.
    assert end.passed(datetime(2024, 3, 11, 16, 0, tzinfo=UTC))


def test_a_party_gains_an_ordinary_weekend() -> None:
    # Fri 1 Mar 2024 + 15 days = Sat 16 Mar, an ordinary Saturday.
    end = due("DL-PAY", date(2024, 3, 1))
    assert (end.last, end.strict, end.rolled) == (date(2024, 3, 16), date(2024, 3, 16), date(2024, 3, 18))
    assert (end.at, end.shown) == (end.rolled, end.strict)


def test_the_bureau_gains_no_ordinary_weekend() -> None:
    # Sun 3 Mar 2024 + 90: 28 days left in March, 30 in April (58), 31 in May (89), 1 June = Saturday.
    end = due("DL-CASE", date(2024, 3, 3))
    assert (end.last, end.strict, end.rolled) == (date(2024, 6, 1), date(2024, 6, 1), date(2024, 6, 3))
    assert (end.at, end.shown) == (end.strict, end.rolled)


def test_a_named_holiday_moves_both_readings() -> None:
    # Fri 5 Jul 2024 + 90: 26 left in July, 31 (57), 30 (87), 3 October, a named day off until the 7th.
    end = due("DL-CASE", date(2024, 7, 5))
    assert end.last == date(2024, 10, 3)
    assert end.at == end.shown == date(2024, 10, 8)


def test_strict_ends_on_the_weekend_after_a_holiday() -> None:
    # Wed 2 Dec 2015 + 30 = Fri 1 Jan 2016, the only day named; 2 and 3 January were an ordinary weekend.
    end = due("DL-COURT-RULE-DEFECT", date(2015, 12, 2))
    assert (end.at, end.shown) == (date(2016, 1, 2), date(2016, 1, 4))


def test_a_make_up_saturday_is_a_last_day() -> None:
    # Fri 27 Sep 2024 + 15 = Sat 12 Oct, worked for National Day.
    end = due("DL-PAY", date(2024, 9, 27))
    assert end.at == end.shown == date(2024, 10, 12)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 9, 1), date(2024, 10, 1)),  # a named holiday
        (date(2024, 2, 15), date(2024, 3, 16)),  # an ordinary Saturday (14 days left, 15 and one of March)
        (date(2024, 1, 15), date(2024, 2, 14)),  # inside Spring Festival
    ],
)
def test_a_seizure_ends_on_the_last_day_itself(start: date, end: date) -> None:
    found = due("DL-SEIZE", start)
    assert found.at == found.strict == found.rolled == found.shown == end


def test_preservation_ends_after_seven_working_days() -> None:
    # Fri 27 Sep 2024: Sun 29, Mon 30, (1-7 off), 8, 9, 10, 11, Sat 12 Oct.
    assert due("DL-PRESERVE", date(2024, 9, 27)).at == date(2024, 10, 12)


@pytest.mark.parametrize(
    ("act", "end"),
    [
        (datetime(2024, 3, 4, 9, 20, tzinfo=CHINA), datetime(2024, 3, 5, 10, 0, tzinfo=CHINA)),
        (datetime(2024, 3, 4, 10, 0, tzinfo=CHINA), datetime(2024, 3, 5, 11, 0, tzinfo=CHINA)),
        (datetime(2024, 3, 4, 9, 59, 59, tzinfo=CHINA), datetime(2024, 3, 5, 10, 0, tzinfo=CHINA)),
        # No holiday extends it: into the first two days of National Day.
        (datetime(2024, 9, 30, 23, 30, tzinfo=CHINA), datetime(2024, 10, 2, 0, 0, tzinfo=CHINA)),
        # 01:20 UTC is 09:20 in China.
        (datetime(2024, 3, 4, 1, 20, tzinfo=UTC), datetime(2024, 3, 5, 10, 0, tzinfo=CHINA)),
    ],
)
def test_hours_begin_at_the_next_full_hour(act: datetime, end: datetime) -> None:
    found = due("DL-URGENT-REPORT", act)
    assert found.at == found.strict == found.rolled == found.shown == end
    assert found.at is not None
    assert isinstance(found.at, datetime)
    assert found.at.utcoffset() == timedelta(hours=8)
    assert not found.provisional
    assert not found.passed(end)
    assert found.passed(end + timedelta(seconds=1))


def test_hours_of_an_unknown_hour_are_provisional() -> None:
    found = due("DL-POLICE-SEND", date(2024, 3, 4))
    assert found.at == datetime(2024, 3, 6, 0, 0, tzinfo=CHINA)
    assert found.provisional
    assert found.provisional_reason is not None
    assert "hour of the act" in found.provisional_reason.en


def test_hours_cannot_be_extended() -> None:
    found = due("DL-POLICE-SEND", date(2024, 3, 4), extensions=(Extension(date(2024, 3, 4), 1),))
    assert found.at == datetime(2024, 3, 6, 0, 0, tzinfo=CHINA)
    assert len(found.invalid_extensions) == 1


def test_a_moment_without_offset_is_refused() -> None:
    naive = datetime(2024, 3, 4, 9, 20)  # noqa: DTZ001 - the case itself
    for id in ("DL-URGENT-REPORT", "DL-DEFENCE"):
        with pytest.raises(ValueError, match="no offset"):
            due(id, naive)


def test_an_instant_counts_by_its_day_in_china() -> None:
    # 17:00 UTC on Monday 4 March is already Tuesday in China.
    assert due("DL-DEFENCE", datetime(2024, 3, 4, 17, 0, tzinfo=UTC)) == due("DL-DEFENCE", date(2024, 3, 5))


def test_months_end_on_the_corresponding_day() -> None:
    assert due("DL-COURT", date(2024, 11, 30)).at == date(2025, 2, 28)  # a Friday
    assert due("DL-CMARK-REDECLARE", date(2024, 1, 31)).at == date(2024, 2, 29)  # a Thursday
    assert due("DL-LIMIT", date(2024, 2, 29)).at == date(2026, 2, 28)
    # 5 Apr + 6 months = 5 Oct 2024, inside National Day.
    sue = due("DL-SUE", date(2024, 4, 5))
    assert (sue.last, sue.at) == (date(2024, 10, 5), date(2024, 10, 8))


def test_surcharge_reaches_the_fine_on_day_34() -> None:
    rule = RULES.rule("DL-SURCHARGE", LAST_TEXT)
    daily, cap = rule.figures["daily_percent"], rule.figures["cap_percent"]
    assert daily * (rule.length - 1) < cap <= daily * rule.length
    # Last day to pay Mon 16 Mar 2026: 15 days left in March, 19 in April, a Sunday.
    assert due("DL-SURCHARGE", date(2026, 3, 16)).at == date(2026, 4, 19)


def test_an_excluded_interval_begins_the_day_after() -> None:
    # 1 Mar + 90 = 30 May 2024 (Thu). Test entrusted 11 Mar, result 20 Mar: 12th to 20th, 9 days: Sat 8 June.
    found = due("DL-CASE", date(2024, 3, 1), (Pause(date(2024, 3, 11), date(2024, 3, 20), "test"),))
    assert found.at == date(2024, 6, 8)
    assert found.shown == date(2024, 6, 11)  # 10 June is the Dragon Boat Festival


def test_overlapping_pauses_count_once() -> None:
    pauses = (
        Pause(date(2024, 3, 11), date(2024, 3, 20), "test"),
        Pause(date(2024, 3, 15), date(2024, 3, 25), "suspension"),
        Pause(date(2024, 3, 16), date(2024, 3, 18), "hearing"),
    )
    # The union is 12 to 25 March: 14 days after 30 May = 13 June.
    assert due("DL-CASE", date(2024, 3, 1), pauses).at == date(2024, 6, 13)
    assert due("DL-CASE", date(2024, 3, 1), pauses[::-1]).at == date(2024, 6, 13)


def test_a_pause_of_another_kind_stops_nothing() -> None:
    pause = Pause(date(2024, 3, 11), date(2024, 3, 20), "litigation")
    assert due("DL-CASE", date(2024, 3, 1), (pause,)) == due("DL-CASE", date(2024, 3, 1))


def test_a_pause_of_no_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'tests' is none of"):
        Pause(date(2024, 3, 11), None, "tests")


def test_a_pause_from_the_last_day_on_is_too_late() -> None:
    pause = Pause(date(2024, 5, 30), date(2024, 6, 30), "test")
    assert due("DL-CASE", date(2024, 3, 1), (pause,)).at == date(2024, 5, 30)
    earlier = Pause(date(2024, 5, 29), date(2024, 6, 30), "test")
    assert due("DL-CASE", date(2024, 3, 1), (earlier,)).at == date(2024, 7, 1)


def test_an_end_before_the_start_excludes_nothing() -> None:
    pause = Pause(date(2024, 3, 20), date(2024, 3, 11), "test")
    assert due("DL-CASE", date(2024, 3, 1), (pause,)).at == date(2024, 5, 30)


def test_working_days_pause_too() -> None:
    # Mon 4 Mar 2024, test 6-13 Mar: counted 5, 6, then 14, 15, 18-22 (9), 25-29 (14), 1 Apr.
    found = due("DL-VERIFY", date(2024, 3, 4), (Pause(date(2024, 3, 6), date(2024, 3, 13), "test"),))
    assert found.at == date(2024, 4, 1)


def test_an_open_pause_leaves_a_remainder() -> None:
    found = due("DL-CASE", date(2024, 3, 1), (Pause(date(2024, 3, 11), None, "suspension"),))
    assert found.at is None
    assert found.strict is found.rolled is found.shown is found.last is None
    assert found.paused_since == date(2024, 3, 11)
    assert found.remaining == 80  # 2 to 11 March are used
    assert not found.passed(date(2030, 1, 1))


def test_an_open_pause_leaves_working_days() -> None:
    found = due("DL-VERIFY", date(2024, 3, 4), (Pause(date(2024, 3, 6), None, "test"),))
    assert (found.paused_since, found.remaining) == (date(2024, 3, 6), 13)


def test_the_clock_stands_since_the_first_of_a_chain() -> None:
    pauses = (
        Pause(date(2024, 3, 11), date(2024, 3, 20), "test"),
        Pause(date(2024, 3, 20), None, "suspension"),
    )
    found = due("DL-CASE", date(2024, 3, 1), pauses)
    assert (found.paused_since, found.remaining) == (date(2024, 3, 11), 80)


def test_an_open_pause_after_the_end_stops_nothing() -> None:
    found = due("DL-CASE", date(2024, 3, 1), (Pause(date(2024, 6, 3), None, "suspension"),))
    assert found.at == date(2024, 5, 30)


def test_the_published_seizure_of_2024_is_reproduced() -> None:
    """A seizure of 9 October with an inspection period to the 31st, extended to 30 December as published."""
    seized, test = date(2024, 10, 9), Pause(date(2024, 10, 9), date(2024, 10, 31), "test")
    assert due("DL-SEIZE", seized, (test,)).at == date(2024, 11, 30)  # a Saturday
    extension = Extension(date(2024, 11, 28), 30)
    assert due("DL-SEIZE", seized, (test,), (extension,)).at == date(2024, 12, 30)


def test_an_extension_is_valid_on_the_last_day() -> None:
    on_time, late = Extension(date(2024, 5, 30), 30), Extension(date(2024, 5, 31), 30)
    assert due("DL-CASE", date(2024, 3, 1), (), (on_time,)).at == date(2024, 6, 29)
    found = due("DL-CASE", date(2024, 3, 1), (), (late,))
    assert found.at == date(2024, 5, 30)
    assert [each.extension for each in found.invalid_extensions] == [late]
    assert "2024-05-31" in found.invalid_extensions[0].reason.en
    assert "2024-05-30" in found.invalid_extensions[0].reason.zh


def test_an_extension_is_added_to_the_moved_day() -> None:
    # Ends 3 October, strict 8 October 2024 (see above); 30 days more are counted from the 8th.
    extension = Extension(date(2024, 10, 8), 30)
    assert due("DL-CASE", date(2024, 7, 5), (), (extension,)).at == date(2024, 11, 7)


def test_extensions_follow_their_days_of_decision() -> None:
    first = Extension(date(2024, 5, 20), 30)  # to 29 June
    second = Extension(date(2024, 6, 28), until=date(2024, 9, 30))
    for order in ((first, second), (second, first)):
        assert due("DL-CASE", date(2024, 3, 1), (), order).at == date(2024, 9, 30)
    found = due("DL-CASE", date(2024, 3, 1), (), (second,))  # without the first it comes too late
    assert (found.at, len(found.invalid_extensions)) == (date(2024, 5, 30), 1)


def test_a_second_extension_may_be_days_too() -> None:
    first, second = Extension(date(2024, 5, 20), 30), Extension(date(2024, 6, 28), 120)
    # 29 June + 120: 1 left in June, 31 (32), 31 (63), 30 (93), 27 October, a Sunday.
    assert due("DL-CASE", date(2024, 3, 1), (), (first, second)).at == date(2024, 10, 27)


def test_a_pause_prolongs_the_extended_time() -> None:
    extension = Extension(date(2024, 5, 20), 30)
    test = Pause(date(2024, 6, 10), date(2024, 6, 20), "test")  # 10 days after 29 June
    assert due("DL-CASE", date(2024, 3, 1), (test,), (extension,)).at == date(2024, 7, 9)


def test_only_later_pauses_move_a_fixed_date() -> None:
    fixed = Extension(date(2024, 5, 20), until=date(2024, 8, 30))
    known = Pause(date(2024, 5, 10), date(2024, 6, 9), "test")
    later = Pause(date(2024, 7, 1), date(2024, 7, 11), "test")
    assert due("DL-CASE", date(2024, 3, 1), (known,), (fixed,)).at == date(2024, 8, 30)
    assert due("DL-CASE", date(2024, 3, 1), (known, later), (fixed,)).at == date(2024, 9, 9)
    same_day = Pause(date(2024, 5, 20), date(2024, 5, 25), "test")
    assert due("DL-CASE", date(2024, 3, 1), (same_day,), (fixed,)).at == date(2024, 9, 4)


def test_an_extension_while_paused_adds_to_the_rest() -> None:
    pause = Pause(date(2024, 3, 11), None, "suspension")
    found = due("DL-CASE", date(2024, 3, 1), (pause,), (Extension(date(2024, 9, 1), 30),))
    assert (found.at, found.paused_since, found.remaining) == (None, date(2024, 3, 11), 110)
    assert found.invalid_extensions == ()


def test_a_deferral_may_end_on_a_weekend() -> None:
    # Payment deferred to Sat 31 Aug 2024: rolled to Monday, as any last day of a party.
    found = due("DL-PAY", date(2024, 3, 1), (), (Extension(date(2024, 3, 10), until=date(2024, 8, 31)),))
    assert (found.at, found.shown) == (date(2024, 9, 2), date(2024, 8, 31))


def test_a_fixed_review_date_may_fall_on_a_holiday() -> None:
    found = due("DL-REVIEW", date(2024, 9, 20), (), (Extension(date(2024, 9, 23), until=date(2024, 10, 5)),))
    # Invalid: 10 working days from 20 Sep end on 10 Oct (see the hand count of National Day 2024).
    assert (found.at, len(found.invalid_extensions)) == (date(2024, 10, 10), 1)
    found = due("DL-REVIEW", date(2024, 9, 10), (), (Extension(date(2024, 9, 23), until=date(2024, 10, 5)),))
    assert (found.last, found.at) == (date(2024, 10, 5), date(2024, 10, 8))


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        (Extension(date(2024, 5, 1)), "neither"),
        (Extension(date(2024, 5, 1), 30, until=date(2024, 8, 1)), "both"),
        (Extension(date(2024, 5, 1), 0), "neither"),
        (Extension(date(2024, 5, 1), 30, "wd"), "given in wd, the period runs in cd"),
        (Extension(date(2024, 5, 1), until=date(2024, 5, 30)), "prolongs nothing"),
    ],
)
def test_an_extension_without_sense_is_reported(extension: Extension, said: str) -> None:
    found = due("DL-CASE", date(2024, 3, 1), (), (extension,))
    assert found.at == date(2024, 5, 30)
    assert said in found.invalid_extensions[0].reason.en


def test_a_count_into_2027_is_provisional() -> None:
    # Thu 24 Dec 2026: 25, 28, 29, 30, 31: it ends inside the known year.
    assert not due("DL-DEFENCE", date(2026, 12, 24)).provisional
    # Fri 25 Dec: 28, 29, 30, 31, and Friday 1 January, a plain weekday while no notice is out.
    found = due("DL-DEFENCE", date(2026, 12, 25))
    assert (found.at, found.provisional) == (date(2027, 1, 1), True)
    assert found.provisional_reason is not None
    assert "2027" in found.provisional_reason.en
    assert "2027" in found.provisional_reason.zh


def test_a_loaded_calendar_derives_it_again() -> None:
    off = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)]
    loaded = NATIONAL.with_year(2027, off, [], "notice of 2026")
    # Fri 25 Dec 2026: 28, 29, 30, 31, (1-3 off), Mon 4 Jan.
    found = due("DL-DEFENCE", date(2026, 12, 25), calendar=loaded)
    assert (found.at, found.provisional, found.provisional_reason) == (date(2027, 1, 4), False, None)
    # 18 Dec + 15 = Sat 2 Jan 2027: strict stays on it until the notice names it.
    assert due("DL-PAY", date(2026, 12, 18)).strict == date(2027, 1, 2)
    assert due("DL-PAY", date(2026, 12, 18)).provisional
    assert due("DL-PAY", date(2026, 12, 18), calendar=loaded).strict == date(2027, 1, 4)


def test_days_before_2004_are_provisional_too() -> None:
    assert due("DL-DEFENCE", date(2003, 12, 25)).provisional
    assert not due("DL-DEFENCE", date(2003, 12, 31)).provisional  # the start day is not counted


def test_what_no_calendar_moves_is_final() -> None:
    assert not due("DL-SEIZE", date(2026, 12, 20)).provisional
    assert not due("DL-LIMIT", date(2026, 1, 1)).provisional


def test_days_added_to_a_provisional_day_stay_so() -> None:
    loaded_2028 = NATIONAL.with_year(2028, [date(2028, 1, 1)], [], "x")
    # Fri 10 Dec 2027: 13-17, 20-24, 27-31: it ends on the last day of a year whose notice is missing. The
    # extension runs in 2028 only, whose notice is there, but from a day that may still move.
    days = Extension(date(2027, 12, 20), 15)
    assert due("DL-VERIFY", date(2027, 12, 10), (), (days,), loaded_2028).provisional
    fixed = Extension(date(2027, 12, 20), until=date(2028, 1, 15))
    assert not due("DL-VERIFY", date(2027, 12, 10), (), (fixed,), loaded_2028).provisional


def test_an_unknown_year_in_the_other_reading_counts() -> None:
    without_2017 = Calendar({year: notice for year, notice in NATIONAL.notices.items() if year != 2017})
    # Fri 16 Dec 2016 + 15 = Sat 31 Dec, an ordinary one; rolled looks into January 2017.
    found = due("DL-PAY", date(2016, 12, 16), calendar=without_2017)
    assert (found.strict, found.rolled) == (date(2016, 12, 31), date(2017, 1, 2))
    assert found.provisional


def test_notice_leaves_seven_full_working_days() -> None:
    rule = RULES.rule("DL-HEAR-NOTICE", LAST_TEXT)
    # Hearing Wed 15 Oct 2025: 14, 13, Sat 11, 10, 9 Oct, 30, 29 Sep are the seven; service on Sunday 28 Sep,
    # itself a make-up day, is the last in time.
    assert latest_service(rule, date(2025, 10, 15), NATIONAL).day == date(2025, 9, 28)
    assert earliest_hearing(rule, date(2025, 9, 28), NATIONAL).day == date(2025, 10, 15)
    assert earliest_hearing(rule, date(2025, 9, 29), NATIONAL).day == date(2025, 10, 16)


def test_announcement_leaves_three_full_working_days() -> None:
    rule = RULES.rule("DL-HEAR-PUBLIC", LAST_TEXT)
    # Hearing Wed 13 Mar 2024: 12, 11, 8 March; announced on Thursday 7 March at the latest.
    assert latest_service(rule, date(2024, 3, 13), NATIONAL).day == date(2024, 3, 7)
    # Announced Thu 7 March: 8, 11, 12; the 13th is the first possible day.
    assert earliest_hearing(rule, date(2024, 3, 7), NATIONAL).day == date(2024, 3, 13)


def test_a_hearing_in_an_unknown_year_is_provisional() -> None:
    rule = RULES.rule("DL-HEAR-NOTICE", LAST_TEXT)
    assert latest_service(rule, date(2027, 1, 8), NATIONAL).provisional
    assert earliest_hearing(rule, date(2026, 12, 28), NATIONAL).provisional
    # Thu 31 Dec 2026 back: 30, 29, 28, 25, 24, 23, 22; nothing of 2027 is asked.
    found = latest_service(rule, date(2026, 12, 31), NATIONAL)
    assert (found.day, found.provisional) == (date(2026, 12, 21), False)
    # Neither end is counted: the hearing on Fri 1 Jan 2027, the service on Wed 31 Dec 2003.
    assert not latest_service(rule, date(2027, 1, 1), NATIONAL).provisional
    assert not earliest_hearing(rule, date(2003, 12, 31), NATIONAL).provisional


def test_forward_and_backward_rules_do_not_mix() -> None:
    with pytest.raises(ValueError, match="counted back"):
        due("DL-HEAR-NOTICE", date(2024, 3, 4))
    for count in (latest_service, earliest_hearing):
        with pytest.raises(ValueError, match="runs forward"):
            count(RULES.rule("DL-DEFENCE", LAST_TEXT), date(2024, 3, 4), NATIONAL)
