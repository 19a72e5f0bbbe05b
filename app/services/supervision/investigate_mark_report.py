"""The investigator of a report (Art. 31): assigned by the office, replaced on record. He alone reads it as it came,
each time on record; all others read his summary and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Forbidden, Invalid, existing, refuse
from app.measures.findings import Finding
from app.measures.roles import AccountKind, Role
from app.measures.state_machines import MARK_REPORT
from app.measures.supervision import (
    names_no_reporter,
    report_by_its_investigator,
    report_has_summary,
    report_investigator_fit,
)
from app.measures.text import Text
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.store import identity, supervision


@dataclass(frozen=True, slots=True)
class ReportAssignment:
    """Who investigates a report; how it was looked whether he is free of interests in it; why he replaces another."""

    account_id: UUID
    conflict_check: str
    reason: str | None


async def assign_investigator(
    context: WriteContext, *, report_id: UUID, assignment: ReportAssignment
) -> supervision.MarkReport:
    """Assign an account of the office, or put another in its place: the former one reads the original no more."""
    row = await _locked(context, report_id)
    async with act(context, MARK_REPORT, row, "assign_report_investigator") as doing:
        account = await identity.held(context.session, assignment.account_id)
        if account is None:
            text = Text("没有此账户", "No such account")
            raise Invalid(text, errors=[FieldError("/account_id", FieldCode.NOT_FOUND, text)])
        person = account.role == Role.OFFICE and account.kind == AccountKind.PERSON
        former = row.investigator_id
        fit = report_investigator_fit(
            of_the_office=person and not account.deactivated_at,
            recused=await supervision.has_recused(context.session, report_id=row.id, account_id=account.id),
            replaces=former not in (None, account.id),
            reason=assignment.reason,
        )
        doing.hear([*fit, *await _neutrally(context, row, assignment.conflict_check, assignment.reason)])
        row.investigator_id, row.conflict_check = account.id, assignment.conflict_check
        doing.tell(investigator_id=account.id, former_investigator_id=former, reason=assignment.reason)
        doing.rest_on(await readings(context.session, context.today), "report_original")
        doing.tell(conflict_check=assignment.conflict_check)
    return row


async def recuse_investigator(context: WriteContext, *, report_id: UUID, reason: str) -> supervision.MarkReport:
    """The investigator withdraws for an interest in the matter; the office assigns another. He reads the original no
    more, and is not assigned to this report again."""
    row = await _locked(context, report_id)
    async with act(context, MARK_REPORT, row, "recuse_report_investigator") as doing:
        own = _only_the_investigator(context, row)
        doing.hear([*own, *await _neutrally(context, row, reason)])
        recusal = supervision.MarkReportRecusal(
            created_at=context.now, report_id=row.id, account_id=context.actor.known_id, reason=reason
        )
        context.session.add(recusal)
        row.investigator_id = row.conflict_check = None
        doing.tell(reason=reason, former_investigator_id=context.actor.known_id)
    return row


async def summarise(context: WriteContext, *, report_id: UUID, summary: str) -> supervision.MarkReport:
    """What the investigator says of the report to all others, until it is followed up: it names nobody who reported."""
    row = await _locked(context, report_id)
    async with act(context, MARK_REPORT, row, "summarise_mark_report") as doing:
        own = _only_the_investigator(context, row)
        doing.hear([*own, *await _neutrally(context, row, summary)])
        row.summary, row.summarised_at = summary, context.now
    return row


async def disclose_reporter(context: WriteContext, *, report_id: UUID, reason: str) -> supervision.MarkReportOriginal:
    """The report as it came, for its investigator alone. Every reading is audited with its reason; the route has no dry
    run, so that there is none without a record."""
    row = existing(await context.session.get(supervision.MarkReport, report_id), "没有此举报", "No such report")
    _only_the_investigator(context, row)
    original = await _original(context, row)
    # The auditor reads the reason: it tells no more than any other word of the investigator.
    refuse(await _neutrally(context, row, reason))
    audit.record(context, "disclose_reporter", "mark_report", row.id, reason=reason)
    return original


async def follow_up(context: WriteContext, *, report_id: UUID, text: str) -> supervision.MarkReport:
    """Record what was done about a report, as its investigator has summarised it."""
    row = await _locked(context, report_id)
    async with act(context, MARK_REPORT, row, "follow_up_mark_report") as doing:
        doing.hear([*report_has_summary(summarised=row.summary is not None), *await _neutrally(context, row, text)])
        row.follow_up, row.followed_up_by, row.followed_up_at = text, context.actor.known_id, context.now
    return row


def standing(context: ReadContext, row: supervision.MarkReport) -> dict[str, list[Finding]]:
    """By act: what the measures say of it on the present facts."""
    return {
        "recuse_report_investigator": report_by_its_investigator(investigator=_is_investigator(context, row)),
        "summarise_mark_report": report_by_its_investigator(investigator=_is_investigator(context, row)),
        "follow_up_mark_report": report_has_summary(summarised=row.summary is not None),
    }


async def _locked(context: WriteContext, report_id: UUID) -> supervision.MarkReport:
    found = await context.session.get(supervision.MarkReport, report_id, with_for_update=True)
    return existing(found, "没有此举报", "No such report")


async def _original(context: ReadContext, row: supervision.MarkReport) -> supervision.MarkReportOriginal:
    found = await supervision.mark_report_original(context.session, row.id)
    if found is None:
        raise RuntimeError("a report without its original")
    return found


async def _neutrally(context: ReadContext, row: supervision.MarkReport, *said: str | None) -> list[Finding]:
    """Whether what the caller says for others to read names nobody who reported. Asked of the investigator alone:
    nobody else knows, and an answer would tell him."""
    if not _is_investigator(context, row):
        return []
    original = await _original(context, row)
    told = "\n".join(text for text in said if text)
    return names_no_reporter(
        said=told, name=original.name, contact=original.contact, original=f"{original.subject}\n{original.description}"
    )


def _is_investigator(context: ReadContext, row: supervision.MarkReport) -> bool:
    return row.investigator_id is not None and row.investigator_id == context.actor.account_id


def _only_the_investigator(context: ReadContext, row: supervision.MarkReport) -> list[Finding]:
    findings = report_by_its_investigator(investigator=_is_investigator(context, row))
    if not _is_investigator(context, row):
        text = Text("举报原文只有该举报的承办人可以查看", "Only its investigator reads a report as it came")
        raise Forbidden(text, findings=findings)
    return findings
