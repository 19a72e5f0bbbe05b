"""Somebody who has the database, the files or an old copy in his hands changes the past."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.checkpoints import Checkpointer
from app.kernel.settings import Settings
from app.store.audit import AuditEntry, AuditHead, chain_hash, hashed_fields
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.law import holiday_year
from sandbox.stages.money import order, pay
from sandbox.world import World, ok
from siege.attack import Outcome, attack
from siege.service import ROOT, embedded, environment
from siege.stages import built
from siege.target import Bystander, Target


@dataclass(frozen=True, slots=True)
class _Hand:
    """What lies in the attacker's hands: a folder with database, files and checkpoints, and one of an older day.
    `signed`: how many entries the two checkpoints told of."""

    folder: Path
    older: Path
    signed: tuple[int, int]

    def execute(self, *statements: str) -> None:
        """Past the service, with every trigger out of the way."""
        with closing(sqlite3.connect(self.folder / "award.db")) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def files(self) -> list[Path]:
        """What was uploaded."""
        return sorted(path for path in (self.folder / "files").rglob("*") if path.is_file())


def _altered(hand: _Hand) -> None:
    hand.execute(f"UPDATE audit_entries SET act = 'nothing' WHERE seq = {hand.signed[0] + 1}")


def _rewritten(hand: _Hand) -> None:
    """The chain holds again, its head and all."""
    _altered(hand)
    engine = create_engine(f"sqlite:///{hand.folder / 'award.db'}", poolclass=NullPool)
    with Session(engine) as session:
        previous = "0" * 64
        for row in session.query(AuditEntry).order_by(AuditEntry.seq):
            row.previous_hash, row.hash = previous, chain_hash(previous, hashed_fields(row))
            previous = row.hash
        session.query(AuditHead).one().hash = previous
        session.commit()
    engine.dispose()


def _cut(hand: _Hand) -> None:
    last = hand.signed[1] - 1
    hand.execute(
        "DELETE FROM audit_checkpoints WHERE size > " + str(last),
        f"UPDATE audit_head SET seq = {last}, hash = (SELECT hash FROM audit_entries WHERE seq = {last})",
        f"DELETE FROM audit_entries WHERE seq > {last}",
    )


def _changed_file(hand: _Hand) -> None:
    path = hand.files()[0]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _missing_file(hand: _Hand) -> None:
    hand.files()[-1].unlink()


def _older_database(hand: _Hand) -> None:
    shutil.copy(hand.older / "award.db", hand.folder / "award.db")


def _older_everything(hand: _Hand) -> None:
    shutil.rmtree(hand.folder)
    shutil.copytree(hand.older, hand.folder)


def _other_amount(hand: _Hand) -> None:
    hand.execute("UPDATE disbursements SET amount_fen = 2 * amount_fen")


def _no_award(hand: _Hand) -> None:
    hand.execute("PRAGMA foreign_keys = OFF", "DELETE FROM awards WHERE seat_number = 2")


def _changed_text(hand: _Hand) -> None:
    """What no entry of the log repeats."""
    hand.execute("UPDATE condition_decisions SET reason = 'as somebody would have it'")


# What is done, what `verify-audit` must find it in, and whether it must say from which entry on.
_DEEDS: dict[str, tuple[Callable[[_Hand], None], str, bool]] = {
    "altered": (_altered, "chain", True),
    "rewritten": (_rewritten, "checkpoints", True),
    "cut": (_cut, "checkpoints", True),
    "changed_file": (_changed_file, "files", False),
    "missing_file": (_missing_file, "files", False),
    "older_database": (_older_database, "checkpoints", True),
    "older_everything": (_older_everything, "checkpoints", True),
    "other_amount": (_other_amount, "money", False),
    "no_award": (_no_award, "seats", False),
    "changed_text": (_changed_text, "rows", False),
}


@attack("record")
def record(_target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """Entries changed, rewritten with all their hashes, or cut off; files changed; an old copy put back; money and
    awards changed: `verify-audit` finds each, in the right part, and says from when the log is in doubt (Art. 8 to 10,
    22, 29). One checkpoint is in somebody else's hands."""
    with tempfile.TemporaryDirectory(prefix="award-siege-") as name:
        place = Path(name)
        original = place / "original"
        original.mkdir()
        settings = embedded(original)
        signed = built(settings, lambda world: _history(world, settings, place / "older"))
        kept = place / "kept.jws"
        shutil.copy(max((original / "checkpoints").glob("*.jws")), kept)
        found = _verified(original, kept)
        outcome.expect(found["intact"] is True, f"an untouched record is told to be broken: {found['faults']}")
        told = {}
        for deed, (do, part, dated) in _DEEDS.items():
            hand = _Hand(place / deed, place / "older", signed)
            shutil.copytree(original, hand.folder)
            do(hand)
            told[deed] = _told(_verified(hand.folder, kept), part, dated)
    outcome.figures = {"tampered": len(_DEEDS), "found": sum(not said for said in told.values())}
    for deed, said in told.items():
        outcome.expect(not said, f"{deed}: {said}")


def _told(found: dict[str, object], part: str, dated: bool) -> str:
    """What `verify-audit` does not say that it must; empty where it says everything."""
    faults = found["faults"]
    if found["intact"] is not False or not isinstance(faults, list):
        return "it was not found"
    if part not in {fault["part"] for fault in faults}:
        return f"found, but not in {part}: {faults[:3]}"
    if dated and found["first_entry_in_doubt"] is None:
        return "found, but not from when on"
    return ""


def _history(world: World, settings: Settings, older: Path) -> tuple[int, int]:
    """A round with awards, files and a prize that was paid; a checkpoint; the copy of this day; a few acts more, and
    another checkpoint. Answers how many entries the two told of."""
    made = conclude_round(world, 2024, Contender(score="900"), Contender(score="800"))
    line = made.decree["awards"][0]
    applied = next(item for item in made.applied if item.organisation_id == line["organisation_id"])
    pay(world, order(world, Winner(line["id"], line["organisation_id"], "", line["awarded_name"], applied.applicant)))
    first = _sign(world, settings)
    shutil.copytree(settings.keys_file.parent, older, ignore=shutil.ignore_patterns("award.db*"))
    source = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(older / "award.db")) as written:
        read.backup(written)
    for year in (2031, 2032, 2033):
        ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)
    world.clock.forward(hours=1)
    return first, _sign(world, settings)


def _sign(world: World, settings: Settings) -> int:
    state = world.client.app.state  # type: ignore[attr-defined]
    checkpointer = Checkpointer(settings, state.database, state.clock)
    made = world.client.portal.call(checkpointer.now)  # type: ignore[union-attr]
    if made is None:
        raise RuntimeError("the log has not grown")
    return int(made.size)


def _verified(folder: Path, kept: Path) -> dict[str, object]:
    """What `verify-audit` says of this folder, given a checkpoint that somebody kept."""
    command = [sys.executable, "-m", "app.cli", "verify-audit", "--json", "--checkpoint", str(kept)]
    # The keys of the service are its own; their public halves are what anybody has.
    said = subprocess.run(command, cwd=ROOT, env=environment(embedded(folder)), capture_output=True, check=False)
    told: dict[str, object] = json.loads(said.stdout)
    if said.returncode != (0 if told["intact"] else 1):
        raise RuntimeError(f"verify-audit ended with {said.returncode}: {said.stderr[-500:]!r}")
    return told
