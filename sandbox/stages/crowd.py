"""Many applications at once, copied in the database from one that came through the API: for what must not depend on
their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from app.store.applications import Application
from app.store.applications.attachments import Attachment
from app.store.base import Identified, new_id
from app.store.consultations import Consultation
from app.store.database import WriteSession
from app.store.organisations import Organisation
from app.store.qualification import ConditionDecision
from app.store.recommendations import Recommendation
from app.store.reviews import Assignment, ScoreSheet, ShortlistEntry, StageReport
from sandbox.world import World

Values = dict[str, Any]
# What an application brings along, as far as it has it.
_BESIDE: tuple[type[Any], ...] = (Attachment, Recommendation, Consultation, ConditionDecision, ShortlistEntry)
# Written at a time.
_BATCH = 500


def crowd(world: World, application_id: str, count: int, *, first: int = 1) -> list[str]:
    """`count` further applications like this one, as far as it has come: each of an organisation of its own, numbered
    from `first`, with files, opinions, decisions, sheets and reports like its own. Answers their ids."""
    database: Any = world.client.app.state.database  # type: ignore[attr-defined]

    async def copy() -> list[str]:
        async with database.writing() as session:
            source = await _source(session, UUID(application_id))
            made: list[str] = []
            for start in range(first, first + count, _BATCH):
                numbers = range(start, min(start + _BATCH, first + count))
                made += await _write(session, [source.copy(number) for number in numbers])
            await session.commit()
            return made

    found: list[str] = world.client.portal.call(copy)  # type: ignore[union-attr]
    return found


class _Source:
    """The application that is copied, with everything that it brings along."""

    def __init__(self, application: Values, organisation: Values) -> None:
        self.application, self.organisation = application, organisation
        self.beside: dict[type[Any], list[Values]] = {}
        self.judged: list[tuple[Values, Values]] = []
        self.reports: list[Values] = []

    def copy(self, number: int) -> dict[type[Any], list[Values]]:
        """One more of its kind, row by row."""
        owner, made = new_id(), new_id()
        uscc, name = f"91360733MC{number:08d}", f"样例参评组织{number}"
        snapshot = self.application["snapshot"]
        snapshot = {**snapshot, "organisation": {**snapshot["organisation"], "name": name, "uscc": uscc}}
        application = {"id": made, "organisation_id": owner, "number": f"HQA-CROWD-{number:06d}", "snapshot": snapshot}
        rows: dict[type[Any], list[Values]] = {
            Organisation: [self.organisation | {"id": owner, "lineage_id": owner, "uscc": uscc, "name": name}],
            Application: [self.application | application],
        }
        for model, found in self.beside.items():
            rows[model] = [item | {"id": new_id(), "application_id": made} for item in found]
        for item in rows[Attachment]:
            item["storage_key"] = uuid4().hex
        return rows | self._judgements(made)

    def _judgements(self, made: UUID) -> dict[type[Any], list[Values]]:
        renamed = {str(assignment["id"]): new_id() for assignment, _ in self.judged}
        assignments, sheets = [], []
        for assignment, sheet in self.judged:
            own = renamed[str(assignment["id"])]
            assignments.append(assignment | {"id": own, "application_id": made})
            sheets.append(sheet | {"id": new_id(), "assignment_id": own})
        reports = [
            item
            | {
                "id": new_id(),
                "application_id": made,
                "sheets": [
                    {**sheet, "assignment_id": str(renamed[sheet["assignment_id"]])} for sheet in item["sheets"]
                ],
            }
            for item in self.reports
        ]
        return {Assignment: assignments, ScoreSheet: sheets, StageReport: reports}


async def _source(session: WriteSession, application_id: UUID) -> _Source:
    application = await session.get_one(Application, application_id)
    organisation = await session.get_one(Organisation, application.organisation_id)
    source = _Source(_values(application), _values(organisation))
    for model in _BESIDE:
        query = select(model).where(model.application_id == application_id)
        source.beside[model] = [_values(row) for row in (await session.execute(query)).scalars()]
    judged = (
        select(Assignment, ScoreSheet)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.application_id == application_id)
    )
    source.judged = [(_values(row[0]), _values(row[1])) for row in (await session.execute(judged)).all()]
    reports = select(StageReport).where(StageReport.application_id == application_id)
    source.reports = [_values(row) for row in (await session.execute(reports)).scalars()]
    return source


async def _write(session: WriteSession, copies: list[dict[type[Any], list[Values]]]) -> list[str]:
    for model in copies[0]:
        rows = [row for one in copies for row in one[model]]
        if rows:
            await session.execute(insert(model), rows)
    return [str(row["id"]) for one in copies for row in one[Application]]


def _values(row: Identified) -> Values:
    return dict(_columns(row))


def _columns(row: Identified) -> Iterator[tuple[str, Any]]:
    for column in row.__mapper__.column_attrs:
        yield column.key, getattr(row, column.key)
