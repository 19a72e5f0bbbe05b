"""What becomes of each class of data: a mark in place of what leads to a person, and the files that go with it. A text
that was never given stays empty, so that the two can be told apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import cast
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.retention import DataClass, anonymised_mark
from app.services.identity.accounts import close_account
from app.store import applications as application_store
from app.store import identity, objections, organisations, reviewers, supervision
from app.store.applications import attachments
from app.store.applications.form import Form, Person, Snapshot
from app.store.recommendations import webhooks

# The files that are given up: the row's id, and the key under which the bytes lie.
Removed = Mapping[UUID, str]
# The form has a number there, by the contract; the mark stands beside it, in place of the name.
_NO_PHONE = "00000"


def _marked(kept: object) -> str | None:
    """The mark, where anything is kept: as it is kept, sealed, so that what opens no more is forgotten, too."""
    return None if kept is None else anonymised_mark()


def _marked_name(filename: str) -> str:
    """A file's name may be a person's; what kind of file it is stays."""
    return f"{anonymised_mark()}{PurePosixPath(filename).suffix}"


async def _objection(context: WriteContext, key: UUID) -> Removed:
    row = existing(await objections.original_of(context.session, key))
    row.name, row.contact = _marked(row.sealed_name), _marked(row.sealed_contact)
    row.facts, row.evidence = _marked(row.sealed_facts), _marked(row.sealed_evidence)
    return _given_up(await objections.files_of(context.session, key))


def _given_up(rows: Sequence[objections.ObjectionFile | attachments.Attachment]) -> Removed:
    for row in rows:
        try:
            row.filename = _marked_name(row.filename)
        except ValueError:
            # It opens no more.
            row.filename = anonymised_mark()
    return {row.id: row.storage_key for row in rows}


async def _mark_report(context: WriteContext, key: UUID) -> Removed:
    row = existing(await supervision.mark_report_original(context.session, key))
    row.subject = row.description = anonymised_mark()
    row.name, row.contact = _marked(row.sealed_name), _marked(row.sealed_contact)
    return {}


async def _without_award(context: WriteContext, key: UUID) -> Removed:
    await _persons_of_form(context, key)
    return _given_up(await attachments.of_application(context.session, key))


async def _with_award(context: WriteContext, key: UUID) -> Removed:
    await _persons_of_form(context, key)
    return {}


async def _persons_of_form(context: WriteContext, key: UUID) -> None:
    """The persons of the form and of its snapshot. The hash of the snapshot stays what it was: that of the form as it
    was submitted, which the log has too."""
    row = (await application_store.lock(context.session, [key]))[0]
    row.content = _without_persons(row.content)
    if row.snapshot is not None:
        frozen = row.snapshot
        materials = [{**item, "filename": _marked_name(item["filename"])} for item in frozen["materials"]]
        row.snapshot = cast(
            Snapshot, {**frozen, "content": _without_persons(frozen["content"]), "materials": materials}
        )


def _without_persons(form: Form) -> Form:
    left = form.copy()
    if left.get("contact") is not None:
        # Whatever else was a way to reach somebody goes.
        left["contact"] = {"name": anonymised_mark(), "phone": _NO_PHONE}
    if (leader := left.get("legal_representative")) is not None:
        left["legal_representative"] = _unnamed(leader)
    if (officer := left.get("quality_officer")) is not None:
        left["quality_officer"] = _unnamed(officer)
    if (stated := left.get("truthfulness")) is not None:
        left["truthfulness"] = {**stated, "signatory": anonymised_mark()}
    return left


def _unnamed(person: Person) -> Person:
    left: Person = {**person, "name": anonymised_mark()}
    if left.get("phone") is not None:
        left["phone"] = _NO_PHONE
    return left


async def _organisation(context: WriteContext, key: UUID) -> Removed:
    row = (await organisations.lock(context.session, [key]))[key]
    row.contact_name, row.contact_phone = _marked(row.sealed_contact_name), _marked(row.sealed_contact_phone)
    return {}


async def _reviewer(context: WriteContext, key: UUID) -> Removed:
    row = existing(await reviewers.lock(context.session, key))
    row.name = row.expertise = anonymised_mark()
    # The code of an employer leads to a person of whom there are few; what conflicts it made was on record in its day.
    row.employer, row.employer_uscc = _marked(row.employer), None
    await reviewers.mark_texts_of(context.session, key, mark=anonymised_mark())
    return {}


async def _account(context: WriteContext, key: UUID) -> Removed:
    row = existing(await identity.held(context.session, key))
    await close_account(context, row, reason=anonymised_mark())
    row.login = f"{identity.ANONYMISED_LOGIN}{row.id.hex}"
    row.display_name = anonymised_mark()
    row.secret_hash = None
    await identity.forget_person(context.session, key)
    return {}


async def _webhook(context: WriteContext, key: UUID) -> Removed:
    row = existing(await webhooks.lock(context.session, key))
    row.url, row.secret = anonymised_mark(), anonymised_mark()
    row.previous_secret = row.last_error = None
    return {}


ANONYMISED_BY: Mapping[DataClass, Callable[[WriteContext, UUID], Awaitable[Removed]]] = {
    DataClass.OBJECTION_ORIGINAL: _objection,
    DataClass.MARK_REPORT_ORIGINAL: _mark_report,
    DataClass.APPLICATION_WITHOUT_AWARD: _without_award,
    DataClass.APPLICATION_WITH_AWARD: _with_award,
    DataClass.ORGANISATION_CONTACT: _organisation,
    DataClass.REVIEWER: _reviewer,
    DataClass.ACCOUNT: _account,
    DataClass.WEBHOOK: _webhook,
}
