"""The office enters an adverse record that came up in a round (Art. 13(6))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.credentials import Credentials, named_credential, same_number
from app.measures.facts import CredentialKind
from app.measures.findings import Finding
from app.measures.text import Text
from app.services.applications.facts import eligibility_facts
from app.services.applications.under_review import in_the_round, locked_application, rules_of, running
from app.services.days import not_before
from app.services.lifecycle import enter
from app.services.qualification.adverse_records import NewRecord, entered_once, noted_of, open_record
from app.store.applications import Application, eligibility
from app.store.qualification import AdverseRecord

_UNISSUED = Text("早于该证书的生效日期", "Before the certificate was valid")


async def add_adverse_record(context: WriteContext, *, application_id: UUID, new: NewRecord) -> AdverseRecord:
    """The office enters a record; the applicant is told and has its days to reply. Also after the list: a record found
    in mid-round can remove the organisation."""
    application, round_row = await locked_application(context, application_id)
    running(round_row, "add_adverse_record", rule="art13.6.record")
    in_the_round(application, "add_adverse_record", rule="art13.6.record")
    row = await open_record(context, new, application.organisation_id, rules_of(round_row))
    row.application_id = application.id
    noted = ("application_id", *noted_of(new))
    told = {name: getattr(row, name) for name in noted}
    named = await _listed(context, application, new)
    named += entered_once(row, await eligibility.records_known_of(context.session, application))
    of_round = application.round_id
    await enter(context, row, "add_adverse_record", "adverse_record", round_id=of_round, findings=named, **told)
    return row


def _not_before_issue(new: NewRecord, held: Credentials) -> None:
    """`Invalid` for a withdrawal of before the credential that it names was issued: it would take nothing away. Where
    the day of issue is not stated, nothing is found."""
    safety = () if held.safety is None else (held.safety,)
    days: dict[CredentialKind | None, Sequence[tuple[str, date | None]]] = {
        CredentialKind.CERTIFICATE: [(item.number, item.valid_from) for item in held.certificates],
        CredentialKind.LICENCE: [(item.number, item.issued_on) for item in held.licences],
        CredentialKind.SAFETY: [(item.certificate_number, item.issued_on) for item in safety],
    }
    named = [
        day for number, day in days.get(new.credential_kind, ()) if same_number(number, new.credential_number or "")
    ]
    issued = [day for day in named if day is not None]
    if len(issued) < len(named):
        return
    field, day = ("/determined_on", new.determined_on) if new.determined_on else ("/occurred_on", new.occurred_on)
    if issued and day is not None:
        not_before(day, min(issued), field, _UNISSUED)


async def _listed(context: WriteContext, application: Application, new: NewRecord) -> list[Finding]:
    """Whether the credential that was withdrawn is one that the application lists; nothing where none is named."""
    if new.credential_kind is None or new.credential_number is None:
        return []
    facts = await eligibility_facts(context.session, application)
    held = Credentials(facts.certificates, facts.licences, facts.safety)
    _not_before_issue(new, held)
    return named_credential(kind=new.credential_kind, number=new.credential_number, held=held)
