"""Arts. 26 to 33: what a refusal tells, as the file of Arts. 10 to 20 has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.measures.articles import articles, traceability
from app.measures.catalogue import CATALOGUE
from app.measures.document_numbers import document_number
from app.measures.fraud import fraud_verified
from app.measures.instruments import (
    Instrument,
    InstrumentKind,
    Parameters,
    approval_in_force,
    instrument_registrable,
    shipped_instruments,
)
from app.measures.interpretations import RegisteredReading, reading_registrable
from app.measures.reviewers import (
    Case,
    ConflictKind,
    ConflictOfInterest,
    FileAccess,
    conflicts,
    file_may_open,
    misconduct,
    work_appraised,
)
from app.measures.reviews import Stage
from app.measures.revocations import (
    Accident,
    Ground,
    GroundFacts,
    RevocationKind,
    ground_met,
    notice_valid,
    revocation_admissible,
    revocation_decided,
)
from app.measures.shipped import shipped_json
from app.measures.validity import AwardFacts
from tests.measures.conftest import assert_both_languages
from tests.measures.procedure_samples import PARAMETERS, READINGS, RULES, decided, reading, rules, shanghai, told

AWARD = AwardFacts("甲", date(2025, 3, 10), 2024)
RECORDED = {"decided_by": "office-1", "evidence": "核查记录3号", "reason": "经核实"}


# Arts. 26, 28


def test_art26_a_verified_fraud_tells_whose_when_by_whom_and_on_what_evidence() -> None:
    findings = fraud_verified(
        organisation="甲",
        found_on=date(2026, 5, 1),
        award=AWARD,
        decision=decided("art26.fraud"),
    )
    facts = {"organisation": "甲", "found_on": "2026-05-01", "before_award": False, **RECORDED}
    assert told(findings) == [("verified", facts, False)]


def of_ground(
    number: Ground, event_on: date | None, found_on: date, accident: Accident | None = None
) -> list[tuple[str, dict[str, object], bool]]:
    """All findings but the last, which is the person's."""
    facts = GroundFacts(number, event_on, found_on, accident, penalised_or_proven=True, net_profit_fen={2026: -1})
    findings = ground_met(
        facts=facts,
        award=AWARD,
        decision=decided("art28.grounds"),
        parameters=PARAMETERS,
        readings=READINGS,
    )
    base = {"organisation": "甲", "ground": number.value, "valid_from": "2025-03-10", "last_day": "2028-03-10"}
    answers = told(findings)
    for _, given, _ in answers:
        assert {name: given[name] for name in base} == base
    assert answers[-1] == ("verified", {**base, **RECORDED}, False)
    return [(message, {k: v for k, v in given.items() if k not in base}, cure) for message, given, cure in answers[:-1]]


def test_art28_an_event_outside_validity_and_found_too_late_is_told_with_both_days() -> None:
    late = {"found_on": "2028-03-12", "reading": READINGS.cite("late_found_event")}
    assert of_ground(Ground.OTHER, date(2028, 3, 11), date(2028, 3, 12)) == [
        ("outside_validity", {"event_on": "2028-03-11"}, True),
        ("found_after_expiry", late, True),
    ]
    assert of_ground(Ground.OTHER, None, date(2026, 1, 1)) == [
        ("outside_validity", {"event_on": None}, True),
    ]


def test_art28_years_of_loss_are_told_with_the_reading() -> None:
    facts = {"loss_years": [2026], "reading": READINGS.cite("loss_years")}
    assert of_ground(Ground.LOSSES, None, date(2028, 3, 1)) == [
        ("losses_not_consecutive", facts, True),
    ]


def test_art28_years_of_loss_outside_validity_are_told_one_by_one() -> None:
    """The award was valid from 10 March 2025: 2025 is not wholly within it."""
    losses = {2026: -1, 2025: -1, 2024: 0}
    found = ground_met(
        facts=GroundFacts(Ground.LOSSES, None, date(2028, 3, 1), net_profit_fen=losses),
        award=AWARD,
        decision=decided("art28.grounds"),
        parameters=PARAMETERS,
        readings=READINGS,
    )[0]
    assert found.reason == "loss_years_outside_validity"
    assert (found.facts["loss_years"], found.facts["outside"]) == ([2025, 2026], [2025])
    assert found.facts["found_on"] == "2028-03-01"


def test_art28_every_defect_is_told_beside_the_grounds_own() -> None:
    unknown = Accident(None, dead=3)
    assert [message for message, _, _ in of_ground(Ground.ACCIDENT, date(2029, 1, 1), date(2029, 1, 1), unknown)] == [
        "outside_validity",
        "found_after_expiry",
        "responsibility_open",
    ]


def test_a_revocation_tells_the_decisions_before_it() -> None:
    findings = revocation_admissible(kind=RevocationKind.FRAUD, earlier=[RevocationKind.GROUNDS])
    facts = {"kind": "fraud", "earlier": ["grounds"], "supplementary": True}
    assert told(findings) == [("supplementary_decision", facts, False)]


@pytest.mark.parametrize("submitted_on", [None, date(2026, 5, 2)])
def test_a_decision_before_the_submission_is_told_with_both_days(submitted_on: date | None) -> None:
    findings = revocation_decided(
        kind=RevocationKind.FRAUD,
        submitted_on=submitted_on,
        decided_on=date(2026, 5, 1),
        number="会府字〔2026〕3号",
        reason="查证属实",
        readings=READINGS,
    )
    facts = {"decided_on": "2026-05-01", "submitted_on": submitted_on and submitted_on.isoformat()}
    assert told(findings)[1:] == [("decided_before_submission", facts, True)]


def test_a_public_notice_is_told_with_its_days() -> None:
    days = {"decided_on": "2026-05-01", "published_on": "2026-04-30"}
    findings = notice_valid(
        kind=RevocationKind.FRAUD,
        decided_on=date(2026, 5, 1),
        published_on=date(2026, 4, 30),
        channel=" ",
    )
    assert told(findings) == [
        ("notice_before_decision", days, True),
        ("notice_channel_missing", days, True),
    ]
    same_day = {"decided_on": "2026-05-01", "published_on": "2026-05-01"}
    findings = notice_valid(
        kind=RevocationKind.FRAUD,
        decided_on=date(2026, 5, 1),
        published_on=date(2026, 5, 1),
        channel="县政府网站",
    )
    assert told(findings) == [("notice_given", {**same_day, "channel": "县政府网站"}, False)]


# Arts. 11, 29, 30


def test_art29_an_undertaking_that_is_not_signed_can_be_signed() -> None:
    at = shanghai(2024, 8, 1, 9)
    facts = {"reviewer": "r1", "at": "2024-08-01T09:00:00+08:00"}
    assert told(file_may_open(access=FileAccess("r1", at, True, None, None))) == [
        ("undertaking_missing", {**facts, "undertaking": "confidentiality"}, True),
        ("undertaking_missing", {**facts, "undertaking": "integrity"}, True),
    ]


def test_art29_an_interest_is_cured_by_another_reviewer_and_none_is_told_with_the_day() -> None:
    case, on = Case(frozenset({"ORG"}), "UNIT"), date(2024, 8, 1)
    (barred,) = conflicts(
        reviewer="r1",
        known=[ConflictOfInterest(ConflictKind.SHARES, "ORG")],
        case=case,
        on=on,
        rules=RULES,
    )
    assert barred.remedy is not None
    free = conflicts(reviewer="r1", known=[], case=case, on=on, rules=RULES)
    assert told(free) == [("no_conflict_of_interest", {"reviewer": "r1", "on": "2024-08-01"}, False)]


def test_arts11_and_30_reviewers_are_appraised_and_replaced() -> None:
    assert told(work_appraised(assigned=["r1"], appraised=[])) == [
        ("not_appraised", {"reviewers": ["r1"]}, True),
    ]
    answer = misconduct(
        panel=("r1",),
        disqualified=["r1"],
        rules=rules(panel_size_material=1),
        stage=Stage.MATERIAL,
    )
    facts = {"stage": "material", "set_aside": ["r1"], "remaining": 0, "required": 1}
    assert told(answer.findings) == [("panel_incomplete", facts, True)]


# Art. 32


def test_art32_an_entry_is_told_with_its_key_and_every_defect_can_be_cured() -> None:
    key, day = "publicity_counting", date(2024, 5, 1)
    entry = RegisteredReading(key, "weeks", " ", day)
    findings = reading_registrable(entry=entry, registered=[RegisteredReading(key, "working_days", "解释", day)])
    options = ["calendar_days_rolled", "working_days"]
    assert told(findings) == [
        ("document_missing", {"key": key}, True),
        ("option_unknown", {"key": key, "value": "weeks", "options": options}, True),
        ("effective_day_taken", {"key": key, "effective_on": "2024-05-01"}, True),
    ]
    fine = replace(entry, value="working_days", document="解释〔2024〕1号")
    facts = {"key": key, "value": "working_days", "effective_on": "2024-05-01", "switches": True}
    assert told(reading_registrable(entry=fine)) == [("reading_registrable", facts, False)]


# Art. 33

TRIAL = shipped_instruments()[0]
EXTENSION = Instrument(
    "会府办发〔2025〕9号",
    "延长试行的通知",
    "Notice of extension",
    InstrumentKind.EXTENSION,
    TRIAL.number,
    date(2025, 7, 1),
    date(2026, 6, 30),
    None,
)
SUCCESSOR = Instrument(
    "会府办发〔2026〕5号",
    "管理办法",
    "Measures",
    InstrumentKind.SUCCESSOR,
    None,
    date(2026, 1, 1),
    None,
    PARAMETERS,
)
PERIOD_OF_THE_EXTENSION = {
    "instrument": EXTENSION.number,
    "kind": "extension",
    "in_force_from": "2025-07-01",
    "in_force_to": "2026-06-30",
}


def test_art33_the_shipped_instrument_is_read_whole() -> None:
    # Read here and now: what a module read when it was imported proves nothing of what is read later.
    (read,) = shipped_instruments()
    assert read == Instrument(
        "会府办发〔2023〕10号",
        TRIAL.title_zh,
        TRIAL.title_en,
        InstrumentKind.ORIGINAL,
        None,
        date(2023, 7, 1),
        date(2025, 6, 30),
        PARAMETERS,
    )
    assert "会昌独好" in read.title_zh
    assert read.title_en[0].isupper()


def test_art33_a_parameter_is_read_from_its_value_where_it_stands_with_its_article() -> None:
    shipped = shipped_json("instrument-2023.json")["parameters"]
    assert shipped.keys() == Parameters.__dataclass_fields__.keys()
    for name, item in shipped.items():
        assert item.keys() == {"value", "article"}
        assert getattr(PARAMETERS, name) == item["value"]


@pytest.mark.parametrize(("day", "met"), [(date(2023, 6, 30), False), (date(2025, 7, 1), True)])
def test_art33_a_transitional_basis_is_told_with_the_day(day: date, met: bool) -> None:
    basis = "县政府常务会议纪要〔2025〕3号"
    answers = told(approval_in_force(day=day, instruments=[TRIAL], transitional_basis=basis))
    if met:
        facts = {"day": "2025-07-01", "transitional_basis": basis}
        assert answers == [("transitional_basis_recorded", facts, False)]
    else:
        assert answers == [("not_yet_in_force", {"day": "2023-06-30"}, True)]


def test_art33_a_basis_counts_from_the_first_day_that_measures_have_begun() -> None:
    # In force and lapsed on its only day before: what has begun on the very day has begun.
    short = replace(TRIAL, in_force_from=date(2025, 7, 1), in_force_to=date(2025, 7, 1))
    for day, outcome in ((date(2025, 6, 30), "fail"), (date(2025, 7, 1), "pass"), (date(2025, 7, 2), "pass")):
        (found,) = approval_in_force(day=day, instruments=[short], transitional_basis="纪要")
        assert found.outcome.value == outcome


def test_art33_an_instrument_that_cannot_be_registered_names_what_it_conflicts_with() -> None:
    assert told(instrument_registrable(new=EXTENSION, registered=[])) == [
        (
            "extended_instrument_unknown",
            {**PERIOD_OF_THE_EXTENSION, "extends": TRIAL.number},
            True,
        ),
    ]
    assert told(instrument_registrable(new=EXTENSION, registered=[TRIAL, SUCCESSOR])) == [
        (
            "extension_past_successor",
            {**PERIOD_OF_THE_EXTENSION, "conflicts_with": SUCCESSOR.number},
            True,
        ),
    ]
    new = replace(SUCCESSOR, number="会府办发〔2026〕6号")
    facts = {
        "instrument": new.number,
        "kind": "successor",
        "in_force_from": "2026-01-01",
        "in_force_to": None,
        "conflicts_with": SUCCESSOR.number,
    }
    # The extension in between is passed over, and the search goes on behind it.
    assert told(instrument_registrable(new=new, registered=[TRIAL, EXTENSION, SUCCESSOR])) == [
        ("instruments_overlap", facts, True),
    ]


@pytest.mark.parametrize(
    ("number", "messages"),
    [
        (" ", [("document_number_missing", {})]),
        (
            "会府字[2024]12号",
            [
                ("document_number_year_differs", {"year": 2024}),
                ("document_number_malformed", {"malformed": True}),
            ],
        ),
    ],
)
def test_a_document_number_is_told_with_the_date_and_the_reading_and_can_be_corrected(
    number: str, messages: list[tuple[str, dict[str, object]]]
) -> None:
    strict = reading("document_numbers", "refuse_malformed")
    facts = {"number": number, "day": "2025-03-10", "reading": strict.cite("document_numbers")}
    assert told(document_number(number=number, day=date(2025, 3, 10), readings=strict)) == [
        (message, {**facts, **own}, True) for message, own in messages
    ]


# All articles


def test_every_article_is_read_with_title_gist_and_reason_in_both_languages() -> None:
    for article in articles():
        assert_both_languages(article.title)
        assert_both_languages(article.gist)
        if article.declaratory is not None:
            assert_both_languages(article.declaratory)
    assert sum(article.declaratory is not None for article in articles()) == 4


def test_every_rule_leads_to_its_functions() -> None:
    found = traceability()
    assert set(found) == set(CATALOGUE)
    assert "fraud_verified" in {function.__name__ for function in found["art26.fraud"]}
    assert found["art01.purpose"] == ()
