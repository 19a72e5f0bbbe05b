"""Organisations and their history; recommending units; consulted departments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, literal_column, select, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.measures.facts import LegalForm, SizeClass
from app.measures.state_machines import EVER_VERIFIED_STATES, ORGANISATION, LegalPersonState, OrganisationState
from app.measures.text import plain_name
from app.store.base import Identified, Json, on_days, one_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.sealed import SealedText, WithSealed
from app.store.sorting import Place, Sort, Values, by_text, sorted_page_of
from app.store.statements import given

_IS_VERIFIED = text("state IN ('changed', 'verified')")


def _key_of_name(context: DefaultExecutionContext) -> str:
    """The key of a row that comes in by a statement of its own."""
    return plain_name(str(context.get_current_parameters()["name"]))  # type: ignore[no-untyped-call]


class Organisation(WithSealed):
    """A legal person. `lineage_id` joins it with predecessors and successors: they are "first" only once (Art. 8)."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("(dissolved_on IS NULL) = (dissolution_evidence IS NULL)", name="dissolution_evidenced"),
        state_of(ORGANISATION),
        one_of("legal_form", LegalForm),
        one_of("size_class", SizeClass),
        CheckConstraint("(state = 'superseded') = (superseded_by IS NOT NULL)", name="superseded_by_another"),
        CheckConstraint("stated_name IS NULL OR state IN ('changed', 'superseded')", name="stated_since_verified"),
        Index(
            "uq_organisations_one_verified",
            "uscc",
            unique=True,
            sqlite_where=_IS_VERIFIED,
            postgresql_where=_IS_VERIFIED,
        ),
    )

    lineage_id: Mapped[UUID] = mapped_column(index=True)
    # Of a code there may be several registrations, one of them verified: who registers it first owns nothing by that.
    state: Mapped[OrganisationState]
    # What is otherwise since it was verified; empty but in the state `changed`.
    changed_since_verified: Mapped[list[str]] = mapped_column(Json, default=list)
    superseded_by: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    uscc: Mapped[str] = mapped_column(index=True)
    uscc_checksum_ok: Mapped[bool]
    # What a document was compared with, once one was; until then what the organisation says.
    name: Mapped[str]
    # The name as it is compared with others, see `plain_name`: two of one key read the same.
    name_key: Mapped[str] = mapped_column(index=True, default=_key_of_name)
    # Another name that it says it bears since then, from which day and by which paper: nobody has compared it yet.
    stated_name: Mapped[str | None]
    stated_name_from: Mapped[date | None]
    stated_name_evidence: Mapped[str | None]
    legal_form: Mapped[LegalForm]
    registered_address: Mapped[str]
    county_code: Mapped[str]
    area: Mapped[str | None]
    established_on: Mapped[date]
    sector: Mapped[str]
    operating: Mapped[bool]
    size_class: Mapped[SizeClass | None]
    staff: Mapped[int | None]
    main_products: Mapped[str | None]
    sealed_contact_name: Mapped[bytes | None]
    sealed_contact_phone: Mapped[bytes | None]
    contact_name = SealedText[str | None]()
    contact_phone = SealedText[str | None]()
    # The day on which it ceased to exist, and the document that says so.
    dissolved_on: Mapped[date | None]
    dissolution_evidence: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @validates("name")
    def _named(self, _: str, name: str) -> str:
        self.name_key = plain_name(name)
        return name


@dataclass(frozen=True, slots=True)
class LegalPerson:
    """An organisation as a legal person, which exists or is dissolved however its registration stands (Art. 13(1))."""

    organisation: Organisation

    @property
    def id(self) -> UUID:
        """The organisation's."""
        return self.organisation.id

    @property
    def state(self) -> LegalPersonState:
        """Its state in the state machine."""
        return LegalPersonState.EXISTING if self.organisation.dissolved_on is None else LegalPersonState.DISSOLVED


class OrganisationName(Identified):
    """A former name of an organisation, which a document was compared with, and the day on which it ended."""

    __tablename__ = "organisation_names"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True, default=_key_of_name)
    until: Mapped[date]
    evidence: Mapped[str]
    # From when on it counts as never borne: who had stated it was not the organisation.
    set_aside_on: Mapped[date | None]


class SuccessorLink(Identified):
    """`successor` continues the legal person of `predecessor` (merger, conversion); recorded by the office."""

    __tablename__ = "successor_links"
    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id <> successor_id", name="not_itself"),
    )

    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    effective_on: Mapped[date]
    reason: Mapped[str]
    evidence: Mapped[str]


async def organisation(session: ReadSession, organisation_id: UUID) -> Organisation | None:
    """The organisation with this id."""
    return await session.by_id(Organisation, organisation_id)


async def lock(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """These organisations, locked until the transaction ends, always in the same order."""
    return {row.id: row for row in (await session.execute(_LOCK, {"ids": list(ids)})).scalars()}


_LOCK = (
    select(Organisation)
    .where(Organisation.id.in_(given("ids")))
    .order_by(Organisation.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def share(session: WriteSession, organisation_id: UUID) -> Organisation | None:
    """The organisation as it is committed, its lineage kept until the transaction ends."""
    return (await session.execute(_SHARE, {"organisation_id": organisation_id})).scalar_one_or_none()


_SHARE = (
    select(Organisation)
    .where(Organisation.id == given("organisation_id"))
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


async def holder_of(session: ReadSession, uscc: str) -> Organisation | None:
    """The registration of this unified social credit code that stands: the one that was verified, or else the
    first."""
    return (await session.execute(_HOLDER_OF, {"uscc": uscc})).scalar_one_or_none()


async def names_verified(session: ReadSession) -> Sequence[str]:
    """What every organisation is called that was compared with a document."""
    return (await session.execute(_NAMES_VERIFIED)).scalars().all()


_NAMES_VERIFIED = select(Organisation.name).where(Organisation.state.in_(EVER_VERIFIED_STATES))


async def telephones_verified(session: ReadSession) -> list[str]:
    """The telephones of those organisations, opened one by one: not for a page."""
    rows = (await session.execute(_REACHED_VERIFIED)).scalars()
    return [row.contact_phone for row in rows if row.contact_phone]


_REACHED_VERIFIED = select(Organisation).where(
    Organisation.state.in_(EVER_VERIFIED_STATES), Organisation.sealed_contact_phone.is_not(None)
)


_HOLDER_OF = (
    select(Organisation)
    .where(Organisation.uscc == given("uscc"), Organisation.state != OrganisationState.SUPERSEDED)
    .order_by(Organisation.state.in_(EVER_VERIFIED_STATES).desc(), Organisation.id)
    .limit(literal_column("1"))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which organisations: only `own`, of a code, in a state. `flagged`: by the checksum of the code. `name`: part of
    the name, as names are compared. `since`, `until`: registered on these days in Shanghai, both included."""

    own: UUID | None = None
    uscc: str | None = None
    state: str | None = None
    flagged: bool | None = None
    name: str | None = None
    since: date | None = None
    until: date | None = None


async def organisations_page(
    session: ReadSession, wanted: Wanted, *, sort: Sort, after: Place, limit: int
) -> Sequence[Organisation]:
    """The organisations that are wanted, in the order of `sort`, up to `limit + 1`."""
    only = [(Organisation.id, wanted.own), (Organisation.uscc, wanted.uscc), (Organisation.state, wanted.state)]
    query = sorted_page_of(
        select(Organisation), Organisation.id, sort=sort, values=_VALUES, after=after, limit=limit, only=only
    )
    if wanted.flagged is not None:
        query = query.where(Organisation.uscc_checksum_ok.is_(not wanted.flagged))
    if wanted.name is not None:
        query = query.where(Organisation.name_key.contains(plain_name(wanted.name), autoescape=True))
    query = query.where(*on_days(Organisation.created_at, wanted.since, wanted.until))
    return (await session.execute(query)).scalars().all()


_VALUES: Values = {Sort.NAME: by_text(Organisation.name_key)}


async def former_names(session: ReadSession, organisation_id: UUID) -> Sequence[OrganisationName]:
    """Former names that stand, oldest first."""
    return (await session.execute(_FORMER_NAMES, {"organisation_id": organisation_id})).scalars().all()


_FORMER_NAMES = (
    select(OrganisationName)
    .where(OrganisationName.organisation_id == given("organisation_id"), OrganisationName.set_aside_on.is_(None))
    .order_by(OrganisationName.until, OrganisationName.id)
)


class PredecessorLine(NamedTuple):
    """The link to an organisation that another continues, with that organisation's name and code."""

    link: SuccessorLink
    name: str
    uscc: str


async def predecessors(session: ReadSession, organisation_id: UUID) -> Sequence[PredecessorLine]:
    """The links to the organisations that this one continues."""
    return [
        PredecessorLine._make(row)
        for row in (await session.execute(_PREDECESSORS, {"organisation_id": organisation_id})).all()
    ]


_PREDECESSORS = (
    select(SuccessorLink, Organisation.name, Organisation.uscc)
    .join(Organisation, Organisation.id == SuccessorLink.predecessor_id)
    .where(SuccessorLink.successor_id == given("organisation_id"))
    .order_by(SuccessorLink.effective_on, SuccessorLink.id)
)


async def with_predecessors(session: ReadSession, organisation_id: UUID) -> frozenset[UUID]:
    """The organisation itself and every one that it continues, however far back."""
    known: set[UUID] = set()
    ahead = {organisation_id}
    while ahead:
        known |= ahead
        query = select(SuccessorLink.predecessor_id).where(SuccessorLink.successor_id.in_(ahead))
        ahead = set((await session.execute(query)).scalars()) - known
    return frozenset(known)


async def link(session: ReadSession, *, predecessor_id: UUID, successor_id: UUID) -> SuccessorLink | None:
    """The link between these two in this direction, if it is recorded."""
    return (
        await session.execute(_LINK, {"predecessor_id": predecessor_id, "successor_id": successor_id})
    ).scalar_one_or_none()


_LINK = select(SuccessorLink).where(
    SuccessorLink.predecessor_id == given("predecessor_id"), SuccessorLink.successor_id == given("successor_id")
)
