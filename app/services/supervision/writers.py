"""Who objected or reported is named in no text that others read, whatever act it is said with (Arts. 21, 29, 31).

Only a caller who has read an original can give its writer away, and only this caller is compared with it: anybody else
would learn from the answer who it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.exclusivity import names_no_reporter
from app.measures.findings import failures
from app.measures.objections import names_no_objector
from app.measures.roles import Role
from app.store import objections, supervision
from app.store.awards import Award
from app.store.database import watch
from app.store.organisations import Organisation
from app.store.rounds import Round

# What is entered as a name of its own: that somebody of the same name is a reviewer or a payee gives nobody away.
_NAMES = frozenset(
    {
        *("name", "name_en", "published_name", "legal_name", "payee_name", "display_name", "contact_name"),
        *("signatory", "bank_name", "issuer", "employer", "carried_out_by", "login", "username"),
    }
)
# They write an original, and nothing that others read.
_WRITING_ORIGINALS = frozenset({"take_objection", "enter_letter", "report_mark"})


@dataclass(slots=True)
class Compared:
    """The originals that the caller of a request has read, and the ids of the rounds, organisations and awards that
    its act has looked at so far."""

    originals: Sequence[objections.KnownOriginal]
    reports: Sequence[supervision.MarkReportOriginal]
    seen: set[UUID] = field(default_factory=set)
    award: bool = False

    def look(self, _session: object, row: object) -> None:
        """Take note of a row that the act has loaded or made."""
        known = vars(row)
        self.award = self.award or isinstance(row, Award) or known.get("award_id") is not None
        names = ("round_id", "organisation_id", *(("id",) if isinstance(row, Round | Organisation) else ()))
        self.seen.update(value for name in names if isinstance(value := known.get(name), UUID))


async def compare(context: WriteContext, body: object) -> Callable[[], None] | None:
    """Begin to compare what a request says with the originals that its caller has read; None where nothing can be
    given away. What is answered is called when the act has been carried out, and refuses it with everything that its
    texts tell of a writer who wrote about an organisation or a round that the act has to do with."""
    account_id, said = context.actor.account_id, "\n".join(_texts(body))
    if context.actor.role is not Role.OFFICE or account_id is None or not said:
        return None
    known = await supervision.known_to(context.session, account_id)
    found = Compared(
        await objections.originals_known_to(context.session, account_id) if known.objections else (),
        await supervision.reports_known_to(context.session, account_id) if known.reports else (),
    )
    if not found.originals and not found.reports:
        return None
    watch(context.session, found.look)
    said = simplified(said)

    def refuse_telling() -> None:
        if {entry.act for entry in context.pending_audit} & _WRITING_ORIGINALS:
            return
        seen = found.seen | {entry.round_id for entry in context.pending_audit}
        told = [
            finding
            for item in found.originals
            if item.round_id in seen or item.organisation_id in seen
            for finding in names_no_objector(
                said=said,
                name=simplified(item.original.name or ""),
                contact=simplified(item.original.contact or ""),
                original=simplified(f"{item.original.facts or ''}\n{item.original.evidence or ''}"),
            )
        ]
        for report in found.reports if found.award else ():
            told += names_no_reporter(
                said=said,
                name=simplified(report.name or ""),
                contact=simplified(report.contact or ""),
                original=simplified(f"{report.subject}\n{report.description}"),
            )
        refuse(failures(told)[:1])

    return refuse_telling


def _texts(said: object, key: str = "") -> Iterator[str]:
    if isinstance(said, str):
        if key not in _NAMES:
            yield said
    elif isinstance(said, Mapping):
        for name, value in said.items():
            yield from _texts(value, str(name))
    elif isinstance(said, list):
        for item in said:
            yield from _texts(item, key)
