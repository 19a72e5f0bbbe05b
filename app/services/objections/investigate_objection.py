"""The investigator of an objection (Art. 21, 29): assigned by the office, replaced on record. He alone reads it as it
came, each time on record; all others read his summary."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Forbidden, Invalid, existing, refuse
from app.measures.findings import Finding
from app.measures.objections import (
    Lacking,
    ObjectionClass,
    ObjectionFacts,
    by_its_investigator,
    investigator_fit,
    judged_formal,
    judged_informal,
)
from app.measures.roles import AccountKind, Role
from app.measures.state_machines import OBJECTION
from app.measures.text import Text
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.objections.take_objection import period_objected_to
from app.services.objections.verify_objection import Told, is_investigator, locked, neutrally
from app.store import identity, objections


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who investigates; how it was looked whether he is free of interests in the organisation; why he replaces
    another."""

    account_id: UUID
    conflict_check: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Original:
    """An objection as it came, with its files."""

    row: objections.Objection
    text: objections.ObjectionOriginal
    files: list[objections.ObjectionFile]


async def assign_investigator(context: WriteContext, *, objection_id: UUID, assignment: Assignment) -> Told:
    """Assign an account of the office, or put another in its place: the former one reads the original no more."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "assign_investigator") as doing:
        account = await identity.held(context.session, assignment.account_id)
        if account is None:
            text = Text("没有此账户", "No such account")
            raise Invalid(text, errors=[FieldError("/account_id", FieldCode.NOT_FOUND, text)])
        organisation_id = await objections.organisation_objected_to(context.session, row.candidate_id)
        former = row.investigator_id
        fit = investigator_fit(
            of_the_office=account.role == Role.OFFICE
            and account.kind == AccountKind.PERSON
            and not account.deactivated_at,
            recused=await objections.has_recused(
                context.session, account_id=account.id, organisation_id=organisation_id
            ),
            replaces=former not in (None, account.id),
            reason=assignment.reason,
        )
        doing.hear([*fit, *await neutrally(context, row, assignment.conflict_check, assignment.reason)])
        row.investigator_id, row.conflict_check = account.id, assignment.conflict_check
        doing.tell(investigator_id=account.id, former_investigator_id=former, reason=assignment.reason)
        doing.rest_on(await readings(context.session, context.today), "objection_original")
        doing.tell(conflict_check=assignment.conflict_check)
    return told


async def recuse_investigator(context: WriteContext, *, objection_id: UUID, reason: str) -> Told:
    """The investigator withdraws for an interest in the matter; the office assigns another. He investigates no
    objection to this organisation again."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "recuse_investigator") as doing:
        _only_the_investigator(context, row)
        doing.hear([*by_its_investigator(investigator=True), *await neutrally(context, row, reason)])
        context.session.add(
            objections.ObjectionRecusal(
                created_at=context.now,
                objection_id=row.id,
                account_id=context.actor.known_id,
                organisation_id=await objections.organisation_objected_to(context.session, row.candidate_id),
                reason=reason,
            )
        )
        row.investigator_id = row.conflict_check = None
        doing.tell(reason=reason, former_investigator_id=context.actor.known_id)
    return told


async def summarise(context: WriteContext, *, objection_id: UUID, summary: str) -> Told:
    """What the investigator says of the objection to all others, while it is open: it names nobody who objected."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "summarise_objection") as doing:
        _only_the_investigator(context, row)
        doing.hear([*by_its_investigator(investigator=True), *await neutrally(context, row, summary)])
        row.summary, row.summarised_at = summary, context.now
    return told


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the investigator classes an objection, and why; `lacking`: what an informal one does not give."""

    classification: ObjectionClass
    lacking: tuple[Lacking, ...]
    reason: str


async def classify(context: WriteContext, *, objection_id: UUID, judgement: Judgement) -> Told:
    """Its investigator judges whether an objection has a name and states something: what the service made of it was a
    hint. What came late, or from nobody who can be reached, stays informal."""
    told = await locked(context, objection_id)
    row = told.row
    formal = judgement.classification is ObjectionClass.FORMAL
    async with act(context, OBJECTION, row, "find_formal" if formal else "find_informal") as doing:
        _only_the_investigator(context, row)
        own = by_its_investigator(investigator=True)
        if formal:
            own += await _formal(context, row)
        else:
            own += judged_informal(lacking=judgement.lacking)
        doing.hear([*own, *await neutrally(context, row, judgement.reason)])
        row.classification = judgement.classification
        row.classified_because = "" if formal else ",".join(judgement.lacking)
        doing.tell(classification=row.classification, lacking=list(judgement.lacking), reason=judgement.reason)
        rests_on = ("informal_objections", "objection_on_publication_day", "letters_without_scan")
        doing.rest_on(await readings(context.session, context.today), *rests_on)
    return told


async def _formal(context: WriteContext, row: objections.Objection) -> list[Finding]:
    original = existing(await objections.original_of(context.session, row.id))
    scanned = row.letter_reference is None or bool(await objections.files_of(context.session, row.id))
    said = ObjectionFacts(row.received_at, original.name or "", original.contact or "", original.facts or "", scanned)
    return judged_formal(objection=said, period=await period_objected_to(context, row.candidate_id))


async def disclose_identity(context: WriteContext, *, objection_id: UUID, reason: str) -> Original:
    """The objection as it came, for its investigator alone. Every reading is audited with its reason; the route has no
    dry run, so that there is none without a record."""
    row, original = await own_original(context, objection_id=objection_id)
    # The auditor reads the reason: it tells no more than any other word of the investigator.
    refuse(await neutrally(context, row, reason))
    files = list(await objections.files_of(context.session, row.id))
    reader = context.actor.known_id
    if not await objections.has_read(context.session, objection_id=row.id, account_id=reader):
        context.session.add(objections.ObjectionReading(created_at=context.now, objection_id=row.id, account_id=reader))
        await context.session.flush()
    audit.record(context, "disclose_identity", "objection", row.id, round_id=row.round_id, reason=reason)
    return Original(row, original, files)


async def own_original(
    context: ReadContext, *, objection_id: UUID
) -> tuple[objections.Objection, objections.ObjectionOriginal]:
    """The original of an objection that the caller investigates; `Forbidden` for everybody else."""
    found = existing(await objections.objection(context.session, objection_id), "没有此异议", "No such objection")
    _only_the_investigator(context, found[0])
    original = await objections.original_of(context.session, objection_id)
    return found[0], existing(original, "没有此异议", "No such objection")


def _only_the_investigator(context: ReadContext, row: objections.Objection) -> None:
    findings = by_its_investigator(investigator=is_investigator(context, row))
    if not is_investigator(context, row):
        raise Forbidden(
            Text("异议原文只有该异议的承办人可以查看", "Only its investigator reads an objection as it came"),
            findings=findings,
        )
