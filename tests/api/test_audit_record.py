"""The whole record against somebody who has the database, the files or an old copy in his hands (Art. 8 to 10, 22, 29):
what he did is found, and told from when on."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app import cli
from app.kernel.checkpoints import Checkpoint, Checkpointer, Contradicted, listed
from app.kernel.security.checkpoint_keys import CheckpointKeys, rotate_checkpoint_key
from app.kernel.settings import Settings
from app.store.audit import AuditEntry, AuditHead, chain_hash, hashed_fields
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import Concluded, Contender, conclude_round
from sandbox.stages.law import holiday_year
from sandbox.stages.money import order, pay
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_audit import behind_the_service, put_guards_back, tamper

Look = Callable[..., dict[str, Any]]
_CHECKPOINTS = {
    "sqlite": ("DROP TRIGGER audit_checkpoints_no_UPDATE", "DROP TRIGGER audit_checkpoints_no_DELETE"),
    "postgresql": ("DROP TRIGGER audit_checkpoints_append_only ON audit_checkpoints",),
}


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The operator's environment, with keys of checkpoints that are this test's alone."""
    for name in ("database_url", "keys_file", "files_url", "checkpoints_folder"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("AWARD_CHECKPOINT_KEYS_FILE", str(tmp_path / "checkpoint-keys.json"))
    monkeypatch.chdir(tmp_path)
    return Settings(_env_file=None)


@pytest.fixture
def look(own_keys: Settings, capsys: pytest.CaptureFixture[str]) -> Look:
    """`verify-audit`, read as a program reads it; its exit code says the same."""

    def verified(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        code = cli.main(["verify-audit", "--json", *arguments])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert code == (0 if found["intact"] else 1)
        assert found["intact"] == (not found["faults"]) == (found["fault_count"] == 0)
        return found

    return verified


def sign(world: World, settings: Settings) -> Checkpoint | None:
    state = world.client.app.state  # type: ignore[attr-defined]
    checkpointer = Checkpointer(settings, state.database, state.clock)
    made: Checkpoint | None = world.client.portal.call(checkpointer.now)  # type: ignore[union-attr]
    return made


def grow(world: World, *years: int) -> None:
    for year in years:
        ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)


@pytest.fixture
def history(world: World, own_keys: Settings) -> list[Checkpoint]:
    """Six entries: a checkpoint after two, one after four, none yet after the last two."""
    open_round(world)
    first = sign(world, own_keys)
    grow(world, 2031, 2032)
    world.clock.forward(hours=1)
    second = sign(world, own_keys)
    grow(world, 2033, 2034)
    assert first is not None and second is not None and (first.size, second.size) == (2, 4)
    return [first, second]


def told(found: dict[str, Any], part: str) -> list[str]:
    return [f"{item['where']}: {item['what']}" for item in found["faults"] if item["part"] == part]


def rewrite(database_url: str, number: int, change: str) -> None:
    """Change an entry and compute every hash after it anew, head and all: the chain holds again."""
    tamper(database_url, f"UPDATE audit_entries SET {change} WHERE seq = {number}")
    engine = create_engine(database_url, poolclass=NullPool)
    with Session(engine) as session:
        previous = "0" * 64
        for row in session.query(AuditEntry).order_by(AuditEntry.seq):
            row.previous_hash, row.hash = previous, chain_hash(previous, hashed_fields(row))
            previous = row.hash
        session.query(AuditHead).one().hash = previous
        session.commit()


def test_an_untouched_record_holds(world: World, look: Look, history: list[Checkpoint]) -> None:
    found = look()
    assert (found["intact"], found["entries"], found["first_entry_in_doubt"]) == (True, 6, None)
    # Two in the database, and both outside.
    assert found["checkpoints"] == 4
    assert found["last_good_checkpoint"]["size"] == 4
    assert found["last_good_checkpoint"]["head"] == history[1].head


def test_a_checkpoint_is_made_only_where_the_log_has_grown(
    world: World, own_keys: Settings, history: list[Checkpoint]
) -> None:
    third = sign(world, own_keys)
    assert third is not None and third.size == 6
    assert sign(world, own_keys) is None
    assert [size for size, _ in listed(own_keys.checkpoints)] == [2, 4, 6]
    assert all(path.stat().st_mode & 0o077 == 0 for _, path in listed(own_keys.checkpoints))


def test_one_process_at_a_time_makes_them_by_itself(world: World, own_keys: Settings) -> None:
    state = world.client.app.state  # type: ignore[attr-defined]
    made: list[Any] = []
    for _ in range(2):
        grow(world, 2031 + len(made))
        checkpointer = Checkpointer(own_keys, state.database, state.clock)
        made.append(world.client.portal.call(checkpointer.in_turn))  # type: ignore[union-attr]
    assert made[0].size == 1 and made[1] is None
    world.clock.forward(hours=1)
    assert world.client.portal.call(checkpointer.in_turn).size == 2  # type: ignore[union-attr]


def test_what_a_kill_left_unwritten_is_written_with_the_next(
    world: World, own_keys: Settings, look: Look, history: list[Checkpoint]
) -> None:
    (own_keys.checkpoints / "000000000004.jws").unlink()
    # By the machine's clock it has been on its way for years.
    assert [item.startswith("audit_checkpoints 4: its file in") for item in told(look(), "checkpoints")] == [True]
    assert sign(world, own_keys) is not None
    assert [size for size, _ in listed(own_keys.checkpoints)] == [2, 4, 6]
    assert (first := look())["intact"], first["faults"]


def test_a_rewritten_middle_is_found_though_the_chain_holds(
    world: World, look: Look, history: list[Checkpoint], database_url: str
) -> None:
    rewrite(database_url, 3, "act = 'nothing_happened'")
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True, "no chain can show this by itself"
    found = look()
    assert not told(found, "chain")
    at = history[1].at.isoformat(timespec="seconds")
    assert any(f"entry 4 is not the one of {at}: the log was rewritten" in item for item in told(found, "checkpoints"))
    assert (found["last_good_checkpoint"]["size"], found["first_entry_in_doubt"]) == (2, 4)


def test_a_changed_entry_is_in_doubt_from_itself_on(look: Look, history: list[Checkpoint], database_url: str) -> None:
    tamper(database_url, "UPDATE audit_entries SET act = 'nothing' WHERE seq = 3")
    found = look()
    assert told(found, "chain") == ["entry 3: altered"]
    assert (found["last_good_checkpoint"]["size"], found["first_entry_in_doubt"]) == (2, 3)


@pytest.mark.parametrize("left", [5, 3])
def test_a_cut_tail_with_its_head_moved_back_is_found(
    world: World, own_keys: Settings, look: Look, history: list[Checkpoint], database_url: str, left: int
) -> None:
    sign(world, own_keys)
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        head = connection.execute(text(f"SELECT hash FROM audit_entries WHERE seq = {left}")).scalar_one()
    tamper(
        database_url,
        f"DELETE FROM audit_entries WHERE seq > {left}",
        f"UPDATE audit_head SET seq = {left}, hash = '{head}'",
    )
    found = look()
    assert not told(found, "chain")
    assert any("the log had 6 entries at" in item and f"has {left}" in item for item in told(found, "checkpoints"))
    assert found["first_entry_in_doubt"] == left + 1
    assert found["last_good_checkpoint"]["size"] == (4 if left == 5 else 2)


def test_checkpoints_taken_out_of_the_database_are_missed(
    look: Look, history: list[Checkpoint], database_url: str
) -> None:
    kind = "sqlite" if "sqlite" in database_url else "postgresql"
    behind_the_service(database_url, *_CHECKPOINTS[kind], "DELETE FROM audit_checkpoints WHERE size = 4")
    put_guards_back(database_url)
    found = look()
    (fault,) = found["faults"]
    assert fault["where"].endswith("000000000004.jws") and fault["what"] == "the database has it no more"


def test_the_database_itself_refuses_to_change_a_checkpoint(history: list[Checkpoint], database_url: str) -> None:
    for statement in ("UPDATE audit_checkpoints SET head = 'f'", "DELETE FROM audit_checkpoints"):
        with pytest.raises(DBAPIError, match="audit_checkpoints is append-only"):
            behind_the_service(database_url, statement)


def test_forged_checkpoints_are_told_as_such(
    look: Look, own_keys: Settings, history: list[Checkpoint], database_url: str, tmp_path: Path
) -> None:
    other = CheckpointKeys(tmp_path / "other" / "keys.json")
    forged = other.sign(history[1].content, purpose="audit-checkpoint+jws")
    kind = "sqlite" if "sqlite" in database_url else "postgresql"
    behind_the_service(
        database_url, *_CHECKPOINTS[kind], f"UPDATE audit_checkpoints SET signed = '{forged}' WHERE size = 4"
    )
    (own_keys.checkpoints / "000000000002.jws").write_text("no statement at all\n")
    found = look()
    said = told(found, "checkpoints")
    assert any("audit_checkpoints 4: not a checkpoint that a known key has signed" in item for item in said)
    assert any("000000000002.jws: not a checkpoint that a known key has signed" in item for item in said)


def test_one_old_copy_in_anybodys_hands_finds_a_past_that_was_rewritten_everywhere(
    world: World, own_keys: Settings, look: Look, history: list[Checkpoint], database_url: str, tmp_path: Path
) -> None:
    """The attacker has everything: database, folder, and the key, with which he signs his own past anew."""
    page, keys = tmp_path / "page.json", tmp_path / "jwks.json"
    page.write_text(world.public.get("/v1/audit-checkpoints").text)
    keys.write_text(json.dumps(CheckpointKeys(own_keys.checkpoint_keys).jwks))
    assert look("--checkpoint", str(page), "--keys", str(keys))["intact"]
    rewrite(database_url, 3, "request_id = 'another'")
    kind = "sqlite" if "sqlite" in database_url else "postgresql"
    behind_the_service(database_url, *_CHECKPOINTS[kind], "DELETE FROM audit_checkpoints WHERE size = 4")
    put_guards_back(database_url)
    (own_keys.checkpoints / "000000000004.jws").unlink()
    sign(world, own_keys)
    assert (left := look())["intact"], left["faults"]
    found = look("--checkpoint", str(page))
    (fault,) = found["faults"]
    assert fault["where"] == str(page) and "entry 4 is not the one of" in fault["what"]
    # A single statement, copied out of an answer, will do as well.
    single = tmp_path / "one.jws"
    single.write_text(json.loads(page.read_text())["items"][0]["signed"])
    assert not look("--checkpoint", str(single))["intact"]


def test_a_rolled_back_copy_is_found_and_nothing_more_is_signed(
    world: World, own_keys: Settings, look: Look, history: list[Checkpoint], database_url: str, tmp_path: Path
) -> None:
    if "sqlite" not in database_url:
        pytest.skip("a file that is copied back; a server's is restored in test_audit_backup")
    file = Path(database_url.removeprefix("sqlite:///"))
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as read, closing(sqlite3.connect(old)) as written:
        read.backup(written)
    grow(world, 2035)
    sign(world, own_keys)
    with closing(sqlite3.connect(old)) as read, closing(sqlite3.connect(file)) as written:
        read.backup(written)
    grow(world, 2036, 2037, 2038)
    found = look()
    assert any("entry 7 is not the one of" in item for item in told(found, "checkpoints")), found
    # What contradicts the last checkpoint outside is not vouched for.
    with pytest.raises(Contradicted):
        sign(world, own_keys)
    assert cli.main(["checkpoint"]) == 2
    (own_keys.checkpoints / "000000000009.jws").write_text("样例：no statement\n")
    assert cli.main(["checkpoint"]) == 2
    assert any("000000000009.jws: not a checkpoint" in item for item in told(look(), "checkpoints"))


def test_a_file_that_holds_no_checkpoint_is_refused_in_one_line(
    own_keys: Settings, world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, content in (("a.json", "{}"), ("b.jws", ""), ("c.json", '{"items": [{"size": 1}]}'), ("d.json", "{")):
        (tmp_path / name).write_text(content)
        assert cli.main(["verify-audit", "--checkpoint", str(tmp_path / name)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "cannot be read as checkpoints" in line and name in line
    assert cli.main(["verify-audit", "--keys", str(tmp_path / "d.json")]) == 2
    assert "public keys" in capsys.readouterr().err


def test_old_keys_go_on_verifying_and_sign_no_more(
    world: World, own_keys: Settings, look: Look, history: list[Checkpoint]
) -> None:
    path = own_keys.checkpoint_keys
    before = json.loads(path.read_text())["keys"][0]
    fresh = rotate_checkpoint_key(path)
    assert path.stat().st_mode & 0o077 == 0
    new, old = json.loads(path.read_text())["keys"]
    assert new["kid"] == fresh and "d" in new
    assert old == {name: before[name] for name in ("kty", "crv", "x", "y", "kid")}
    third = sign(world, own_keys)
    assert third is not None and look()["intact"]
    kids = [item["kid"] for item in ok(world.public.get("/v1/audit-checkpoints"))["items"]]
    assert kids == [fresh, before["kid"], before["kid"]]


def test_checkpoints_and_their_keys_are_published_for_anybody(
    world: World, own_keys: Settings, history: list[Checkpoint]
) -> None:
    answer = world.public.get("/v1/audit-checkpoints?limit=1")
    page = ok(answer)
    (item,) = page["items"]
    assert (item["size"], item["head"]) == (4, history[1].head)
    again = world.public.get("/v1/audit-checkpoints?limit=1", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content
    rest = ok(world.public.get(f"/v1/audit-checkpoints?limit=1&cursor={page['next_cursor']}"))
    assert [one["size"] for one in rest["items"]] == [2] and rest["next_cursor"] is None
    published = ok(world.public.get("/v1/audit-checkpoint-keys"))["keys"]
    assert published and all("d" not in key for key in published)


# The money, the seats, the files.


@pytest.fixture
def paid(world: World) -> tuple[Concluded, dict[str, Any]]:
    """A whole round, every act of it through HTTP, with its prize paid."""
    made = conclude_round(
        world, 2024, Contender(score="900"), Contender(score="800"), Contender(score="700", listed=False)
    )
    line = made.decree["awards"][0]
    applied = next(item for item in made.applied if item.organisation_id == line["organisation_id"])
    winner = Winner(line["id"], line["organisation_id"], "", line["awarded_name"], applied.applicant)
    return made, pay(world, order(world, winner))


_MONEY = [
    ("UPDATE disbursements SET amount_fen = 20000000", "not of a conferred award's own prize"),
    ("UPDATE disbursements SET confirmation_number = 'PAY-OTHER'", "no report of the platform"),
    ("UPDATE disbursements SET state = 'paid', attempt = 2", "no report of the platform"),
    ("UPDATE payment_reports SET amount_fen = 1", "the amount is not that of the order"),
    ("UPDATE payment_reports SET confirmation_number = 'PAY-OTHER'", "the log tells of no such payment"),
    ("UPDATE awards SET state = 'withdrawn' WHERE first_award", "not of a conferred award's own prize"),
    ("DELETE FROM payment_reports", "the log tells of it, and its row is gone"),
    (
        "INSERT INTO conferral_doubts (id, award_id, ground, since_day, reference, entered_by, state, version,"
        " created_at) SELECT id, award_id, '', paid_on, '', ordered_by, 'voided', 1, created_at FROM disbursements",
        "is not demanded back",
    ),
]
_SEATS = [
    ("UPDATE awards SET decree_id = NULL", "no decree of its round and day confers it"),
    ("UPDATE awards SET conferred_on = '2020-01-01'", "no decree of its round and day confers it"),
    ("UPDATE awards SET certificate_number = 'HCDH-2024-99' WHERE seat_number = 1", "the log does not tell"),
    ("UPDATE awards SET seat_number = 9 WHERE seat_number = 1", "it holds no seat that the round has"),
    ("UPDATE decrees SET number = '会府字〔2024〕99号'", "the log does not tell"),
    ("DELETE FROM awards WHERE seat_number = 2", "the log tells of it, and its row is gone"),
]
_GONE = "the log tells of it, and its row is gone"
_DECISIONS = [
    (
        "UPDATE awards SET organisation_id = (SELECT id FROM organisations"
        " WHERE id NOT IN (SELECT organisation_id FROM awards)) WHERE seat_number = 1",
        "of another organisation",
    ),
    ("UPDATE score_sheets SET total = '1'", "the log tells of another total"),
    ("UPDATE accounts SET role = 'government' WHERE role = 'applicant'", "the log tells of another role"),
    *(
        (f"DELETE FROM {table}", _GONE)
        for table in ("approvals", "deliberations", "notices", "undertakings", "evaluations", "decrees", "accounts")
    ),
]


def past_all_guards(database_url: str, statement: str) -> None:
    """The owner of the database, with triggers, keys and CHECKs out of his way."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        if "sqlite" in database_url:
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
            for name in triggers.all():
                connection.execute(text(f'DROP TRIGGER "{name}"'))
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
            rows = connection.execute(
                text(
                    "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                    " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
                )
            ).all()
            for table, name in rows:
                connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("part", "statement", "what"),
    [
        *(("money", *it) for it in _MONEY),
        *(("seats", *it) for it in _SEATS),
        *(("decisions", *it) for it in _DECISIONS),
    ],
)
def test_money_and_seats_that_were_changed_in_the_database_are_found(
    paid: tuple[Concluded, dict[str, Any]], look: Look, database_url: str, part: str, statement: str, what: str
) -> None:
    assert (first := look())["intact"], first["faults"]
    past_all_guards(database_url, statement)
    found = look()
    assert any(what in item for item in told(found, part)), found["faults"]


def test_a_file_that_was_changed_or_is_missing_is_found(
    paid: tuple[Concluded, dict[str, Any]], look: Look, settings: Settings, database_url: str
) -> None:
    found = look()
    assert found["intact"] and found["files"] > 2
    folder = Path(settings.files_url.removeprefix("file:"))
    changed, missing, other = [path for path in sorted(folder.rglob("*")) if path.is_file()][:3]
    content = bytearray(changed.read_bytes())
    content[-1] ^= 1
    changed.write_bytes(content)
    missing.unlink()
    said = told(look(), "files")
    assert len(said) == 2
    assert any(f"{changed.relative_to(folder)} was changed" in item for item in said)
    assert any(f"{missing.relative_to(folder)} is missing" in item for item in said)
    # Whoever changes the file and its row has not changed the log.
    key = other.relative_to(folder).as_posix()
    other.write_bytes(b"%PDF-1.4 another")
    digest = hashlib.sha256(b"%PDF-1.4 another").hexdigest()
    change = f"SET sha256 = '{digest}', size = 16 WHERE storage_key = '{key}'"
    for table in ("attachments", "stamped_opinions"):
        past_all_guards(database_url, f"UPDATE {table} {change}")
    assert any("the log does not tell of a file with the hash" in item for item in told(look(), "files"))
    past_all_guards(database_url, f"DELETE FROM attachments WHERE storage_key = '{key}'")
    past_all_guards(database_url, f"DELETE FROM stamped_opinions WHERE storage_key = '{key}'")
    assert any("the log tells of it, and its row is gone" in item for item in told(look(), "files"))


def test_the_folder_of_checkpoints_that_was_emptied_is_missed(
    world: World, own_keys: Settings, look: Look, history: list[Checkpoint]
) -> None:
    shutil.rmtree(own_keys.checkpoints)
    # By the machine's clock the checkpoints of the sample's year are long overdue.
    assert len([item for item in told(look(), "checkpoints") if "is missing" in item]) == 2


def test_guards_that_were_taken_away_are_missed(world: World, look: Look, database_url: str) -> None:
    open_round(world)
    assert (first := look())["intact"], first["faults"]
    if "sqlite" in database_url:
        behind_the_service(database_url, "DROP TRIGGER notices_no_DELETE")
    else:
        behind_the_service(database_url, "ALTER TABLE notices DISABLE TRIGGER notices_kept")
    (fault,) = look()["faults"]
    assert (fault["part"], fault["what"]) == ("guards", "the trigger that guards its rows is gone or asleep")
    assert fault["where"].startswith("notices ")
