"""What an archive of a round's papers has in it now, and why not the rest: what the executive meeting is given, and the
certificates of a ceremony (Art. 22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.roles import Role
from app.measures.state_machines import AwardState
from app.measures.text import Text
from app.services.papers.catalogue import ARCHIVES, KINDS, Collection, PaperKey, PaperKind
from app.services.papers.read_papers import Offered
from app.store import awards
from app.store import papers as store


class ArchiveKey(StrEnum):
    """Papers of a round in one file."""

    EXECUTIVE_MEETING = "executive_meeting"
    CERTIFICATES = "certificates"


_NOT_ISSUED = Text("尚未印发，装入的是草稿", "Not issued yet: a draft is in it")
_NO_DECREE = Text("尚未通报表彰", "There is no decree yet")
_NOTHING = Text("尚无可供打包的文件", "There is nothing to put together yet")
_UNCONFIRMED = Text(
    "获奖组织尚未确认名称的写法，装入的是草稿", "The winner has not confirmed how its name is printed: a draft is in it"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A paper of an archive: of whom (a certificate), the number under which it was issued, whether it is in it now;
    `why_not` says what is missing, of a draft before it is issued."""

    kind: PaperKind
    about: str | None
    issued: str | None
    included: bool
    why_not: Text | None


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive with its parts, in their order; `why_not` says why there is none yet."""

    key: ArchiveKey
    parts: Sequence[Part]
    why_not: Text | None

    @property
    def available(self) -> bool:
        """Whether it can be had now."""
        return self.why_not is None


async def read_archives(
    context: ReadContext, *, collection: Collection, object_id: UUID, offered: Sequence[Offered]
) -> list[Archive]:
    """The archives of a round, by what it offers; none of another object, or for whoever may have none."""
    if collection is not Collection.ROUNDS or context.actor.role not in (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR):
        return []
    told = {item.kind.key: item for item in offered}
    meeting = [_of_the_round(told[key]) for key in ARCHIVES[ArchiveKey.EXECUTIVE_MEETING] if key in told]
    certificates = await _certificates(context, object_id)
    return [
        Archive(ArchiveKey.EXECUTIVE_MEETING, meeting, None if any(item.included for item in meeting) else _NOTHING),
        Archive(ArchiveKey.CERTIFICATES, certificates, None if certificates else _NO_DECREE),
    ]


def _of_the_round(item: Offered) -> Part:
    issued = None if item.issued is None else item.issued.number
    included = item.available or issued is not None
    why_not = item.why_not or (_NOT_ISSUED if included else None)
    return Part(item.kind, None, issued, included, None if issued is not None else why_not)


async def _certificates(context: ReadContext, round_id: UUID) -> list[Part]:
    """A part for each award that stands."""
    kind, parts = KINDS[PaperKey.CERTIFICATE], []
    for award in await awards.of_round(context.session, round_id):
        if award.state != AwardState.CONFERRED:
            continue
        issued = await store.issued_of(context.session, award.id, [kind.key])
        said = await store.last_confirmation(context.session, award.id)
        confirmed = said is not None and said.confirmed and said.printed_name == award.awarded_name
        why_not = None if issued else _NOT_ISSUED if confirmed else _UNCONFIRMED
        parts.append(Part(kind, award.awarded_name, issued[-1].number if issued else None, True, why_not))
    return parts
