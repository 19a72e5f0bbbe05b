"""An application's form comes back filled in (Art. 17): it replaces the sections that it says something of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.stored import read_rules
from app.services.applications.access import own
from app.services.applications.edit_application import edit_application
from app.services.papers.facts.form_tables import IN_YUAN
from app.store import applications as store
from app.store import rounds
from app.store.applications.form import Contact, EvidenceItem, Form, Person


async def amounts_asked(context: ReadContext, *, application_id: UUID) -> frozenset[str]:
    """The codes of the indicators that the round asks for as amounts: the form has them in yuan."""
    row = await own(context, application_id=application_id)
    rules = read_rules(existing(await rounds.get(context.session, row.round_id)).review_rules)
    return frozenset(item.code for item in rules.asks.indicators if item.counted_in in IN_YUAN)


async def import_form_sheet(context: WriteContext, *, application_id: UUID, changes: Form) -> store.Application:
    """Edit the caller's own draft by what its sheet says. Of a person it may say a part: the rest stays, and so does
    the file of an entry of the evidence catalogue, which a sheet does not name."""
    row = await own(context, application_id=application_id)
    head, contact = changes.get("legal_representative"), changes.get("contact")
    quality, evidence = changes.get("quality_officer"), changes.get("evidence")
    merged = cast(Form, dict(changes))
    if head is not None:
        merged["legal_representative"] = cast(
            Person, {**(row.content.get("legal_representative") or {}), **_said(head)}
        )
    if quality is not None:
        merged["quality_officer"] = cast(Person, {**(row.content.get("quality_officer") or {}), **_said(quality)})
    if evidence is not None:
        filed = {item["number"]: item.get("attachment_id") for item in row.content.get("evidence") or []}
        merged["evidence"] = [
            cast(EvidenceItem, {**item, "attachment_id": filed.get(item["number"])}) for item in evidence
        ]
    if contact is not None:
        merged["contact"] = cast(Contact, {**(row.content.get("contact") or {}), **_said(contact)})
    sections = changes.get("sections")
    if sections is not None:
        merged["sections"] = {**(row.content.get("sections") or {}), **sections}
    return await edit_application(context, application_id=application_id, changes=merged)


def _said(part: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in part.items() if value is not None}
