"""Files that are handed in: why one is not taken (Arts. 3, 17, 21, 26, 28); which materials a round knows (Art. 17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.measures.catalogue import CATALOGUE
from app.measures.findings import Finding, fails, passes
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import Named, ReviewRules

# A renewed certificate is handed in under this name, whatever the rules of the round require.
RENEWED = Named("renewal", "换发的证书", "Renewed certificate")  # house: sentences


@rule("art17.qualification")
def file_refused(reason: Reason, /, **facts: Fact) -> Finding:
    """Why a file is not taken: too large, empty, of another type, locked, not readable, with a name that nobody can
    read (Art. 17)."""
    return fails("art17.qualification", reason, **facts)


@rule("art03.recommendation", "art21.objections", "art26_28.together")
def handed_in_under(findings: Iterable[Finding], rule_id: str) -> list[Finding]:
    """The findings under the rule that the file is handed in for: a unit's opinion (Art. 3), the scan of an objection
    (Art. 21), a file of a statement (Arts. 26, 28)."""
    article = CATALOGUE[rule_id].article
    return [replace(item, rule=rule_id, article=article) for item in findings]


@rule("art17.qualification")
def material_known(*, code: str, rules: ReviewRules) -> list[Finding]:
    """Whether the rules of the round know a material of this code (Art. 17): one that they require, one that they take
    beside these, a renewed certificate. Facts: the codes that they know, with their names."""
    known = (*rules.required_materials, *rules.further_materials, RENEWED)
    codes = [item.code for item in known]
    facts: Facts = {
        "material": code,
        "known": codes,
        "materials_zh": [f"{item.zh}（{item.code}）" for item in known],  # house: sentences
        "materials_en": [f"{item.en} ({item.code})" for item in known],
    }
    if code not in codes:
        return [fails("art17.qualification", Reason.MATERIAL_UNKNOWN, **facts)]
    return [passes("art17.qualification", Reason.MATERIAL_KNOWN, **facts)]
