"""Arts. 3, 9, 22, 26, 28: what turns out after a decree to have stood against one of its awards on its own day."""

from datetime import date

import pytest

from app.measures.conferral import (
    ConferralOutcome,
    DoubtGround,
    after_the_decree,
    award_concerned,
    conferral_decided,
    conferral_to_decide,
    conferral_undoubted,
    conferred_meanwhile,
    found_since,
    stood_when_withdrawn,
    withdrawn_in_time,
    withdrawn_meanwhile,
)
from app.measures.disbursements import following, prize_held
from app.measures.findings import Finding, Outcome
from app.measures.reasons import Reason
from app.measures.recovery import RecoveryItem, left_to_come_back, owed_after_taking_back
from app.measures.removal import WithdrawalGround
from app.measures.state_machines import AwardState, DisbursementState, RevocationState
from tests.measures.procedure_samples import READINGS

DAY = date(2024, 6, 5)


@pytest.mark.parametrize(("received_on", "in_time"), [(4, True), (5, False), (6, False)])
def test_art03_a_withdrawal_is_in_time_until_the_day_before_the_decree(received_on: int, in_time: bool) -> None:
    (found,) = withdrawn_in_time(received_on=date(2024, 6, received_on), conferred_on=DAY, readings=READINGS)
    assert (found.rule, found.outcome) == ("art03.recommendation", Outcome.PASS if in_time else Outcome.FAIL)
    assert found.reason is (Reason.WITHDRAWN_IN_TIME if in_time else Reason.RENOUNCED)
    assert (found.facts["received_on"], found.facts["conferred_on"]) == (f"2024-06-0{received_on}", "2024-06-05")
    assert ("next_act" in found.facts, found.facts.get("next_act")) == (not in_time, None)
    assert found.facts["reading"] == READINGS.cite("withdrawal_entered_after_the_decree")


@pytest.mark.parametrize("stated", [False, True])
def test_exclusions_a_decision_before_a_later_decree_is_taken_where_it_says_so(stated: bool) -> None:
    later = {"a2": date(2028, 6, 1), "a1": DAY}
    (found,) = conferred_meanwhile(decided_on=date(2024, 6, 4), later=later, stated=stated, readings=READINGS)
    assert (found.rule, found.outcome) == ("exclusions", Outcome.PASS if stated else Outcome.FAIL)
    assert found.reason is (Reason.LATER_AWARD_IN_DOUBT if stated else Reason.CONFERRED_MEANWHILE)
    assert (found.facts["awards"], found.facts["conferred_on"]) == (["a2", "a1"], "2024-06-05")
    assert conferred_meanwhile(decided_on=DAY, later={}, stated=stated, readings=READINGS) == []


def test_art09_the_prize_of_an_award_in_doubt_waits() -> None:
    (found,) = conferral_undoubted(doubted=True)
    assert (found.rule, found.reason) == ("art09.disbursement", Reason.CONFERRAL_IN_DOUBT)
    assert (found.facts["next_act"], found.facts["next_by"]) == ("void_conferral", ["government"])
    assert conferral_undoubted(doubted=False) == []
    held = DisbursementState.SUSPENDED
    assert following(state=held, case=None, doubted=True) == "void_conferral"
    assert following(state=held, case=None) == "cancel"
    # An open case comes first.
    assert following(state=held, case=RevocationState.SUBMITTED, doubted=True) == "decide"
    assert following(state=DisbursementState.PAYABLE, case=None, doubted=True) == "acknowledge"
    assert prize_held(act="reissue", state=held, case=None, doubted=True).facts["next_act"] == "void_conferral"


def decided(
    outcome: ConferralOutcome = ConferralOutcome.VOID,
    ground: DoubtGround = DoubtGround.WITHDRAWAL,
    *,
    scanned: bool = True,
    on: date = DAY,
    number: str = "会府字〔2024〕20号",
) -> list[Reason]:
    return [item.reason for item in refused(outcome, ground, scanned=scanned, on=on, number=number)]


def refused(
    outcome: ConferralOutcome, ground: DoubtGround, *, scanned: bool, on: date = DAY, number: str = "会府字〔2024〕20号"
) -> list[Finding]:
    found = conferral_decided(
        outcome=outcome,
        ground=ground,
        scanned=scanned,
        conferred_on=DAY,
        decided_on=on,
        number=number,
        readings=READINGS,
    )
    return [item for item in found if item.outcome is not Outcome.PASS]


def test_art22_the_governments_decision_is_of_its_year_and_not_before_the_decree() -> None:
    assert decided() == []
    assert decided(on=date(2024, 6, 4)) == [Reason.BEFORE_CONFERRAL]
    assert decided(number="会府字〔2023〕20号") == [Reason.DOCUMENT_NUMBER_YEAR_DIFFERS]


@pytest.mark.parametrize("outcome", list(ConferralOutcome))
@pytest.mark.parametrize("ground", list(DoubtGround))
def test_art03_nothing_is_taken_back_for_a_letter_without_its_scan(
    outcome: ConferralOutcome, ground: DoubtGround
) -> None:
    wanted = outcome is ConferralOutcome.VOID and ground is DoubtGround.WITHDRAWAL
    found = refused(outcome, ground, scanned=False)
    assert [(item.reason, item.facts["next_act"]) for item in found] == (
        [(Reason.WITHDRAWAL_NOT_SCANNED, "upload_withdrawal_letter")] if wanted else []
    )


def test_art22_what_is_to_be_done_next_is_told() -> None:
    def due(ground: DoubtGround, *, scanned: bool, is_open: bool = True) -> list[tuple[Reason, object, object]]:
        found = conferral_to_decide(is_open=is_open, ground=ground, scanned=scanned)
        return [(item.reason, item.facts["next_act"], item.facts["decides"]) for item in found]

    letter, excluded = DoubtGround.WITHDRAWAL, DoubtGround.EXCLUSION
    undecided = [(Reason.CONFERRAL_UNDECIDED, "void_conferral", "government")]
    assert due(letter, scanned=False) == [(Reason.WITHDRAWAL_NOT_SCANNED, "upload_withdrawal_letter", "office")]
    assert due(letter, scanned=True) == due(excluded, scanned=False) == undecided
    assert due(letter, scanned=False, is_open=False) == []


def test_art09_what_was_brought_without_ground_comes_back() -> None:
    owed = owed_after_taking_back(plaque=True, paid_fen=10_000_000)
    assert owed == {RecoveryItem.CERTIFICATE: 0, RecoveryItem.PLAQUE: 0, RecoveryItem.PRIZE: 10_000_000}
    assert owed_after_taking_back(plaque=False, paid_fen=0) == {RecoveryItem.CERTIFICATE: 0}
    told = left_to_come_back(outstanding=owed)
    assert [(item.rule, item.reason, item.outcome) for item in told] == [
        ("art22.approval", Reason.PLAQUE_TO_COME_BACK, Outcome.NEEDS_DECISION),
        ("art22.approval", Reason.CERTIFICATE_TO_COME_BACK, Outcome.NEEDS_DECISION),
        ("art09.disbursement", Reason.PRIZE_TO_COME_BACK, Outcome.NEEDS_DECISION),
    ]
    assert told[2].facts["amount_fen"] == 10_000_000
    assert {(item.facts["next_act"], *item.facts["next_by"]) for item in told} == {("record_recovery", "office")}  # type: ignore[misc]
    (prize,) = left_to_come_back(outstanding={RecoveryItem.PRIZE: 1})
    assert prize.facts["amount_fen"] == 1
    assert left_to_come_back(outstanding={}) == []


@pytest.mark.parametrize(("day", "stood"), [(4, False), (5, True), (6, True)])
def test_art03_who_withdraws_on_the_day_of_an_act_or_later_stood_on_it(day: int, stood: bool) -> None:
    assert stood_when_withdrawn(dated=DAY, withdrawn_on=date(2024, 6, day)) is stood


@pytest.mark.parametrize(
    ("ground", "event_on", "following"),
    [
        (WithdrawalGround.FRAUD, None, "open_revocation"),
        (WithdrawalGround.OBJECTION, None, "open_revocation"),
        (WithdrawalGround.GROUNDS, None, "open_revocation"),
        (WithdrawalGround.GROUNDS, DAY, "open_revocation"),
        (WithdrawalGround.GROUNDS, date(2024, 6, 4), "raise_conferral_doubt"),
        (WithdrawalGround.RECORD, None, "raise_conferral_doubt"),
        (WithdrawalGround.EXCLUDED, None, "raise_conferral_doubt"),
    ],
)
def test_art22_what_is_found_after_the_decree_has_an_act_of_its_own(
    ground: WithdrawalGround, event_on: date | None, following: str
) -> None:
    (found,) = after_the_decree(ground=ground, event_on=event_on, conferred_on=DAY, state=AwardState.CONFERRED)
    assert (found.rule, found.reason, found.outcome) == (ground.value, Reason.ACT_REPLACED, Outcome.FAIL)
    assert (found.facts["next_act"], found.facts["next_by"]) == (following, ["office"])


@pytest.mark.parametrize(("stood_on", "then"), [(4, True), (5, True), (6, False)])
def test_art22_a_finding_stood_at_the_decree_on_its_day_or_before(stood_on: int, then: bool) -> None:
    given = {"stood_on": date(2024, 6, stood_on), "conferred_on": DAY}
    (found,) = found_since(ground=WithdrawalGround.RECORD, readings=READINGS, **given)
    assert (found.rule, found.outcome) == ("art22.approval", Outcome.PASS if then else Outcome.FAIL)
    assert found.reason is (Reason.STOOD_AT_THE_DECREE if then else Reason.STOOD_AFTER_THE_DECREE)
    assert found.facts.get("next_act") == (None if then else "open_revocation")
    (fraud,) = found_since(ground=WithdrawalGround.FRAUD, readings=READINGS, **given)
    assert (fraud.reason, fraud.facts["next_act"]) == (Reason.FRAUD_HEARD_AS_A_CASE, "open_revocation")


def test_art03_who_withdrew_on_the_day_of_the_decree_or_later_is_told() -> None:
    withdrawn = {"甲": date(2024, 6, 4), "乙": DAY, "丙": date(2024, 6, 6)}
    told = withdrawn_meanwhile(dated=DAY, withdrawn=withdrawn, readings=READINGS)
    assert [(item.reason, item.facts["organisation"]) for item in told] == [
        (Reason.WITHDRAWN_MEANWHILE, "乙"),
        (Reason.WITHDRAWN_MEANWHILE, "丙"),
    ]
    told = withdrawn_meanwhile(dated=DAY, withdrawn=withdrawn, left_out={"丙", "甲"}, readings=READINGS)
    assert [(item.reason, item.facts["organisation"]) for item in told] == [
        (Reason.WITHDRAWN_MEANWHILE, "乙"),
        (Reason.LEFT_OUT_AS_WITHDRAWN, "丙"),
    ]
    reading = READINGS.cite("decree_entered_after_a_withdrawal")
    assert all((item.facts["dated"], item.facts["reading"]) == ("2024-06-05", reading) for item in told)


@pytest.mark.parametrize(
    ("stood_on", "conferred_on", "reason", "next_act"),
    [
        (date(2024, 6, 4), DAY, Reason.AWARD_CONCERNED, "raise_conferral_doubt"),
        (DAY, DAY, Reason.AWARD_CONCERNED, "raise_conferral_doubt"),
        (date(2024, 6, 6), DAY, None, None),
        (DAY, None, Reason.APPROVAL_CONCERNED, "withdraw_award"),
        (date(2024, 6, 6), None, Reason.APPROVAL_CONCERNED, "withdraw_award"),
    ],
)
def test_art22_a_fact_of_the_day_of_the_decree_or_before_concerns_the_award(
    stood_on: date, conferred_on: date | None, reason: Reason | None, next_act: str | None
) -> None:
    found = award_concerned(
        condition=WithdrawalGround.RECORD,
        stood_on=stood_on,
        award_id="1",
        organisation="甲",
        conferred_on=conferred_on,
        readings=READINGS,
    )
    if reason is None:
        assert found == []
        return
    (told,) = found
    assert (told.rule, told.outcome, told.reason, told.facts["next_act"]) == (
        "art22.approval",
        Outcome.PASS,
        reason,
        next_act,
    )
    assert (told.facts["condition"], told.facts["organisation"], told.facts["award_id"]) == (
        "art13.6.record",
        "甲",
        "1",
    )
    assert told.facts["stood_on"] == stood_on.isoformat()
    assert told.facts.get("conferred_on") == (None if conferred_on is None else conferred_on.isoformat())
    assert told.facts["reading"] == READINGS.cite("conferral_in_doubt")
