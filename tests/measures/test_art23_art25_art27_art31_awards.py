"""Arts. 23, 25, 27, 31 (art23.validity, art23.title_use, art25.sharing, art27.visits, art31.verification)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.reasons import Reason
from app.measures.revocations import prevailing_end
from app.measures.sharing import SharingItem, declining_legitimate, sharing_publishable
from app.measures.title_use import TitleUse, TitleUseKind, misuse_recorded, title_use_allowed
from app.measures.validity import (
    AwardFacts,
    CertificateStatus,
    RevokedUnder,
    certificate_number,
    certificate_status,
    last_valid_day,
    valid_on,
)
from app.measures.visits import VisitFacts, visit_complete
from tests.measures.procedure_samples import PARAMETERS, only, refused

AWARD = AwardFacts("甲", date(2025, 3, 10), 2024)
REVOKED = replace(AWARD, revoked_on=date(2026, 5, 1))
REVOKED_LATE = replace(AWARD, revoked_on=date(2029, 1, 1))


@pytest.mark.parametrize(
    ("decree", "last"),
    [
        (date(2025, 3, 10), date(2028, 3, 10)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 12, 31), date(2028, 12, 31)),
    ],
)
def test_validity_is_three_calendar_years_the_last_day_included(decree: date, last: date) -> None:
    award = replace(AWARD, decree_date=decree)
    assert last_valid_day(award=award, parameters=PARAMETERS) == last
    assert last_valid_day(award=award, parameters=replace(PARAMETERS, validity_years=1)) < last


@pytest.mark.parametrize("under", list(RevokedUnder))
def test_a_certificate_says_under_which_article_it_holds_no_more(under: RevokedUnder) -> None:
    award = replace(REVOKED, revoked_under=under)
    answer = certificate_status(award=award, on=date(2026, 5, 1), parameters=PARAMETERS)
    taken_back = under is RevokedUnder.TAKEN_BACK
    reason = Reason.CONFERRAL_TAKEN_BACK if taken_back else Reason.AWARD_REVOKED
    assert (answer.status, answer.revoked_under) == (CertificateStatus.REVOKED, under)
    assert only(answer.findings, "art31.verification", "pass").reason is reason
    assert refused(valid_on(award=award, on=date(2026, 5, 1), parameters=PARAMETERS), "art23.validity") == [reason]
    # Not before its day.
    before = certificate_status(award=award, on=date(2026, 4, 30), parameters=PARAMETERS)
    assert (before.status, before.revoked_under) == (CertificateStatus.VALID, None)


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (["grounds"], "grounds"),
        (["taken_back"], "taken_back"),
        (["fraud"], "fraud"),
        (["grounds", "taken_back"], "taken_back"),
        (["taken_back", "fraud"], "fraud"),
        (["grounds", "taken_back", "fraud"], "fraud"),
    ],
)
def test_art26_28_of_several_ends_the_one_that_prevails_is_told(ends: list[str], told: str) -> None:
    assert prevailing_end(ends=[RevokedUnder(item) for item in ends]) == told


@pytest.mark.parametrize(
    ("award", "on", "status"),
    [
        (AWARD, date(2025, 3, 9), CertificateStatus.NOT_YET_VALID),
        (AWARD, date(2025, 3, 10), CertificateStatus.VALID),
        (AWARD, date(2028, 3, 10), CertificateStatus.VALID),
        (AWARD, date(2028, 3, 11), CertificateStatus.EXPIRED),
        (REVOKED, date(2026, 4, 30), CertificateStatus.VALID),
        (REVOKED, date(2026, 5, 1), CertificateStatus.REVOKED),
        (REVOKED, date(2030, 1, 1), CertificateStatus.REVOKED),
        (REVOKED_LATE, date(2028, 12, 31), CertificateStatus.EXPIRED),
        (REVOKED_LATE, date(2029, 1, 1), CertificateStatus.REVOKED),
    ],
)
def test_a_certificate_is_valid_expired_or_revoked_with_its_dates(
    award: AwardFacts, on: date, status: CertificateStatus
) -> None:
    answer = certificate_status(award=award, on=on, parameters=PARAMETERS)
    assert (answer.status, answer.valid_from, answer.last_day) == (status, date(2025, 3, 10), date(2028, 3, 10))
    shown = status is CertificateStatus.REVOKED
    assert answer.revoked_on == (award.revoked_on if shown else None)
    finding = only(answer.findings, "art31.verification", "pass")
    assert dict(finding.facts) == {
        "status": status.value,
        "on": on.isoformat(),
        "valid_from": "2025-03-10",
        "last_day": "2028-03-10",
        "revoked_on": award.revoked_on.isoformat() if shown and award.revoked_on else None,
    }
    validity = valid_on(award=award, on=on, parameters=PARAMETERS)
    told = only(validity, "art23.validity", "pass" if status is CertificateStatus.VALID else "fail")
    assert (told.facts["status"], told.facts["organisation"]) == (status.value, "甲")
    assert told.message == finding.message


def test_what_a_certificate_says_of_itself() -> None:
    messages = [
        certificate_status(award=award, on=on, parameters=PARAMETERS).findings[0].reason
        for award, on in (
            (AWARD, date(2025, 1, 1)),
            (AWARD, date(2026, 1, 1)),
            (AWARD, date(2029, 1, 1)),
            (REVOKED, date(2029, 1, 1)),
        )
    ]
    assert messages == [
        "validity_not_begun",
        "in_validity",
        "validity_over",
        "award_revoked",
    ]


def test_awards_of_two_rounds_are_valid_side_by_side() -> None:
    second = AwardFacts("乙", date(2027, 3, 1), 2026)
    for award in (AWARD, second):
        only(valid_on(award=award, on=date(2027, 6, 1), parameters=PARAMETERS), "art23.validity", "pass")


IN = date(2026, 1, 1)
PRODUCT = "never_for_products"
OUTSIDE = "outside_validity"
YEAR = "award_year_not_stated"


@pytest.mark.parametrize(
    ("kind", "on", "year", "award", "messages"),
    [
        (TitleUseKind.IMAGE, IN, 2024, AWARD, []),
        (TitleUseKind.IMAGE, date(2025, 3, 10), 2024, AWARD, []),
        (TitleUseKind.IMAGE, date(2028, 3, 10), 2024, AWARD, []),
        (TitleUseKind.IMAGE, date(2028, 3, 11), 2024, AWARD, [OUTSIDE]),
        (TitleUseKind.IMAGE, date(2025, 3, 9), 2024, AWARD, [OUTSIDE]),
        (TitleUseKind.IMAGE, IN, None, AWARD, [YEAR]),
        (TitleUseKind.IMAGE, IN, 2025, AWARD, [YEAR]),
        (TitleUseKind.PRODUCT, IN, 2024, AWARD, [PRODUCT]),
        (TitleUseKind.PACKAGE, IN, 2024, AWARD, [PRODUCT]),
        (TitleUseKind.PACKAGE, date(2029, 1, 1), None, AWARD, [PRODUCT, OUTSIDE]),
        (TitleUseKind.IMAGE, date(2026, 5, 1), 2024, REVOKED, [OUTSIDE]),
    ],
)
def test_the_title_is_used_in_validity_for_the_image_with_its_year_and_never_on_products(
    kind: TitleUseKind, on: date, year: int | None, award: AwardFacts, messages: list[str]
) -> None:
    findings = title_use_allowed(use=TitleUse(kind, on, year), award=award, parameters=PARAMETERS)
    assert refused(findings, "art23.title_use") == messages
    assert all(item.remedy is not None for item in findings) is bool(messages)
    assert {item.facts["kind"] for item in findings} == {kind.value}
    if not messages:
        assert only(findings, "art23.title_use", "pass").facts["award_year"] == 2024


@pytest.mark.parametrize(
    ("description", "order", "due_on", "missing"),
    [
        ("包装标注", "限期改正", IN, None),
        (" ", "", None, ["description", "correction_order", "due_on"]),
        ("包装标注", "限期改正", None, ["due_on"]),
    ],
)
def test_misuse_is_recorded_with_a_correction_order(
    description: str, order: str, due_on: date | None, missing: list[str] | None
) -> None:
    findings = misuse_recorded(description=description, correction_order=order, due_on=due_on)
    finding = only(findings, "art23.title_use", "fail" if missing else "pass")
    assert finding.facts.get("missing") == missing


VISIT = VisitFacts("2026年巡访计划", IN, ("王某", "张某"), "体系运行正常", "无")
NOT_CURRENT = "outside_validity"
INCOMPLETE = "visit_incomplete"


@pytest.mark.parametrize(
    ("changes", "award", "messages", "missing"),
    [
        ({}, AWARD, [], None),
        ({"visited_on": date(2028, 3, 10)}, AWARD, [], None),
        ({"visited_on": date(2028, 3, 11)}, AWARD, [NOT_CURRENT], None),
        ({"visited_on": date(2026, 5, 1)}, REVOKED, [NOT_CURRENT], None),
        ({"plan": ""}, AWARD, [INCOMPLETE], ["plan"]),
        ({"visitors": ()}, AWARD, [INCOMPLETE], ["visitors"]),
        ({"visitors": (" ",)}, AWARD, [INCOMPLETE], ["visitors"]),
        ({"findings": " "}, AWARD, [INCOMPLETE], ["findings"]),
        ({"follow_up": ""}, AWARD, [INCOMPLETE], ["follow_up"]),
        ({"visited_on": date(2029, 1, 1), "plan": ""}, AWARD, [NOT_CURRENT, INCOMPLETE], ["plan"]),
    ],
)
def test_a_visit_goes_to_a_current_winner_and_is_wholly_recorded(
    changes: dict[str, Any], award: AwardFacts, messages: list[str], missing: list[str] | None
) -> None:
    findings = visit_complete(visit=replace(VISIT, **changes), award=award, parameters=PARAMETERS)
    assert refused(findings, "art27.visits") == messages
    assert findings[-1].facts.get("missing") == missing
    assert findings[0].facts["organisation"] == "甲"
    if not messages:
        only(findings, "art27.visits", "pass")


def test_a_trade_secret_is_never_published() -> None:
    items = [SharingItem("班组看板", False, True), SharingItem("配方", True, False), SharingItem("样本", False, False)]
    finding = only(sharing_publishable(items=items), "art25.sharing", "pass")
    assert (finding.facts["published"], finding.facts["withheld"]) == (["班组看板"], ["配方"])
    finding = only(sharing_publishable(items=[*items, SharingItem("工艺", True, True)]), "art25.sharing", "fail")
    assert finding.facts["items"] == ["工艺"]


@pytest.mark.parametrize(("secret", "outcome"), [(True, "pass"), (False, "fail")])
def test_declining_on_a_trade_secret_is_legitimate(secret: bool, outcome: str) -> None:
    finding = only(declining_legitimate(on_trade_secret=secret, reason="x"), "art25.sharing", outcome)
    assert finding.facts["reason"] == "x"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("HCDH-2024-01", "HCDH-2024-01"),
        ("hcdh-2024-01", "HCDH-2024-01"),
        ("ＨＣＤＨ－２０２４—０１", "HCDH-2024-01"),
        (" HCDH 2024 01 ", "HCDH-2024-01"),
        ("HCDH202412", "HCDH-2024-12"),
        ("HCDH-2024-P01", "HCDH-2024-P01"),
        ("hcdh2024p123", "HCDH-2024-P123"),
        ("HCDH-2024-1", "HCDH-2024-1"),
        ("XHCDH-2024-01", "XHCDH-2024-01"),
        ("样例 1", "样例1"),
    ],
)
def test_art31_the_number_of_a_certificate_is_read_as_people_type_it(written: str, number: str) -> None:
    assert certificate_number(written) == number
