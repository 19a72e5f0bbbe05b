"""Who stands behind the names of a round's lists: application, organisation, what an award would bring it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.applicants import Applicant
from app.measures.deliberation import Conclusion
from app.measures.evaluation import Evaluation, Ranked
from app.measures.findings import Finding, Outcome
from app.measures.prize import PrizeDecision, prize_due
from app.measures.seats import SeatFacts, seats_taken
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ApplicationState
from app.services.applications.facts import past_awards_of
from app.services.instruments.in_force import round_parameters, round_readings
from app.services.organisations.names import told_apart
from app.store import deliberation, qualification, reviews
from app.store.applications import Application
from app.store.reviews import judged
from app.store.reviews.judged import Judged
from app.store.rounds import Round

EVALUATED = ApplicationState.EVALUATED


@dataclass(frozen=True, slots=True)
class Entrant:
    """One evaluated application. `applicant`: what it is in the rules' computations. `standing`: still in the round."""

    row: Judged
    applicant: Applicant
    prize: PrizeDecision
    standing: bool

    @property
    def seat_category(self) -> SeatCategory:
        return self.row.seat_category or SeatCategory.OTHER


async def entrants(context: ReadContext, row: Round) -> dict[UUID, Entrant]:
    """The round's evaluated applications, and those that left it, by id; a bounded number of queries."""
    rows = await judged.applications_judged(
        context.session, row.id, (EVALUATED, ApplicationState.REMOVED, ApplicationState.WITHDRAWN)
    )
    named = applicants(rows)
    awards = await past_awards_of(context.session, rows)
    parameters, readings = round_parameters(row), round_readings(row)
    return {
        item.id: Entrant(
            item,
            named[item.id],
            prize_due(past_awards=awards[item.id], parameters=parameters, readings=readings),
            item.state == EVALUATED,
        )
        for item in rows
    }


async def applications_of(context: ReadContext, chosen: Sequence[Entrant]) -> list[Application]:
    """The applications of these, with their forms, in their order."""
    found = await qualification.applications(context.session, [item.row.id for item in chosen])
    return [found[item.row.id] for item in chosen]


def applicants(rows: Sequence[Judged]) -> dict[UUID, Applicant]:
    """By the application's id, which is the key: the organisation's name, with its code in brackets where two have the
    same."""
    printed = told_apart([(row.organisation_name, row.uscc) for row in rows])
    return {row.id: Applicant(str(row.id), name) for row, name in zip(rows, printed, strict=True)}


def seats_of(chosen: Iterable[Entrant]) -> SeatFacts:
    """How many seats these names take (Art. 6)."""
    return seats_taken((entrant.seat_category, entrant.prize.takes_seat) for entrant in chosen)


async def evaluation_report(context: ReadContext, row: Round) -> reviews.Evaluation:
    """The report of a round that is evaluated."""
    found = await reviews.evaluation_of(context.session, row.id)
    if found is None:
        raise RuntimeError("a round was evaluated without a report")
    return found


def ranking_of(row: Round, report: reviews.Evaluation, known: Mapping[UUID, Entrant]) -> Evaluation:
    """The ranking of the round's report as the measures see it. Whether a name takes a seat is that of today: an
    earlier award may have been revoked since."""
    lines = tuple(
        _ranked(line, known[UUID(line["application_id"])])
        for line in report.ranking
        if UUID(line["application_id"]) in known
    )
    return Evaluation(lines, row.review_rules_hash, [], inputs_hash=report.inputs_hash)


def conclusions_of(meeting: deliberation.Deliberation, known: Mapping[UUID, Entrant]) -> list[Conclusion]:
    """The committee's conclusions as the measures see them."""
    return [
        Conclusion(
            known[UUID(item["application_id"])].applicant,
            item["recommended"],
            item["reason"],
            item["votes_for"],
            item["votes_against"],
            item["abstentions"],
        )
        for item in meeting.conclusions
        if UUID(item["application_id"]) in known
    ]


def named(findings: Iterable[Finding], applicant: Applicant) -> list[Finding]:
    """The findings, each saying whom it is about: on a list, the organisation is one of its facts."""
    return [
        finding
        if finding.outcome is Outcome.PASS
        else replace(finding, facts={**finding.facts, "organisation": applicant.name})
        for finding in findings
    ]


def told_of(findings: Iterable[Finding], applicant: Applicant) -> list[Finding]:
    """Findings that are told and stop nothing, each saying whom it is about."""
    return [replace(finding, facts={**finding.facts, "organisation": applicant.name}) for finding in findings]


def _ranked(line: reviews.RankedLine, entrant: Entrant) -> Ranked:
    return Ranked(
        organisation=entrant.applicant,
        seat_category=entrant.seat_category,
        material=Decimal(line["material"]),
        onsite=Decimal(line["onsite"]),
        preference=Decimal(line["preference"]),
        overall=Decimal(line["overall"]),
        rank=line["rank"],
        tied=line["tied"],
        passed=line["passed"],
        takes_seat=entrant.prize.takes_seat,
    )
