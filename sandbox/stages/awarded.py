"""A concluded round with its awards, written straight into the store, for those whose subject begins there."""

import itertools
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.measures.instruments import shipped_instruments
from app.measures.review_rules import default_review_rules
from app.measures.roles import Role
from app.measures.state_machines import AwardState, OrganisationState
from app.measures.validity import RevokedUnder
from app.store.applications import Application
from app.store.approval import Approval, Decree
from app.store.awards import Award
from app.store.base import new_id
from app.store.identity import Account
from app.store.notices import Notice
from app.store.organisations import Organisation
from app.store.publicity import Candidate
from app.store.revocations import Exclusion, Revocation
from app.store.rounds import Round, RoundSeat
from sandbox.callers import Caller
from sandbox.seed import PASSWORD_HASH
from sandbox.stages.kept import stage
from sandbox.world import World

_numbers = itertools.count(1)
DECREE_NUMBER = "会府字〔2024〕12号"


@dataclass(frozen=True)
class Winner:
    """An award and its organisation's caller."""

    award_id: str
    organisation_id: str
    lineage_id: str
    name: str
    applicant: Caller
    decree_year: int = 2024
    # Its place among all winners of all rounds.
    place: int = 1


@dataclass(frozen=True)
class Concluded:
    """A round concluded by decree."""

    round_id: str
    decreed_on: date
    winners: list[Winner]


@stage
def concluded(
    world: World,
    *winners: dict[str, Any],
    year: int = 2024,
    ordinal: int = 1,
    decreed_on: str = "2024-06-03",
    decree_number: str = DECREE_NUMBER,
) -> Concluded:
    """A round of `year` with these winners (seat_category, repeat_award, first_award, operating). The clock goes to the
    decree's day."""
    day = date.fromisoformat(decreed_on)
    if world.clock.today < day:
        world.clock.go(day)
    with world.past_the_service() as session:
        row = _round(session, year, ordinal, day, decree_number)
        made = [_winner(session, world, row, day, given, number) for number, given in enumerate(winners or ({},), 1)]
        session.commit()
        return Concluded(str(row.id), day, made)


def _round(session: Session, year: int, ordinal: int, day: date, decree_number: str) -> Round:
    parameters = shipped_instruments()[0].parameters
    assert parameters is not None
    rules = default_review_rules()
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    row = Round(
        id=new_id(),
        created_at=at,
        year=year,
        title=f"样例{year}年届",
        state="concluded",
        ordinal=ordinal,
        instrument_number="会府办发〔2023〕10号",
        parameters=asdict(parameters),
        readings=None,
        review_rules=rules.to_mapping(),
        review_rules_hash=rules.content_hash,
        call={"title": "样例通知", "channels": ["县政府网站"], "url": None},
        called_at=at,
        deadline=day,
        concluded_at=at,
    )
    session.add(row)
    session.flush()
    for seat_category, cap in (("manufacturing", 2), ("other", 1)):
        session.add_all(
            RoundSeat(round_id=row.id, seat_category=seat_category, number=number) for number in range(1, cap + 1)
        )
    session.add(
        Approval(
            id=new_id(),
            created_at=at,
            round_id=row.id,
            number=1,
            meeting_number="样例会议",
            meeting_on=day,
            not_approved=[],
            warnings=[],
            recorded_by=_government(session),
        )
    )
    session.add(
        Decree(
            id=new_id(),
            created_at=at,
            round_id=row.id,
            number=decree_number,
            dated=day,
            warnings=[],
            recorded_by=_government(session),
        )
    )
    session.flush()
    return row


def _winner(session: Session, world: World, row: Round, day: date, given: dict[str, Any], number: int) -> Winner:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    first, repeated = given.get("first_award", True), given.get("repeat_award", False)
    seat_category = given.get("seat_category", "manufacturing" if number < 3 else "other")
    organisation = _organisation(session, at, given)
    account = Account(
        id=new_id(),
        created_at=at,
        login=f"winner{next(_numbers)}",
        kind="person",
        role="applicant",
        membership="submit",
        display_name="样例联系人",
        secret_hash=PASSWORD_HASH,
        organisation_id=organisation.id,
        tokens_valid_from=at,
    )
    application = Application(
        id=new_id(),
        created_at=at,
        round_id=row.id,
        organisation_id=organisation.id,
        state="evaluated",
        content={},
        number=f"T-{next(_numbers)}",
        snapshot=None,
        snapshot_hash="0" * 64,
        submitted_at=at,
        seat_category=seat_category,
        sector="3011",
    )
    notice = Notice(
        id=new_id(),
        created_at=at,
        round_id=row.id,
        kind="candidates",
        title="样例公示",
        media=[{"name": "样例媒体", "kind": "newspaper", "published_on": day.isoformat(), "url": None}],
        published_on=day,
        last_day=day,
        ends_at=at,
        body={},
        body_hash="0" * 64,
    )
    session.add_all([account, application, notice])
    session.flush()
    candidate = Candidate(
        id=new_id(),
        created_at=at,
        round_id=row.id,
        application_id=application.id,
        organisation_id=organisation.id,
        notice_id=notice.id,
        published_name=organisation.name,
        seat_category=seat_category,
        repeat_award=repeated,
        rank=number,
        state="listed",
    )
    session.add(candidate)
    session.flush()
    parameters = shipped_instruments()[0].parameters
    assert parameters is not None
    decree = session.query(Decree).filter_by(round_id=row.id).one()
    approval = session.query(Approval).filter_by(round_id=row.id).one()
    award = Award(
        id=new_id(),
        created_at=at,
        round_id=row.id,
        approval_id=approval.id,
        candidate_id=candidate.id,
        application_id=application.id,
        organisation_id=organisation.id,
        awarded_name=organisation.name,
        award_year=row.year,
        state="conferred",
        first_award=first,
        repeat_award=repeated,
        seat_category=None if repeated else seat_category,
        seat_number=None if repeated else (number if seat_category == "manufacturing" else 1),
        prize_fen=parameters.prize_fen if first else 0,
        operating=given.get("operating", True),
        decree_id=decree.id,
        conferred_on=day,
        valid_until=day.replace(year=day.year + 3),
        certificate_number=f"T{row.year}-{next(_numbers):04d}",
        certificate_issued_on=day,
        plaque_number=f"P{row.year}-{next(_numbers):04d}" if first else None,
    )
    session.add(award)
    session.flush()
    return Winner(
        str(award.id),
        str(organisation.id),
        str(organisation.lineage_id),
        organisation.name,
        world.account(account.id, Role.APPLICANT),
        day.year,
        10 * ((row.ordinal or 1) - 1) + number,
    )


def _organisation(session: Session, at: datetime, given: dict[str, Any]) -> Organisation:
    if "organisation_id" in given:
        found = session.get(Organisation, UUID(given["organisation_id"]))
        assert found is not None
        return found
    number, key = next(_numbers), new_id()
    made = Organisation(
        state=OrganisationState.VERIFIED,
        id=key,
        created_at=at,
        lineage_id=key,
        uscc=f"91360733TE5T{number:06d}",
        uscc_checksum_ok=False,
        name=f"样例获奖企业{number}",
        legal_form="limited_company",
        registered_address="样例地址",
        county_code="360733",
        area="文武坝镇",
        established_on=date(2010, 1, 1),
        sector="3011",
        operating=given.get("operating", True),
    )
    session.add(made)
    session.flush()
    return made


def _government(session: Session) -> UUID:
    return session.query(Account.id).filter_by(login="government").one()[0]


def excluded(world: World, winner: Winner, *, from_day: str, last_day: str) -> None:
    """A revocation for fraud that was decided on `from_day`, with its exclusion: too long ago to play it through."""
    day = date.fromisoformat(from_day)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with world.past_the_service() as session:
        award = session.get(Award, UUID(winner.award_id))
        assert award is not None
        award.state, award.revoked_on, award.revoked_under = AwardState.REVOKED, day, RevokedUnder.FRAUD
        case = Revocation(
            id=new_id(),
            created_at=at,
            award_id=award.id,
            basis="fraud",
            event={},
            facts="样例",
            evidence="样例",
            summary="样例",
            state="decided",
            reply_due_at=at,
            submitted_on=day,
            submitted_by=_government(session),
            decided_on=day,
            decision_number="样例决定",
        )
        session.add(case)
        session.flush()
        session.add(
            Exclusion(
                id=new_id(),
                created_at=at,
                organisation_id=UUID(winner.organisation_id),
                lineage_id=UUID(winner.lineage_id),
                revocation_id=case.id,
                article="26",
                from_day=day,
                last_day=date.fromisoformat(last_day),
            )
        )
        session.commit()
