"""Nobody is accused by leaving something out, and no decision rests on a dash: no legal basis has a default, and every
text on which a decision rests says something."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import app.schemas
from app.schemas.common import REFERRING, WORDED
from app.schemas.strict import In

# What a caller leaves out is the usual thing, and no basis of a decision against anybody.
HARMLESS = {
    ("AccountIn", "kind"): "a person's account, unless a machine's is asked for",
    ("CertificateIn", "kind"): "the applicant's own statement",
    ("HonourIn", "kind"): "the applicant's own statement",
    ("MemberIn", "membership"): "the lesser right",
}
# The texts on which decisions rest.
RESTING = frozenset(
    [
        *("reason", "evidence", "basis", "document", "fact", "verification", "plan", "public_statement"),
        *("conflict_check", "transitional_basis", "found_evidence", "claim_evidence", "claims_refuted"),
        *("letter_reference", "order_text"),
    ]
)
# Where nothing is decided by them, or the measures ask it themselves and say so as a finding.
MEASURED_OTHERWISE = {
    ("ConditionDecisionIn", "reason"): "decision_says_nothing",
    ("ConditionDecisionIn", "evidence"): "decision_says_nothing",
    ("WithdrawalIn", "reason"): "the applicant's own wish needs none",
    ("FailureIn", "reason"): "the word of a machine",
    ("PaymentReturnIn", "reason"): "the word of a bank",
    ("ObjectionIn", "evidence"): "an objection is kept as far as it can be read",
    ("PaperWithdrawalIn", "reason"): "the applicant's own statement, as its letter has it",
    ("LetterIn", "evidence"): "an objection is kept as far as it can be read",
    ("DeclaredRecordIn", "basis"): "the applicant's own statement",
}


def bodies() -> Iterator[type[In]]:
    for module in pkgutil.walk_packages(app.schemas.__path__, "app.schemas."):
        importlib.import_module(module.name)
    ahead, seen = [In], set[type[In]]()
    while ahead:
        for body in ahead.pop().__subclasses__():
            if body not in seen:
                seen.add(body)
                ahead.append(body)
                yield body


def test_no_legal_basis_has_a_default() -> None:
    found = {
        (body.__name__, name)
        for body in bodies()
        for name, field in body.model_fields.items()
        if isinstance(field.default, str)
    }
    assert found == set(HARMLESS)


def test_every_text_on_which_a_decision_rests_says_something() -> None:
    texts = {
        (body.__name__, name): f"{field.metadata!r}{field.annotation!r}"
        for body in bodies()
        for name, field in body.model_fields.items()
        if name in RESTING and "str" in repr(field.annotation)
    }
    measured = [key for key, told in texts.items() if repr(WORDED) in told or repr(REFERRING) in told]
    assert set(texts) - set(measured) == set(MEASURED_OTHERWISE)
    assert len(measured) > 50
