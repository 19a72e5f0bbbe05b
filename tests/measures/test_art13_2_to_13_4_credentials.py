"""Art. 13(2) to 13(4): what has to be held on the day of the test, both ends of validity included."""

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest

from app.measures.credentials import (
    RULES_OF_CREDENTIALS,
    Credentials,
    certified,
    licences_held,
    named_credential,
    safety_standardised,
    same_number,
    without_withdrawn,
)
from app.measures.facts import (
    CertificateKind,
    CredentialKind,
    CredentialWithdrawal,
    Licence,
    SafetyStandardisation,
)
from app.measures.findings import Finding
from app.measures.interpretations import Readings
from tests.measures.eligibility_samples import CERTIFICATE, LICENCE, SAFETY, TEST_DATE, one, organisation, said
from tests.measures.procedure_samples import PARAMETERS, READINGS, reading
from tests.support.facts import part

NOT_REQUIRED = reading("safety_for_services", "not_required")


class TestLicences:
    """art13.2.compliance, the part that the service decides."""

    RULE = "art13.2.compliance"

    @pytest.mark.parametrize(
        ("valid_to", "outcome"),
        [
            (date(2024, 6, 9), "fail"),
            (date(2024, 6, 10), "pass"),
            (date(2024, 6, 11), "pass"),
            (None, "pass"),
        ],
    )
    def test_a_required_licence_is_unexpired_through_its_last_day(self, valid_to: date | None, outcome: str) -> None:
        found = licences_held(licences=[replace(LICENCE, valid_to=valid_to)], test_date=TEST_DATE)
        if outcome == "pass":
            one(found, self.RULE, "pass", licences=["食品生产许可证"], test_date="2024-06-10")
        else:
            refusal = one(
                found,
                self.RULE,
                "fail",
                "licence_expired",
                kind="食品生产许可证",
                number="SC-1",
                valid_to="2024-06-09",
                test_date="2024-06-10",
            )
            assert refusal.remedy is not None

    @pytest.mark.parametrize("number", ["", "  ", "-"])
    @pytest.mark.parametrize("valid_to", [None, date(2020, 1, 1)])
    def test_a_required_licence_without_a_number_is_missing(self, number: str, valid_to: date | None) -> None:
        found = licences_held(licences=[replace(LICENCE, number=number, valid_to=valid_to)], test_date=TEST_DATE)
        assert one(found, self.RULE, "fail", "licence_missing", number=number).remedy is not None

    def test_every_defect_is_told(self) -> None:
        expired = replace(LICENCE, kind="排污许可证", valid_to=date(2024, 1, 1))
        found = licences_held(licences=[replace(LICENCE, number=""), LICENCE, expired], test_date=TEST_DATE)
        said(found, (self.RULE, "fail"), (self.RULE, "fail"))
        assert [item.facts["kind"] for item in found] == ["食品生产许可证", "排污许可证"]

    def test_a_licence_that_the_trade_does_not_need_is_not_looked_at(self) -> None:
        found = licences_held(
            licences=[replace(LICENCE, required=False, valid_to=date(2020, 1, 1))],
            test_date=TEST_DATE,
        )
        one(found, self.RULE, "pass", licences=[])

    def test_a_trade_that_needs_none_needs_none(self) -> None:
        one(licences_held(licences=[], test_date=TEST_DATE), self.RULE, "pass", licences=[])


class TestCertificates:
    """art13.3.certified."""

    RULE = "art13.3.certified"
    TOLD: ClassVar = {"standard": "GB/T 19001", "number": "Q-1", "valid_from": "2022-01-01", "valid_to": "2025-12-31"}

    @pytest.mark.parametrize(
        ("test_date", "outcome"),
        [
            (date(2021, 12, 31), "fail"),
            (date(2022, 1, 1), "pass"),
            (date(2025, 12, 31), "pass"),
            (date(2026, 1, 1), "fail"),
        ],
    )
    def test_a_certificate_is_valid_from_its_first_through_its_last_day(self, test_date: date, outcome: str) -> None:
        one(
            certified(certificates=[CERTIFICATE], test_date=test_date),
            self.RULE,
            outcome,
            test_date=test_date.isoformat(),
            certificates=[self.TOLD],
        )

    @pytest.mark.parametrize("standard", ["GB/T 24001", "GB/T 45001", "ISO 22000", "HACCP"])
    def test_any_related_standard_does(self, standard: str) -> None:
        found = certified(certificates=[replace(CERTIFICATE, standard=standard)], test_date=TEST_DATE)
        assert part(one(found, self.RULE, "pass").facts, "certificates", 0, "standard") == standard

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": CertificateKind.PRODUCT},
            {"kind": CertificateKind.OTHER},
            {"number": " "},
            {"number": "—"},
        ],
    )
    def test_a_product_certificate_or_one_without_a_number_does_not_count(self, change: dict[str, Any]) -> None:
        found = certified(certificates=[replace(CERTIFICATE, **change)], test_date=TEST_DATE)
        assert one(found, self.RULE, "fail", certificates=[]).remedy is not None

    def test_one_valid_certificate_beside_an_expired_one_is_enough(self) -> None:
        expired = replace(CERTIFICATE, number="Q-0", valid_to=date(2023, 1, 1))
        one(
            certified(certificates=[expired, CERTIFICATE], test_date=TEST_DATE),
            self.RULE,
            "pass",
            certificates=[self.TOLD],
        )

    def test_without_any_certificate_it_fails(self) -> None:
        one(certified(certificates=[], test_date=TEST_DATE), self.RULE, "fail", certificates=[])


class TestSafety:
    """art13.4.safety."""

    RULE = "art13.4.safety"

    def judge(
        self,
        safety: SafetyStandardisation | None,
        *,
        readings: Readings = READINGS,
        worst: int = 3,
        test_date: date = TEST_DATE,
        **changes: Any,
    ) -> list[Finding]:
        return safety_standardised(
            organisation=organisation(**changes),
            safety=safety,
            test_date=test_date,
            parameters=replace(PARAMETERS, safety_level_max=worst),
            readings=readings,
        )

    @pytest.mark.parametrize(
        ("level", "outcome"),
        [
            (0, "fail"),
            (1, "pass"),
            (2, "pass"),
            (3, "pass"),
            (4, "fail"),
            (-1, "fail"),
        ],
    )
    def test_levels_one_to_three_do(self, level: int, outcome: str) -> None:
        one(self.judge(replace(SAFETY, level=level)), self.RULE, outcome, level=level, level_max=3, number="AQB-1")

    def test_the_lowest_level_is_the_instruments(self) -> None:
        one(self.judge(SAFETY, worst=2), self.RULE, "fail", "safety_level_insufficient", level_max=2)
        one(self.judge(replace(SAFETY, level=4), worst=4), self.RULE, "pass", "safety_certificate_valid", applies=True)

    @pytest.mark.parametrize(("test_date", "outcome"), [(date(2025, 12, 31), "pass"), (date(2026, 1, 1), "fail")])
    def test_the_certificate_is_valid_through_its_last_day(self, test_date: date, outcome: str) -> None:
        found = one(
            self.judge(SAFETY, test_date=test_date),
            self.RULE,
            outcome,
            valid_to="2025-12-31",
            test_date=test_date.isoformat(),
        )
        assert (found.remedy is not None) is (outcome == "fail")

    @pytest.mark.parametrize("number", [" ", "/"])
    def test_a_certificate_without_a_number_is_refused(self, number: str) -> None:
        found = one(
            self.judge(replace(SAFETY, certificate_number=number)), self.RULE, "fail", "certificate_number_missing"
        )
        assert found.remedy is not None

    def test_every_defect_is_told(self) -> None:
        bad = SafetyStandardisation(4, "", date(2024, 6, 9))
        found = said(self.judge(bad), (self.RULE, "fail"), (self.RULE, "fail"), (self.RULE, "fail"))
        assert [item.facts["level"] for item in found] == [4, 4, 4]

    def test_a_producing_or_operating_organisation_without_any_is_refused(self) -> None:
        found = one(self.judge(None), self.RULE, "fail", "safety_certificate_missing", level_max=3)
        assert found.remedy is not None

    def test_it_does_not_apply_to_a_non_profit_organisation(self) -> None:
        found = self.judge(None, operating=False)
        one(found, self.RULE, "pass", "operating_organisations_only", applies=False, test_date="2024-06-10")

    def test_a_for_profit_school_is_an_operating_organisation(self) -> None:
        one(self.judge(None, sector="8334"), self.RULE, "fail")

    def test_services_need_it_unless_an_interpretation_is_registered(self) -> None:
        found = one(self.judge(None, sector="6110"), self.RULE, "fail")
        assert found.facts["reading"] == {"key": "safety_for_services", "value": "required", "document": None}
        told = one(
            self.judge(None, sector="6110", readings=NOT_REQUIRED),
            self.RULE,
            "pass",
            "manufacturing_only",
            applies=False,
            sector="6110",
        )
        assert part(told.facts, "reading", "value") == "not_required"

    @pytest.mark.parametrize("sector", ["1495", "13", "9999"])
    def test_the_interpretation_frees_neither_manufacturing_nor_an_unknown_sector(self, sector: str) -> None:
        one(self.judge(None, sector=sector, readings=NOT_REQUIRED), self.RULE, "fail")


HELD = Credentials(
    (replace(CERTIFICATE, number="Q-１"),),
    (Licence("排污许可证", "P 2", None, True), Licence("采矿许可证", "", None, True)),
    SafetyStandardisation(3, "s—3", date(2027, 1, 1)),
)


@pytest.mark.parametrize(
    ("kind", "number", "rule"),
    [
        (CredentialKind.CERTIFICATE, "q1", "art13.3.certified"),
        (CredentialKind.LICENCE, "ｐ-2", "art13.2.compliance"),
        (CredentialKind.SAFETY, "S3", "art13.4.safety"),
    ],
)
def test_a_withdrawal_names_a_credential_that_is_listed(kind: CredentialKind, number: str, rule: str) -> None:
    one(named_credential(kind=kind, number=number, held=HELD), rule, "pass", number=number)
    for other in CredentialKind:
        if other is not kind:
            one(named_credential(kind=other, number=number, held=HELD), RULES_OF_CREDENTIALS[other], "fail")
    nothing = Credentials((), (), None)
    one(named_credential(kind=kind, number=number, held=nothing), rule, "fail", "lists none", numbers=[])


def test_what_has_no_letter_or_digit_is_nobodys_number() -> None:
    assert same_number("A-1", "a 1")
    assert not same_number("—", "-")
    assert not same_number("A1", "A11")
    found = named_credential(kind=CredentialKind.LICENCE, number="-", held=HELD)
    one(found, "art13.2.compliance", "fail", numbers=["P 2"])


def test_a_withdrawal_is_borne_by_the_credential_of_its_kind_and_number_alone() -> None:
    day = date(2024, 6, 1)
    for kind in CredentialKind:
        held = without_withdrawn(
            certificates=HELD.certificates,
            licences=HELD.licences,
            safety=HELD.safety,
            withdrawals=[
                CredentialWithdrawal(kind, number, on)
                for number in ("Q1", "P2", "S3", "")
                for on in (date(2024, 7, 1), day, date(2024, 8, 1))
            ],
        )
        assert held.safety is not None
        borne = [item.withdrawal for item in (held.certificates[0], held.licences[0], held.safety)]
        assert [item is not None for item in borne] == [kind is item for item in CredentialKind]
        assert [item.withdrawn_on for item in borne if item is not None] == [day]
        assert held.licences[1].withdrawal is None
        # What is printed on it stays told.
        printed = (held.certificates[0].valid_to, held.licences[0].valid_to, held.safety.valid_to)
        assert printed == (CERTIFICATE.valid_to, None, date(2027, 1, 1))


@pytest.mark.parametrize(("issued_on", "borne"), [(date(2024, 6, 1), True), (date(2024, 6, 2), False)])
def test_a_certificate_issued_after_the_withdrawal_is_another_one(issued_on: date, borne: bool) -> None:
    later = date(2024, 9, 1)
    for withdrawals, expected in (
        ([date(2024, 6, 1)], date(2024, 6, 1) if borne else None),
        ([date(2024, 6, 1), later], date(2024, 6, 1) if borne else later),
    ):
        held = without_withdrawn(
            certificates=[replace(CERTIFICATE, number="Q1", valid_from=issued_on)],
            licences=[],
            safety=None,
            withdrawals=[CredentialWithdrawal(CredentialKind.CERTIFICATE, "Q1", on) for on in withdrawals],
        )
        found = held.certificates[0].withdrawal
        assert (None if found is None else found.withdrawn_on) == expected


@pytest.mark.parametrize(("issued_on", "borne"), [(None, True), (date(2024, 6, 1), True), (date(2024, 6, 2), False)])
def test_a_licence_and_a_safety_certificate_issued_after_the_withdrawal_are_others(
    issued_on: date | None, borne: bool
) -> None:
    for kind in (CredentialKind.LICENCE, CredentialKind.SAFETY):
        held = without_withdrawn(
            certificates=[],
            licences=[replace(LICENCE, number="N-1", issued_on=issued_on)],
            safety=replace(SAFETY, certificate_number="N-1", issued_on=issued_on),
            withdrawals=[CredentialWithdrawal(kind, "n1", date(2024, 6, 1))],
        )
        assert held.safety is not None
        found = {
            CredentialKind.LICENCE: held.licences[0].withdrawal,
            CredentialKind.SAFETY: held.safety.withdrawal,
        }
        assert [key for key, item in found.items() if item is not None] == ([kind] if borne else [])


def judged(kind: CredentialKind, withdrawal: CredentialWithdrawal, valid_to: date, day: date) -> list[Finding]:
    """What the condition of the credential says on the day, of one with this printed end."""
    if kind is CredentialKind.LICENCE:
        return licences_held(
            licences=[replace(LICENCE, number="N-1", valid_to=valid_to, withdrawal=withdrawal)], test_date=day
        )
    if kind is CredentialKind.CERTIFICATE:
        other = replace(CERTIFICATE, valid_to=date(2024, 1, 31))
        held = replace(CERTIFICATE, number="N-1", valid_to=valid_to, withdrawal=withdrawal)
        return certified(certificates=[other, held], test_date=day)
    return safety_standardised(
        organisation=organisation(),
        safety=replace(SAFETY, certificate_number="N-1", valid_to=valid_to, withdrawal=withdrawal),
        test_date=day,
        parameters=PARAMETERS,
        readings=READINGS,
    )


@pytest.mark.parametrize("kind", list(CredentialKind))
@pytest.mark.parametrize(
    ("valid_to", "day", "reason"),
    [
        (date(2029, 1, 1), date(2024, 5, 31), None),
        (date(2029, 1, 1), date(2024, 6, 1), "credential_withdrawn"),
        (date(2029, 1, 1), date(2024, 6, 2), "credential_withdrawn"),
        (date(2024, 6, 1), date(2024, 6, 2), "credential_withdrawn"),
        (date(2024, 5, 31), date(2024, 6, 2), "expired"),
    ],
)
def test_a_withdrawn_credential_is_told_as_withdrawn_with_record_day_and_source(
    kind: CredentialKind, valid_to: date, day: date, reason: str | None
) -> None:
    rule = RULES_OF_CREDENTIALS[kind]
    withdrawal = CredentialWithdrawal(kind, "ｎ 1", date(2024, 6, 1), "r-1", "样例发证机关")
    found = judged(kind, withdrawal, valid_to, day)
    if reason is None:
        one(found, rule, "pass")
        return
    (refusal,) = [item for item in found if item.rule == rule]
    assert refusal.outcome == "fail"
    told = {"withdrawn_number": "N-1", "withdrawn_on": "2024-06-01", "record": "r-1", "source": "样例发证机关"}
    if reason == "credential_withdrawn":
        assert refusal.reason == reason and told.items() <= refusal.facts.items()
        shown = str(refusal.facts.get("valid_to") or refusal.facts["certificates"])
        assert valid_to.isoformat() in shown
    else:
        assert refusal.reason != "credential_withdrawn" and "withdrawn_on" not in refusal.facts
    assert refusal.facts["test_date"] == day.isoformat()
