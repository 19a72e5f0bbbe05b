"""What a decree's record says beside its number and date (Art. 22)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from app.measures.findings import Finding, fails, passes
from app.measures.form import asked_for_given
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registration import county_name
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.text import plain_name


@rule("art22.approval")
def decree_recorded(
    *, dated: date, published_on: date | None, given: Collection[str], rules: ReviewRules
) -> list[Finding]:
    """Whether the record has what the round's rules ask for, and the decree was published (None: not stated) on no day
    before that of its writing, from which the awards run (Arts. 22, 23). `given`: the fields that are filled in."""
    findings = asked_for_given(rule_id="art22.approval", asked=rules.asks.decree, given=given)
    if published_on is None:
        return findings
    facts: Facts = {"dated": dated.isoformat(), "published_on": published_on.isoformat()}
    if published_on < dated:
        return [*findings, fails("art22.approval", Reason.PUBLISHED_BEFORE_DECREE, **facts)]
    return [*findings, passes("art22.approval", Reason.PUBLISHED_IN_ORDER, **facts)]


@rule("art22.approval")
def decree_issued_by(*, issuer: str | None, plain: str, county_code: str, readings: Readings) -> list[Finding]:
    """The county government commends (Arts. 2, 22): the decree is its own, or its office issues it on its behalf, by
    the reading. `issuer`: who is stated; None: nobody is, and nothing is found. `plain`: the same in simplified
    characters."""
    if issuer is None:
        return []
    facts: Facts = {"issuer": issuer, "reading": readings.cite("issuer_of_the_decree")}
    whole = f"{county_name(county_code)}人民政府"  # house: sentences
    written = {whole}
    if readings["issuer_of_the_decree"] == "government_or_its_office":
        written.add(f"{whole}办公室")  # house: sentences
    # Province and prefecture may stand in front.
    if not any(plain_name(plain).endswith(name) for name in written):
        return [fails("art22.approval", Reason.NOT_ISSUED_BY_THE_GOVERNMENT, **facts)]
    return [passes("art22.approval", Reason.ISSUED_BY_THE_GOVERNMENT, **facts)]
