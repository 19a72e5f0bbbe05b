"""Arts. 22, 31: a certificate is printed once its winner has confirmed the name, and verified without the service."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from app.store.papers import IssuedPaper
from sandbox.stages.awarded import Winner, concluded
from sandbox.world import World, ok
from tests.support.papers import pdf_text
from tests.support.problems import refused

ROOT = Path(__file__).parent.parent.parent
RECIPE = ROOT / "docs" / "integration" / "verify_certificate.sh"


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def code_of(world: World, number: str) -> str:
    """What the QR code of a paper says."""
    with world.past_the_service() as session:
        row = session.execute(select(IssuedPaper).where(IssuedPaper.number == number)).scalar_one()
        return str(row.content["mark"]["code"])  # type: ignore[index]


def issued(world: World, winner: Winner) -> str:
    ok(winner.applicant.post(f"/v1/awards/{winner.award_id}/printed-name", {"confirmed": True}))
    told = ok(world.office.post(f"/v1/awards/{winner.award_id}/documents/certificate/issuance", {}))
    return str(told["number"])


def verified(code: str, keys: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RECIPE, code, keys], capture_output=True, text=True, check=False)


def test_the_winner_confirms_its_name_first(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}"
    refused(world.office.post(f"{path}/documents/certificate/issuance", {}), 409, "conflict")
    wrong = {"confirmed": False, "remark": "样例：少一个字"}
    ok(winner.applicant.post(f"{path}/printed-name", wrong))
    refused(world.office.post(f"{path}/documents/certificate/issuance", {}), 409, "conflict")
    # What came on paper, the office enters.
    ok(world.office.post(f"{path}/printed-name", {"confirmed": True, "remark": "样例：书面确认"}))
    ok(world.office.post(f"{path}/documents/certificate/issuance", {}))


def test_its_code_is_verified_with_openssl_and_the_published_keys_alone(
    world: World, winner: Winner, tmp_path: Path
) -> None:
    number = issued(world, winner)
    code = code_of(world, number)
    keys = tmp_path / "keys.json"
    keys.write_text(world.public.get("/v1/audit-checkpoint-keys").text, "utf-8")
    told = verified(code, keys)
    assert told.returncode == 0, told.stderr
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    assert json.loads(told.stdout) == {
        "certificate": award["certificate_number"],
        "name": award["awarded_name"],
        "round": award["round_ordinal"],
        "year": award["award_year"],
        "award": "first",
        "decree": award["decree_number"],
        "valid_from": award["conferred_on"],
        "valid_until": award["valid_until"],
    }
    assert f"/verify/{award['certificate_number']}?c=" in code


def test_a_forged_code_is_told(world: World, winner: Winner, tmp_path: Path) -> None:
    code = code_of(world, issued(world, winner))
    keys = tmp_path / "keys.json"
    keys.write_text(world.public.get("/v1/audit-checkpoint-keys").text, "utf-8")
    payload = code.partition("?c=")[2].partition("&")[0]
    for forged in (code.replace(payload, payload[:-6] + "AAAAAA"), code[:-6] + "AAAAAA"):
        assert verified(forged, keys).returncode != 0
    other = json.loads(keys.read_text("utf-8"))
    other["keys"][0]["x"] = other["keys"][0]["y"]
    keys.write_text(json.dumps(other), "utf-8")
    assert verified(code, keys).returncode != 0


def test_a_batch_for_the_ceremony(world: World) -> None:
    made = concluded(world, {}, {"seat_category": "other"})
    first = issued(world, made.winners[0])
    path = f"/v1/rounds/{made.round_id}/documents/certificates.zip"
    with zipfile.ZipFile(io.BytesIO(world.office.get(path).content)) as archive:
        names = archive.namelist()
        assert len(names) == 2
        assert sum(first in name for name in names) == 1
        texts = [pdf_text(archive.read(name)) for name in names]
    for winner in made.winners:
        assert any(winner.name in text for text in texts)
    refused(made.winners[0].applicant.get(path), 404)


def test_another_winner_has_no_certificate_of_it(world: World) -> None:
    made = concluded(world, {}, {"seat_category": "other"})
    number = issued(world, made.winners[0])
    stranger = made.winners[1].applicant
    path = f"/v1/awards/{made.winners[0].award_id}"
    refused(stranger.get(f"{path}/documents/certificate.pdf"), 404)
    refused(stranger.get(f"{path}/documents"), 404)
    refused(stranger.get(f"/v1/papers/{number}/file"), 404)
    refused(stranger.post(f"{path}/printed-name", {"confirmed": True}), 404)
    refused(world.public.get(f"/v1/papers/{number}/file"), 404)
    assert made.winners[0].applicant.get(f"/v1/papers/{number}/file").status_code == 200
    # Whoever holds the paper can compare it.
    assert ok(world.public.get(f"/v1/papers/{number}"))["kind"] == "certificate"
