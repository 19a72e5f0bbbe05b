"""Arts. 2, 10: a scan is compared with its paper by pages and text; what differs is told with figures, in the answer
and in the list, and is never silently taken to agree."""

import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from app.services.papers.scans import ENOUGH_PERCENT, ScanAgreement, compared
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.documents import pdf
from tests.support.papers import drafted, offered


@pytest.mark.parametrize(
    ("pages", "of_paper", "percent", "agreement", "told"),
    [
        (3, 3, 100, ScanAgreement.AGREES, []),
        (3, 3, ENOUGH_PERCENT, ScanAgreement.AGREES, []),
        (3, 3, ENOUGH_PERCENT - 1, ScanAgreement.DIFFERS, ["79%", "80%"]),
        (3, 3, 7, ScanAgreement.DIFFERS, ["7%"]),
        (3, 3, 0, ScanAgreement.DIFFERS, ["0%"]),
        (2, 3, 100, ScanAgreement.DIFFERS, ["2页", "3页"]),
        (4, 3, 100, ScanAgreement.DIFFERS, ["4页", "3页"]),
        (2, 3, 10, ScanAgreement.DIFFERS, ["2页", "3页", "10%"]),
        (2, 3, None, ScanAgreement.DIFFERS, ["2页", "3页"]),
        (0, 3, None, ScanAgreement.DIFFERS, ["读不出"]),
        (3, 3, None, ScanAgreement.NO_TEXT, ["没有文字层", "3页"]),
    ],
)
def test_what_differs_is_told_with_its_figures(
    pages: int, of_paper: int, percent: int | None, agreement: ScanAgreement, told: list[str]
) -> None:
    found = compared(pages=pages, paper_pages=of_paper, text_found_percent=percent)
    assert found.agreement is agreement
    assert (found.warning is None) is (agreement is ScanAgreement.AGREES)
    said = "" if found.warning is None else found.warning.zh
    assert [words for words in told if words not in said] == []


def file_scan(world: World, number: str, content: bytes) -> dict[str, Any]:
    """The scan that was filed, as the answer tells it."""
    answer = world.office.post(f"/v1/papers/{number}/scans?filename=样例扫描.pdf", content=content)
    told: dict[str, Any] = ok(answer, 201)["scans"][-1]
    return told


def in_the_list(world: World, path: str) -> tuple[str | None, str | None]:
    found = offered(world.office, path)["call"]
    return found["scan_agreement"], found["scan_warning_zh"]


def test_the_answer_and_the_list_say_what_was_found(world: World) -> None:
    path = f"/v1/rounds/{open_round(world, 2024)}"
    number = ok(world.office.post(f"{path}/documents/call/issuance", {}))["number"]
    assert in_the_list(world, path) == (None, None)
    paper = world.public.get(f"/v1/papers/{number}/file").content
    whole = file_scan(world, number, paper)
    assert (whole["agreement"], whole["warning_zh"], whole["warning_en"]) == ("agrees", None, None)
    assert in_the_list(world, path) == ("agrees", None)
    # As many pages, and hardly any of the text.
    pages = len(PdfReader(io.BytesIO(paper)).pages)
    other, made = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        other.append(io.BytesIO(drafted(world.office, path, "undertaking")), pages=(0, 1))
    other.write(made)
    wrong = file_scan(world, number, made.getvalue())
    assert (wrong["pages"], wrong["agreement"]) == (pages, "differs")
    assert wrong["text_found_percent"] < ENOUGH_PERCENT
    assert f"{wrong['text_found_percent']}%" in wrong["warning_zh"]
    assert "%" in wrong["warning_en"]
    assert in_the_list(world, path) == ("differs", wrong["warning_zh"])
    short = file_scan(world, number, pdf(pages=pages + 1))
    assert (short["agreement"], f"{pages + 1}页" in short["warning_zh"]) == ("differs", True)
    picture = file_scan(world, number, pdf(pages=pages))
    assert (picture["agreement"], "人工核对" in picture["warning_zh"]) == ("no_text", True)
    # All of them are kept, as they came; the list tells of the last.
    told = [item["agreement"] for item in ok(world.public.get(f"/v1/papers/{number}"))["scans"]]
    assert told == ["agrees", "differs", "differs", "no_text"]
    assert in_the_list(world, path) == ("no_text", picture["warning_zh"])
    entries = ok(world.auditor.get("/v1/audit-entries?act=file_paper_scan"))["items"]
    assert sorted(item["details"]["agreement"] for item in entries) == sorted(told)
