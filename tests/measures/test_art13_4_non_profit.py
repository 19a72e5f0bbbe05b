"""Art. 13(4): who produces or operates follows from the legal form; who is not for profit, from a person's decision."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from app.measures.eligibility import DECIDED_BEFORE, Gate
from app.measures.facts import FORMS_OF_EITHER_KIND, FORMS_WITHOUT_PERSONALITY, LegalForm, RecordedDecision
from app.measures.findings import Finding, obstacles
from app.measures.judgement import condition_decidable
from app.measures.operating import non_profit, operates
from tests.measures.eligibility_samples import FACTS, FIGURES, one, organisation
from tests.measures.procedure_samples import READINGS, decided
from tests.measures.test_art13_gate import AFTER_SUBMISSION, TESTS, run

RULE = "art13.4.non_profit"
ENTERPRISES = sorted(set(LegalForm) - FORMS_OF_EITHER_KIND)
# What a decision saw.
SEEN = [f"{form.value}: {word}" for form in sorted(FORMS_OF_EITHER_KIND) for word in ("operating", "non_profit")]
NOBODY: Mapping[str, RecordedDecision] = {}
LOSSES = tuple(replace(item, net_profit_fen=-1) for item in FIGURES)


def found(outcome: str = "pass", **changes: Any) -> RecordedDecision:
    """The office's decision, on whatever form and statement."""
    return decided(RULE, outcome, **{"about": tuple(SEEN), **changes})


def judge(decisions: Mapping[str, RecordedDecision] = NOBODY, *, due: bool = True, **changes: Any) -> list[Finding]:
    return non_profit(
        organisation=organisation(**{"operating": False, **changes}),
        decisions=decisions,
        readings=READINGS,
        decisions_due=due,
    )


def test_only_public_institutions_and_private_non_enterprise_bodies_can_be_non_profit() -> None:
    assert {form.value for form in FORMS_OF_EITHER_KIND} == {
        "public_institution",
        "private_non_enterprise",
        "private_non_enterprise_unincorporated",
    }


@pytest.mark.parametrize("form", ENTERPRISES)
def test_every_other_form_operates_whatever_it_states_and_whatever_anybody_decides(form: LegalForm) -> None:
    for outcome in ("pass", "fail"):
        made = {RULE: found(outcome)}
        assert operates(organisation(legal_form=form, operating=False), made)
        one(judge(made, legal_form=form), RULE, "pass", "operates_by_legal_form", legal_form=form.value)
        one(judge(made, legal_form=form, operating=True), RULE, "pass", "stated_to_operate", legal_form=form.value)


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize("form", sorted(FORMS_OF_EITHER_KIND))
def test_a_form_of_either_kind_operates_as_the_office_finds_and_until_then_as_it_states(
    form: LegalForm, stated: bool
) -> None:
    body = organisation(legal_form=form, operating=stated)
    assert operates(body, NOBODY) is stated
    assert not operates(body, {RULE: found()})
    assert operates(body, {RULE: found("fail")})
    for outcome in ("pass", "fail"):
        assert operates(body, {RULE: found(outcome, evidence=" ")}) is stated
        # Made on another form or statement, it says nothing of this one.
        elsewhere = tuple(line for line in SEEN if not line.startswith(f"{form.value}: {_word(stated)}"))
        assert operates(body, {RULE: found(outcome, about=elsewhere)}) is stated


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize("form", sorted(FORMS_OF_EITHER_KIND))
def test_it_is_open_until_a_person_decides_it_on_evidence_whatever_is_stated(form: LegalForm, stated: bool) -> None:
    told: dict[str, Any] = {"legal_form": form, "operating": stated}
    one(judge(due=False, **told), RULE, "pass", "left_to_review", pending=True, stated_operating=stated)
    left = one(judge(**told), RULE, "needs_decision", "undecided", stated_operating=stated, decides="office")
    assert left.remedy is not None
    assert (left.facts["before"], left.facts["about"]) == (
        "confirm_qualified_list",
        f"{form.value}: {_word(stated)}",
    )
    one(judge({RULE: found()}, **told), RULE, "pass", "decided_for", evidence="核查记录3号", stated_operating=stated)
    one(judge({RULE: found("fail")}, **told), RULE, "pass", "found_to_operate", decided_by="office-1")
    lacking = {RULE: found("fail", evidence=" ")}
    one(judge(lacking, **told), RULE, "needs_decision", "decision_incomplete", missing=["evidence"])
    other = {RULE: found(about=(f"{form.value}: {_word(not stated)}",))}
    one(judge(other, **told), RULE, "needs_decision", "undecided")


def _word(stated: bool) -> str:
    return "operating" if stated else "non_profit"


@pytest.mark.parametrize("gate", AFTER_SUBMISSION)
def test_an_open_decision_says_which_act_it_holds_back(gate: Gate) -> None:
    hospital = organisation(legal_form=LegalForm.PUBLIC_INSTITUTION, operating=False, uscc="12360733MB0000001X")
    tested = obstacles(run(replace(FACTS, organisation=hospital), gate))
    assert [item.facts["before"] for item in tested] == [DECIDED_BEFORE[gate]]


@pytest.mark.parametrize("gate", TESTS)
@pytest.mark.parametrize("form", sorted(set(ENTERPRISES) - FORMS_WITHOUT_PERSONALITY))
def test_an_enterprise_that_calls_itself_non_profit_needs_safety_level_and_profit(gate: Gate, form: LegalForm) -> None:
    facts = replace(FACTS, safety=None, figures=LOSSES, organisation=organisation(legal_form=form, operating=False))
    assert {"art13.4.safety", "art13.4.profit"} <= {item.rule for item in obstacles(run(facts, gate))}


@pytest.mark.parametrize("gate", AFTER_SUBMISSION)
def test_a_public_institution_is_non_profit_once_the_office_has_found_so(gate: Gate) -> None:
    hospital = organisation(legal_form=LegalForm.PUBLIC_INSTITUTION, operating=False, uscc="12360733MB0000001X")
    facts = replace(FACTS, safety=None, figures=LOSSES, organisation=hospital)

    def stands(outcome: str | None) -> list[tuple[str, str]]:
        more = {} if outcome is None else {RULE: found(outcome)}
        tested = run(replace(facts, decisions=MappingProxyType({**FACTS.decisions, **more})), gate)
        return [(item.rule, item.outcome.value) for item in obstacles(tested)]

    assert stands(None) == [(RULE, "needs_decision")]
    assert stands("pass") == []
    assert stands("fail") == [("art13.4.safety", "fail"), ("art13.4.profit", "fail"), ("art13.4.profit", "fail")]


@pytest.mark.parametrize("gate", TESTS)
@pytest.mark.parametrize("form", sorted(FORMS_OF_EITHER_KIND - FORMS_WITHOUT_PERSONALITY))
def test_its_own_statement_to_operate_refuses_it_nothing_before_the_office_has_found(
    gate: Gate, form: LegalForm
) -> None:
    school = organisation(legal_form=form, operating=True, uscc="12360733MB0000001X")
    school = replace(school, uscc="52360733MJ0000001X") if form is LegalForm.PRIVATE_NON_ENTERPRISE else school
    figures = tuple(replace(item, at=f"/figures/{number}") for number, item in enumerate(LOSSES))
    facts = replace(FACTS, safety=None, figures=figures, organisation=school)
    tested = run(facts, gate)
    left = [item for item in tested if item.rule in ("art13.4.safety", "art13.4.profit")]
    assert [(item.reason.value, item.facts["open"]) for item in left] == [
        ("left_to_review", "safety_certificate_missing"),
        ("left_to_review", "no_profit"),
        ("left_to_review", "no_profit"),
    ]
    assert all(item.facts["pending"] is True for item in left)
    assert [item.rule for item in obstacles(tested)] == ([] if gate is Gate.SUBMISSION else [RULE])
    assert [item.at for item in left] == [None, "/figures/1/net_profit_fen", "/figures/2/net_profit_fen"]
    for decision, left_open in ((found("fail", evidence=" "), True), (found("fail"), False)):
        decided_on = replace(facts, decisions=MappingProxyType({**FACTS.decisions, RULE: decision}))
        tested = run(decided_on, gate)
        refusing = [item.rule for item in obstacles(tested) if item.rule != RULE]
        assert (refusing == []) is left_open
    # What is met is met: nothing is left of it.
    met = [item.reason.value for item in run(replace(FACTS, organisation=school), gate)]
    assert met.count("left_to_review") == (1 if gate is Gate.SUBMISSION else 0)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({"legal_form": LegalForm.LIMITED_COMPANY}, "fail", "decided_by_facts"),
        ({"legal_form": LegalForm.PUBLIC_INSTITUTION, "operating": True}, "pass", "decidable_by_a_person"),
        ({"legal_form": LegalForm.PUBLIC_INSTITUTION}, "pass", "decidable_by_a_person"),
    ],
)
def test_it_is_a_persons_to_decide_only_where_it_is_open(changes: dict[str, Any], outcome: str, reason: str) -> None:
    for decisions in (NOBODY, {RULE: found()}, {RULE: found("fail")}):
        tested = judge(decisions, **changes)
        for passing in (True, False):
            one(condition_decidable(rule_id=RULE, passing=passing, tested=tested), RULE, outcome, reason)
