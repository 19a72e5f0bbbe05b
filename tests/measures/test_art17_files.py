"""Art. 17: why a file is not taken, and which materials the rules of a round know."""

from dataclasses import replace

import pytest

from app.measures.files import file_refused, handed_in_under, material_known
from app.measures.reasons import Reason
from app.measures.review_rules import Named, default_review_rules
from tests.measures.procedure_samples import only

RULES = replace(default_review_rules(), further_materials=(Named("extra", "其他证明材料", "Other evidence"),))


def test_a_refused_file_cites_its_rule() -> None:
    finding = file_refused(Reason.FILE_TOO_LARGE, limit_bytes=10)
    only([finding], "art17.qualification", "fail")
    assert (finding.reason, dict(finding.facts)) == ("file_too_large", {"limit_bytes": 10})


@pytest.mark.parametrize(
    ("rule", "article"), [("art03.recommendation", "3"), ("art21.objections", "21"), ("art26_28.together", "28")]
)
def test_it_is_refused_under_the_rule_that_it_is_handed_in_for(rule: str, article: str) -> None:
    (finding,) = handed_in_under([file_refused(Reason.FILE_LOCKED)], rule)
    assert (finding.rule, finding.article, finding.reason) == (rule, article, "file_locked")


@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        ("self_assessment", "pass", "material_known"),
        ("extra", "pass", "material_known"),
        ("renewal", "pass", "material_known"),
        ("zzz", "fail", "material_unknown"),
    ],
)
def test_a_material_is_one_that_the_rules_of_the_round_know(code: str, outcome: str, reason: str) -> None:
    finding = only(material_known(code=code, rules=RULES), "art17.qualification", outcome)
    known = [item.code for item in RULES.required_materials]
    assert (finding.reason, finding.facts["material"]) == (reason, code)
    assert finding.facts["known"] == [*known, "extra", "renewal"]
    told = finding.facts["materials_zh"], finding.facts["materials_en"]
    assert [texts[-2:] for texts in told if isinstance(texts, list)] == [
        ["其他证明材料（extra）", "换发的证书（renewal）"],
        ["Other evidence (extra)", "Renewed certificate (renewal)"],
    ]
