"""An application's form comes back filled in (Art. 17): it replaces the sections that it says something of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from app.kernel.context import WriteContext
from app.services.applications.access import own
from app.services.applications.edit_application import edit_application
from app.store import applications as store
from app.store.applications.form import Contact, Form, Person


async def import_form_sheet(context: WriteContext, *, application_id: UUID, changes: Form) -> store.Application:
    """Edit the caller's own draft by what its sheet says. Of a person the sheet says a part: the rest stays."""
    row = await own(context, application_id=application_id)
    head, contact = changes.get("legal_representative"), changes.get("contact")
    merged = cast(Form, dict(changes))
    if head is not None:
        merged["legal_representative"] = cast(
            Person, {**(row.content.get("legal_representative") or {}), **_said(head)}
        )
    if contact is not None:
        merged["contact"] = cast(Contact, {**(row.content.get("contact") or {}), **_said(contact)})
    sections = changes.get("sections")
    if sections is not None:
        merged["sections"] = {**(row.content.get("sections") or {}), **sections}
    return await edit_application(context, application_id=application_id, changes=merged)


def _said(part: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in part.items() if value is not None}
