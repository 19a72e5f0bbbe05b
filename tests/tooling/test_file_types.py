"""What a file claims to be is opened: locked and broken ones are refused, old office documents and pictures taken."""

import io
import struct
from collections.abc import Callable

import pytest
from PIL import Image

from app.kernel import packages, pictures
from app.kernel.file_types import (
    EXTENSIONS,
    OPENERS,
    FileLocked,
    FileTypeRefused,
    FileUnreadable,
    file_type,
    opened,
)
from app.kernel.opening import Costly, Unreadable
from app.kernel.pdf import pages_of
from app.measures.review_rules import FileType
from sandbox import bombs
from sandbox.stages.applications import PDF
from tests.support.documents import (
    DOC,
    DOCX,
    DOCX_PARTS,
    EXCEL,
    EXCEL_LOCKED,
    HEIC,
    JPEG,
    OFD_PARTS,
    PNG,
    TIF,
    WHOLE,
    WORD,
    WORD_LOCKED,
    XLS,
    XLSX_PARTS,
    archive,
    compound,
    locked_docx,
    pdf,
    picture,
    scanned,
)

_AT = {
    FileType.PNG: b"IDAT",
    FileType.JPG: b"\xff\xda",
    FileType.HEIC: b"mdat",
    FileType.DOCX: b"<w:body>",
    FileType.XLSX: b"<sheets/>",
    FileType.OFD: b"<ofd:Pages>",
}


def broken(kind: FileType) -> bytes:
    """The document with one part spoilt, and its length kept."""
    whole = bytearray(WHOLE[kind])
    if kind is FileType.PDF:
        return bytes(whole).replace(b"/Kids [3 0 R]", b"/Kids [9 0 R]")
    if kind is FileType.TIF:
        # Its strips lie behind its end.
        directory = struct.unpack("<I", whole[4:8])[0]
        for entry in range(directory + 2, len(whole) - 12, 12):
            if struct.unpack("<H", whole[entry : entry + 2])[0] == 273:
                whole[entry + 8 : entry + 12] = struct.pack("<I", 1 << 24)
                return bytes(whole)
    if kind in (FileType.DOC, FileType.WPS, FileType.XLS):
        # The mark of the document's own stream.
        begin = 512 + (1 + 1) * 512
        whole[begin : begin + 2] = b"\0\0"
        return bytes(whole)
    if kind is FileType.JPG:
        # Tables that decode nothing.
        begin = whole.index(b"\xff\xc4")
        whole[begin + 5 : begin + 21] = b"\xff" * 16
        return bytes(whole)
    begin = whole.index(_AT[kind]) + len(_AT[kind])
    whole[begin - 1 : begin + 7] = b"\xff" * 8
    return bytes(whole)


@pytest.mark.parametrize("kind", FileType)
def test_art17_each_type_is_opened_and_its_header_its_half_and_a_broken_part_are_refused(kind: FileType) -> None:
    whole = WHOLE[kind]
    assert kind == file_type(opened(io.BytesIO(whole)), f"a.{kind}")
    for content in (whole[:64], whole[: len(whole) // 2], whole[: len(whole) * 9 // 10], broken(kind)):
        with pytest.raises(FileUnreadable):
            opened(io.BytesIO(content))
    # The header alone may tell too little for the type.
    with pytest.raises((FileUnreadable, FileTypeRefused)):
        opened(io.BytesIO(whole[:8]))


def test_there_is_an_opener_for_every_type_that_is_taken() -> None:
    assert set(OPENERS) == set(EXTENSIONS)
    assert set(WHOLE) == set(FileType)


@pytest.mark.parametrize(
    "parts",
    [
        {**DOCX_PARTS, "word/document.xml": ""},
        {**DOCX_PARTS, "word/document.xml": b"\0\1\2"},
        {**DOCX_PARTS, "word/document.xml": "<x/>"},
        {**DOCX_PARTS, "word/document.xml": '<!DOCTYPE d [<!ENTITY e "x">]><document>&e;</document>'},
        {**DOCX_PARTS, "[Content_Types].xml": "<x/>"},
        {**DOCX_PARTS, "word/styles.xml": "<x>"},
        {**XLSX_PARTS, "xl/workbook.xml": "no"},
        {name: content for name, content in XLSX_PARTS.items() if "worksheets" not in name},
        {**OFD_PARTS, "OFD.xml": ""},
        {**OFD_PARTS, "Doc_0/Document.xml": "<x/>"},
        {"OFD.xml": OFD_PARTS["OFD.xml"]},
        {**OFD_PARTS, "Doc_0/Document.xml": "<Document><Pages/></Document>"},
        {name: content for name, content in OFD_PARTS.items() if "Page_0" not in name},
    ],
    ids=[
        *("empty", "binary", "of another kind", "with entities", "no types", "a broken part"),
        *("no workbook", "no sheet", "empty entry", "no document", "a document that is not there"),
        *("no pages", "a page that is not there"),
    ],
)
def test_an_archive_whose_parts_are_not_what_they_should_be_is_refused(parts: dict[str, str | bytes]) -> None:
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(archive(parts)))


@pytest.mark.parametrize("name", ["/Doc_0/Document.xml", "./Doc_0/Document.xml", " Doc_0/Document.xml "])
def test_an_ofd_names_its_document_from_the_root_of_the_package(name: str) -> None:
    entry = str(OFD_PARTS["OFD.xml"]).replace("Doc_0/Document.xml", name)
    assert opened(io.BytesIO(archive({**OFD_PARTS, "OFD.xml": entry}))) == "application/ofd"


@pytest.mark.parametrize("place", ["/Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_an_ofd_names_its_pages_from_the_root_too(place: str) -> None:
    document = str(OFD_PARTS["Doc_0/Document.xml"]).replace("Pages/Page_0/Content.xml", place)
    assert opened(io.BytesIO(archive({**OFD_PARTS, "Doc_0/Document.xml": document}))) == "application/ofd"


@pytest.mark.parametrize("comment", [b"x", b"\0\0", "样例说明".encode(), b"x" * 65535])
def test_art17_an_archive_says_something_of_itself_behind_its_end(comment: bytes) -> None:
    """Programs write there who made it, and every reader passes it by; what else stands behind the end is refused."""
    told = DOCX[:-2] + struct.pack("<H", len(comment)) + comment
    assert opened(io.BytesIO(told)) == opened(io.BytesIO(DOCX))
    for content in (told + b"x", told[:-1], DOCX + comment):
        with pytest.raises(FileUnreadable):
            opened(io.BytesIO(content))


def test_a_comment_is_no_second_directory() -> None:
    other = DOCX[DOCX.rindex(b"PK\x05\x06") :]
    told = DOCX[:-2] + struct.pack("<H", len(other) + 1) + b"x" + other[:-2] + b"\1\0"
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(told))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"3 0 obj", b"7 0 obj"),
        (b"/Kids [3 0 R]", b""),
        (b"/Kids [3 0 R]", b"/Kids []"),
        (b"/Type /Page ", b"/Type /Font "),
    ],
    ids=["another number", "no list of pages", "an empty list", "no page"],
)
def test_art17_only_pages_that_are_there_are_counted(old: bytes, new: bytes) -> None:
    with pytest.raises(Unreadable):
        pages_of(io.BytesIO(PDF.replace(old, new)), seconds=5)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"0000000121", b"0000000064"), (b"/Type /Page ", b"/Note (1)  "), (b"/Pages 2 0 R", b"/Pages 3 0 R")],
    ids=["a wrong table of places", "a page without a type", "a page alone"],
)
def test_art17_a_page_that_other_programs_find_is_one(old: bytes, new: bytes) -> None:
    assert pages_of(io.BytesIO(PDF.replace(old, new)), seconds=5) == 1


def test_art17_a_page_is_looked_for_in_the_whole_file() -> None:
    elsewhere = PDF.replace(b"3 0 obj", b"7 0 obj") + b"%" + b"x" * (1 << 18) + b"\n3 0 obj\n<< >>\nendobj\n"
    ended = b"startxref\n192\n%%EOF\n"
    assert pages_of(io.BytesIO(elsewhere + ended), seconds=5) == 1
    with pytest.raises(Unreadable):
        pages_of(io.BytesIO(elsewhere.replace(b"3 0 obj", b"13 0 obj") + ended), seconds=5)


def test_an_archive_unpacks_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(len(content) for content in DOCX_PARTS.values())
    monkeypatch.setattr(packages, "MAX_UNPACKED", size)
    monkeypatch.setattr(packages, "MAX_MEMBERS", len(DOCX_PARTS))
    assert opened(io.BytesIO(DOCX))
    for name, bound in (("MAX_UNPACKED", size - 1), ("MAX_MEMBERS", len(DOCX_PARTS) - 1)):
        with monkeypatch.context() as within:
            within.setattr(packages, name, bound)
            with pytest.raises(FileUnreadable):
                opened(io.BytesIO(DOCX))
    with pytest.raises(Unreadable):
        packages.unpack(io.BytesIO(DOCX), main="word/document.xml", seconds=-1)


def test_a_member_that_unpacks_to_more_than_it_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = bytearray(archive({**DOCX_PARTS, "word/media/x.bin": bytes(4096)}))
    at = made.rindex(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(bytes(made)))


@pytest.mark.parametrize("content", [PNG, TIF, HEIC])
def test_a_picture_has_so_many_dots_and_no_more(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    dots = 16 * 16 if content is HEIC else 24 * 16
    monkeypatch.setattr(pictures, "MAX_PIXELS", dots)
    assert opened(io.BytesIO(content))
    monkeypatch.setattr(pictures, "MAX_PIXELS", dots - 1)
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content))


def test_a_jpeg_of_a_camera_is_decoded_small(monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture("JPEG", (800, 800))
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100 * 100)
    monkeypatch.setattr(pictures, "MAX_PIXELS_OF_A_CAMERA", 800 * 800)
    assert opened(io.BytesIO(content)) == "image/jpeg"
    monkeypatch.setattr(pictures, "MAX_PIXELS_OF_A_CAMERA", 800 * 800 - 1)
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content))
    assert Image.MAX_IMAGE_PIXELS == 800 * 800 - 1


def test_of_the_sheets_of_a_scan_the_first_and_the_last_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = scanned(3)
    assert opened(io.BytesIO(content)) == "image/tiff"
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content[:-80]))
    monkeypatch.setattr(pictures, "MAX_SHEETS", 2)
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content))
    with pytest.raises(Unreadable):
        pictures.see(io.BytesIO(PNG), media_type="image/png", seconds=-1)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (pdf(pages=3), "application/pdf"),
        (pdf(user="", owner="secret"), "application/pdf"),
        (b"\xef\xbb\xbf" + pdf(), "application/pdf"),
        (b"\r\n\r\n" + pdf(), "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (DOC, "application/msword"),
        (compound(("WordDocument", WORD), sector=4096), "application/msword"),
        (XLS, "application/vnd.ms-excel"),
        (compound(("Book", EXCEL)), "application/vnd.ms-excel"),
        (TIF, "image/tiff"),
        (scanned(1), "image/tiff"),
        (HEIC, "image/heic"),
    ],
)
def test_what_can_be_opened_is_taken(content: bytes, media_type: str) -> None:
    assert opened(io.BytesIO(content)) == media_type
    assert media_type in EXTENSIONS


@pytest.mark.parametrize(
    "content",
    [
        pdf(user="secret"),
        locked_docx(),
        compound(("WordDocument", WORD_LOCKED)),
        compound(("Workbook", EXCEL_LOCKED)),
        compound(("EncryptionInfo", b""), ("EncryptedPackage", b"")),
    ],
    ids=["pdf", "docx", "doc", "xls", "package of an encrypted docx"],
)
def test_what_opens_with_a_password_is_refused(content: bytes) -> None:
    with pytest.raises(FileLocked):
        opened(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        PDF.replace(b"/Kids [3 0 R]", b"/Kids [     ]"),
        PDF.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        PDF.replace(b"/Kids [3 0 R]", b"/Kids (3 0 R)"),
        PDF.replace(b"/Kids [3 0 R]", b"/Kids [9 0 R]"),
        PDF.replace(b"/Pages 2 0 R", b"/Pages 8 0 R"),
        PDF.replace(b"/Root 1 0 R", b"/Rout 1 0 R"),
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\n%%EOF\n",
    ],
    ids=[
        *("no pages", "no page", "pages in a circle", "a text for pages", "a page that is not there"),
        *("no tree of pages", "no root", "nested without end"),
    ],
)
def test_a_pdf_whose_pages_cannot_be_counted_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content))


def test_pages_are_counted_within_bounds() -> None:
    assert pages_of(io.BytesIO(pdf(pages=12)), seconds=5) == 12
    with pytest.raises(Costly):
        pages_of(io.BytesIO(pdf()), seconds=-1)


def test_a_pdf_whose_time_is_over_in_the_middle_is_not_taken_for_what_was_read_of_it() -> None:
    """The library takes what cannot be read any more for an object that is not there."""
    objects = {number: b"<< /Next %d 0 R >>" % (number + 1) for number in range(4, 100_000)}
    content = bombs.pdf({**objects, 100_000: b"<< >>"}, catalogue=b"/Outlines 4 0 R")
    for seconds in (0.05, 0.2, 0.5):
        with pytest.raises(Costly):
            pages_of(io.BytesIO(content), seconds=seconds)


@pytest.mark.parametrize(
    "content",
    [
        compound(("WordDocument", WORD), ("Macros", b"")),
        compound(("Workbook", EXCEL), ("_VBA_PROJECT_CUR", b"")),
        compound(("PowerPoint Document", b"")),
        HEIC.replace(b"ftypheic", b"ftypisom"),
        archive({**DOCX_PARTS, "word/vbaProject.bin": b"x"}),
    ],
    ids=["macros", "macros of a spreadsheet", "slides", "a film", "macros of today"],
)
def test_what_is_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        opened(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        compound(("WordDocument", b"")),
        compound(("Workbook", b"")),
        DOC[:600],
        DOC[:512],
        DOC[:20],
        DOC[:48] + struct.pack("<I", 500_000) + DOC[52:],
        DOC.replace(struct.pack("<I", 4096) + bytes(4), struct.pack("<I", 40_960) + bytes(4)),
        TIF[:9],
        TIF[:4] + struct.pack("<I", 500_000) + TIF[8:],
        TIF[:6],
        HEIC[:28],
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF\n",
        PDF[:-20],
        b"\xef\xbb\xbf%PDF-1.7\n",
    ],
)
def test_what_does_not_hold_together_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content))


def test_a_directory_in_a_circle_ends() -> None:
    made = bytearray(DOC)
    made[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    assert opened(io.BytesIO(bytes(made))) == "application/msword"


def test_sectors_of_a_size_that_there_is_not_are_no_document() -> None:
    with pytest.raises((FileTypeRefused, FileUnreadable)):
        opened(io.BytesIO(DOC[:30] + b"\x07\0" + DOC[32:]))


def large_doc() -> bytes:
    """A document of seven million bytes: its table has more sectors than the header can name."""
    tables, sectors = 110, 13_900
    begin = tables + 2
    table = [0xFFFFFFFD] * tables + [0xFFFFFFFC, 0xFFFFFFFE, *range(begin + 1, begin + sectors), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (tables * 128 - len(table))
    made = bytearray(DOC[:512])
    made[44:52] = struct.pack("<II", tables, tables + 1)
    made[68:76] = struct.pack("<II", tables, 1)
    made[76:512] = struct.pack("<109I", *range(109))
    further = struct.pack("<128I", 109, *[0xFFFFFFFF] * 126, 0xFFFFFFFE)
    directory = bytearray(DOC[1024:1536])
    directory[128 + 68 : 128 + 76] = b"\xff" * 8
    directory[128 + 116 : 128 + 124] = struct.pack("<II", begin, sectors * 512)
    directory[256:384] = bytes(128)
    content = WORD.ljust(sectors * 512, b"\1")
    return bytes(made) + struct.pack(f"<{len(table)}I", *table) + further + bytes(directory) + content


def test_a_large_document_names_its_table_in_further_sectors() -> None:
    content = large_doc()
    assert opened(io.BytesIO(content)) == "application/msword"
    with pytest.raises(FileUnreadable):
        opened(io.BytesIO(content[:-512]))


@pytest.mark.parametrize(
    ("media_type", "filename", "expected"),
    [
        ("application/msword", "报告.doc", FileType.DOC),
        ("application/msword", "报告.WPS", FileType.WPS),
        ("application/msword", "报告.pdf", FileType.DOC),
        ("application/vnd.ms-excel", "表.et", FileType.XLS),
        ("image/jpeg", "a.jpeg", FileType.JPG),
        ("image/tiff", "a.tiff", FileType.TIF),
        ("application/pdf", "a", FileType.PDF),
    ],
)
def test_of_two_formats_with_one_content_the_name_tells(media_type: str, filename: str, expected: FileType) -> None:
    assert file_type(media_type, filename) is expected


def test_every_type_that_rules_may_name_can_be_told() -> None:
    told: Callable[[str, str], FileType] = file_type
    assert {told(media, f"a.{ending}") for media, endings in EXTENSIONS.items() for ending in endings} == set(FileType)
