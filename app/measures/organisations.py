"""Who may apply: place, personality and age of the organisation (Art. 13(1))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.measures.dates import add_years, to_come
from app.measures.facts import OrganisationFacts, RecordedDecision
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registration import address_flags, code_flags, flagged
from app.measures.registry import rule


@rule("art13.1.local")
def local(
    *,
    organisation: OrganisationFacts,
    parameters: Parameters,
    readings: Readings,
    decisions: Mapping[str, RecordedDecision] | None = None,
    before: str = "confirm_qualified_list",
) -> list[Finding]:
    """Registered in the county by its registered address (Art. 13(1)). The credit code names the registering authority,
    not the place: it is not looked at. Where address and county code contradict each other over the county, whichever
    says that it is this one, that is flagged for a person to decide before the act `before`; `decisions` None: that is
    not due yet."""
    facts: Facts = {"county_code": organisation.county_code, "required": parameters.county_code}
    flags = address_flags(organisation, parameters.county_code)
    about: Facts = {"reading": readings.cite("address_against_code"), **facts}
    doubts = flagged("art13.1.local", flags, decisions, about, before=before)
    if organisation.county_code == parameters.county_code:
        return [passes("art13.1.local", Reason.REGISTERED_LOCALLY, **facts), *doubts]
    return doubts or [fails("art13.1.local", Reason.NOT_REGISTERED_LOCALLY, **facts)]


@rule("art13.1.legal_person")
def legal_person(
    *,
    organisation: OrganisationFacts,
    readings: Readings,
    decisions: Mapping[str, RecordedDecision] | None = None,
    before: str = "confirm_qualified_list",
) -> list[Finding]:
    """Legal personality by legal form, and not ended by dissolution (Art. 13(1)): whoever has ceased to exist is nobody
    who applies or is awarded. What looks wrong in the credit code is flagged beside it (fact `flagged`), for a person
    to decide before the act `before`; `decisions` None: that is not due yet."""
    facts: Facts = {"legal_form": organisation.legal_form.value, "uscc": organisation.uscc}
    if organisation.has_legal_personality:
        held = passes("art13.1.legal_person", Reason.LEGAL_PERSONALITY_HELD, **facts)
    else:
        held = fails("art13.1.legal_person", Reason.LEGAL_PERSONALITY_MISSING, **facts)
    about: Facts = {"reading": readings.cite("historic_codes"), **facts}
    flags = code_flags(organisation)
    ended = [] if organisation.dissolved_on is None else [_dissolved(organisation.dissolved_on, facts)]
    return [held, *ended, *flagged("art13.1.legal_person", flags, decisions, about, before=before)]


def _dissolved(on: date, facts: Facts) -> Finding:
    told: Facts = {"dissolved_on": on.isoformat(), **facts}
    return fails("art13.1.legal_person", Reason.ORGANISATION_DISSOLVED, **told)


@rule("art13.1.legal_person")
def dissolution_dated(*, dissolved_on: date, established_on: date, today: date) -> list[Finding]:
    """Whether the day (Shanghai) of a dissolution can be its day: not before the establishment, not still to come
    (Art. 13(1))."""
    facts: Facts = {"dissolved_on": dissolved_on.isoformat(), "established_on": established_on.isoformat()}
    if dissolved_on < established_on:
        return [fails("art13.1.legal_person", Reason.DISSOLVED_BEFORE_ESTABLISHMENT, **facts)]
    if to_come([dissolved_on], today):
        return [fails("art13.1.legal_person", Reason.DATE_IN_FUTURE, days=[dissolved_on.isoformat()], **facts)]
    return [passes("art13.1.legal_person", Reason.DISSOLUTION_IN_ORDER, **facts)]


@rule("art13.1.legal_person")
def dissolution_withdrawable(*, dissolved_on: date | None) -> list[Finding]:
    """Whether there is a dissolution on record that can be taken back as an error (Art. 13(1))."""
    if dissolved_on is None:
        return [fails("art13.1.legal_person", Reason.NOT_DISSOLVED)]
    return [passes("art13.1.legal_person", Reason.DISSOLUTION_RECORDED, dissolved_on=dissolved_on.isoformat())]


@rule("art13.1.age")
def age(*, organisation: OrganisationFacts, submission_date: date, parameters: Parameters) -> list[Finding]:
    """Established for the full calendar years on the day of submission; exactly that many count (Art. 13(1))."""
    years = parameters.operating_age_years
    from_day = add_years(organisation.established_on, years)
    facts: Facts = {
        "established_on": organisation.established_on.isoformat(),
        "submission_date": submission_date.isoformat(),
        "eligible_from": from_day.isoformat(),
        "years": years,
    }
    if submission_date < from_day:
        return [fails("art13.1.age", Reason.ESTABLISHED_TOO_RECENTLY, **facts)]
    return [passes("art13.1.age", Reason.ESTABLISHED_LONG_ENOUGH, **facts)]
