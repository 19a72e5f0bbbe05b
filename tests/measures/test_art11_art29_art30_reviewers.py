"""Arts. 11(2), 29, 30 (art11.pool, art29.secrecy, art29.recusal, art30.misconduct): who may review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.measures.reviewers import (
    Case,
    ConflictKind,
    ConflictOfInterest,
    FileAccess,
    PoolEntry,
    conflicts,
    file_may_open,
    misconduct,
    panels_reopened,
    reviewer_in_pool,
    work_appraised,
)
from app.measures.reviews import Stage
from tests.measures.procedure_samples import RULES, only, refused, rules, shanghai

ON = date(2024, 8, 1)
ENTRY = PoolEntry("r1", True, date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("entry", "messages"),
    [
        (ENTRY, []),
        (None, ["not_in_pool"]),
        (replace(ENTRY, active=False), ["reviewer_inactive"]),
        (replace(ENTRY, qualified_from=ON), []),
        (replace(ENTRY, qualified_from=ON + timedelta(days=1)), ["reviewer_not_yet_qualified"]),
        (replace(ENTRY, qualified_from=None), ["reviewer_not_yet_qualified"]),
        (replace(ENTRY, qualified_to=ON), []),
        (replace(ENTRY, qualified_to=None), []),
        (replace(ENTRY, qualified_to=ON - timedelta(days=1)), ["qualification_expired"]),
        (replace(ENTRY, disqualified_on=ON), ["reviewer_disqualified"]),
        (replace(ENTRY, disqualified_on=ON + timedelta(days=1)), []),
        (
            replace(ENTRY, active=False, qualified_from=None, disqualified_on=ON),
            ["reviewer_inactive", "reviewer_disqualified", "reviewer_not_yet_qualified"],
        ),
    ],
)
def test_a_reviewer_is_in_the_pool_active_and_qualified_on_the_day(
    entry: PoolEntry | None, messages: list[str]
) -> None:
    findings = reviewer_in_pool(entry=entry, on=ON)
    assert refused(findings, "art11.pool") == messages
    assert all(item.facts["on"] == "2024-08-01" for item in findings)
    if not messages:
        assert only(findings, "art11.pool", "pass").facts["reviewer"] == "r1"


def test_every_reviewers_work_is_appraised() -> None:
    finding = only(work_appraised(assigned=["r2", "r1", "r3", "r1"], appraised=["r1"]), "art11.pool", "fail")
    assert finding.facts["reviewers"] == ["r2", "r3"]
    finding = only(work_appraised(assigned=["r1"], appraised=["r1", "r9"]), "art11.pool", "pass")
    assert finding.facts["reviewers"] == ["r1"]


AT = shanghai(2024, 8, 1, 9)
ACCESS = FileAccess("r1", AT, True, AT - timedelta(hours=1), AT - timedelta(hours=1))
LATER = AT + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("access", "messages"),
    [
        (ACCESS, []),
        (replace(ACCESS, confidentiality_signed_at=AT, integrity_signed_at=AT), []),
        (replace(ACCESS, assigned=False), ["not_assigned"]),
        (replace(ACCESS, confidentiality_signed_at=None), ["undertaking_missing"]),
        (replace(ACCESS, confidentiality_signed_at=LATER), ["undertaking_missing"]),
        (replace(ACCESS, integrity_signed_at=None), ["undertaking_missing"]),
        (replace(ACCESS, integrity_signed_at=LATER), ["undertaking_missing"]),
    ],
)
def test_both_undertakings_are_signed_before_an_assigned_file_opens(access: FileAccess, messages: list[str]) -> None:
    findings = file_may_open(access=access)
    assert refused(findings, "art29.secrecy") == messages
    assert findings[0].facts["at"] == datetime.isoformat(AT)
    if not messages:
        only(findings, "art29.secrecy", "pass")


def test_every_reason_to_keep_a_file_closed_is_told() -> None:
    access = FileAccess("r1", AT, False, None, None)
    assert len(refused(file_may_open(access=access), "art29.secrecy")) == 3


CASE = Case(frozenset({"ORG", "PREDECESSOR"}), "UNIT")
WORK = [ConflictKind.EMPLOYMENT, ConflictKind.CONSULTING, ConflictKind.TRAINING, ConflictKind.CERTIFICATION]
TIES = [ConflictKind.SHARES, ConflictKind.KINSHIP, ConflictKind.COMPETITOR, ConflictKind.RECOMMENDING_UNIT_STAFF]


def barred(interest: ConflictOfInterest, years: int = 3, on: date = ON) -> bool:
    findings = conflicts(reviewer="r1", known=[interest], case=CASE, on=on, rules=rules(recusal_years=years))
    return bool(refused(findings, "art29.recusal"))


@pytest.mark.parametrize("kind", list(ConflictKind))
def test_any_lasting_interest_bars(kind: ConflictKind) -> None:
    party = "UNIT" if kind is ConflictKind.RECOMMENDING_UNIT_STAFF else "ORG"
    finding = only(
        conflicts(reviewer="r1", known=[ConflictOfInterest(kind, party, detected=True)], case=CASE, on=ON, rules=RULES),
        "art29.recusal",
        "fail",
    )
    assert dict(finding.facts) == {
        "reviewer": "r1",
        "kind": kind.value,
        "party": party,
        "detected": True,
        "until": None,
        "on": "2024-08-01",
    }
    assert not barred(ConflictOfInterest(kind, "ELSEWHERE"))
    assert not barred(ConflictOfInterest(kind, "ORG" if party == "UNIT" else "UNIT"))


@pytest.mark.parametrize("kind", WORK)
def test_past_work_bars_for_three_years_with_the_anniversary(kind: ConflictKind) -> None:
    assert barred(ConflictOfInterest(kind, "PREDECESSOR", until=date(2021, 8, 1)))
    assert not barred(ConflictOfInterest(kind, "PREDECESSOR", until=date(2021, 7, 31)))
    assert barred(ConflictOfInterest(kind, "ORG", until=date(2022, 8, 1)), years=2)
    assert not barred(ConflictOfInterest(kind, "ORG", until=date(2022, 7, 31)), years=2)


@pytest.mark.parametrize("kind", TIES)
def test_other_interests_bar_as_long_as_they_last(kind: ConflictKind) -> None:
    party = "UNIT" if kind is ConflictKind.RECOMMENDING_UNIT_STAFF else "ORG"
    assert barred(ConflictOfInterest(kind, party, until=ON))
    assert not barred(ConflictOfInterest(kind, party, until=ON - timedelta(days=1)))


def test_each_interest_is_told_and_none_is_a_pass() -> None:
    interests = [
        ConflictOfInterest(ConflictKind.SHARES, "ORG"),
        ConflictOfInterest(ConflictKind.KINSHIP, "ORG", until=ON),
    ]
    findings = conflicts(reviewer="r1", known=interests, case=CASE, on=ON, rules=RULES)
    assert [item.facts["kind"] for item in findings] == ["shares", "kinship"]
    assert findings[1].facts["until"] == "2024-08-01"
    only(conflicts(reviewer="r1", known=[], case=CASE, on=ON, rules=RULES), "art29.recusal", "pass")


@pytest.mark.parametrize(
    ("panel", "disqualified", "remaining", "reopens"),
    [
        (("r1", "r2", "r3"), ["r2"], ("r1", "r3"), True),
        (("r1", "r2", "r3", "r4"), ["r2"], ("r1", "r3", "r4"), False),
        (("r1", "r2", "r3"), ["r9"], ("r1", "r2", "r3"), False),
        # Below its size for other reasons: Art. 30 re-opens nothing.
        (("r1", "r2"), ["r9"], ("r1", "r2"), False),
        (("r1",), ["r1"], (), True),
    ],
)
@pytest.mark.parametrize("stage", list(Stage))
def test_scores_of_a_disqualified_reviewer_are_set_aside_and_a_short_panel_reopens(
    panel: tuple[str, ...], disqualified: list[str], remaining: tuple[str, ...], reopens: bool, stage: Stage
) -> None:
    own = rules(panel_size_material=3, panel_size_onsite=3)
    answer = misconduct(panel=panel, disqualified=disqualified, rules=own, stage=stage)
    assert (answer.remaining, answer.reopens) == (remaining, reopens)
    assert answer.set_aside == tuple(name for name in panel if name in disqualified)
    finding = only(answer.findings, "art30.misconduct", "fail" if reopens else "pass")
    assert dict(finding.facts) == {
        "stage": stage.value,
        "set_aside": list(answer.set_aside),
        "remaining": len(remaining),
        "required": 3,
    }


def test_whoever_has_recused_does_not_come_back() -> None:
    findings = conflicts(reviewer="r1", known=[], case=CASE, on=ON, rules=RULES, recused=True)
    finding = only(findings, "art29.recusal", "fail")
    assert dict(finding.facts) == {"reviewer": "r1", "recused": True, "on": "2024-08-01"}
    assert finding.remedy is not None


def test_a_closed_stage_opens_for_scores_set_aside_alone() -> None:
    assert only(panels_reopened(reopened=()), "art30.misconduct", "fail").facts["reopened"] == []
    finding = only(panels_reopened(reopened=("b", "a")), "art30.misconduct", "pass")
    assert finding.facts["reopened"] == ["a", "b"]
    assert finding.reason == "panels_reopened"


def test_each_stage_has_its_own_panel_size() -> None:
    own = rules(panel_size_material=2, panel_size_onsite=3)
    for stage, reopens in ((Stage.MATERIAL, False), (Stage.ONSITE, True)):
        assert misconduct(panel=("r1", "r2", "r3"), disqualified=["r1"], rules=own, stage=stage).reopens is reopens


@pytest.mark.parametrize(
    ("kind", "until", "bars"),
    [
        (ConflictKind.EMPLOYMENT, None, True),
        (ConflictKind.EMPLOYMENT, ON, True),
        (ConflictKind.EMPLOYMENT, ON - timedelta(days=1), False),
        (ConflictKind.SHARES, None, True),
        (ConflictKind.SHARES, ON - timedelta(days=1), False),
        (ConflictKind.CONSULTING, None, False),
        (ConflictKind.KINSHIP, None, False),
    ],
)
def test_whoever_belongs_to_a_rival_is_a_competitors_judge(kind: ConflictKind, until: date | None, bars: bool) -> None:
    interest = ConflictOfInterest(kind, "RIVAL", until)
    case = replace(CASE, rivals=frozenset({"RIVAL"}))
    findings = conflicts(reviewer="r1", known=[interest], case=case, on=ON, rules=RULES)
    if bars:
        facts = only(findings, "art29.recusal", "fail").facts
        assert (facts["kind"], facts["party"], facts["detected"]) == ("competitor", "RIVAL", True)
    else:
        only(findings, "art29.recusal", "pass")
    only(conflicts(reviewer="r1", known=[interest], case=CASE, on=ON, rules=RULES), "art29.recusal", "pass")
