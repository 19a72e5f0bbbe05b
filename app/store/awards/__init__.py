"""Awards and what follows the ceremony: certificates, visits, title use, revocation, recovery, exclusion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    UniqueConstraint,
    exists,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column
from sqlalchemy.types import TypeEngine

from app.measures.sectors import SeatCategory
from app.measures.state_machines import AWARD, AwardState, OrganisationState
from app.measures.text import plain_name
from app.measures.validity import CertificateStatus, RevokedUnder, begun, not_past
from app.store.applications import Application
from app.store.approval import Decree
from app.store.base import Identified, Json, one_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation, OrganisationName
from app.store.readers import Reader
from app.store.rounds import Round
from app.store.sorting import Place, Sort, Values, beyond, by_text, leading
from app.store.statements import Row, Statement, as_stored, columns, given, many

# The states of an award that a decree has conferred: they are public (Art. 31).
HELD = frozenset({AwardState.CONFERRED, AwardState.REVOKED})


class Award(Identified):
    """An award (Art. 22). A first or later award takes a numbered seat; a repeated one (复评, Art. 6) takes none."""

    __tablename__ = "awards"
    __table_args__ = (
        state_of(AWARD),
        one_of("revoked_under", RevokedUnder),
        UniqueConstraint("round_id", "organisation_id"),
        UniqueConstraint("round_id", "seat_category", "seat_number"),
        ForeignKeyConstraint(
            ["round_id", "seat_category", "seat_number"],
            ["round_seats.round_id", "round_seats.seat_category", "round_seats.number"],
            name="fk_awards_seat",
        ),
        CheckConstraint(
            "(repeat_award AND seat_category IS NULL AND seat_number IS NULL)"
            " OR (NOT repeat_award AND seat_category IS NOT NULL AND seat_number IS NOT NULL)"
            " OR (state = 'withdrawn' AND seat_category IS NULL AND seat_number IS NULL)",
            name="seat_unless_repeat",
        ),
        CheckConstraint("prize_fen >= 0 AND (prize_fen = 0 OR first_award)", name="prize_for_first_only"),
        CheckConstraint("state IN ('approved', 'withdrawn') OR valid_until IS NOT NULL", name="conferred_is_dated"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    # The meeting that has approved it.
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approvals.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), unique=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    # The legal name of the decree's day, and those that it had borne since it was submitted.
    awarded_name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(Json, default=list)
    # As the decree has printed it, former names and code with it.
    decreed_name: Mapped[str | None]
    award_year: Mapped[int]
    state: Mapped[AwardState]
    first_award: Mapped[bool]
    repeat_award: Mapped[bool]
    seat_category: Mapped[SeatCategory | None]
    seat_number: Mapped[int | None]
    prize_fen: Mapped[int]
    # Whether it produces or operates, as the gate found it at the decree (Art. 13(4)); Art. 28(3) asks this.
    operating: Mapped[bool]
    decree_id: Mapped[UUID | None] = mapped_column(ForeignKey("decrees.id"), index=True)
    conferred_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    certificate_number: Mapped[str | None] = mapped_column(unique=True)
    certificate_issued_on: Mapped[date | None]
    plaque_number: Mapped[str | None] = mapped_column(unique=True)
    revoked_on: Mapped[date | None]
    # What revoked it, or that it was taken back; of several decisions the one that prevails.
    revoked_under: Mapped[RevokedUnder | None]
    # The decision on review with which nothing revoked it any more; None while something does.
    revocation_annulled_on: Mapped[date | None]
    # Taken back between approval and decree: the award never came to be.
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None]
    # The rule, and of Art. 28 the item.
    withdrawn_ground: Mapped[str | None]
    withdrawn_item: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def get(session: ReadSession, award_id: UUID) -> Award | None:
    """The award with this id."""
    return await session.by_id(Award, award_id)


async def lock(session: WriteSession, award_id: UUID) -> Award | None:
    """The award, locked until the transaction ends: its money and its revocation come one after the other."""
    return session.hold((await session.execute(_LOCK, {"award_id": award_id})).scalar_one_or_none())


_LOCK = select(Award).where(Award.id == given("award_id")).with_for_update()


async def approved_of(session: WriteSession, application_id: UUID) -> Award | None:
    """The award of this application that awaits its decree, locked until the transaction ends."""
    return (await session.execute(_APPROVED_OF, {"application_id": application_id})).scalar_one_or_none()


_APPROVED_OF = (
    select(Award)
    .where(Award.application_id == given("application_id"), Award.state == AwardState.APPROVED)
    .with_for_update()
)


async def conferred_on(session: ReadSession, application_id: UUID) -> date | None:
    """The day of the decree that has conferred an award on this application; None where none has."""
    return (await session.execute(_CONFERRED_ON, {"application_id": application_id})).scalar_one_or_none()


_CONFERRED_ON = select(Award.conferred_on).where(
    Award.application_id == given("application_id"), Award.conferred_on.is_not(None)
)


async def standing_of(session: ReadSession, lineage_id: UUID) -> Sequence[Award]:
    """The awards of a legal person, its predecessors and successors, that stand: conferred, or approved and not yet
    commended."""
    return (await session.execute(_STANDING_OF, {"lineage_id": lineage_id})).scalars().all()


_STANDING_OF = (
    select(Award)
    .join(Organisation, Organisation.id == Award.organisation_id)
    .where(Organisation.lineage_id == given("lineage_id"), Award.state.in_((AwardState.APPROVED, AwardState.CONFERRED)))
    .order_by(Award.id)
)


async def of_round(session: ReadSession, round_id: UUID) -> Sequence[Award]:
    """A round's awards: by seat category and seat, the repeated ones last."""
    return (await session.execute(_OF_ROUND, {"round_id": round_id})).scalars().all()


_OF_ROUND = (
    select(Award)
    .where(Award.round_id == given("round_id"))
    .order_by(Award.repeat_award, Award.seat_category, Award.seat_number, Award.id)
)


_ONCE_CONFERRED = (AwardState.CONFERRED, AwardState.REVOKED)


def reads_as_another(round_id: BindParameter[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether the `Organisation` of the query around it has the name of another with another code, which applies in
    the round or has had an award. Names count that either has given up: the public knows them by these too."""
    other, others = aliased(Organisation), aliased(Award)
    own, theirs = aliased(OrganisationName), aliased(OrganisationName)
    applies = exists().where(
        Application.organisation_id == other.id,
        Application.round_id == round_id,
        Application.submitted_at.is_not(None),
    )
    holds = exists().where(others.organisation_id == other.id, others.state.in_(_ONCE_CONFERRED))
    another = (
        other.uscc != Organisation.uscc,
        other.state != OrganisationState.SUPERSEDED,
        or_(applies, holds),
    )
    # One after the other, so that each goes by its index.
    return or_(
        exists().where(other.name_key == Organisation.name_key, *another),
        exists().where(
            theirs.name_key == Organisation.name_key,
            theirs.set_aside_on.is_(None),
            other.id == theirs.organisation_id,
            *another,
        ),
        exists().where(
            own.organisation_id == Organisation.id,
            own.set_aside_on.is_(None),
            other.name_key == own.name_key,
            *another,
        ),
    )


class RegisterLine(NamedTuple):
    """A line of the register (Art. 31): the award, its round and its decree; its holder's name of today, and whether
    another of the register or the round has the same."""

    id: UUID
    round_id: UUID
    award_year: int
    awarded_name: str
    state: AwardState
    repeat_award: bool
    certificate_number: str | None
    certificate_issued_on: date | None
    conferred_on: date
    valid_until: date
    revoked_on: date | None
    revoked_under: RevokedUnder | None
    revocation_annulled_on: date | None
    round_ordinal: int | None
    is_sample: bool
    decree_number: str
    holder_dissolved_on: date | None
    former_names: list[str]
    holder_name: str
    holder_code: str
    name_shared: bool


async def register_page(
    reader: Reader,
    *,
    sort: Sort = Sort.NEWEST,
    after: Place,
    limit: int,
    year: int | None,
    status: CertificateStatus | None,
    name: str | None = None,
    today: date,
) -> Sequence[RegisterLine]:
    """The register in the order of `sort`, up to `limit + 1` rows; `status` is that of `today`, `name` part of one that
    the holder bears or has borne, as names are compared."""
    statement = _page(sort, after is not None, year is not None, status, name is not None)
    # Signs that the pattern would read otherwise stand for themselves.
    literal = None if name is None else re.sub("([%_/])", r"/\1", plain_name(name))
    like = None if literal is None else f"%{literal}%"
    reached, last = after if isinstance(after, tuple) else (None, after)
    values = {"reached": reached, "after": last, "year": year, "today": today, "like": like}
    return await reader.rows(statement, values, limit=limit + 1)


# By what an order sorts the register, but those of age.
_VALUES: Values = {
    Sort.NAME: by_text(Award.awarded_name),
    Sort.EXPIRY: cast(ColumnElement[date], Award.valid_until.expression),
}


def register_value(line: RegisterLine, sort: Sort) -> str | date | None:
    """What the line's place follows from in the order of `sort`; None where that is its age alone."""
    if sort is Sort.NAME:
        return leading(line.awarded_name)
    return line.valid_until if sort is Sort.EXPIRY else None


@cache
def _page(sort: Sort, after: bool, year: bool, status: CertificateStatus | None, name: bool) -> Statement[RegisterLine]:
    value = _VALUES.get(sort)
    if value is None:
        oldest = sort is Sort.OLDEST
        query = many(_register().order_by(Award.id if oldest else Award.id.desc()))
        going_on = Award.id > given("after") if oldest else Award.id < given("after")
    else:
        query = many(_register().order_by(value, Award.id))
        going_on = beyond(
            value, Award.id, given("reached", cast(TypeEngine[object], value.type)), given("after", Award.id.type)
        )
    if after:
        query = query.where(going_on)
    if year:
        query = query.where(Award.award_year == given("year"))
    if status is not None:
        query = query.where(*_has_status(status, cast(date, given("today", Date()))))
    if name:
        like: BindParameter[str] = given("like")
        borne = select(OrganisationName.organisation_id).where(
            OrganisationName.set_aside_on.is_(None), OrganisationName.name_key.like(like, escape="/")
        )
        query = query.where(or_(Organisation.name_key.like(like, escape="/"), Award.organisation_id.in_(borne)))
    return Statement(query, RegisterLine)


def _has_status(status: CertificateStatus, today: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `status_on` for the rows of the register."""
    if status is CertificateStatus.REVOKED:
        return (begun(Award.revoked_on, today),)
    stands = or_(Award.revoked_on.is_(None), not_(begun(Award.revoked_on, today)))
    running = not_past(Award.valid_until, today)
    if status is CertificateStatus.EXPIRED:
        return stands, not_(running)
    has_begun = begun(Award.conferred_on, today)
    return stands, running, has_begun if status is CertificateStatus.VALID else not_(has_begun)


class CertificateLine(NamedTuple):
    """A certificate with the award that it stands for. `parameters`: those of its round, as stored."""

    certificate_number: str
    certificate_issued_on: date
    awarded_name: str
    award_year: int
    conferred_on: date
    revoked_on: date | None
    revoked_under: RevokedUnder | None
    revocation_annulled_on: date | None
    holder_dissolved_on: date | None
    is_sample: bool
    parameters: bytes
    former_names: list[str]
    holder_name: str
    holder_code: str
    name_shared: bool


async def certificate(reader: Reader, number: str) -> CertificateLine | None:
    """The certificate with this number, of an award that is or was held."""
    return await reader.row(_CERTIFICATE, {"number": number})


def _of_awards(line: type[Row], **others: object) -> Select[*tuple[object, ...]]:
    """Awards with their round and their holder; `name_shared`: whether another of the round or the register has its
    name."""
    own = columns(
        line,
        Award,
        is_sample=Round.is_sample,
        holder_dissolved_on=Organisation.dissolved_on,
        holder_name=Organisation.name,
        holder_code=Organisation.uscc,
        name_shared=reads_as_another(Award.round_id),
        **others,
    )
    return (
        select(*own)
        .join(Round, Round.id == Award.round_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
    )


_CERTIFICATE = Statement(
    _of_awards(CertificateLine, parameters=as_stored(Round.parameters)).where(
        Award.certificate_number == given("number"), Award.state.in_(HELD)
    ),
    CertificateLine,
)


class AwardLine(NamedTuple):
    """An award with its round, its decree and what became of its holder."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    award_year: int
    round_ordinal: int | None
    awarded_name: str
    state: AwardState
    first_award: bool
    repeat_award: bool
    seat_category: SeatCategory | None
    prize_fen: int
    conferred_on: date | None
    valid_until: date | None
    revoked_on: date | None
    revoked_under: RevokedUnder | None
    revocation_annulled_on: date | None
    withdrawn_on: date | None
    holder_dissolved_on: date | None
    certificate_number: str | None
    certificate_issued_on: date | None
    plaque_number: str | None
    decree_number: str | None
    decree_date: date | None
    is_sample: bool
    version: int
    former_names: list[str]
    holder_name: str
    holder_code: str
    name_shared: bool


async def award(reader: Reader, award_id: UUID) -> AwardLine | None:
    """The award with this id, whatever its state."""
    return await reader.row(_AWARD, {"id": award_id})


_AWARD = Statement(
    _of_awards(AwardLine, round_ordinal=Round.ordinal, decree_number=Decree.number, decree_date=Decree.dated)
    .outerjoin(Decree, Decree.id == Award.decree_id)
    .where(Award.id == given("id")),
    AwardLine,
)


class _NameLine(NamedTuple):
    name: str


async def names_since_submission(reader: Reader, award_id: UUID) -> list[str]:
    """The names that the holder of an award has given up since it was submitted in its round, oldest first."""
    return [line.name for line in await reader.rows(_SINCE_SUBMISSION, {"id": award_id})]


_SINCE_SUBMISSION = Statement(
    select(OrganisationName.name)
    .join(Application, Application.organisation_id == OrganisationName.organisation_id)
    .join(Award, Award.application_id == Application.id)
    .where(
        Award.id == given("id"),
        OrganisationName.created_at >= Application.submitted_at,
        OrganisationName.set_aside_on.is_(None),
    )
    .order_by(OrganisationName.id),
    _NameLine,
)


def _register() -> Select[*tuple[object, ...]]:
    return (
        _of_awards(RegisterLine, round_ordinal=Round.ordinal, decree_number=Decree.number)
        .join(Decree, Decree.id == Award.decree_id)
        .where(Award.state.in_(HELD))
    )
