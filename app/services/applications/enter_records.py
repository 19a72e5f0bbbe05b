"""Adverse records that an application brings along (Art. 13(6)): what the applicant declares, and what is known already
of its legal person from an earlier application."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.kernel.context import WriteContext
from app.kernel.stored import read_rules
from app.measures.dates import add_years, end_of_day
from app.measures.facts import RecordFinding, RecordOrigin
from app.services.applications.facts import undeclared_yet
from app.services.instruments.in_force import round_parameters
from app.services.lifecycle import enter
from app.store import applications as store
from app.store import qualification
from app.store.applications import eligibility
from app.store.rounds import Round


async def enter_declared_records(context: WriteContext, row: store.Application) -> None:
    """Put the records that the applicant declares on record, for the office to verify (Art. 13(6))."""
    recorded = await eligibility.adverse_records(context.session, [row.id])
    for item, record in undeclared_yet(row.content, recorded):
        context.session.add(
            qualification.AdverseRecord(
                created_at=context.now,
                organisation_id=row.organisation_id,
                application_id=row.id,
                origin=RecordOrigin.DECLARED,
                category=record.category,
                fact=item["fact"],
                basis=item.get("basis"),
                occurred_on=record.occurred_on,
                determined_on=record.determined_on,
                source=record.source,
                rectified=record.rectified,
                attributable=record.attributable,
                finding=RecordFinding.OPEN,
            )
        )


async def enter_known_records(context: WriteContext, row: store.Application, round_row: Round) -> None:
    """Put on record what earlier applications of the legal person have left, unless it was denied or lies before the
    years that count: neither a withdrawal nor another round makes it forgotten. The applicant is heard, and a person
    decides anew."""
    organisations = await eligibility.organisations(context.session, [row.organisation_id])
    lineage_id = organisations[row.organisation_id].lineage_id
    since = add_years(context.today, -round_parameters(round_row).record_years)
    here = {_key(item) for item in await eligibility.adverse_records(context.session, [row.id])}
    # The newest word on the same fact counts.
    earlier = {_key(item): item for item in await eligibility.records_of_lineage(context.session, lineage_id)}
    days = read_rules(round_row.review_rules).correction_days
    for key, item in earlier.items():
        # What was entered out of any round is read with every application, as it was decided.
        if (
            item.application_id is None
            or key in here
            or item.finding == RecordFinding.DENIED
            or not _counts(item, since)
        ):
            continue
        known = qualification.AdverseRecord(
            created_at=context.now,
            organisation_id=row.organisation_id,
            application_id=row.id,
            origin=RecordOrigin.OFFICE if item.origin == RecordOrigin.DECLARED else item.origin,
            category=item.category,
            fact=item.fact,
            basis=item.basis,
            occurred_on=item.occurred_on,
            determined_on=item.determined_on,
            source=item.source,
            rectified=item.rectified,
            credential_kind=item.credential_kind,
            credential_number=item.credential_number,
            finding=RecordFinding.OPEN,
            notified_at=context.now,
            reply_due_at=end_of_day(context.today + timedelta(days=days)),
        )
        # Any: keyword arguments of several types.
        about: dict[str, Any] = {
            "application_id": row.id,
            "earlier_record_id": item.id,
            "earlier_finding": item.finding,
        }
        about["earlier_application_id"] = item.application_id
        await enter(context, known, "carry_adverse_record", "adverse_record", round_id=row.round_id, **about)


def _key(item: qualification.AdverseRecord) -> tuple[object, ...]:
    return item.category, item.occurred_on, item.determined_on, item.source, item.fact


def _counts(item: qualification.AdverseRecord, since: date) -> bool:
    return any(day is not None and day >= since for day in (item.occurred_on, item.determined_on))
