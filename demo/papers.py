"""Every paper of the demonstration's rounds, left in a folder to be looked at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demo.telling import good, line, stage
from sandbox.world import World, ok

# Of these the office has all; those of others are asked for by whose they are.
_COLLECTIONS = (
    ("rounds", "/v1/rounds"),
    ("applications", "/v1/applications?round_id={round}"),
    ("consultations", "/v1/consultations?round_id={round}&limit=3"),
    ("notices", "/v1/notices?limit=100"),
    ("awards", "/v1/awards?limit=100"),
    ("objections", "/v1/objections"),
    ("revocations", "/v1/revocations"),
)
_UNAVAILABLE = 503
_TABLES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def leave_papers(world: World, folder: Path) -> int:
    """Draft every paper that there is; confirm and issue the last round's. How many files."""
    stage("Papers / 文书", "16–28", world.clock.today)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    count, tabled, made = 0, set[str](), set[str]()
    for collection, object_id, number in _objects(world):
        for paper in ok(world.office.get(f"/v1/{collection}/{object_id}/documents"))["items"]:
            if not paper["available"]:
                continue
            # What a paper has beside its PDF is looked at once.
            forms = ["pdf"] if paper["kind"] in tabled else paper["formats"]
            tabled.add(paper["kind"])
            for form in forms:
                path = f"/v1/{collection}/{object_id}/documents/{paper['kind']}.{form}"
                answer = world.office.get(path)
                if answer.status_code == _UNAVAILABLE:
                    line(answer.json()["detail"])
                    continue
                assert answer.status_code == 200, f"{path}: {answer.text[:500]}"
                (folder / f"{paper['kind']}-{collection}-{number}.{form}").write_bytes(answer.content)
                made.add(paper["kind"])
                count += 1
    count += _issued(world, folder) + _inventory(world, folder)
    good(f"{count} files in {folder} / {count} 个文件")
    line(f"{len(made)} kinds of paper / 文书{len(made)}种")
    return count


def _objects(world: World) -> Iterator[tuple[str, str, int]]:
    last = ok(world.office.get("/v1/rounds"))["items"][0]["id"]
    for collection, path in _COLLECTIONS:
        for number, item in enumerate(ok(world.office.get(path.format(round=last)))["items"], 1):
            yield collection, item["id"], number
            if collection == "awards":
                for place, visit in enumerate(ok(world.office.get(f"/v1/awards/{item['id']}/visits"))["items"], 1):
                    yield "visits", visit["id"], 10 * number + place


def _inventory(world: World, folder: Path) -> int:
    """The inventory of plaques, as the office has it for its shelf."""
    for ending, media in _TABLES.items():
        answer = world.office.get("/v1/plaques", headers={"Accept": media})
        assert answer.status_code == 200, answer.text[:500]
        (folder / f"plaques.{ending}").write_bytes(answer.content)
    line(f"{folder}/plaques.xlsx, plaques.csv：奖牌台账 / the inventory of plaques")
    return len(_TABLES)


def _issued(world: World, folder: Path) -> int:
    """The last round's call, decree and the certificates of the awards that stand, issued."""
    row = ok(world.office.get("/v1/rounds"))["items"][0]
    wanted: list[tuple[Any, str]] = [
        (world.office, f"/v1/rounds/{row['id']}/documents/call/issuance"),
        (world.government, f"/v1/rounds/{row['id']}/documents/decree/issuance"),
    ]
    for award in ok(world.office.get("/v1/awards?limit=100"))["items"]:
        if award["award_year"] == row["year"] and award["status"] != "revoked":
            ok(world.office.post(f"/v1/awards/{award['id']}/printed-name", {"confirmed": True}))
            wanted.append((world.office, f"/v1/awards/{award['id']}/documents/certificate/issuance"))
    count = 0
    for caller, path in wanted:
        answer = caller.post(path, {})
        if answer.status_code == _UNAVAILABLE:
            continue
        told = ok(answer)
        content = world.office.get(f"/v1/papers/{told['number']}/file").content
        (folder / f"issued-{told['kind']}-{told['number']}.pdf").write_bytes(content)
        line(f"{told['title']} {told['number']} sha256 {told['sha256'][:16]}…")
        count += 1
    return count
