"""DOCX from a paper's data, to be edited (the only module that knows the library). For the process apart."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from app.kernel.printing import codes
from app.kernel.printing.document import Block

if TYPE_CHECKING:
    from docx.document import Document as Written
    from docx.shared import Mm
    from docx.text.paragraph import Paragraph

_FACE, _PLAIN = "FangSong", "SimHei"
_RED = (0xC8, 0x10, 0x2E)
# What the format can say of a member's time begins here.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(file: IO[bytes], *, at: int) -> object:
    """The papers of the file, each a DOCX in base64, made at this instant (seconds)."""
    return [base64.b64encode(_written(paper, at)).decode() for paper in json.load(file)]


def _written(paper: dict[str, object], at: int) -> bytes:
    from docx import Document

    made = Document()
    _page(made, wide=bool(paper["wide"]))
    _known(made, paper, at)
    if paper["mark"] is None:
        _line(made, "草稿，未印发", size=9, align="right")
    if paper["masthead"]:
        _line(made, str(paper["masthead"]), size=28, align="center", bold=True, colour=_RED)
    if paper["number"]:
        _above(made, str(paper["number"]), str(paper["signer"]), headed=bool(paper["masthead"]))
    _line(made, str(paper["title"]), size=22, align="center", bold=True)
    if paper["recipient"]:
        _line(made, f"{paper['recipient']}：")
    for block in _blocks(paper["blocks"]):
        _block(made, block)
    attachments = paper["attachments"]
    for place, name in enumerate(attachments if isinstance(attachments, list) else [], 1):
        _line(made, f"{'附件：' if place == 1 else '　　　'}{place}. {name}", indent=2)
    for words in (paper["signature"], paper["dated"]):
        if words:
            _line(made, str(words), align="right")
    if paper["note"]:
        _line(made, f"（{paper['note']}）", indent=2)
    _annexes(made, _blocks(paper["annexes"]), attachments if isinstance(attachments, list) else [])
    if paper["copies"]:
        _line(made, f"抄送：{paper['copies']}", size=14)
    _numbered(made)
    mark = paper["mark"]
    if isinstance(mark, dict):
        made.add_picture(io.BytesIO(codes.picture(mark["code"])), width=_mm(24))
        _line(made, f"文件编号 {mark['number']}　{mark['version']}　核验 {mark['address']}", size=9)
    raw = io.BytesIO()
    made.save(raw)
    return _same_each_time(raw)


def _above(made: Written, number: str, signer: str, *, headed: bool) -> None:
    """The number, in its line who signs where somebody does."""
    from docx.enum.text import WD_TAB_ALIGNMENT

    if not (headed and signer):
        return _line(made, number, align="center" if headed else "right")
    section = made.sections[0]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    _line(made, f"{number}\t签发人：{signer}")
    made.paragraphs[-1].paragraph_format.tab_stops.add_tab_stop(room, WD_TAB_ALIGNMENT.RIGHT)


def _blocks(blocks: object) -> list[Block]:
    return blocks if isinstance(blocks, list) else []


def _annexes(made: Written, blocks: list[Block], attachments: list[str]) -> None:
    for place, block in enumerate(blocks, 1):
        made.add_paragraph().paragraph_format.page_break_before = True
        # By its place among what the paper names as attached.
        words = block["title"].partition("（")[0]
        number = next((at for at, name in enumerate(attachments, 1) if words in name), place)
        _line(made, f"附件{number}" if len(attachments) > 1 else "附件", face=_PLAIN)
        _block(made, block)


def _numbered(made: Written) -> None:
    """The number of each page at its foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = made.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, "— ", size=14, bold=False, face=_FACE)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)
    _run(line, " —", size=14, bold=False, face=_FACE)


def _block(made: Written, block: Block) -> None:
    if block["shape"] == "table":
        _table(made, block)
    elif block["shape"] == "heading":
        _line(made, block["text"], indent=2, bold=True, face=_PLAIN)
    else:
        _line(made, block["text"], indent=2 if block["shape"] == "text" else 0)


def _table(made: Written, block: Block) -> None:
    if block["title"]:
        _line(made, block["title"], size=12, align="center", bold=True, face=_PLAIN)
    heads = [block["columns"]] if block["columns"] else []
    grid = made.add_table(rows=0, cols=len(block["widths"]))
    grid.style = "Table Grid"
    room = made.sections[0].page_width or 0
    room -= (made.sections[0].left_margin or 0) + (made.sections[0].right_margin or 0)
    for place, row in enumerate([*heads, *block["rows"]]):
        cells = grid.add_row().cells
        for cell, words, width in zip(cells, row, block["widths"], strict=True):
            cell.width = room * width // sum(block["widths"])
            _run(cell.paragraphs[0], words, size=10.5, bold=bool(heads) and place == 0, face=_FACE)
    made.add_paragraph()


def _line(
    made: Written,
    words: str,
    *,
    size: float = 16,
    align: str = "left",
    bold: bool = False,
    indent: int = 0,
    face: str = _FACE,
    colour: tuple[int, int, int] | None = None,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    made_line = made.add_paragraph()
    made_line.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    made_line.paragraph_format.space_after = Pt(0)
    made_line.paragraph_format.line_spacing = Pt(max(29, size * 1.4)) if size > 12 else Pt(18)
    if indent:
        made_line.paragraph_format.first_line_indent = Pt(size * indent)
    _run(made_line, words, size=size, bold=bold, face=face, colour=colour)


def _run(
    line: Paragraph, words: str, *, size: float, bold: bool, face: str, colour: tuple[int, int, int] | None = None
) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = line.add_run(words)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if colour is not None:
        run.font.color.rgb = RGBColor(*colour)


def _page(made: Written, *, wide: bool) -> None:
    from docx.enum.section import WD_ORIENT

    section = made.sections[0]
    section.page_width, section.page_height = (_mm(297), _mm(210)) if wide else (_mm(210), _mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = _mm(37), _mm(35)
    section.left_margin, section.right_margin = _mm(28), _mm(26)


def _mm(length: int) -> Mm:
    from docx.shared import Mm as Millimetres

    return Millimetres(length)


def _known(made: Written, paper: dict[str, object], at: int) -> None:
    about, moment = made.core_properties, datetime.fromtimestamp(at, UTC)
    about.title, about.author, about.language = str(paper["title"])[:255], str(paper["issuer"])[:255], "zh-CN"
    about.created = about.modified = moment
    about.last_modified_by = about.comments = ""


def _same_each_time(raw: IO[bytes]) -> bytes:
    """The package with the times of its members taken out."""
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as package, zipfile.ZipFile(made, "w") as kept:
        for name in package.namelist():
            kept.writestr(zipfile.ZipInfo(name, _EPOCH), package.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
