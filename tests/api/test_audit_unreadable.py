"""Whoever has the database puts in what no act could have written and no column can hold: `verify-audit` tells of it,
and of whatever else was done, instead of falling over it (Art. 8 to 10, 22, 29)."""

import hashlib
from pathlib import Path

import pytest

from app import cli
from app.kernel.settings import Settings
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.money import order, pay
from sandbox.world import World
from tests.api.test_audit_record import Look, look, own_keys, past_all_guards, sign, told

__all__ = ["look", "own_keys"]


@pytest.fixture
def paid(world: World, own_keys: Settings) -> None:
    made = conclude_round(world, 2024, Contender(score="900"), Contender(score="800"))
    line = made.decree["awards"][0]
    applied = next(item for item in made.applied if item.organisation_id == line["organisation_id"])
    pay(world, order(world, Winner(line["id"], line["organisation_id"], "", line["awarded_name"], applied.applicant)))
    assert sign(world, own_keys) is not None


def hand(database_url: str, *statements: str) -> None:
    for statement in statements:
        past_all_guards(database_url, statement)


# A change that must be found besides, whatever else there is.
DOUBLED = "UPDATE disbursements SET amount_fen = 2 * amount_fen"


@pytest.mark.parametrize(
    ("statement", "part", "where"),
    [
        ("UPDATE audit_entries SET outcome = 'well' WHERE seq = 3", "chain", "entry 3"),
        ("UPDATE condition_decisions SET outcome = 'perhaps'", "rows", "condition_decisions "),
        ("UPDATE accounts SET role = 'king' WHERE login = 'office'", "decisions", "a row"),
        ("UPDATE awards SET state = 'for ever'", "rows", "awards "),
        ("UPDATE notices SET kind = 'rumour'", "rows", "notices "),
    ],
)
def test_a_word_that_is_none_is_told_and_hides_nothing(
    paid: None, look: Look, database_url: str, statement: str, part: str, where: str
) -> None:
    hand(database_url, statement, DOUBLED)
    found = look()
    assert any(line.startswith(where) for line in told(found, part)), found["faults"]
    assert any("amount" in line or "own prize" in line for line in told(found, "money")) or told(found, "rows")
    assert any(line.startswith("disbursements ") for line in told(found, "rows"))


@pytest.mark.parametrize(
    ("statement", "part", "where"),
    [
        ("UPDATE audit_entries SET at = 'once' WHERE seq = 3", "chain", "entry 3"),
        ("UPDATE audit_entries SET details = '{' WHERE seq = 3", "chain", "entry 3"),
        ("UPDATE audit_entries SET act = CAST(x'ff' AS TEXT) WHERE seq = 3", "chain", "entry 3"),
        ("UPDATE decrees SET dated = 'one day'", "rows", "decrees "),
        ("UPDATE applications SET snapshot = 'x'", "rows", "applications "),
        ("UPDATE awards SET organisation_id = 'nobody' WHERE seat_number = 1", "rows", "awards "),
        ("UPDATE audit_checkpoints SET at = 'late'", "checkpoints", "a row"),
    ],
)
def test_what_only_an_embedded_database_takes_is_told_too(
    paid: None, look: Look, database_url: str, statement: str, part: str, where: str
) -> None:
    if "sqlite" not in database_url:
        pytest.skip("the server refuses it")
    hand(database_url, statement, DOUBLED)
    found = look()
    assert any(line.startswith(where) for line in told(found, part)), found["faults"]
    assert any(line.startswith("disbursements ") for line in told(found, "rows"))


def test_a_file_that_its_disk_does_not_give_is_told_and_hides_nothing(
    paid: None, own_keys: Settings, look: Look, database_url: str, tmp_path: Path
) -> None:
    folder = Path(own_keys.files_url.removeprefix("file:"))
    broken, *others = sorted(path for path in folder.rglob("*") if path.is_file())
    broken.unlink()
    broken.symlink_to(broken)
    hand(database_url, DOUBLED)
    found = look()
    (line,) = told(found, "files")
    assert line.endswith(f"the file {broken.relative_to(folder)} cannot be read") and found["files"] == 1 + len(others)
    assert any(line.startswith("disbursements ") for line in told(found, "rows"))
    # Nor does it keep the others out of a backup, which says that it is not whole.
    assert cli.main(["backup", str(tmp_path / "backups")]) == 1
    kept = {path.name for path in (tmp_path / "backups" / "files").rglob("*") if path.is_file()}
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in others} == kept
