"""Art. 21: the candidates are publicised for ten days, objections are verified, then the proposed list is fixed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.measures.objections import (
    ObjectionClass,
    ObjectionFacts,
    ObjectionRecord,
    letter_dated,
    letter_entered_once,
    objection_class,
    objection_closable,
    open_objections_block,
)
from app.measures.proposed import PublicisedEntry, period_over, proposed_allowed
from app.measures.publicity import Period, PeriodAnswer, publicity_period, through_news_media
from app.measures.state_machines import ObjectionState
from app.measures.working_days import WorkingCalendar
from tests.measures.procedure_samples import PARAMETERS, READINGS, calendar, only, outcomes, reading, refused, shanghai
from tests.support.facts import part

HOLIDAYS = [date(2024, 10, day) for day in range(1, 8)]
CALENDAR = calendar(2024, holidays=HOLIDAYS, workdays=[date(2024, 9, 29), date(2024, 10, 12)])


def period_of(
    *published_on: date, announced: date | None = None, known: WorkingCalendar = CALENDAR, counting: str | None = None
) -> PeriodAnswer:
    readings = READINGS if counting is None else reading("publicity_counting", counting)
    return publicity_period(
        published_on=published_on,
        announced_last_day=announced,
        calendar=known,
        parameters=PARAMETERS,
        readings=readings,
    )


def period(*published_on: date, announced: date | None = None) -> Period:
    found = period_of(*published_on, announced=announced).period
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("published", "last_day"),
    [
        # Monday 2024-06-03 + 10 = Thursday.
        (date(2024, 6, 3), date(2024, 6, 13)),
        # + 10 = Saturday: the Monday after.
        (date(2024, 6, 5), date(2024, 6, 17)),
        (date(2024, 6, 6), date(2024, 6, 17)),
        (date(2024, 6, 7), date(2024, 6, 17)),
        # + 10 = 1 October: the first day after the holidays.
        (date(2024, 9, 21), date(2024, 10, 8)),
        # + 10 = a Sunday, but a make-up working day.
        (date(2024, 9, 19), date(2024, 9, 29)),
        (date(2024, 9, 18), date(2024, 9, 29)),
        (date(2024, 10, 2), date(2024, 10, 12)),
    ],
)
def test_ten_days_after_the_day_of_publication_rolled_to_a_working_day(published: date, last_day: date) -> None:
    answer = period_of(published)
    assert answer.period is not None
    assert (answer.period.published_on, answer.period.first_day) == (published, published + timedelta(days=1))
    assert answer.period.last_day == last_day
    assert answer.period.ends_at == shanghai(last_day.year, last_day.month, last_day.day) + timedelta(days=1)
    finding = only(answer.findings, "art21.publicity", "pass")
    assert finding.facts["required_last_day"] == finding.facts["last_day"] == last_day.isoformat()
    assert part(finding.facts, "reading", "key") == "publicity_counting"
    assert finding.facts["days"] == 10


def test_the_count_starts_with_the_latest_medium_and_objections_with_the_first() -> None:
    found = period(date(2024, 6, 5), date(2024, 6, 3), date(2024, 6, 4))
    assert (found.published_on, found.first_day, found.last_day) == (
        date(2024, 6, 3),
        date(2024, 6, 6),
        date(2024, 6, 17),
    )


@pytest.mark.parametrize(
    ("announced", "outcome"),
    [
        (date(2024, 6, 12), "fail"),
        (date(2024, 6, 13), "pass"),
        (date(2024, 6, 14), "pass"),
        (date(2024, 6, 15), "pass"),
    ],
)
def test_a_longer_announced_period_is_fine_and_a_shorter_one_refused(announced: date, outcome: str) -> None:
    answer = period_of(date(2024, 6, 3), announced=announced)
    finding = only(answer.findings, "art21.publicity", outcome)
    if answer.period is None:
        assert finding.facts["announced_last_day"] == "2024-06-12"
        assert finding.facts["required_last_day"] == "2024-06-13"
        assert finding.remedy is not None
        assert outcome == "fail"
    else:
        # As announced, also where that is a Saturday.
        assert answer.period.last_day == announced
        assert outcome == "pass"


def test_an_announced_end_that_forgets_the_weekend_is_too_short() -> None:
    answer = period_of(date(2024, 6, 5), announced=date(2024, 6, 15))
    assert answer.period is None
    assert answer.findings[0].facts["required_last_day"] == "2024-06-17"


def test_without_a_news_medium_there_is_no_period() -> None:
    answer = period_of()
    assert answer.period is None
    assert only(answer.findings, "art21.publicity", "fail").reason == "not_publicised"


@pytest.mark.parametrize(("published", "outcome"), [(date(2024, 12, 17), "pass"), (date(2024, 12, 18), "fail")])
def test_a_year_without_holiday_data_is_refused_never_guessed(published: date, outcome: str) -> None:
    answer = period_of(published)
    finding = only(answer.findings, "art21.publicity", outcome)
    assert (answer.period is None) is (outcome == "fail")
    assert finding.facts.get("year") == (2025 if outcome == "fail" else None)


def test_a_period_over_the_new_year_ends_by_both_years_data() -> None:
    # 28 December is a Saturday; the 30th and 31st are off by the notice of the new year.
    notices = calendar(2024, 2025, holidays=[date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 1)])
    found = period_of(date(2024, 12, 18), known=notices).period
    assert found is not None
    assert found.last_day == date(2025, 1, 2)


def test_the_register_may_count_working_days() -> None:
    answer = period_of(date(2024, 9, 25), counting="working_days")
    assert answer.period is not None
    assert answer.period.last_day == date(2024, 10, 14)
    assert part(answer.findings[0].facts, "reading", "value") == "working_days"


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        (["newspaper"], None),
        (["government_website", "county_media_centre"], None),
        (["broadcaster"], None),
        (["news_website", None], None),
        (["government_website"], "no_news_medium"),
        ([None], "no_news_medium"),
        ([], "no_news_medium"),
    ],
)
def test_one_medium_at_least_is_a_news_medium(kinds: list[str | None], reason: str | None) -> None:
    findings = through_news_media(kinds=kinds, readings=READINGS)
    assert refused(findings, "art21.publicity") == ([reason] if reason else [])
    assert part(findings[0].facts, "reading", "key") == "news_media"


def test_every_day_of_a_year_gets_at_least_ten_days_and_ends_on_a_working_day() -> None:
    day = date(2024, 1, 1)
    while day <= date(2024, 12, 17):
        found = period(day)
        assert (found.last_day - found.published_on).days >= 10
        assert CALENDAR.is_working_day(found.last_day)
        day += timedelta(days=1)


PERIOD = period(date(2024, 6, 3))
NAMED = ObjectionFacts(shanghai(2024, 6, 10), "李样例", "13800000000", "产品质量问题")


@pytest.mark.parametrize(
    ("received_at", "lacking"),
    [
        (shanghai(2024, 6, 2, 23, 59, 59), ["early"]),
        (shanghai(2024, 6, 3), []),
        (shanghai(2024, 6, 13, 23, 59, 59), []),
        (shanghai(2024, 6, 14), ["late"]),
    ],
)
def test_anyone_may_object_to_the_periods_last_second(received_at: object, lacking: list[str]) -> None:
    assert isinstance(received_at, type(NAMED.received_at))
    answer = objection_class(
        objection=ObjectionFacts(received_at, NAMED.name, NAMED.contact, NAMED.facts),
        period=PERIOD,
    )
    assert answer.kind is (ObjectionClass.INFORMAL if lacking else ObjectionClass.FORMAL)
    assert only(answer.findings, "art21.objections", "pass").facts["lacking"] == lacking


@pytest.mark.parametrize(
    ("name", "contact", "facts", "lacking"),
    [
        ("", "0797-5611111", "质量问题", ["name"]),
        ("李样例", " ", "质量问题", ["contact"]),
        ("李样例", "0797-5611111", "", ["facts"]),
        ("", "", "", ["name", "contact", "facts"]),
        ("匿名", "0797-5611111", "质量问题", ["name"]),
        (" 匿 名 ", "0797-5611111", "质量问题", ["name"]),
        ("无", "0797-5611111", "质量问题", ["name"]),
        ("-", "-", "-", ["name", "contact", "facts"]),
        ("Anonymous", "0797-5611111", "质量问题", ["name"]),
        ("\u3164\u3164", "\u2800", "\u200b\u200b", ["name", "contact", "facts"]),
        ("李\u200b", "0797-5611111", "质量问题", ["name"]),
        ("12345678", "0797-5611111", "质量问题", ["name"]),
        ("李样例", "无", "质量问题", ["contact"]),
        ("李样例", "561111", "质量问题", ["contact"]),
        ("李样例", "00000000", "质量问题", ["contact"]),
        ("李样例", "li@example", "质量问题", ["contact"]),
        ("李样例", "0797-5611111", "无", ["facts"]),
        ("李样例", "0797-5611111", "……", ["facts"]),
    ],
)
def test_an_anonymous_objection_is_kept_as_a_lead(name: str, contact: str, facts: str, lacking: list[str]) -> None:
    answer = objection_class(
        objection=ObjectionFacts(NAMED.received_at, name, contact, facts),
        period=PERIOD,
    )
    assert answer.kind is ObjectionClass.INFORMAL
    assert only(answer.findings, "art21.objections", "pass").facts["lacking"] == lacking


@pytest.mark.parametrize(
    ("name", "contact"),
    [
        ("李样例", "5611111"),
        ("李 明", "１３８００００１２３４"),
        ("Li Ming", "li@example.org"),
        ("李明", "邮箱：li@example.org"),
    ],
)
def test_a_name_with_a_telephone_or_a_mail_address_is_formal(name: str, contact: str) -> None:
    answer = objection_class(objection=ObjectionFacts(NAMED.received_at, name, contact, "质量问题"), period=PERIOD)
    assert answer.kind is ObjectionClass.FORMAL


@pytest.mark.parametrize(
    ("received_on", "reason"),
    [
        (date(2024, 6, 2), "letter_before_publication"),
        (date(2024, 6, 3), None),
        (date(2024, 6, 20), None),
        (date(2024, 6, 21), "date_in_future"),
    ],
)
def test_a_letter_came_in_between_the_publication_and_today(received_on: date, reason: str | None) -> None:
    findings = letter_dated(received_on=received_on, published_on=date(2024, 6, 3), today=date(2024, 6, 20))
    assert refused(findings, "art21.objections") == ([reason] if reason else [])
    assert findings[0].facts["received_on"] == received_on.isoformat()
    assert findings[0].facts.get("days") == ([received_on.isoformat()] if reason == "date_in_future" else None)


@pytest.mark.parametrize(
    ("reason", "by", "missing"),
    [("不属实", "office-1", None), (" ", "office-1", ["reason"]), ("", "", ["reason", "verified_by"])],
)
@pytest.mark.parametrize("upheld", [True, False])
def test_a_formal_objection_is_closed_with_a_reason(
    reason: str, by: str, missing: list[str] | None, upheld: bool
) -> None:
    findings = objection_closable(upheld=upheld, reason=reason, verified_by=by)
    finding = only(findings, "art21.objections", "fail" if missing else "pass")
    assert finding.facts.get("missing") == missing
    assert finding.facts["upheld"] is upheld


@pytest.mark.parametrize(
    ("state", "reason", "message"),
    [
        ("received", "", "objection_open"),
        ("under_verification", "", "objection_open"),
        ("upheld", "属实", "objection_upheld"),
        ("dismissed", " ", "dismissed_without_reason"),
        ("dismissed", "不属实", None),
        ("informal", "", None),
        ("answered", "", None),
    ],
)
def test_an_open_or_upheld_objection_blocks_its_own_organisation(state: str, reason: str, message: str | None) -> None:
    objections = [
        ObjectionRecord("o1", "甲", ObjectionState(state), reason),
        ObjectionRecord("o2", "乙", ObjectionState.RECEIVED),
    ]
    findings = open_objections_block(organisation="甲", objections=objections)
    finding = only(findings, "art21.objections", "fail" if message else "pass")
    assert refused(findings, "art21.objections") == ([message] if message else [])
    assert finding.facts["objections"] == ["o1"]
    assert finding.facts["organisation"] == "甲"
    if message == "objection_upheld":
        assert finding.facts["next_act"] == "remove_candidate"
        told = open_objections_block(organisation="甲", objections=objections, leaves_by="withdraw_award")
        (item,) = told
        assert (item.facts["next_act"], item.facts["next_by"]) == ("withdraw_award", ["government"])
        assert item.remedy is not None and "授奖前取消" in item.remedy.zh


AFTER = shanghai(2024, 6, 14)


def entry(
    name: str, *objections: ObjectionRecord, own: Period | None = PERIOD, removed: bool = False
) -> PublicisedEntry:
    return PublicisedEntry(name, own, objections, removed)


@pytest.mark.parametrize(("at", "messages"), [(shanghai(2024, 6, 13, 23, 59, 59), ["period_not_over"]), (AFTER, [])])
def test_the_proposed_list_is_fixed_after_the_period(at: object, messages: list[str]) -> None:
    assert isinstance(at, type(AFTER))
    findings = proposed_allowed(names=["甲"], entries=[entry("甲")], at=at)
    assert refused(findings, "art21.proposed") == messages
    if not messages:
        assert outcomes(findings) == [("art21.objections", "pass"), ("art21.proposed", "pass")]
        assert findings[-1].facts["names"] == ["甲"]
    else:
        assert findings[-1].facts["last_day"] == "2024-06-13"


def test_only_publicised_names_and_each_once() -> None:
    findings = proposed_allowed(
        names=["乙", "甲", "甲", "丙"],
        entries=[entry("甲"), entry("丙", removed=True)],
        at=AFTER,
    )
    assert [(item.reason, item.facts["organisation"]) for item in findings if item.outcome.value == "fail"] == [
        ("not_publicised", "乙"),
        ("listed_twice", "甲"),
        ("removed_from_list", "丙"),
    ]


def test_a_name_added_or_corrected_has_its_own_full_period() -> None:
    later = period(date(2024, 6, 11))
    entries = [entry("甲"), entry("乙", own=later)]
    findings = proposed_allowed(names=["甲", "乙"], entries=entries, at=AFTER)
    assert [item.facts["organisation"] for item in findings if item.outcome.value == "fail"] == ["乙"]
    assert not refused(proposed_allowed(names=["甲", "乙"], entries=entries, at=later.ends_at), "art21.proposed")
    # It holds itself alone: the others go on, and it follows from its own end on.
    assert not refused(proposed_allowed(names=["甲"], entries=entries, at=AFTER), "art21.proposed")
    assert not refused(proposed_allowed(names=["乙"], entries=entries, at=later.ends_at), "art21.proposed")
    almost = later.ends_at - timedelta(microseconds=1)
    assert refused(proposed_allowed(names=["乙"], entries=entries, at=almost), "art21.proposed") == ["period_not_over"]
    # Where nobody is proposed it is asked of the whole list.
    assert refused(proposed_allowed(names=[], entries=entries, at=almost), "art21.proposed") == ["period_not_over"]
    assert not refused(proposed_allowed(names=[], entries=entries, at=later.ends_at), "art21.proposed")


@pytest.mark.parametrize(("before", "reasons"), [(1, ["period_not_over"]), (0, [])])
def test_a_name_waits_until_its_period_is_over(before: int, reasons: list[str]) -> None:
    later = period(date(2024, 6, 11))
    at = later.ends_at - timedelta(microseconds=before)
    found = period_over(entry=entry("乙", own=later), at=at)
    assert refused(found, "art21.proposed") == reasons
    if reasons:
        assert (found[0].facts["organisation"], found[0].facts["last_day"]) == ("乙", later.last_day.isoformat())


def test_removing_a_name_restarts_nothing_and_needs_no_wait() -> None:
    removed = entry("乙", own=None, removed=True)
    assert not refused(proposed_allowed(names=["甲"], entries=[entry("甲"), removed], at=AFTER), "art21.proposed")


def test_a_name_published_nowhere_yet_is_not_over() -> None:
    findings = proposed_allowed(names=[], entries=[entry("甲", own=None)], at=AFTER)
    finding = only(findings, "art21.proposed", "fail")
    assert finding.facts["last_day"] is None


def test_an_open_objection_blocks_the_name_and_no_other() -> None:
    blocked = entry("甲", ObjectionRecord("o1", "甲", ObjectionState.RECEIVED))
    findings = proposed_allowed(names=["甲", "乙"], entries=[blocked, entry("乙")], at=AFTER)
    assert outcomes(findings) == [
        ("art21.objections", "fail"),
        ("art21.objections", "pass"),
        ("art21.proposed", "pass"),
    ]
    assert not refused(proposed_allowed(names=["乙"], entries=[blocked, entry("乙")], at=AFTER), "art21.objections")


def test_a_name_removed_and_publicised_again_is_current() -> None:
    entries = [entry("甲", removed=True), entry("甲")]
    assert not refused(proposed_allowed(names=["甲"], entries=entries, at=AFTER), "art21.proposed")


def test_an_empty_proposed_list_is_valid() -> None:
    finding = only(proposed_allowed(names=[], entries=[], at=AFTER), "art21.proposed", "pass")
    assert finding.facts["names"] == []


@pytest.mark.parametrize(
    ("recorded_on", "option", "first_day", "last_day"),
    [
        # Monday's paper, on record the same day, the day after, or before (which moves nothing).
        (date(2024, 6, 3), "from_the_record", date(2024, 6, 4), date(2024, 6, 13)),
        (date(2024, 6, 4), "from_the_record", date(2024, 6, 5), date(2024, 6, 14)),
        (date(2024, 6, 2), "from_the_record", date(2024, 6, 4), date(2024, 6, 13)),
        (date(2024, 6, 4), "from_publication", date(2024, 6, 4), date(2024, 6, 13)),
    ],
)
def test_art21_a_late_record_moves_the_period_as_it_is_read(
    recorded_on: date, option: str, first_day: date, last_day: date
) -> None:
    answer = publicity_period(
        published_on=[date(2024, 6, 3)],
        announced_last_day=None,
        calendar=CALENDAR,
        parameters=PARAMETERS,
        readings=reading("late_record", option),
        recorded_on=recorded_on,
    )
    assert answer.period is not None
    assert (answer.period.first_day, answer.period.last_day) == (first_day, last_day)
    finding = only(answer.findings, "art21.publicity", "pass")
    assert finding.facts["recorded_on"] == recorded_on.isoformat()
    assert part(finding.facts, "reading_of_record", "value") == option


def test_one_letter_is_one_objection() -> None:
    known = {"o1": "收文1号", "o2": "收文2号"}
    (found,) = letter_entered_once(reference=" 收文 2 号", known=known)
    assert refused([found], "art21.objections") == ["letter_known"]
    assert (found.facts["number"], found.facts["record_id"]) == ("收文2号", "o2")
    assert letter_entered_once(reference="收文3号", known=known) == []
    assert letter_entered_once(reference="收文1号", known={}) == []
