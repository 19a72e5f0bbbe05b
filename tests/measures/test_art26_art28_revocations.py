"""Arts. 26 and 28 (art26.fraud, art28.grounds, art26_28.together, exclusions): revocation and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.consequences import BEFORE_AWARD, Consequences, PrizeEffect, SanctionedAward, consequences
from app.measures.exclusions import exclusion_end, exclusion_last_day
from app.measures.fraud import fraud_verified
from app.measures.revocations import (
    Accident,
    AccidentGrade,
    Ground,
    GroundFacts,
    RevocationKind,
    ground_met,
    larger_accident,
    notice_valid,
    prevailing_kind,
    revocation_admissible,
    revocation_decided,
)
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.measures.text import Text
from app.measures.validity import AwardFacts
from tests.measures.procedure_samples import PARAMETERS, READINGS, decided, only, outcomes, reading, refused
from tests.support.facts import part

AWARD = AwardFacts("甲", date(2025, 3, 10), 2024)
DECIDED = decided("art28.grounds")
FRAUD, GROUNDS = RevocationKind.FRAUD, RevocationKind.GROUNDS
NOT_WITHIN = "outside_validity"
TOO_LATE = "found_after_expiry"


@pytest.mark.parametrize("found_on", [date(2025, 3, 10), date(2028, 3, 11), date(2040, 1, 1)])
def test_fraud_is_a_verified_recorded_finding_at_any_time_also_after_expiry(found_on: date) -> None:
    for decision, outcome in (
        (None, "needs_decision"),
        (decided("art26.fraud"), "pass"),
        (decided("art26.fraud", "fail"), "fail"),
    ):
        findings = fraud_verified(organisation="甲", found_on=found_on, award=AWARD, decision=decision)
        finding = only(findings, "art26.fraud", outcome)
        assert (finding.facts["found_on"], finding.facts["before_award"]) == (found_on.isoformat(), False)
        assert finding.facts.get("decided_by") == (None if decision is None else "office-1")
        assert (finding.remedy is not None) is (outcome != "pass")


@pytest.mark.parametrize("missing", ["decided_by", "evidence", "reason"])
def test_a_finding_that_does_not_say_who_why_and_on_what_evidence_is_not_recorded_yet(missing: str) -> None:
    decision = decided("art26.fraud", **{missing: " "})
    finding = only(
        fraud_verified(organisation="甲", found_on=date(2025, 6, 1), award=AWARD, decision=decision),
        "art26.fraud",
        "needs_decision",
    )
    assert finding.message == Text("查证记录不完整", "The finding is not fully recorded")
    assert finding.remedy == Text("补充查证人、证据和理由", "State who verified it, on what evidence and why")
    assert finding.facts["missing"] == [missing]
    assert finding.facts["found_on"] == "2025-06-01"


def test_fraud_found_before_an_award_puts_out_of_the_round_without_exclusion() -> None:
    findings = fraud_verified(organisation="甲", found_on=date(2024, 6, 1), award=None, decision=decided("art26.fraud"))
    assert only(findings, "art26.fraud", "pass").facts["before_award"] is True
    for kind in RevocationKind:
        assert consequences(kind=kind, award=None, parameters=PARAMETERS) == BEFORE_AWARD
    assert (
        Consequences(
            recover_plaque=False,
            recover_certificate=False,
            prize=PrizeEffect.NONE,
            amount_fen=0,
            public_notice=False,
            stop_use=False,
            out_of_round=True,
            exclusion_last_day=None,
        )
        == BEFORE_AWARD
    )


def ground(number: Ground, **changes: Any) -> GroundFacts:
    facts = GroundFacts(
        number,
        date(2026, 6, 1),
        date(2026, 7, 1),
        penalised_or_proven=True,
        losses_serious=DECIDED,
        losses_by_mismanagement=DECIDED,
    )
    return replace(facts, **changes)


def refusals(facts: GroundFacts, late: str | None = None) -> list[str]:
    readings = READINGS if late is None else reading("late_found_event", late)
    findings = ground_met(facts=facts, award=AWARD, decision=DECIDED, parameters=PARAMETERS, readings=readings)
    assert outcomes(findings)[-1] == ("art28.grounds", "pass")
    assert all(item.facts["ground"] == facts.ground.value for item in findings)
    return refused(findings, "art28.grounds")


@pytest.mark.parametrize("number", [Ground.QUALITY, Ground.TAX_OR_VIOLATION, Ground.OTHER])
@pytest.mark.parametrize(
    ("event_on", "messages"),
    [
        (date(2025, 3, 9), ["event_before_conferral"]),
        (date(2025, 3, 10), []),
        (date(2028, 3, 10), []),
        (date(2028, 3, 11), [NOT_WITHIN]),
        (None, [NOT_WITHIN]),
    ],
)
def test_the_event_is_within_validity_both_ends_included(
    number: Ground, event_on: date | None, messages: list[str]
) -> None:
    assert refusals(ground(number, event_on=event_on, found_on=date(2028, 3, 10))) == messages


@pytest.mark.parametrize(
    ("found_on", "late", "messages"),
    [
        (date(2028, 3, 10), None, []),
        (date(2028, 3, 11), None, [TOO_LATE]),
        (date(2028, 3, 11), "revocation", []),
    ],
)
def test_an_event_found_after_expiry_revokes_nothing_unless_the_register_reads_otherwise(
    found_on: date, late: str | None, messages: list[str]
) -> None:
    assert refusals(ground(Ground.OTHER, found_on=found_on), late) == messages


@pytest.mark.parametrize("decision", [None, decided("art28.grounds", "fail")])
def test_every_ground_needs_a_persons_recorded_finding(decision: Any) -> None:
    findings = ground_met(
        facts=ground(Ground.TAX_OR_VIOLATION),
        award=AWARD,
        decision=decision,
        parameters=PARAMETERS,
        readings=READINGS,
    )
    finding = only(findings, "art28.grounds", "needs_decision" if decision is None else "fail")
    assert finding.facts["last_day"] == "2028-03-10"


def test_the_larger_class_begins_at_three_dead_ten_injured_or_ten_million_yuan() -> None:
    assert dict(larger_accident()) == {"dead": 3, "seriously_injured": 10, "direct_loss_fen": 1_000_000_000}


BELOW = "below_larger_class"


@pytest.mark.parametrize(
    ("accident", "messages"),
    [
        (Accident(True, dead=3), []),
        (Accident(True, dead=2), [BELOW]),
        (Accident(True, seriously_injured=10), []),
        (Accident(True, seriously_injured=9), [BELOW]),
        (Accident(True, direct_loss_fen=1_000_000_000), []),
        (Accident(True, direct_loss_fen=999_999_999), [BELOW]),
        (Accident(True, dead=2, seriously_injured=9, direct_loss_fen=999_999_999), [BELOW]),
        (Accident(False, dead=3), ["not_responsible"]),
        (Accident(False), ["not_responsible", BELOW]),
        # The competent department's grading decides where there is one.
        (Accident(True, grade=AccidentGrade.LARGER), []),
        (Accident(True, grade=AccidentGrade.MAJOR), []),
        (Accident(True, grade=AccidentGrade.ESPECIALLY_MAJOR), []),
        (Accident(True, dead=3, grade=AccidentGrade.ORDINARY), [BELOW]),
        (None, ["accident_facts_missing"]),
    ],
)
def test_ground_1_is_a_responsible_accident_of_the_larger_class_or_above(
    accident: Accident | None, messages: list[str]
) -> None:
    assert refusals(ground(Ground.ACCIDENT, accident=accident)) == messages


def test_every_defect_of_a_ground_is_told_at_once() -> None:
    facts = ground(Ground.ACCIDENT, event_on=date(2029, 1, 1), found_on=date(2029, 1, 2), accident=Accident(False))
    assert refusals(facts) == [NOT_WITHIN, TOO_LATE, "not_responsible", BELOW]
    findings = ground_met(facts=facts, award=AWARD, decision=None, parameters=PARAMETERS, readings=READINGS)
    assert (findings[0].facts["event_on"], findings[1].facts["found_on"]) == ("2029-01-01", "2029-01-02")
    late_loss = ground(Ground.LOSSES, event_on=None, found_on=date(2029, 1, 2))
    assert refusals(late_loss) == [NO_LOSSES, TOO_LATE]


def test_an_open_responsibility_is_for_a_person_to_determine() -> None:
    findings = ground_met(
        facts=ground(Ground.ACCIDENT, accident=Accident(None, dead=3)),
        award=AWARD,
        decision=DECIDED,
        parameters=PARAMETERS,
        readings=READINGS,
    )
    assert outcomes(findings) == [("art28.grounds", "needs_decision"), ("art28.grounds", "pass")]


def test_an_accident_below_the_class_tells_its_figures() -> None:
    findings = ground_met(
        facts=ground(Ground.ACCIDENT, accident=Accident(True, 1, 2, 300, AccidentGrade.ORDINARY)),
        award=AWARD,
        decision=DECIDED,
        parameters=PARAMETERS,
        readings=READINGS,
    )
    facts = findings[0].facts
    assert (facts["dead"], facts["seriously_injured"], facts["direct_loss_fen"], facts["grade"]) == (
        1,
        2,
        300,
        "ordinary",
    )
    assert part(facts, "reading", "key") == "larger_incidents"


def test_ground_2_is_penalised_or_proven() -> None:
    assert refusals(ground(Ground.QUALITY)) == []
    assert refusals(ground(Ground.QUALITY, penalised_or_proven=False)) == ["neither_penalised_nor_proven"]
    assert refusals(ground(Ground.OTHER, penalised_or_proven=False)) == []


NO_LOSSES = "losses_not_consecutive"
OUTSIDE = "loss_years_outside_validity"


@pytest.mark.parametrize(
    ("profits", "messages"),
    [
        # Validity 2025-03-10 to 2028-03-10: the whole years are 2026 and 2027.
        ({2026: -1, 2027: -1}, []),
        ({2026: -1, 2027: 0}, [NO_LOSSES]),
        ({2026: 0, 2027: -1}, [NO_LOSSES]),
        ({2025: -1, 2026: -1}, [OUTSIDE]),
        ({2028: -1, 2027: -1}, [OUTSIDE]),
        ({2025: -1, 2026: -1, 2027: -1}, []),
        ({}, [NO_LOSSES]),
    ],
)
def test_ground_3_is_two_consecutive_years_of_loss_both_in_validity(
    profits: dict[int, int], messages: list[str]
) -> None:
    facts = ground(Ground.LOSSES, event_on=None, found_on=date(2028, 3, 1), net_profit_fen=profits)
    assert refusals(facts) == messages


@pytest.mark.parametrize(
    ("decree", "profits", "messages"),
    [
        (date(2025, 1, 1), {2025: -1, 2026: -1}, []),
        (date(2025, 1, 2), {2025: -1, 2026: -1}, [OUTSIDE]),
        (date(2024, 12, 31), {2026: -1, 2027: -1}, []),
        (date(2024, 12, 30), {2026: -1, 2027: -1}, [OUTSIDE]),
        (date(2025, 1, 1), {2025: -1, 2027: -1}, [NO_LOSSES]),
    ],
)
def test_a_year_of_loss_lies_wholly_in_validity(decree: date, profits: dict[int, int], messages: list[str]) -> None:
    facts = ground(Ground.LOSSES, event_on=None, found_on=date(2028, 6, 1), net_profit_fen=profits)
    findings = ground_met(
        facts=facts,
        award=replace(AWARD, decree_date=decree),
        decision=DECIDED,
        parameters=PARAMETERS,
        readings=reading("late_found_event", "revocation"),
    )
    assert refused(findings, "art28.grounds") == messages


@pytest.mark.parametrize(
    ("found_on", "messages"), [(date(2027, 12, 31), [OUTSIDE]), (date(2028, 1, 1), []), (date(2028, 3, 10), [])]
)
def test_a_year_that_is_not_over_is_no_year_of_loss(found_on: date, messages: list[str]) -> None:
    facts = ground(Ground.LOSSES, event_on=None, found_on=found_on, net_profit_fen={2026: -1, 2027: -1})
    assert refusals(facts) == messages


def test_losses_are_no_ground_for_a_non_operating_organisation() -> None:
    facts = ground(Ground.LOSSES, event_on=None, operating=False, net_profit_fen={2026: -1, 2027: -1})
    assert refusals(facts) == ["operating_organisations_only"]


@pytest.mark.parametrize(
    ("kind", "earlier", "outcome", "supplementary"),
    [
        (FRAUD, [], "pass", False),
        (GROUNDS, [], "pass", False),
        (FRAUD, [GROUNDS], "pass", True),
        (GROUNDS, [GROUNDS], "fail", None),
        (FRAUD, [FRAUD], "fail", None),
        (GROUNDS, [FRAUD], "fail", None),
        (FRAUD, [GROUNDS, FRAUD], "fail", None),
    ],
)
def test_fraud_after_a_revocation_is_a_supplementary_decision(
    kind: RevocationKind, earlier: list[RevocationKind], outcome: str, supplementary: bool | None
) -> None:
    finding = only(revocation_admissible(kind=kind, earlier=earlier), "art26_28.together", outcome)
    assert finding.facts.get("supplementary") == supplementary
    assert finding.facts["kind"] == kind.value


def test_article_26_prevails() -> None:
    assert prevailing_kind(kinds=[GROUNDS, FRAUD]) is FRAUD
    assert prevailing_kind(kinds=[FRAUD]) is FRAUD
    assert prevailing_kind(kinds=[GROUNDS]) is GROUNDS


@pytest.mark.parametrize(
    ("kind", "decided_on", "last_day"),
    [
        (FRAUD, date(2026, 5, 1), date(2036, 5, 1)),
        (GROUNDS, date(2026, 5, 1), date(2031, 5, 1)),
        (FRAUD, date(2028, 2, 29), date(2038, 2, 28)),
    ],
)
def test_an_exclusion_runs_calendar_years_from_the_decision_the_last_day_included(
    kind: RevocationKind, decided_on: date, last_day: date
) -> None:
    assert exclusion_last_day(kind=kind, decided_on=decided_on, parameters=PARAMETERS) == last_day


def test_of_two_exclusions_the_later_end_counts() -> None:
    assert exclusion_end(last_days=[date(2036, 1, 1), date(2031, 1, 1)]) == date(2036, 1, 1)
    assert exclusion_end(last_days=[]) is None


UNPAID = [
    None,
    *(DisbursementState(word) for word in ("payable", "acknowledged", "failed", "returned", "suspended", "unordered")),
]
PRIZE = 10_000_000


def of(state: str | None, prize: int = PRIZE, plaque: bool = True) -> SanctionedAward:
    return SanctionedAward(date(2026, 5, 1), plaque, prize, None if state is None else DisbursementState(state))


@pytest.mark.parametrize(
    ("kind", "state", "effect"),
    [
        *((FRAUD, state, PrizeEffect.CANCEL) for state in UNPAID),
        (FRAUD, "paid", PrizeEffect.RECOVER),
        (FRAUD, "cancelled", PrizeEffect.NONE),
        *((GROUNDS, state, PrizeEffect.SUSPEND) for state in UNPAID),
        (GROUNDS, "paid", PrizeEffect.NONE),
        (GROUNDS, "cancelled", PrizeEffect.NONE),
    ],
)
def test_the_prize_is_recovered_or_cancelled_under_26_and_at_most_suspended_under_28(
    kind: RevocationKind, state: str | None, effect: PrizeEffect
) -> None:
    found = consequences(kind=kind, award=of(state), parameters=PARAMETERS)
    assert (found.prize, found.amount_fen) == (effect, 0 if effect is PrizeEffect.NONE else PRIZE)


def test_every_state_of_a_disbursement_is_provided_for() -> None:
    assert {*UNPAID, "paid", "cancelled"} == {None, *DISBURSEMENT.states}


@pytest.mark.parametrize("state", [None, "paid"])
@pytest.mark.parametrize("kind", list(RevocationKind))
def test_a_repeated_award_has_no_prize_and_no_plaque_to_recover(kind: RevocationKind, state: str | None) -> None:
    found = consequences(kind=kind, award=of(state, prize=0, plaque=False), parameters=PARAMETERS)
    assert (found.prize, found.amount_fen, found.recover_plaque) == (PrizeEffect.NONE, 0, False)
    assert found.recover_certificate is (kind is FRAUD)


def test_what_each_article_brings() -> None:
    assert consequences(kind=FRAUD, award=of("paid"), parameters=PARAMETERS) == Consequences(
        recover_plaque=True,
        recover_certificate=True,
        prize=PrizeEffect.RECOVER,
        amount_fen=PRIZE,
        public_notice=True,
        stop_use=True,
        out_of_round=False,
        exclusion_last_day=date(2036, 5, 1),
    )
    assert consequences(kind=GROUNDS, award=of("paid"), parameters=PARAMETERS) == Consequences(
        recover_plaque=False,
        recover_certificate=False,
        prize=PrizeEffect.NONE,
        amount_fen=0,
        public_notice=True,
        stop_use=True,
        out_of_round=False,
        exclusion_last_day=date(2031, 5, 1),
    )


@pytest.mark.parametrize(("kind", "rule_id"), [(FRAUD, "art26.fraud"), (GROUNDS, "art28.grounds")])
@pytest.mark.parametrize(
    ("submitted_on", "number", "reason", "expected"),
    [
        (date(2026, 5, 1), "会府字〔2026〕3号", "查证属实", ["pass"]),
        (date(2026, 4, 1), "会府字〔2026〕3号", "查证属实", ["pass"]),
        (date(2026, 5, 2), "会府字〔2026〕3号", "查证属实", ["pass", "fail"]),
        (None, "会府字〔2026〕3号", "查证属实", ["pass", "fail"]),
        (date(2026, 5, 1), "会府字〔2025〕3号", "查证属实", ["fail"]),
        (date(2026, 5, 1), "会府字〔2026〕3号", " ", ["pass", "fail"]),
        (None, "", "", ["fail", "fail", "fail"]),
    ],
)
def test_the_government_decides_on_the_offices_submission(
    kind: RevocationKind, rule_id: str, submitted_on: date | None, number: str, reason: str, expected: list[str]
) -> None:
    findings = revocation_decided(
        kind=kind,
        submitted_on=submitted_on,
        decided_on=date(2026, 5, 1),
        number=number,
        reason=reason,
        readings=READINGS,
    )
    assert outcomes(findings) == [(rule_id, outcome) for outcome in expected]


@pytest.mark.parametrize(("kind", "rule_id"), [(FRAUD, "art26.fraud"), (GROUNDS, "art28.grounds")])
@pytest.mark.parametrize(
    ("published_on", "channel", "messages"),
    [
        (date(2026, 5, 1), "县政府网站", []),
        (date(2026, 4, 30), "县政府网站", ["notice_before_decision"]),
        (date(2026, 5, 2), " ", ["notice_channel_missing"]),
        (date(2026, 4, 30), "", ["notice_before_decision", "notice_channel_missing"]),
    ],
)
def test_public_notice_follows_the_decision(
    kind: RevocationKind, rule_id: str, published_on: date, channel: str, messages: list[str]
) -> None:
    findings = notice_valid(kind=kind, decided_on=date(2026, 5, 1), published_on=published_on, channel=channel)
    assert refused(findings, rule_id) == messages
    if not messages:
        assert only(findings, rule_id, "pass").facts["channel"] == "县政府网站"
