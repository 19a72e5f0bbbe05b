"""Art. 13(1) (art13.1.identity): a registration is verified against a document before anything binds; a claim moves it
to its rightful owner."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.measures.findings import needs_decision, passes
from app.measures.ownership import (
    account_kept_out,
    claim_decidable,
    claims_met,
    next_step,
    registration_stands,
    unverifiable,
    verifiable,
    verified_before,
)
from app.measures.reasons import Reason
from tests.measures.eligibility_samples import one, said
from tests.measures.procedure_samples import READINGS, decided, stated

RULE = "art13.1.identity"
NAME, CODE = "样例（会昌）食品有限公司", "91360733MA35ABCD1X"
LAST_SECOND = datetime(2024, 3, 6, 15, 59, 59, 999999, tzinfo=UTC)


def test_a_verified_registration_binds() -> None:
    found = verified_before(
        organisation=NAME, organisation_id="o-1", verified=True, before="link_successor", readings=READINGS
    )
    assert (
        one(found, RULE, "pass", organisation=NAME, reading=READINGS.cite("who_owns_a_registration")).reason
        is Reason.REGISTRATION_VERIFIED
    )


@pytest.mark.parametrize("before", ["confirm_qualified_list", "link_successor"])
def test_an_unverified_one_waits_for_the_office_or_the_unit(before: str) -> None:
    found = verified_before(organisation=NAME, organisation_id="o-1", verified=False, before=before, readings=READINGS)
    told = {"organisation": NAME, "organisation_id": "o-1", "decides": "office_or_unit", "before": before}
    left = one(found, RULE, "needs_decision", "not verified", **told)
    assert left.reason is Reason.REGISTRATION_UNVERIFIED and left.remedy is not None


def test_a_verification_holds_for_what_it_saw() -> None:
    changed = ["name", "registered_address"]
    for verified in (True, False):
        found = verified_before(
            organisation=NAME,
            organisation_id="o-1",
            verified=verified,
            before="issue_decree",
            readings=READINGS,
            changed=changed,
        )
        told = {"changed": changed, "decides": "office_or_unit", "before": "issue_decree", "organisation_id": "o-1"}
        left = one(found, RULE, "needs_decision", "Changed since", organisation=NAME, **told)
        assert left.reason is Reason.REGISTRATION_CHANGED and left.remedy is not None
        assert "名称、注册地址" in left.message.zh and "name, registered address" in left.message.en


def test_a_registration_that_cannot_be_verified_is_decided_against_until_a_document_says_otherwise() -> None:
    def asked(outcome: str, *, verified: bool = False, changed: tuple[str, ...] = ("name",)) -> tuple[str, Reason]:
        (found,) = verified_before(
            organisation=NAME,
            organisation_id="o-1",
            verified=verified,
            before="issue_decree",
            readings=READINGS,
            changed=changed,
            decision=decided(RULE, outcome),
        )
        assert found.facts["organisation"] == NAME
        return found.outcome.value, found.reason

    assert asked("fail") == asked("fail", changed=()) == ("fail", Reason.DECIDED_AGAINST)
    assert asked("fail", verified=True) == ("fail", Reason.DECIDED_AGAINST)
    assert asked("fail", verified=True, changed=()) == ("pass", Reason.REGISTRATION_VERIFIED)
    # A decision verifies nothing.
    assert asked("pass") == ("needs_decision", Reason.REGISTRATION_CHANGED)
    assert asked("pass", changed=()) == ("needs_decision", Reason.REGISTRATION_UNVERIFIED)


def test_the_office_decides_only_against_a_registration_and_only_while_it_is_open() -> None:
    left_open = verified_before(
        organisation=NAME, organisation_id="o-1", verified=False, before="issue_decree", readings=READINGS
    )
    against = one(unverifiable(passing=False, tested=left_open), RULE, "pass", passing=False)
    assert against.reason is Reason.DECIDABLE_BY_A_PERSON
    in_order = [
        passes(RULE, Reason.REGISTRATION_VERIFIED),
        needs_decision("art13.1.local", Reason.UNDECIDED, subject="registration"),
    ]
    for passing, tested in ((True, left_open), (True, in_order), (False, in_order), (False, [])):
        refusal = one(unverifiable(passing=passing, tested=tested), RULE, "fail")
        assert refusal.reason is Reason.VERIFIED_BY_A_DOCUMENT and refusal.remedy is not None


@pytest.mark.parametrize("document_name", [NAME, "样例(会昌)食品有限公司", "样例 (会昌) 食品有限公司"])
def test_a_document_of_the_same_name_and_code_verifies(document_name: str) -> None:
    found = verifiable(name=NAME, code=CODE, document_name=document_name, document_code=CODE)
    told = {"name": NAME, "code": CODE, "document_name": document_name, "document_code": CODE}
    assert one(found, RULE, "pass", **told).reason is Reason.DOCUMENT_AGREES


@pytest.mark.parametrize(
    ("document_name", "document_code"),
    [("样例食品有限公司", CODE), (NAME, "91360733MA35ABCD2X"), ("样例食品有限公司", "91360733MA35ABCD2X")],
)
def test_a_document_of_another_name_or_code_does_not(document_name: str, document_code: str) -> None:
    found = verifiable(name=NAME, code=CODE, document_name=document_name, document_code=document_code)
    told = {"name": NAME, "code": CODE, "document_name": document_name, "document_code": document_code}
    refusal = one(found, RULE, "fail", **told)
    assert refusal.reason is Reason.DOCUMENT_OF_ANOTHER and refusal.remedy is not None


@pytest.mark.parametrize(
    ("own", "evidenced", "decided", "met"),
    [
        (0, 0, False, True),
        (0, 0, True, True),
        (0, 1, False, False),
        (0, 1, True, True),
        (0, 2, True, True),
        (1, 0, False, False),
        (1, 0, True, False),
        (1, 1, True, False),
    ],
)
def test_a_claim_with_evidence_is_decided_by_the_same_look_and_one_without_stops_nothing(
    own: int, evidenced: int, decided: bool, met: bool
) -> None:
    found = one(
        claims_met(own=own, evidenced=evidenced, decided=decided, readings=READINGS),
        RULE,
        "pass" if met else "fail",
        claims=evidenced if met else own + evidenced,
    )
    assert found.reason is (Reason.CLAIMS_MET if met else Reason.CLAIM_FIRST)
    assert found.facts["reading"] == READINGS.cite("who_owns_a_registration")


def decidable(**changes: object) -> tuple[str, Reason]:
    asked: dict[str, object] = {
        "upheld": True,
        "holder_verified": True,
        "replied": False,
        "reply_last_day": date(2024, 3, 6),
        "at": LAST_SECOND,
        "readings": READINGS,
        **changes,
    }
    (found,) = claim_decidable(**asked)  # type: ignore[arg-type]
    last_day = asked["reply_last_day"]
    assert found.rule == RULE
    assert stated(found) == {
        "holder_verified": asked["holder_verified"],
        "replied": asked["replied"],
        "reply_last_day": last_day.isoformat() if isinstance(last_day, date) else None,
        "at": asked["at"].isoformat(),  # type: ignore[attr-defined]
        "reading": READINGS.cite("holder_heard_on_a_claim"),
    }
    return found.outcome.value, found.reason


def test_a_verified_holder_is_heard_to_the_last_second_of_its_day() -> None:
    waits, free = ("fail", Reason.HOLDER_NOT_HEARD), ("pass", Reason.CLAIM_DECIDABLE)
    assert decidable() == waits
    assert decidable(at=LAST_SECOND + timedelta(microseconds=1)) == free
    assert decidable(reply_last_day=None) == waits
    assert decidable(replied=True) == free
    assert decidable(replied=True, reply_last_day=None) == free


def test_who_was_never_verified_is_not_waited_for_nor_is_a_dismissal() -> None:
    free = ("pass", Reason.CLAIM_DECIDABLE)
    assert decidable(holder_verified=False) == free
    assert decidable(upheld=False) == free
    assert decidable(upheld=False, holder_verified=False, reply_last_day=None) == free


def test_nothing_is_done_for_a_superseded_registration() -> None:
    refusal = one(registration_stands(superseded=True), RULE, "fail")
    assert refusal.reason is Reason.REGISTRATION_SUPERSEDED and refusal.remedy is not None
    assert one(registration_stands(superseded=False), RULE, "pass").reason is Reason.REGISTRATION_STANDS


def test_an_account_that_lost_its_organisation_stays_out() -> None:
    refusal = one(account_kept_out(displaced=True), RULE, "fail")
    assert refusal.reason is Reason.ACCOUNT_DISPLACED and refusal.remedy is not None
    assert one(account_kept_out(displaced=False), RULE, "pass").reason is Reason.ACCOUNT_NOT_DISPLACED


@pytest.mark.parametrize(
    ("verified", "own_claim", "claims_against", "told"),
    [
        (True, None, 0, [("pass", Reason.REGISTRATION_IN_ORDER)]),
        (True, None, 2, [("needs_decision", Reason.CODE_CLAIMED)]),
        (False, None, 0, [("needs_decision", Reason.SHOW_A_DOCUMENT)]),
        (False, None, 1, [("needs_decision", Reason.SHOW_A_DOCUMENT), ("needs_decision", Reason.CODE_CLAIMED)]),
        (False, "open", 0, [("needs_decision", Reason.CLAIM_WITHOUT_EVIDENCE)]),
        (False, "evidenced", 0, [("needs_decision", Reason.CLAIM_UNDECIDED)]),
    ],
)
def test_an_organisation_hears_what_to_do_next(
    verified: bool, own_claim: str | None, claims_against: int, told: list[tuple[str, Reason]]
) -> None:
    found = next_step(verified=verified, superseded=False, own_claim=own_claim, claims_against=claims_against)
    assert [(item.outcome.value, item.reason) for item in found] == told
    for item in said(found, *[(RULE, outcome) for outcome, _ in told]):
        assert (item.remedy is None) is (item.outcome.value == "pass")
        if item.reason is Reason.CODE_CLAIMED:
            assert stated(item) == {"claims": claims_against}


def test_an_organisation_hears_what_has_changed_since_it_was_verified() -> None:
    found = next_step(verified=False, superseded=False, own_claim=None, claims_against=1, changed=["name"])
    assert [item.reason for item in found] == [Reason.REGISTRATION_CHANGED, Reason.CODE_CLAIMED]
    assert stated(found[0]) == {"changed": ["name"]} and found[0].remedy is not None
    found = next_step(verified=False, superseded=False, own_claim="open", claims_against=0, changed=["name"])
    assert [item.reason for item in found] == [Reason.CLAIM_WITHOUT_EVIDENCE]


def test_a_superseded_one_hears_that_and_nothing_else() -> None:
    for claims in (0, 1):
        found = next_step(verified=False, superseded=True, own_claim="open", claims_against=claims)
        assert one(found, RULE, "fail").reason is Reason.REGISTRATION_SUPERSEDED
