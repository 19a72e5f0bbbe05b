"""Reports of forgery, misuse and other reviews (Art. 31): who reads them as they came, and what others read."""

from __future__ import annotations

from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.writers import copied, told_of_the_writer


@rule("art31.exclusive")
def report_investigator_fit(
    *, of_the_office: bool, recused: bool = False, replaces: bool = False, reason: str | None = None
) -> list[Finding]:
    """Whether an account can be the investigator of a report (Arts. 29, 31): `of_the_office`, an active account of a
    person there; not `recused` from it. Whoever `replaces` another needs the `reason` on record."""
    wrong = {
        Reason.INVESTIGATOR_NOT_OF_THE_OFFICE: not of_the_office,
        Reason.INVESTIGATOR_RECUSED: recused,
        Reason.REPLACEMENT_WITHOUT_REASON: replaces and not (reason or "").strip(),
    }
    refused = [fails("art31.exclusive", found) for found, there in wrong.items() if there]
    return refused or [passes("art31.exclusive", Reason.INVESTIGATOR_FIT, replaces=replaces)]


@rule("art31.exclusive")
def report_by_its_investigator(*, investigator: bool) -> list[Finding]:
    """Whether it is the report's investigator who acts: nobody else has read it as it came (Art. 31)."""
    if not investigator:
        return [fails("art31.exclusive", Reason.NOT_ITS_INVESTIGATOR, next_act="assign_report_investigator")]
    return [passes("art31.exclusive", Reason.ITS_INVESTIGATOR)]


@rule("art31.exclusive")
def report_has_summary(*, summarised: bool) -> list[Finding]:
    """Whether the investigator's summary is there: whoever follows the report up knows it from nothing else (Art.
    31)."""
    if not summarised:
        return [fails("art31.exclusive", Reason.SUMMARY_MISSING, next_act="summarise_mark_report")]
    return [passes("art31.exclusive", Reason.SUMMARY_GIVEN)]


@rule("art31.exclusive")
def names_no_reporter(*, said: str, name: str | None, contact: str | None, original: str) -> list[Finding]:
    """Whether what the investigator says for others to read leaves out who reported (Art. 31), as `names_no_objector`
    looks for an objector."""
    told = told_of_the_writer(said=said, name=name, contact=contact, original=original)
    if told:
        return [fails("art31.exclusive", Reason.REPORTER_NAMED, told=told)]
    if copied(said=said, original=original):
        return [fails("art31.exclusive", Reason.ORIGINAL_COPIED)]
    return [passes("art31.exclusive", Reason.REPORTER_NOT_NAMED)]
