"""An organisation keeps up its profile, which is used again from round to round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.facts import LegalForm
from app.measures.text import Text
from app.services.days import not_in_future
from app.services.lifecycle import check_version
from app.services.organisations.access import own
from app.services.organisations.former_profiles import keeping_the_former
from app.services.organisations.profile import check_area
from app.services.organisations.verification import reopen_where_changed
from app.store import organisations as store
from app.store.base import set_fields

_NEEDED = frozenset({"legal_form", "registered_address", "county_code", "established_on", "sector", "operating"})

_SEALED = frozenset({"contact_name", "contact_phone"})


async def edit_organisation(
    context: WriteContext, *, organisation_id: UUID, changes: Mapping[str, object]
) -> store.Organisation:
    """Change parts of the profile. Name and code are not among them: a name changes with evidence, a code never.

    An application that is submitted keeps what it was submitted with. What a document was compared with is compared
    again before anything else binds.
    """
    found = await own(context, organisation_id=organisation_id)
    row = (await store.lock(context.session, [found.id]))[found.id]
    check_version(context, row)
    missing = [name for name in sorted(_NEEDED & changes.keys()) if changes[name] is None]
    if missing:
        text = Text("此项不能为空", "It cannot be empty")
        raise Invalid(text, errors=[FieldError(f"/{name}", FieldCode.REQUIRED, text) for name in missing])
    founded = changes.get("established_on")
    if isinstance(founded, date):
        not_in_future(founded, context.today, "/established_on")
    before = {name: getattr(row, name) for name in changes}
    with keeping_the_former(context, row):
        # The word of an enumeration, not its member: the driver would write the member's name.
        set_fields(row, {name: item.value if isinstance(item, LegalForm) else item for name, item in changes.items()})
        changed = {name: [before[name], value] for name, value in changes.items() if before[name] != value}
        if {"area", "county_code"} & changed.keys():
            await check_area(context, row.area, row.county_code, "/area")
        to_verify = reopen_where_changed(context, row, changed)
    await context.session.flush()
    # The log lies open to whoever has the database: of a person it tells that the contact was changed.
    told = {name: ["", ""] if name in _SEALED else values for name, values in changed.items()}
    audit.record(context, "edit_organisation", "organisation", row.id, changed=told, to_verify=to_verify)
    return row
