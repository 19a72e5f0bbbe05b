"""Art. 13(1): registered in the county, a legal person, three years old."""

from dataclasses import replace
from datetime import date

import pytest

from app.measures.facts import LegalForm
from app.measures.findings import obstacles
from app.measures.organisations import age, dissolution_dated, dissolution_withdrawable, legal_person, local
from tests.measures.eligibility_samples import one, organisation, said
from tests.measures.procedure_samples import PARAMETERS, READINGS


def test_the_registered_address_in_the_county_is_local() -> None:
    one(
        local(organisation=organisation(), parameters=PARAMETERS, readings=READINGS),
        "art13.1.local",
        "pass",
        county_code="360733",
        required="360733",
    )


@pytest.mark.parametrize("code", ["360732", "360734", "360700", "", "3607330"])
def test_another_registered_address_is_refused(code: str) -> None:
    one(
        local(organisation=organisation(county_code=code), parameters=PARAMETERS, readings=READINGS),
        "art13.1.local",
        "fail",
        county_code=code,
        required="360733",
    )


def test_the_digits_of_the_credit_code_never_decide_the_location() -> None:
    elsewhere = organisation(uscc="91440300MA5ABCDE1X")
    one(local(organisation=elsewhere, parameters=PARAMETERS, readings=READINGS), "art13.1.local", "pass")
    moved_away = organisation(uscc="91360733MA35ABCD1X", county_code="440300")
    one(local(organisation=moved_away, parameters=PARAMETERS, readings=READINGS), "art13.1.local", "fail")


def test_the_county_is_the_instruments() -> None:
    one(
        local(organisation=organisation(), parameters=replace(PARAMETERS, county_code="360735"), readings=READINGS),
        "art13.1.local",
        "fail",
        required="360735",
    )


@pytest.mark.parametrize(
    "form",
    [
        LegalForm.LIMITED_COMPANY,
        LegalForm.JOINT_STOCK_COMPANY,
        LegalForm.STATE_OWNED_ENTERPRISE,
        LegalForm.COLLECTIVE_ENTERPRISE,
        LegalForm.FOREIGN_COMPANY_SUBSIDIARY,
        LegalForm.PUBLIC_INSTITUTION,
        LegalForm.PRIVATE_NON_ENTERPRISE,
        LegalForm.FARMERS_COOPERATIVE,
        LegalForm.PARTY_OR_STATE_ORGAN,
        LegalForm.SOCIAL_ASSOCIATION,
    ],
)
def test_legal_forms_with_personality(form: LegalForm) -> None:
    found = legal_person(organisation=organisation(legal_form=form), readings=READINGS)
    # What the code says of another form is flagged beside it.
    one(found[:1], "art13.1.legal_person", "pass", "legal_personality_held", legal_form=form.value)
    assert obstacles(found) == []


@pytest.mark.parametrize(
    "form",
    [
        LegalForm.BRANCH,
        LegalForm.SOLE_TRADER,
        LegalForm.PARTNERSHIP,
        LegalForm.SOLE_PROPRIETORSHIP,
        LegalForm.PRIVATE_NON_ENTERPRISE_UNINCORPORATED,
        LegalForm.INDIVIDUAL,
    ],
)
@pytest.mark.parametrize("uscc", ["91360733MA35ABCD1X", "92360733MA35ABCD1X"])
def test_legal_forms_without_personality_are_refused_whatever_the_codes_prefix(form: LegalForm, uscc: str) -> None:
    found = legal_person(organisation=organisation(legal_form=form, uscc=uscc), readings=READINGS)
    assert one(found[:1], "art13.1.legal_person", "fail", legal_form=form.value, uscc=uscc).remedy is not None
    assert obstacles(found) == found[:1]


def test_a_code_that_fails_its_checksum_is_flagged_and_not_refused() -> None:
    found = legal_person(organisation=organisation(uscc_checksum_ok=False), readings=READINGS)
    said(found, ("art13.1.legal_person", "pass"), ("art13.1.legal_person", "pass"))
    assert "flagged" not in found[0].facts
    assert found[1].facts["flagged"] is True
    assert found[1].facts["uscc"] == "91360733MA35ABCD1X"
    assert found[1].facts["reading"] == {"key": "historic_codes", "value": "flagged", "document": None}
    assert "checksum" in found[1].message.en


def test_the_flag_does_not_hide_the_missing_personality() -> None:
    found = legal_person(
        organisation=organisation(uscc_checksum_ok=False, legal_form=LegalForm.BRANCH),
        readings=READINGS,
    )
    said(found, ("art13.1.legal_person", "fail"), ("art13.1.legal_person", "pass"))


@pytest.mark.parametrize(
    ("established_on", "submission", "outcome", "eligible_from"),
    [
        (date(2021, 6, 10), date(2024, 6, 9), "fail", "2024-06-10"),
        (date(2021, 6, 10), date(2024, 6, 10), "pass", "2024-06-10"),
        (date(2021, 6, 11), date(2024, 6, 10), "fail", "2024-06-11"),
        (date(2020, 2, 29), date(2023, 2, 27), "fail", "2023-02-28"),
        (date(2020, 2, 29), date(2023, 2, 28), "pass", "2023-02-28"),
        (date(2015, 1, 1), date(2024, 6, 10), "pass", "2018-01-01"),
        (date(9999, 1, 1), date(2024, 6, 10), "fail", "9999-12-31"),
    ],
)
def test_exactly_three_calendar_years_on_the_day_of_submission_count(
    established_on: date, submission: date, outcome: str, eligible_from: str
) -> None:
    found = age(
        organisation=organisation(established_on=established_on),
        submission_date=submission,
        parameters=PARAMETERS,
    )
    one(
        found,
        "art13.1.age",
        outcome,
        established_on=established_on.isoformat(),
        submission_date=submission.isoformat(),
        eligible_from=eligible_from,
        years=3,
    )


def test_the_age_is_the_instruments() -> None:
    found = age(
        organisation=organisation(established_on=date(2021, 6, 10)),
        submission_date=date(2024, 6, 10),
        parameters=replace(PARAMETERS, operating_age_years=4),
    )
    one(found, "art13.1.age", "fail", "established_too_recently", years=4)


def test_who_is_dissolved_is_nobody_who_applies_whatever_its_form() -> None:
    found = legal_person(organisation=organisation(dissolved_on=date(2024, 5, 21)), readings=READINGS)
    said(found, ("art13.1.legal_person", "pass"), ("art13.1.legal_person", "fail"))
    assert (found[1].reason, found[1].facts["dissolved_on"]) == ("organisation_dissolved", "2024-05-21")
    both = legal_person(
        organisation=organisation(dissolved_on=date(2024, 5, 21), legal_form=LegalForm.BRANCH), readings=READINGS
    )
    assert [item.reason for item in obstacles(both)] == ["legal_personality_missing", "organisation_dissolved"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2015, 5, 19), "dissolved_before_establishment"),
        (date(2015, 5, 20), "dissolution_in_order"),
        (date(2024, 5, 21), "dissolution_in_order"),
        (date(2024, 5, 22), "date_in_future"),
    ],
)
def test_a_dissolution_is_of_a_day_in_the_organisations_life(day: date, reason: str) -> None:
    (found,) = dissolution_dated(dissolved_on=day, established_on=date(2015, 5, 20), today=date(2024, 5, 21))
    assert found.reason == reason
    if reason == "date_in_future":
        assert found.facts["days"] == [day.isoformat()]


def test_what_is_not_on_record_is_not_taken_back() -> None:
    (none,) = dissolution_withdrawable(dissolved_on=None)
    (there,) = dissolution_withdrawable(dissolved_on=date(2024, 5, 21))
    assert (none.reason, there.reason) == ("not_dissolved", "dissolution_recorded")
    assert (none.outcome, there.facts["dissolved_on"]) == ("fail", "2024-05-21")
