"""Art. 3: a unit recommends what it has verified, so there is something to verify before it is asked."""

import pytest

from app.measures.recommendations import form_to_verify
from tests.measures.eligibility_samples import one
from tests.measures.procedure_samples import RULES

CODES = [item.code for item in RULES.required_sections]


def test_a_form_with_every_required_section_may_be_shown() -> None:
    one(form_to_verify(sections={*CODES, "more"}, rules=RULES), "art03.recommendation", "pass")


@pytest.mark.parametrize("missing", [CODES, CODES[:1], CODES[-2:]])
def test_what_is_missing_is_told(missing: list[str]) -> None:
    found = form_to_verify(sections=set(CODES) - set(missing), rules=RULES)
    refusal = one(found, "art03.recommendation", "fail", missing=missing)
    assert refusal.remedy is not None
    assert all(item.zh in refusal.message.zh for item in RULES.required_sections if item.code in missing)
