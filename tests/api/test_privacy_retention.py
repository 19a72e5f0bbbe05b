"""Personal data over the years: anonymised when its time is over, held by what is pending, on record, once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import func, select, text, update

from app.cli import main
from app.kernel.settings import Settings
from app.measures.dates import add_years
from app.measures.retention import DataClass, anonymised_mark, retention_periods
from app.services.privacy.anonymise_due import Anonymised
from app.store import privacy
from app.store.applications import Application
from app.store.applications.attachments import Attachment
from app.store.audit import AuditEntry
from app.store.identity import Account, AccountSession, KnownOrigin
from app.store.objections import Objection, ObjectionFile, ObjectionOriginal
from app.store.organisations import Organisation
from app.store.recommendations.webhooks import Webhook
from app.store.reviewers import Appraisal, ConflictOfInterest, Reviewer
from app.store.supervision import MarkReportOriginal
from sandbox.seed import EPOCH, PASSWORD
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    CLOSING,
    OBJECTION,
    Contender,
    Evaluated,
    after_publicity,
    approve,
    assign_investigator,
    candidates,
    close_objection,
    decree,
    fix_proposed,
    in_publicity,
    scan_letter,
)
from sandbox.stages.revocations import open_case
from sandbox.world import World, ok
from tests.support.problems import refused

MARK = anonymised_mark()
# Whoever is needed in the course of a test is in use throughout; all others are out of use in the end.
IN_USE = ("office", "government", "auditor", "payment_platform")


@dataclass(frozen=True)
class Round:
    """A concluded round: the winner, one that was on the list and won nothing, and an objection to it by letter."""

    made: Evaluated
    objection_id: str
    file_id: str
    ended_on: date

    @property
    def winner(self) -> str:
        return self.made.ids[0]

    @property
    def other(self) -> str:
        return self.made.ids[1]


def played(world: World) -> Round:
    made = in_publicity(world, Contender(), Contender(score="700"), Contender(score="600", listed=False))
    listed = candidates(world, made.round_id)
    letter = OBJECTION | {"received_on": world.clock.today.isoformat(), "letter_reference": "样例：收文1号"}
    answer = ok(world.office.post(f"/v1/candidates/{listed[made.ids[1]]['id']}/letters", letter), 201)
    objection_id = answer["objection_id"]
    scan_letter(world, objection_id)
    close_objection(world, objection_id, "upheld")
    after_publicity(world, made.round_id)
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    decree(world, made.round_id)
    with world.past_the_service() as session:
        file_id = session.execute(select(ObjectionFile.id)).scalar_one()
    return Round(made, objection_id, str(file_id), world.clock.today)


def use(world: World, *logins: str) -> None:
    """These accounts were used now."""
    with world.past_the_service() as session:
        session.execute(update(Account).where(Account.login.in_(logins)).values(last_used_at=world.clock.now()))
        session.commit()


def go(world: World, day: date) -> None:
    world.clock.go(day)
    use(world, *IN_USE)


def anonymise(world: World) -> Anonymised | None:
    retention: Any = world.client.app.state.retention  # type: ignore[attr-defined]
    found: Anonymised | None = world.client.portal.call(retention.now)  # type: ignore[union-attr]
    return found


def done(world: World) -> dict[DataClass, int]:
    found = anonymise(world)
    assert found is not None
    return found.done


def rows(world: World, model: Any, *where: Any) -> list[Any]:
    with world.past_the_service() as session:
        found = list(session.execute(select(model).where(*where)).scalars())
        session.expunge_all()
        return found


def one(world: World, model: Any, *where: Any) -> Any:
    (found,) = rows(world, model, *where)
    return found


def public(world: World) -> list[Any]:
    """What everybody reads: register, notices, decree, list."""
    rounds = [item["id"] for item in ok(world.public.get("/v1/rounds"))["items"]]
    told = [world.public.get("/v1/awards").json(), world.public.get("/v1/notices").json()]
    for key in rounds:
        told += [world.public.get(f"/v1/rounds/{key}/{part}").json() for part in ("decree", "candidate-list")]
    return told


def intact(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["verify-audit"])
    said = capsys.readouterr().out
    assert code == 0, said


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings of the test as an operator has them: in the environment."""
    for name in ("database_url", "keys_file", "files_url", "second_factor_required"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    return settings


def test_a_round_is_forgotten_person_by_person_and_nothing_else(
    world: World, settings: Settings, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = played(world)
    last = add_years(held.ended_on, 5)
    mine = [Attachment.application_id == UUID(held.other)]
    paths = {item.id: item.storage_key for item in rows(world, Attachment, *mine)}
    scan = one(world, ObjectionFile).storage_key
    folder = Path(settings.files_url.removeprefix("file:"))
    go(world, last)
    before = public(world)
    found = done(world)
    # The last day of the period is one of it. Whose data is not of the round may be due already.
    assert {DataClass.OBJECTION_ORIGINAL, DataClass.APPLICATION_WITHOUT_AWARD} & found.keys() == set()
    assert one(world, ObjectionOriginal).name == OBJECTION["name"]
    assert (folder / scan).exists()
    go(world, last + timedelta(days=1))
    found = anonymise(world)
    assert found is not None
    assert found.done[DataClass.OBJECTION_ORIGINAL] == 1
    assert found.done[DataClass.APPLICATION_WITHOUT_AWARD] == 2
    assert found.files == 1 + sum(
        len(rows(world, Attachment, Attachment.application_id == UUID(key))) for key in held.made.ids[1:]
    )
    original = one(world, ObjectionOriginal)
    assert (original.name, original.contact, original.facts, original.evidence) == (MARK, MARK, MARK, None)
    letter = one(world, ObjectionFile)
    assert letter.filename == f"{MARK}.pdf" and not (folder / scan).exists()
    assert not any((folder / path).exists() for path in paths.values()) and paths
    assert {item.filename.split(".")[0] for item in rows(world, Attachment, *mine)} == {MARK}
    other = one(world, Application, Application.id == UUID(held.other))
    for form in (other.content, other.snapshot["content"]):
        assert form["contact"] == {"name": MARK, "phone": MARK}
        assert OBJECTION["name"] not in str(form)
    assert len(other.content["figures"]) == 3
    # What the award rests on stays; its persons are not due before the award is over.
    winner = one(world, Application, Application.id == UUID(held.winner))
    assert winner.content["contact"]["name"] != MARK
    assert all(
        (folder / item.storage_key).exists() for item in rows(world, Attachment, Attachment.application_id == winner.id)
    )
    # What was decided reads as before, and so does the objection but for its original.
    assert public(world) == before
    told = ok(world.office.get(f"/v1/objections/{held.objection_id}"))
    assert told["state"] == "upheld" and told["summary"]
    shown = ok(world.office.get(f"/v1/applications/{held.other}"))
    assert shown["content"]["contact"]["phone"] == MARK
    attachment_id = next(iter(paths))
    refused(world.office.get(f"/v1/applications/{held.other}/attachments/{attachment_id}"), 404, "not_found")
    entry = one(world, AuditEntry, AuditEntry.act == "anonymise", AuditEntry.subject_type == "objection")
    assert entry.details["data_class"] == "objection_original" and entry.details["files"] == [held.file_id]
    assert entry.details["event_on"] == held.ended_on.isoformat() and entry.actor_role == "operator"
    texts = [OBJECTION["name"], OBJECTION["contact"], OBJECTION["facts"]]
    assert not any(said in str(row.details) for row in rows(world, AuditEntry) for said in texts)
    intact(capsys)


def test_a_second_run_does_nothing_and_one_a_day_is_enough(world: World) -> None:
    held = played(world)
    go(world, add_years(held.ended_on, 5) + timedelta(days=1))
    assert done(world)
    assert anonymise(world) is None
    world.clock.forward(hours=24)
    use(world, *IN_USE)
    found = anonymise(world)
    assert found is not None and found.done.keys() <= {DataClass.ACCOUNT} and found.files == 0


def test_the_persons_of_a_winner_are_forgotten_when_the_award_is_long_over(world: World) -> None:
    held = played(world)
    over = add_years(add_years(held.ended_on, 3), 5)
    key = UUID(held.winner)
    go(world, over)
    assert DataClass.APPLICATION_WITH_AWARD not in done(world)
    go(world, over + timedelta(days=1))
    assert done(world)[DataClass.APPLICATION_WITH_AWARD] == 1
    row = one(world, Application, Application.id == key)
    assert row.content["contact"]["name"] == row.snapshot["content"]["contact"]["name"] == MARK
    names = [item.filename for item in rows(world, Attachment, Attachment.application_id == key)]
    assert names and not any(MARK in name for name in names)
