"""Art. 4: recipients are enterprises and public institutions; merit is a recorded finding of the review."""

import pytest

from app.measures.facts import LegalForm
from app.measures.recipients import merit, recipient
from tests.measures.eligibility_samples import one, organisation
from tests.measures.procedure_samples import decided

BARRED = (LegalForm.INDIVIDUAL, LegalForm.PARTY_OR_STATE_ORGAN, LegalForm.SOCIAL_ASSOCIATION)


@pytest.mark.parametrize("form", BARRED)
def test_individuals_organs_and_social_associations_are_no_recipients(form: LegalForm) -> None:
    one(recipient(organisation=organisation(legal_form=form)), "art04.recipient", "fail", legal_form=form.value)


@pytest.mark.parametrize("form", [form for form in LegalForm if form not in BARRED])
def test_enterprises_and_institutions_are_recipients_a_private_non_enterprise_body_included(form: LegalForm) -> None:
    one(recipient(organisation=organisation(legal_form=form)), "art04.recipient", "pass", legal_form=form.value)


def test_merit_is_found_by_the_review_and_recorded() -> None:
    rule_id = "art04.merit"
    one(merit(decisions={}), rule_id, "needs_decision", "outstanding contribution")
    one(merit(decisions={rule_id: decided(rule_id)}), rule_id, "pass", "outstanding contribution")
    one(merit(decisions={rule_id: decided(rule_id, "fail")}), rule_id, "fail", "outstanding contribution")
