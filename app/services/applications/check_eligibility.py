"""Check before you write: facts in, every condition's finding out, by the rules of the real gate (Arts. 4 to 6, 13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from stdnum.cn.uscc import calc_check_digit

from app.kernel.context import ReadContext
from app.measures.call import submission_day_to_come
from app.measures.dates import end_of_day
from app.measures.eligibility import Gate, evaluate_gate
from app.measures.facts import EligibilityFacts, Exclusion, OrganisationFacts, PastAward
from app.measures.findings import Finding, Outcome, obstacles
from app.measures.instruments import Instrument, Parameters, call_in_force, instrument_on
from app.measures.interpretations import Readings
from app.measures.interval import CycleFacts, round_may_open
from app.measures.sectors import sector_known
from app.services.applications.content import declared
from app.services.applications.edit_application import happened_by
from app.services.applications.pointers import pointers
from app.services.applications.window import application_window, day_of_the_call
from app.services.instruments import in_force
from app.services.organisations.profile import check_area
from app.store import rounds
from app.store.applications.form import Form


@dataclass(frozen=True, slots=True)
class Statement:
    """What the caller states. `submission_date` None: today."""

    organisation: OrganisationFacts
    content: Form
    past_awards: Sequence[PastAward]
    exclusions: Sequence[Exclusion]
    submission_date: date | None


@dataclass(frozen=True, slots=True)
class Basis:
    """By what it is tested: the round that runs, whether or not it still takes applications, or else the next one as it
    would be called on that day. `call`: whether a submission could be made on it."""

    round_id: UUID | None
    year: int
    ordinal: int
    parameters: Parameters
    readings: Readings
    call: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer: whether a submission could be made on that day and every condition that the service decides is met,
    all findings, what a person decides later."""

    tested_on: date
    basis: Basis
    eligible: bool
    findings: Sequence[tuple[Finding, Sequence[str]]]
    decided_later: Sequence[Finding]


async def check_eligibility(context: ReadContext, *, statement: Statement) -> Checked:
    """Test the statement as a submission on its date would be tested, its days as the form would take them on it, and
    its area as a registration would. Nothing is stored."""
    day = statement.submission_date or context.today
    stated = statement.organisation
    await check_area(context, stated.area, stated.county_code, "/organisation/area")
    running = await rounds.running(context.session)
    happened_by(statement.content, day, called_on=None if running is None else day_of_the_call(running))
    basis = await _basis(context, day, running)
    form = declared(statement.content)
    facts = EligibilityFacts(
        organisation=statement.organisation,
        figures=form.figures,
        certificates=form.certificates,
        licences=form.licences,
        safety=form.safety,
        records=form.records,
        honours=form.honours,
        past_awards=tuple(statement.past_awards),
        exclusions=tuple(statement.exclusions),
    )
    findings = [*_tested(facts, basis, day, Gate.SUBMISSION), *sector_known(code=statement.organisation.sector)]
    later = _tested(facts, basis, day, Gate.CONFIRMATION)
    return Checked(
        tested_on=day,
        basis=basis,
        eligible=not obstacles([*basis.call, *findings]),
        findings=[(finding, pointers(finding)) for finding in findings],
        decided_later=[item for item in later if item.outcome is Outcome.NEEDS_DECISION],
    )


def checksum_ok(uscc: str) -> bool:
    """Whether the code's last character follows from the others (GB 32100). A code that fails is flagged, not
    refused."""
    return bool(calc_check_digit(uscc) == uscc[-1])


def _tested(facts: EligibilityFacts, basis: Basis, day: date, gate: Gate) -> list[Finding]:
    return evaluate_gate(
        facts,
        gate=gate,
        test_date=day,
        submission_date=day,
        round_year=basis.year,
        round_ordinal=basis.ordinal,
        parameters=basis.parameters,
        readings=basis.readings,
    )


async def _basis(context: ReadContext, day: date, running: rounds.Round | None) -> Basis:
    gone = submission_day_to_come(day=day, today=context.today)
    if running is not None and running.ordinal is not None:
        # It is answered while it lives: no other round begins beside it (Art. 6).
        window = application_window(context, running, at=_instant(context, day))
        parameters, readings = in_force.round_parameters(running), in_force.round_readings(running)
        return Basis(running.id, running.year, running.ordinal, parameters, readings, gone or window)
    last = await rounds.last_concluded(context.session)
    ordinal = (0 if last is None else last.ordinal or 0) + 1
    instruments = await in_force.instruments(context.session)
    # After a lapse, and before the beginning, the numbers of the nearest instrument are the best answer there is; that
    # nobody could call a round by them is told beside it.
    nearest = instrument_on(_nearest_day(day, instruments), instruments)
    if nearest is None or nearest.parameters is None:
        raise RuntimeError("no instrument was ever in force")
    readings = await in_force.readings(context.session, day)
    cycle = CycleFacts(year=day.year, called_on=day, last_concluded_year=None if last is None else last.year)
    call = [
        *gone,
        *call_in_force(day=day, instruments=instruments),
        *round_may_open(facts=cycle, parameters=nearest.parameters, readings=readings),
    ]
    return Basis(None, day.year, ordinal, nearest.parameters, readings, call)


def _instant(context: ReadContext, day: date) -> datetime:
    """Now, or of another day the last moment: a submission is possible on it if it still is then."""
    return context.now if day == context.today else end_of_day(day) - timedelta(microseconds=1)


def _nearest_day(day: date, instruments: Sequence[Instrument]) -> date:
    """The day itself where an instrument is in force on it, else the nearest first or last day of one."""
    if instrument_on(day, instruments) is not None:
        return day
    ends = [end for item in instruments for end in (item.in_force_from, item.in_force_to) if end is not None]
    return min(ends, key=lambda end: abs(day - end))
