"""Who objected or reported is named in no text that others read, whatever act it is said with, and whatever that is
about (Arts. 21, 29, 31).

Only a caller who has read an original can give its writer away, and only this caller is compared with it: anybody else
would learn from the answer who it was. In what has nothing to do with the writing, less is the writer's own: an
organisation's name and telephone, a place, a word of everybody's are said there for other reasons.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.exclusivity import names_no_reporter
from app.measures.findings import Finding, failures
from app.measures.objections import names_no_objector
from app.measures.roles import Role
from app.measures.writers import letters_of, names_anywhere, reaches_anywhere, telephones_in, text_anywhere
from app.store import objections, organisations, supervision
from app.store.awards import Award
from app.store.database import watch
from app.store.organisations import Organisation
from app.store.rounds import Round

# What is entered as a name of its own: that somebody of the same name is a reviewer or a payee gives nobody away.
_NAMES = frozenset(
    {
        *("name", "name_en", "published_name", "legal_name", "payee_name", "display_name", "contact_name"),
        *("signatory", "bank_name", "issuer", "employer", "carried_out_by"),
    }
)
# Nobody says anything by them: a secret is not told, and a login may be one's telephone.
_NOT_SAID = frozenset({"password", "new_password", "old_password", "client_secret", "login", "username"})
# Of a letter that is entered they are the original, which nobody reads but its investigator.
_ORIGINAL = frozenset({"name", "contact", "facts", "evidence"})


@dataclass(frozen=True, slots=True)
class _Original:
    """What came in, as it is compared; `text`: what its writer says, with `about` whom where that stands apart."""

    names_nobody: Callable[..., list[Finding]]
    matters: frozenset[UUID]
    name: str
    contact: str
    text: str
    about: str = ""
    of_awards: bool = False

    def told_in(self, said: str, names: str, *, close: bool) -> list[Finding]:
        """What is told of the writer; in what is entered as `names`, the ways to reach him alone."""
        original = f"{self.about}\n{self.text}" if close else self.text
        of_names = self.names_nobody(said=names, name=None, contact=self.contact, original=original)
        found = self.names_nobody(said=said, name=self.name, contact=self.contact, original=original)
        return failures(found) or failures(of_names)

    def anywhere(self, called: frozenset[str] = frozenset(), telephones: frozenset[str] = frozenset()) -> _Original:
        """What of it is its writer's own in whatever is said."""
        return replace(
            self,
            name=self.name if names_anywhere(self.name, organisations=called) else "",
            contact=reaches_anywhere(self.contact),
            text=text_anywhere(self.text, telephones=telephones),
        )


@dataclass(slots=True)
class Compared:
    """The originals that the caller of a request has read, and the ids of the rounds, organisations, objections and
    reports that its act has looked at so far."""

    originals: Sequence[_Original]
    seen: set[UUID] = field(default_factory=set)
    award: bool = False

    def look(self, _session: object, row: object) -> None:
        """Take note of a row that the act has loaded or made."""
        known = vars(row)
        self.award = self.award or isinstance(row, Award) or known.get("award_id") is not None
        own = isinstance(row, Round | Organisation | supervision.MarkReport)
        names = ("round_id", "organisation_id", "report_id", *(("id",) if own else ()))
        self.seen.update(value for name in names if isinstance(value := known.get(name), UUID))

    def close(self, item: _Original) -> bool:
        """Whether the act has to do with what this original is about."""
        return bool(item.matters & self.seen) or (self.award and item.of_awards)


async def compare(context: WriteContext, body: object) -> Callable[[], Awaitable[None]] | None:
    """Begin to compare what a request says with the originals that its caller has read; None where nothing can be
    given away. What is answered is awaited when the act has been carried out, and refuses it where its texts tell of a
    writer."""
    account_id = context.actor.account_id
    if context.actor.role is not Role.OFFICE or account_id is None or not any(_texts(body)):
        return None
    originals = await _known_to(context, account_id)
    if not originals:
        return None
    found = Compared(originals)
    watch(context.session, found.look)

    async def refuse_telling() -> None:
        apart = _ORIGINAL if any(entry.act == "enter_letter" for entry in context.pending_audit) else frozenset()
        found.seen.update(entry.round_id for entry in context.pending_audit if entry.round_id is not None)
        texts = [(key, simplified(text)) for key, text in _texts(body) if key not in apart]
        said = "\n".join(text for key, text in texts if key not in _NAMES)
        names = "\n".join(text for key, text in texts if key in _NAMES)
        told = [(item, findings) for item in originals if (findings := item.told_in(said, names, close=True))]
        for item, findings in told:
            if found.close(item):
                refuse(findings[:1])
        # What organisations are called, and how they are reached, is asked where it matters: few come so far.
        called: frozenset[str] | None = None
        telephones: frozenset[str] | None = None
        for item, _ in told:
            if not item.anywhere().told_in(said, names, close=False):
                continue
            if called is None:
                verified = await organisations.names_verified(context.session)
                called = frozenset(letters_of(simplified(name)) for name in verified)
            if not item.anywhere(called).told_in(said, names, close=False):
                continue
            if telephones is None:
                numbers = await organisations.telephones_verified(context.session)
                telephones = frozenset[str]().union(*map(telephones_in, numbers))
            refuse(item.anywhere(called, telephones).told_in(said, names, close=False)[:1])

    return refuse_telling


async def _known_to(context: WriteContext, account_id: UUID) -> list[_Original]:
    known = await supervision.known_to(context.session, account_id)
    objected = await objections.originals_known_to(context.session, account_id) if known.objections else ()
    reported = await supervision.reports_known_to(context.session, account_id) if known.reports else ()
    return [
        *(
            _Original(
                names_no_objector,
                frozenset({item.round_id, item.organisation_id}),
                simplified(item.original.name or ""),
                simplified(item.original.contact or ""),
                simplified(f"{item.original.facts or ''}\n{item.original.evidence or ''}"),
            )
            for item in objected
        ),
        *(
            _Original(
                names_no_reporter,
                frozenset({report.report_id}),
                simplified(report.name or ""),
                simplified(report.contact or ""),
                simplified(report.description),
                about=simplified(report.subject),
                of_awards=True,
            )
            for report in reported
        ),
    ]


def _texts(said: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Each text, with the name of its field."""
    if isinstance(said, str):
        if said and key not in _NOT_SAID:
            yield key, said
    elif isinstance(said, Mapping):
        for name, value in said.items():
            yield from _texts(value, str(name))
    elif isinstance(said, list):
        for item in said:
            yield from _texts(item, key)
