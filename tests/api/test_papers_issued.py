"""Arts. 2, 10, 16, 22: what is issued is frozen, numbered and verified; a later change is a new version; a scan is
compared with it."""

import hashlib
import io
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sandbox.callers import Caller
from sandbox.stages.decision import HOSPITAL, Contender, conclude_round, in_publicity
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.documents import pdf
from tests.support.papers import docx_text, drafted, offered, pdf_text, plain
from tests.support.problems import refused


def issue(caller: Caller, path: str, kind: str, **body: Any) -> dict[str, Any]:
    """Issue the paper; answers what is known of it."""
    told: dict[str, Any] = ok(caller.post(f"{path}/documents/{kind}/issuance", body))
    return told


def content(caller: Caller, number: str, form: str = "pdf") -> bytes:
    answer = caller.get(f"/v1/papers/{number}/file?copy={form}")
    assert answer.status_code == 200, answer.text
    found: bytes = answer.content
    return found


@pytest.fixture
def path(world: World) -> str:
    return f"/v1/rounds/{open_round(world, 2024)}"


def test_an_issued_paper_has_its_number_its_hash_and_its_date_in_it(world: World, path: str) -> None:
    told = issue(world.office, path, "call", document_number="会质强办〔2024〕3号", dated=world.clock.today.isoformat())
    assert (told["paper_version"], told["superseded"], told["kind"]) == (1, False, "call")
    found = content(world.public, told["number"])
    assert hashlib.sha256(found).hexdigest() == told["sha256"]
    said = pdf_text(found)
    day = world.clock.today
    for words in (told["number"], "第1版", "会质强办〔2024〕3号", f"{day.year}年{day.month}月{day.day}日", "/verify/"):
        assert plain(words) in said
    assert "草稿" not in said
    about = PdfReader(io.BytesIO(found))
    assert about.metadata is not None
    assert about.metadata.title == told["title"]
    assert about.metadata.creation_date is not None
    assert (
        about.metadata.creation_date.isoformat()
        == told["issued_at"].replace("Z", "+00:00").split(".")[0][:19] + "+00:00"
    )
    assert "pdfaid:part" in str(about.xmp_metadata.stream.get_data()) if about.xmp_metadata else False
    other = content(world.office, told["number"], "docx")
    assert told["number"] in docx_text(other)
    assert Document(io.BytesIO(other)).core_properties.title == told["title"]
    assert offered(world.public, path)["call"]["issued"] == told["number"]


def test_the_same_again_is_the_same_version(world: World, path: str) -> None:
    first = issue(world.office, path, "call")
    world.clock.forward(days=1)
    assert issue(world.office, path, "call") == first
    second = issue(world.office, path, "call", document_number="会质强办〔2024〕4号")
    assert second["paper_version"] == 2
    assert ok(world.public.get(f"/v1/papers/{first['number']}"))["superseded"] is True
    assert ok(world.public.get(f"/v1/papers/{second['number']}"))["superseded"] is False
    assert content(world.public, first["number"]) != content(world.public, second["number"])


def test_what_changes_on_record_changes_nothing_that_was_issued(world: World, path: str) -> None:
    first = issue(world.office, path, "call")
    before = content(world.public, first["number"])
    extended = {"new_deadline": "2024-05-10", "reason": "样例：延长", "channel": "县政府网站"}
    ok(world.office.post(f"{path}/deadline-extensions", extended))
    assert content(world.public, first["number"]) == before
    assert plain("2024年5月10日") in pdf_text(drafted(world.office, path, "call"))
    assert offered(world.office, path)["call"]["changed"] is True
    second = issue(world.office, path, "call")
    assert (second["paper_version"], second["data_hash"] == first["data_hash"]) == (2, False)
    assert offered(world.office, path)["call"]["changed"] is False


def test_of_two_at_once_none_is_lost_and_none_is_twice(world: World, path: str) -> None:
    def one(number: int) -> Any:
        return world.office.post(f"{path}/documents/call/issuance", {"document_number": f"会质强办〔2024〕{number}号"})

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(one, range(1, 4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    versions = [answer.json()["paper_version"] for answer in answers if answer.status_code == 200]
    assert versions
    assert sorted(versions) == list(range(1, len(versions) + 1))
    entries = ok(world.auditor.get("/v1/audit-entries?act=issue_paper"))["items"]
    assert sorted(entry["details"]["version"] for entry in entries) == sorted(versions)


def test_the_database_lets_nobody_change_one(world: World, path: str) -> None:
    issue(world.office, path, "call")
    with world.past_the_service() as session, pytest.raises((DBAPIError, sqlite3.Error), match="append-only"):
        session.execute(text("UPDATE issued_papers SET title = '样例'"))


def test_a_dry_run_and_a_refusal_leave_nothing(world: World, path: str) -> None:
    ok(world.office.post(f"{path}/documents/call/issuance?dry_run=true", {}))
    assert offered(world.office, path)["call"]["issued"] is None
    refused(world.office.post(f"{path}/documents/call/issuance", {"dated": "2030-01-01"}), 422)
    assert "评委会尚未审议" in refused(world.office.post(f"{path}/documents/minutes/issuance", {}), 404)["detail"]
    refused(world.office.post(f"{path}/documents/ballots/issuance", {}), 403)
    entries = ok(world.auditor.get("/v1/audit-entries?act=issue_paper"))["items"]
    assert entries == []


def test_the_government_issues_its_decree_and_the_office_does_not(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    path = f"/v1/rounds/{made.round_id}"
    refused(world.office.post(f"{path}/documents/decree/issuance", {}), 403)
    refused(world.government.post(f"{path}/documents/call/issuance", {}), 403)
    told = issue(world.government, path, "decree")
    assert told["dated"] == made.decree["dated"]
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=issue_paper"))["items"]
    assert entry["details"]["sha256"] == told["sha256"]
    assert entry["details"]["data_hash"] == told["data_hash"]


def test_a_number_cannot_be_guessed_nor_written_otherwise(world: World, path: str) -> None:
    told = issue(world.office, path, "call")
    for number in ("W2024-00000-00000", told["number"][:-1], told["number"] + "0", "*", "%25"):
        refused(world.public.get(f"/v1/papers/{number}"), 404)
    assert len(set(told["number"])) > 6


def test_a_scan_is_compared_with_its_paper(world: World, path: str) -> None:
    told = issue(world.office, path, "call")
    paper = content(world.public, told["number"])
    sent = f"/v1/papers/{told['number']}/scans"
    whole = ok(world.office.post(f"{sent}?filename=盖章件.pdf", content=paper), 201)["scans"][-1]
    assert whole["pages"] == whole["paper_pages"] == len(PdfReader(io.BytesIO(paper)).pages)
    assert whole["text_found_percent"] >= 90
    picture = ok(world.office.post(f"{sent}?filename=扫描.pdf", content=pdf(pages=1)), 201)["scans"][-1]
    assert (picture["pages"], picture["text_found_percent"]) == (1, None)
    other = PdfWriter()
    other.append(io.BytesIO(drafted(world.office, path, "undertaking")))
    made = io.BytesIO()
    other.write(made)
    wrong = ok(world.office.post(f"{sent}?filename=错.pdf", content=made.getvalue()), 201)["scans"][-1]
    assert wrong["text_found_percent"] < 50
    assert content(world.office, told["number"], "scan") == made.getvalue()
    refused(world.public.get(f"/v1/papers/{told['number']}/file?copy=scan"), 404)
    refused(world.office.post(f"{sent}?filename=a.png", content=b"\x89PNG\r\n\x1a\n" + bytes(64)), 422)
    assert len(ok(world.public.get(f"/v1/papers/{told['number']}"))["scans"]) == 3


def test_an_archive_for_the_executive_meeting(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    path = f"/v1/rounds/{made.round_id}/documents/executive_meeting.zip"
    with zipfile.ZipFile(io.BytesIO(world.government.get(path).content)) as archive:
        names = archive.namelist()
        assert [name.split(" ")[1] for name in names] == ["获奖候选名单公示", "评委会会议纪要", "综合评价报告"]
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    refused(made.applied[0].applicant.get(path), 404)
    refused(world.office.get(path.replace("executive_meeting", "others")), 404)
