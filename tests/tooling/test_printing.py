"""Papers out of data: the same bytes each time, every sign, no formula, and an end to what takes too long."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import openpyxl
import pytest
from docx import Document as read_docx
from pypdf import PdfReader

from app.kernel import printing
from app.kernel.errors import Unavailable
from app.kernel.printing import PaperFormat, printed
from app.kernel.printing.document import Document, heading, line, pairs, table, text
from app.kernel.settings import Settings
from tests.support.papers import docx_text, pdf_text, plain

AT = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
RARE = "样例𠮷野𪚥有限公司"
LONG = "样例" + "甲乙丙丁戊己庚辛壬癸" * 19 + "有限公司"
LETTERS = "SAMPLE" * 34
SAMPLE = Document(
    layout="official",
    title="样例关于样例的通知",
    blocks=(
        text("样例正文。"),
        heading("一、样例"),
        line("样例行"),
        table("样例表", [("序号", 1), ("组织名称", 4)], [("1", RARE), ("2", LONG), ("3", LETTERS), ("4", None)]),
        pairs("样例项", [("名称", "样例")]),
    ),
    masthead="样例机关文件",
    number="样例〔2026〕1号",
    recipient="各样例单位",
    attachments=("样例附件甲", "样例附件乙"),
    signature="样例机关",
    dated="2026年11月30日",
    copies="样例单位",
    issuer="样例机关",
    mark={
        "number": "W2026-00000-00001",
        "version": "第1版",
        "address": "http://127.0.0.1/verify/W",
        "code": "http://x",
    },
)


def made(form: PaperFormat, *documents: Document, at: datetime = AT, **settings: Any) -> list[bytes]:
    async def make() -> list[bytes]:
        return await printed(documents or (SAMPLE,), form, at=at, settings=Settings(_env_file=None, **settings))

    return anyio.run(make)


@pytest.mark.parametrize("form", list(PaperFormat))
def test_the_same_data_at_the_same_instant_are_the_same_bytes(form: PaperFormat) -> None:
    assert made(form) == made(form)


def test_a_pdf_is_for_keeping_and_has_its_fonts_and_its_text_in_it() -> None:
    (content,) = made(PaperFormat.PDF)
    reader = PdfReader(io.BytesIO(content))
    assert b"pdfaid:part" in content or b"pdfaid:part" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    found = pdf_text(content)
    for words in (
        "样例关于样例的通知",
        "样例机关文件",
        "样例〔2026〕1号",
        "各样例单位：",
        RARE,
        LONG,
        LETTERS,
        "样例附件乙",
    ):
        assert plain(words) in found, words
    for page in reader.pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "+" in font.get_object()["/BaseFont"], "a font that is not embedded"


@pytest.mark.parametrize("lines", range(0, 30, 3))
@pytest.mark.parametrize("ends_with_a_table", [False, True])
def test_signature_day_and_code_stand_with_the_last_of_the_text(lines: int, ends_with_a_table: bool) -> None:
    rows = [[str(number), "P0/1", f"样例组织{number}"] for number in range(6)]
    last = table("样例表", [("序号", 1), ("编号", 1), ("组织名称", 4)], rows)
    said = tuple(text(f"样例正文第{number}段。") for number in range(lines + 1))
    paper = replace(SAMPLE, blocks=(*said, last) if ends_with_a_table else said)
    (content,) = made(PaperFormat.PDF, paper)
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    (closing,) = [page for page in pages if SAMPLE.mark and SAMPLE.mark["number"] in page]
    assert plain(SAMPLE.dated) in closing and plain(SAMPLE.attachments[0]) in closing and SAMPLE.copies in closing
    assert pages[-1] == closing
    assert (rows[-1][2] if ends_with_a_table else plain(said[-1]["text"])) in closing
    # Of a table that goes on, every page has its headings.
    assert all("组织名称" in page for page in pages if "P0/1" in page)
    assert all(row[2] in "".join(pages) for row in rows) or not ends_with_a_table


def test_annexes_come_after_the_signature_on_pages_of_their_own() -> None:
    annexes = tuple(table(f"样例附表{number}", [("序号", 1)], [[f"样例附{number}"]]) for number in (1, 2))
    paper = replace(SAMPLE, annexes=annexes)
    (content,) = made(PaperFormat.PDF, paper)
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    assert SAMPLE.dated in pages[-3]
    assert [page[:3] for page in pages[-2:]] == ["附件1", "附件2"] and "样例附2" in pages[-1]
    (docx,) = made(PaperFormat.DOCX, paper)
    found = docx_text(docx)
    assert "附件2" in found and "样例附2" in found
    (sheet,) = made(PaperFormat.XLSX, paper)
    assert len(openpyxl.load_workbook(io.BytesIO(sheet)).worksheets) == 4
    footer = read_docx(io.BytesIO(docx)).sections[0].footer
    assert "PAGE" in footer.paragraphs[0]._p.xml


def test_neither_a_quoted_name_nor_a_code_is_broken() -> None:
    narrow = [("序号", 1), ("编号", 4), ("名称", 10)]
    quoted = text("样" * 22 + "例县“会昌独好”质量奖")
    for title in ("关于样例的第一届样例样例会昌“会昌独好”质量奖样例组织的通报", "样" * 15 + "“会昌独好”质量奖的通报"):
        paper = replace(
            SAMPLE, title=title, blocks=(quoted, table("样例", narrow, [["1", "HCDH-2029-P01", "第四届（2029年度）"]]))
        )
        (content,) = made(PaperFormat.PDF, paper)
        lines = PdfReader(io.BytesIO(content)).pages[0].extract_text().splitlines()
        assert sum("“会昌独好”" in line for line in lines) == 2
        assert any("HCDH-2029-P01" in line for line in lines) and any("2029年度" in line for line in lines)


@pytest.mark.parametrize("width", range(1, 8))
def test_no_line_begins_with_what_a_number_counts(width: int) -> None:
    days = [["2029年7月15日", "2029年12月5日", "第四届（2029年度）"]]
    columns = [("起", width), ("止", width), ("获奖", 12)]
    said = tuple(text("样" * number + "自2029年7月15日至2029年12月5日止。") for number in range(20))
    (content,) = made(PaperFormat.PDF, replace(SAMPLE, blocks=(*said, table("样例", columns, days))))
    lines = [line for page in PdfReader(io.BytesIO(content)).pages for line in page.extract_text().splitlines()]
    assert not [line for line in lines if line.lstrip().startswith(("年", "月", "日"))]


def test_a_heading_of_four_signs_is_one_line_or_two_words() -> None:
    paper = replace(
        SAMPLE, blocks=(table("样例", [("行业代码", 2), ("预算年度", 4), ("名称", 14)], [["1", "2", "3"]]),)
    )
    (content,) = made(PaperFormat.PDF, paper)
    told = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "行业代" not in told and "行业" in told and "代码" in told and "预算年度" in told


def test_a_name_that_is_rare_or_long_is_whole_on_a_certificate() -> None:
    blocks = (
        text("授予样例质量奖。"),
        text("特发此证，以资鼓励。"),
        *(line(f"样例编号：{number}") for number in range(4)),
    )
    for name in (RARE, LONG, LETTERS):
        paper = replace(SAMPLE, layout="certificate", title="荣誉证书", recipient=name, blocks=blocks)
        (content,) = made(PaperFormat.PDF, paper)
        assert plain(name) in pdf_text(content)
        assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_a_sign_that_no_font_has_is_told_by_its_number() -> None:
    strange = replace(SAMPLE, title="样例\U00031350\ue000公司", blocks=())
    (content,) = made(PaperFormat.PDF, strange)
    assert "样例〓(U+31350)〓(U+E000)公司" in pdf_text(content)


@pytest.mark.parametrize("first", [0x13000, 0x1F300])
def test_signs_that_no_font_has_hold_up_no_paper_however_many_they_are(first: int) -> None:
    """More of them than are looked for one by one; what people write beside them is printed as it is."""
    signs = "".join(map(chr, range(first, first + 70)))
    paper = replace(SAMPLE, blocks=(text(f"样例（甲）Ａ1：{signs}。第二句，结束。"),))
    (content,) = made(PaperFormat.PDF, paper)
    said = plain(pdf_text(content))
    assert "样例(甲)A1:" in said and "第二句,结束。" in said
    # A font may have one or the other of the first that were looked for.
    assert sum(f"U+{ord(sign):04X}" in said for sign in signs) > 60


def test_a_draft_says_so_and_has_no_code() -> None:
    draft = replace(SAMPLE, mark=None)
    for form, read in ((PaperFormat.PDF, pdf_text), (PaperFormat.DOCX, docx_text)):
        assert "草稿" in read(made(form, draft)[0])
        assert "草稿" not in read(made(form)[0])
        assert "W2026-00000-00001" in read(made(form)[0])


def test_a_docx_can_be_edited_and_says_the_same() -> None:
    (content,) = made(PaperFormat.DOCX)
    found = docx_text(content)
    for words in (SAMPLE.title, SAMPLE.number, RARE, LONG, LETTERS, "＿＿", "附件：1. 样例附件甲", "抄送：样例单位"):
        assert plain(words) in found
    document = read_docx(io.BytesIO(content))
    section = document.sections[0]
    assert [round(length.mm) for length in (section.top_margin, section.left_margin)] == [37, 28]  # type: ignore[union-attr]
    assert document.core_properties.created == AT.replace(tzinfo=None) or document.core_properties.created == AT
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {item.date_time[0] for item in package.infolist()} == {1980}


TYPED = ("=1+1", "+86 797", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "007", "91360733MA00000000", "1E10")


def typed(rows: Sequence[Sequence[str]]) -> Document:
    return replace(SAMPLE, blocks=(table("样例", [("值", 1)], rows),))


def test_nothing_that_was_typed_becomes_a_formula_or_a_number() -> None:
    paper = typed([[item] for item in TYPED])
    (content,) = made(PaperFormat.XLSX, paper)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(TYPED))]
    assert [cell.value for cell in cells] == list(TYPED)
    assert {cell.data_type for cell in cells} == {"s"}
    assert b"<f>" not in b"".join(zipfile.ZipFile(io.BytesIO(content)).read(name) for name in _sheets(content))
    (lines,) = made(PaperFormat.CSV, paper)
    assert lines.startswith(b"\xef\xbb\xbf")
    found = [row[0] for row in csv.reader(io.StringIO(lines.decode("utf-8-sig"), newline=""))][1:]
    assert [item.removeprefix("'") for item in found] == list(TYPED)
    assert [item[0] == "'" for item in found] == [True] * 6 + [False] * 3


def _sheets(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [name for name in package.namelist() if name.startswith("xl/worksheets/")]


def test_without_fonts_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        made(PaperFormat.PDF, fonts=f"{tmp_path},{tmp_path}/none")
    assert "scripts/install-fonts.sh" in refusal.value.message.zh
    assert "scripts/install-fonts.sh" in refusal.value.message.en
    # The rest does without.
    assert made(PaperFormat.DOCX, fonts=str(tmp_path))


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "SECONDS", 1)
    endless = replace(SAMPLE, blocks=(table("样例", [("值", 1)], [["样例"]] * 60_000),))
    with pytest.raises(Unavailable):
        made(PaperFormat.PDF, endless)


def test_a_paper_is_whole_as_json() -> None:
    assert Document(**{**asdict(SAMPLE), "blocks": SAMPLE.blocks}) == SAMPLE
