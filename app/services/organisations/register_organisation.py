"""An organisation enters the service with its first account; its applicants add members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stdnum.cn.uscc import calc_check_digit

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.security.sealing import Keyring
from app.measures.facts import LegalForm, SizeClass
from app.measures.interpretations import readings_on
from app.measures.state_machines import ORGANISATION
from app.services.days import not_in_future
from app.services.lifecycle import create
from app.services.organisations.claims import enter_claim, holder_before
from app.services.organisations.members import Newcomer, admit
from app.services.organisations.profile import check_area
from app.store import identity
from app.store import organisations as store
from app.store.base import new_id


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What an organisation says of itself; `uscc` has the form of a code, its checksum may be wrong."""

    name: str
    uscc: str
    legal_form: LegalForm
    registered_address: str
    county_code: str
    area: str | None
    established_on: date
    sector: str
    operating: bool
    size_class: SizeClass | None = None
    staff: int | None = None
    main_products: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None


async def register_organisation(
    context: WriteContext,
    *,
    new: NewOrganisation,
    first: Newcomer,
    keyring: Keyring,
    claim_evidence: str | None = None,
) -> tuple[store.Organisation, identity.Account]:
    """The organisation, unverified, and the account of whoever registers it. Where its code is registered already, this
    is a claim to it, for which `claim_evidence` may be handed in at once or later. A dry run makes none: it leaves no
    trace, and would tell anybody which codes are registered.

    A code that fails its checksum is taken and flagged for a person to verify: historic codes do.
    """
    not_in_future(new.established_on, context.today, "/organisation/established_on")
    await check_area(context, new.area, new.county_code, "/organisation/area")
    holder = await holder_before(context, new.uscc)
    key = new_id()
    row = store.Organisation(
        id=key,
        created_at=context.now,
        lineage_id=key,
        state=create(ORGANISATION),
        uscc=new.uscc,
        uscc_checksum_ok=calc_check_digit(new.uscc) == new.uscc[-1],
        name=new.name,
        legal_form=new.legal_form,
        registered_address=new.registered_address,
        county_code=new.county_code,
        area=new.area,
        established_on=new.established_on,
        sector=new.sector,
        operating=new.operating,
        size_class=new.size_class,
        staff=new.staff,
        main_products=new.main_products,
        contact_name=new.contact_name,
        contact_phone=new.contact_phone,
        is_sample=context.settings.marks_samples,
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(
        context,
        "register_organisation",
        "organisation",
        row.id,
        uscc=row.uscc,
        name=row.name,
        uscc_checksum_ok=row.uscc_checksum_ok,
        readings=[readings_on(context.today).cite("codes_as_typed")],
    )
    if holder is not None and not context.dry_run:
        await enter_claim(context, row, holder, claim_evidence)
    account, _ = await admit(context, row.id, first, keyring)
    return row, account
