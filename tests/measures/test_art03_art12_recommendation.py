"""Arts. 3, 12: one endorsement by one unit, never by the applicant itself, within the unit's own area or industry."""

from dataclasses import replace

import pytest

from app.measures.facts import Endorsement, UnitKind, Verdict
from app.measures.reasons import Reason
from app.measures.recommendations import endorsed_as_it_is, not_itself, recommended
from app.measures.state_machines import RECOMMENDATION
from app.measures.units import industry_decided, jurisdiction, reason_stands
from tests.measures.eligibility_samples import ORGANISATION, endorsement, one, organisation, said
from tests.measures.procedure_samples import READINGS, decided

ONE_UNIT, OWN_AREA = "art03.recommendation", "art12.jurisdiction"
AREA_UNITS = (UnitKind.TOWNSHIP, UnitKind.URBAN_COMMUNITY_COMMITTEE)
TRADE_UNITS = (UnitKind.DEPARTMENT, UnitKind.ASSOCIATION)


@pytest.mark.parametrize("kind", list(UnitKind))
def test_one_endorsement_by_any_kind_of_unit_does(kind: UnitKind) -> None:
    one(recommended(endorsements=[endorsement(unit_kind=kind)]), ONE_UNIT, "pass", endorsements=1, units=["unit-1"])


def test_without_an_endorsement_no_application_goes_forward() -> None:
    found = one(recommended(endorsements=[]), ONE_UNIT, "fail", "No recommending unit", endorsements=0)
    assert found.remedy is not None


@pytest.mark.parametrize("outcome", [state for state in RECOMMENDATION.states if state != "endorsed"])
def test_any_other_answer_is_no_endorsement(outcome: str) -> None:
    one(recommended(endorsements=[endorsement(outcome=outcome)]), ONE_UNIT, "fail", endorsements=0, units=[])
    one(recommended(endorsements=[endorsement(outcome=outcome, unit_id="x"), endorsement()]), ONE_UNIT, "pass")


def test_two_endorsements_are_one_too_many() -> None:
    found = recommended(endorsements=[endorsement(), endorsement(unit_id="unit-2")])
    refusal = one(found, ONE_UNIT, "fail", "More than one", endorsements=2, units=["unit-1", "unit-2"])
    assert refusal.remedy is not None


@pytest.mark.parametrize("code", [ORGANISATION.uscc, ORGANISATION.uscc.lower(), f" {ORGANISATION.uscc} "])
def test_a_unit_never_recommends_itself(code: str) -> None:
    itself = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=code)
    assert one(recommended(endorsements=[itself]), ONE_UNIT, "fail", "itself", units=["unit-1"]).remedy is not None
    assert one(not_itself(endorsement=itself), ONE_UNIT, "fail", "itself", units=["unit-1"]).remedy is not None


def test_it_is_asked_before_there_is_an_answer_too() -> None:
    one(not_itself(endorsement=endorsement(outcome="requested", unit_uscc=ORGANISATION.uscc)), ONE_UNIT, "fail")
    one(not_itself(endorsement=endorsement(outcome="requested")), ONE_UNIT, "pass", units=["unit-1"])


def test_a_unit_without_a_code_is_not_the_applicant() -> None:
    one(recommended(endorsements=[endorsement(unit_uscc=None)]), ONE_UNIT, "pass")


@pytest.mark.parametrize(("endorsed_hash", "outcome"), [("abc", "pass"), (None, "pass"), ("abd", "fail"), ("", "fail")])
def test_a_unit_endorses_what_it_has_read(endorsed_hash: str | None, outcome: str) -> None:
    found = endorsed_as_it_is(endorsed_hash=endorsed_hash, present_hash="abc")
    told = one(found, ONE_UNIT, outcome, endorsed_hash=endorsed_hash, present_hash="abc")
    assert (told.remedy is not None) is (outcome == "fail")


def test_both_defects_of_the_recommendation_are_told() -> None:
    found = recommended(endorsements=[endorsement(), endorsement(unit_uscc=ORGANISATION.uscc)])
    said(found, (ONE_UNIT, "fail"), (ONE_UNIT, "fail"))


@pytest.mark.parametrize("kind", AREA_UNITS)
@pytest.mark.parametrize(
    ("unit_area", "area", "outcome"),
    [
        ("文武坝镇", "文武坝镇", "pass"),
        (" 文武坝镇", "文武坝镇 ", "pass"),
        ("西江镇", "文武坝镇", "fail"),
        ("文武坝镇", None, "fail"),
        (None, "文武坝镇", "fail"),
        (None, None, "fail"),
        (" ", " ", "fail"),
    ],
)
def test_a_township_or_community_committee_recommends_its_own_area_only(
    kind: UnitKind, unit_area: str | None, area: str | None, outcome: str
) -> None:
    found = jurisdiction(
        endorsement=endorsement(unit_kind=kind, unit_area=unit_area),
        organisation=organisation(area=area),
    )
    told = one(
        found,
        OWN_AREA,
        outcome,
        unit="unit-1",
        unit_kind=kind.value,
        unit_area=unit_area,
        organisation_area=area,
    )
    assert (told.remedy is not None) is (outcome == "fail")


@pytest.mark.parametrize(
    ("area", "areas", "reason"),
    [
        ("文武坝", ["西江镇", "文武坝镇"], "area_unknown"),
        ("文武坝镇", ["西江镇", "文武坝镇"], "outside_area"),
        ("文武坝 镇", ["西江镇", "文武坝镇"], "outside_area"),
        (None, ["西江镇", "文武坝镇"], "outside_area"),
        ("文武坝", [], "outside_area"),
        ("西江镇", ["文武坝镇"], "own_area"),
    ],
)
def test_an_area_that_no_unit_has_is_told_with_those_that_units_have(
    area: str | None, areas: list[str], reason: str
) -> None:
    unit = endorsement(unit_kind=UnitKind.TOWNSHIP, unit_area="西江镇")
    (found,) = jurisdiction(endorsement=unit, organisation=organisation(area=area), areas=areas)
    assert found.reason == reason
    assert (found.facts["unit"], found.facts["organisation_area"]) == ("unit-1", area)
    assert found.facts.get("areas") == (sorted(areas) if reason == "area_unknown" else None)


@pytest.mark.parametrize("kind", AREA_UNITS)
def test_no_reason_and_no_trade_help_a_unit_outside_its_area(kind: UnitKind) -> None:
    elsewhere = endorsement(unit_kind=kind, unit_area="西江镇", industry_justification="行业相关", unit_industry="C")
    one(jurisdiction(endorsement=elsewhere, organisation=organisation()), OWN_AREA, "fail")


@pytest.mark.parametrize("kind", TRADE_UNITS)
@pytest.mark.parametrize("industry", ["C", "14", "1495"])
def test_a_department_or_association_recommends_its_own_trade(kind: UnitKind, industry: str) -> None:
    found = jurisdiction(
        endorsement=endorsement(unit_kind=kind, unit_area="西江镇", unit_industry=industry),
        organisation=organisation(),
    )
    one(found, OWN_AREA, "pass", "own industry", unit_industry=industry, sector="1495", unit_kind=kind.value)


@pytest.mark.parametrize("kind", TRADE_UNITS)
@pytest.mark.parametrize("industry", [None, "", "P", "食品加工"])
def test_where_the_trade_is_arguable_a_reason_is_recorded(kind: UnitKind, industry: str | None) -> None:
    unit = endorsement(unit_kind=kind, unit_industry=industry, industry_justification=" 本系统主管企业 ")
    found = jurisdiction(endorsement=unit, organisation=organisation())
    one(found, OWN_AREA, "pass", "recorded", industry_justification="本系统主管企业", unit_industry=industry)


@pytest.mark.parametrize("kind", TRADE_UNITS)
@pytest.mark.parametrize("reason", [None, "", "  "])
def test_without_a_reason_one_is_needed(kind: UnitKind, reason: str | None) -> None:
    unit = endorsement(unit_kind=kind, unit_industry="P", industry_justification=reason)
    found = one(jurisdiction(endorsement=unit, organisation=organisation()), OWN_AREA, "needs_decision", sector="1495")
    assert found.remedy is not None


def beyond(**changes: object) -> Endorsement:
    return endorsement(
        **{
            "unit_kind": UnitKind.ASSOCIATION,
            "unit_name": "样例物流行业协会",
            "unit_industry": "G",
            "industry_justification": "样例：冷链运输为其主业。",
            **changes,
        }
    )


@pytest.mark.parametrize("kind", AREA_UNITS)
def test_a_unit_of_an_area_has_no_industry_to_decide_on(kind: UnitKind) -> None:
    elsewhere = beyond(unit_kind=kind)
    assert industry_decided(endorsement=elsewhere, organisation=organisation(), decisions={}, readings=READINGS) == []


@pytest.mark.parametrize("kind", TRADE_UNITS)
def test_within_its_own_industry_nothing_is_open(kind: UnitKind) -> None:
    own = beyond(unit_kind=kind, unit_industry="C", industry_justification=None)
    found = industry_decided(endorsement=own, organisation=organisation(), decisions={}, readings=READINGS)
    one(found, OWN_AREA, "pass", "own industry", unit_industry="C", sector="1495", unit_kind=kind.value)


@pytest.mark.parametrize("kind", TRADE_UNITS)
@pytest.mark.parametrize("industry", [None, "G", "物流"])
def test_a_reason_beyond_its_industry_is_the_offices_to_decide(kind: UnitKind, industry: str | None) -> None:
    unit = beyond(unit_kind=kind, unit_industry=industry)
    words = {"industry_justification": "样例：冷链运输为其主业。", "unit_name": "样例物流行业协会", "unit": "unit-1"}
    words["reading"] = READINGS.cite("reason_beyond_the_industry")  # type: ignore[assignment]
    ours = {**words, "unit_industry": industry, "sector": "1495", "unit_kind": kind.value}
    found = industry_decided(endorsement=unit, organisation=organisation(), decisions={}, readings=READINGS)
    left = one(found, OWN_AREA, "needs_decision", "样例：冷链运输为其主业。", **ours)
    assert left.reason is Reason.INDUSTRY_JUSTIFICATION_OPEN and left.remedy is not None
    for outcome in (Verdict.PASS, Verdict.FAIL):
        about = (str(left.facts["about"]),)
        decisions = {OWN_AREA: decided(OWN_AREA, outcome=outcome, about=about)}
        found = industry_decided(endorsement=unit, organisation=organisation(), decisions=decisions, readings=READINGS)
        one(found, OWN_AREA, outcome.value, subject="industry", **ours)
        # Other words of the unit, or another sector that is not its own, were not decided on.
        later = replace(unit, industry_justification="样例：另述理由。")
        for other, sector in ((later, "1495"), (unit, "8411")):
            body = organisation(sector=sector)
            found = industry_decided(endorsement=other, organisation=body, decisions=decisions, readings=READINGS)
            one(found, OWN_AREA, "needs_decision", decides="office", before="confirm_qualified_list")


def test_a_decision_on_another_rule_leaves_the_industry_open() -> None:
    decisions = {"art13.1.local": decided("art13.1.local")}
    found = industry_decided(
        endorsement=beyond(industry_justification=None),
        organisation=organisation(),
        decisions=decisions,
        readings=READINGS,
    )
    one(found, OWN_AREA, "needs_decision", industry_justification="")


@pytest.mark.parametrize("outcome", list(Verdict))
def test_after_the_list_the_last_decision_on_a_reason_counts(outcome: Verdict) -> None:
    # A unit that recommended its own gave no reason, and nothing was decided on one.
    for nothing in ({}, {"art13.1.local": decided("art13.1.local")}):
        assert reason_stands(decisions=nothing) == []
    found = reason_stands(decisions={OWN_AREA: decided(OWN_AREA, outcome=outcome)})
    one(found, OWN_AREA, outcome.value, subject="industry")
