"""Personal data over the years: anonymised when its time is over, held by what is pending, on record, once."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.cli import main
from app.kernel.settings import Settings
from app.measures.dates import add_years
from app.measures.retention import DataClass, Hold
from app.services.privacy.anonymise_due import Anonymised, anonymise_due
from app.store import privacy
from app.store.applications import Application
from app.store.applications.attachments import Attachment
from app.store.audit import AuditEntry
from app.store.objections import Objection, ObjectionFile, ObjectionOriginal
from sandbox.stages.decision import (
    OBJECTION,
    Contender,
    Evaluated,
    after_publicity,
    approve,
    candidates,
    close_objection,
    decree,
    fix_proposed,
    in_publicity,
    scan_letter,
)
from sandbox.stages.revocations import open_case
from sandbox.world import World, ok
from tests.api.test_audit_record import past_all_guards
from tests.support.problems import refused
from tests.support.retention import IN_USE, MARK, anonymise, done, go, one, rows, use


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
def environment(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings of the test as an operator has them: in the environment."""
    for name in ("database_url", "keys_file", "files_url", "checkpoints_folder", "second_factor_required"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("app.commands.operator.SystemClock", lambda: world.clock)
    return settings


def test_a_round_is_forgotten_person_by_person_and_nothing_else(
    world: World, settings: Settings, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = played(world)
    # Whatever is final is marked by now: what is anonymised is not told as somebody's hand (the end of this test).
    assert main(["checkpoint"]) == 0
    last = add_years(held.ended_on, 5)
    mine = [Attachment.application_id == UUID(held.other)]
    paths = {item.id: item.storage_key for item in rows(world, Attachment, *mine)}
    scan = one(world, ObjectionFile).storage_key
    folder = Path(settings.files_url.removeprefix("file:"))
    go(world, last)
    before = public(world)
    too_early = done(world)
    # The last day of the period is one of it. Whose data is not of the round may be due already.
    assert {DataClass.OBJECTION_ORIGINAL, DataClass.APPLICATION_WITHOUT_AWARD} & too_early.keys() == set()
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
        assert form["contact"] == {"name": MARK, "phone": "00000"}
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
    assert shown["content"]["contact"] == {"name": MARK, "phone": "00000"}
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


FRAUD = {"basis": "fraud", "facts": "样例：伪造财务报表", "evidence": "样例：调查报告"}


def test_what_is_pending_holds_what_would_be_due(
    world: World, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = played(world)
    award_id = ok(world.public.get("/v1/awards"))["items"][0]["id"]
    go(world, add_years(held.ended_on, 5) + timedelta(days=1))
    # Against the winner, whose own data is not due: the other's are held by nothing of it.
    open_case(world, award_id, FRAUD)
    with world.past_the_service() as session:
        # As if the objection had been opened again.
        session.execute(update(Objection).values(state="under_verification"))
        session.commit()
    assert main(["anonymise", "--due", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "objection_original" in said and "held: case_open" in said and "nothing was changed" in said
    found = anonymise(world)
    assert found is not None and found.held[Hold.CASE_OPEN] == 2
    # The one that was never listed alone.
    assert found.done[DataClass.APPLICATION_WITHOUT_AWARD] == 1
    assert one(world, ObjectionOriginal).name == OBJECTION["name"]
    assert one(world, Application, Application.id == UUID(held.other)).content["contact"]["name"] != MARK
    go(world, add_years(add_years(held.ended_on, 3), 5) + timedelta(days=1))
    found = anonymise(world)
    assert found is not None and DataClass.APPLICATION_WITH_AWARD not in found.done
    assert found.held[Hold.REVOCATION_OPEN] >= 1
    intact(capsys)


def test_the_command_does_it_once_and_says_what_it_did(
    world: World, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = played(world)
    go(world, add_years(held.ended_on, 5) + timedelta(days=1))
    assert main(["anonymise", "--due", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert f"objection_original  objection {held.objection_id}  event {held.ended_on}" in said
    assert one(world, ObjectionOriginal).name == OBJECTION["name"] and not rows(world, privacy.Anonymisation)
    assert main(["anonymise", "--due"]) == 0
    said = capsys.readouterr().out
    assert "objection_original: 1 anonymised" in said and "application_without_award: 2 anonymised" in said
    assert main(["anonymise", "--due"]) == 0
    assert capsys.readouterr().out.endswith("0 anonymised, 0 file(s) removed\n")
    entry = rows(world, AuditEntry, AuditEntry.act == "anonymise")[0]
    assert entry.actor_role == "operator" and entry.details["operator"]
    with pytest.raises(SystemExit):
        main(["anonymise"])


def test_two_at_once_do_each_thing_once(world: World, environment: Settings) -> None:
    held = played(world)
    go(world, add_years(held.ended_on, 5) + timedelta(days=1))
    state: Any = world.client.app.state  # type: ignore[attr-defined]
    done: list[Anonymised] = []

    async def both() -> None:
        async def once() -> None:
            done.append(await anonymise_due(state.retention._begin, state.files))

        async with anyio.create_task_group() as group:
            group.start_soon(once)
            group.start_soon(once)

    world.client.portal.call(both)  # type: ignore[union-attr]
    total = sum(sum(item.done.values()) for item in done)
    kept = rows(world, privacy.Anonymisation)
    assert total == len(kept) == len(rows(world, AuditEntry, AuditEntry.act == "anonymise")) > 3
    assert len({(item.subject_type, item.subject_id) for item in kept}) == len(kept)
    assert all(item.removed_at is not None for item in rows(world, privacy.RemovedFile))


def test_files_that_a_killed_run_left_go_with_the_next(world: World, settings: Settings) -> None:
    held = played(world)
    go(world, add_years(held.ended_on, 5) + timedelta(days=1))
    assert done(world)
    file = one(world, privacy.RemovedFile, privacy.RemovedFile.file_id == UUID(held.file_id))
    path = Path(settings.files_url.removeprefix("file:")) / file.key
    path.write_bytes(b"left")
    with world.past_the_service() as session:
        session.execute(update(privacy.RemovedFile).where(privacy.RemovedFile.id == file.id).values(removed_at=None))
        session.commit()
    world.clock.forward(hours=24)
    use(world, *IN_USE)
    found = anonymise(world)
    assert found is not None and found.files == 1 and not path.exists()


def test_the_database_keeps_an_original_until_it_is_entered_and_the_audit_finds_a_false_entry(
    world: World, environment: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    held = played(world)
    with world.past_the_service() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(ObjectionOriginal).values(sealed_name=b"another"))
    with world.past_the_service() as session:
        session.add(
            privacy.Anonymisation(
                created_at=world.clock.now(),
                data_class=DataClass.OBJECTION_ORIGINAL,
                subject_type="objection",
                subject_id=UUID(held.objection_id),
                event_on=held.ended_on,
            )
        )
        session.commit()
    assert main(["verify-audit"]) == 1
    assert "the log does not tell of its being anonymised" in capsys.readouterr().out
    with world.past_the_service() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(delete(privacy.Anonymisation))


def test_one_thing_that_cannot_be_opened_holds_up_nobody_elses(world: World, environment: Settings) -> None:
    """A value that somebody has changed past the service: it is forgotten when it is due as any other, and so is what
    comes after it."""
    held = played(world)
    changed = "CAST('changed' AS BLOB)" if "sqlite" in environment.database_url else "CAST('changed' AS bytea)"
    past_all_guards(environment.database_url, f"UPDATE objection_originals SET sealed_name = {changed}")
    go(world, add_years(held.ended_on, 5) + timedelta(days=1))
    found = done(world)
    assert found[DataClass.OBJECTION_ORIGINAL] == 1
    assert found[DataClass.APPLICATION_WITHOUT_AWARD] > 0
    assert one(world, ObjectionOriginal).name == MARK
