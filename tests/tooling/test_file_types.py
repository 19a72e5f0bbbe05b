"""What a file claims to be is opened: locked and broken ones are refused, old office documents and pictures taken."""

import asyncio
import io
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from pypdf import PdfWriter

from app.kernel import file_types
from app.kernel.file_types import (
    EXTENSIONS,
    FileLocked,
    FileTypeRefused,
    FileUnreadable,
    file_type,
    looked_into,
    opened,
)
from app.kernel.old_office import OldOffice
from app.kernel.pdf import Unreadable, pages_of
from app.measures.review_rules import FileType
from sandbox.stages.applications import PDF


def pdf(*, pages: int = 1, user: str | None = None, owner: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if user is not None:
        writer.encrypt(user, owner)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def compound(*streams: tuple[str, bytes], sector: int = 512) -> bytes:
    """A compound file of these streams, each of 4,096 bytes: header, table, directory, content."""
    per, size = sector // 4, 4096 // sector
    directory_sectors = -(-(len(streams) + 1) * 128 // sector)
    begin = 1 + directory_sectors
    table = [0xFFFFFFFD, *range(2, begin), 0xFFFFFFFE]
    for number in range(len(streams)):
        first = begin + number * size
        table += [*range(first + 1, first + size), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (per - len(table))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHH", 0x3E, 3, 0xFFFE, sector.bit_length() - 1)
    )
    header = header.ljust(44, b"\0") + struct.pack("<II", 1, 1) + bytes(4) + struct.pack("<I", 4096)
    header += struct.pack("<II", 0xFFFFFFFE, 0) + struct.pack("<II", 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    header = header.ljust(512, b"\xff").ljust(sector, b"\0")
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0)
    for number, (name, _) in enumerate(streams):
        entries += _entry(name, 2, begin + number * size, 4096)
    content = b"".join(content.ljust(4096, b"\0") for _, content in streams)
    return header + struct.pack(f"<{per}I", *table) + entries.ljust(directory_sectors * sector, b"\0") + content


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HB", len(text), kind)
    return entry.ljust(116, b"\0") + struct.pack("<III", start, size, 0)


WORD = struct.pack("<6H", 0xA5EC, 0xC1, 0, 0x804, 0, 0)
WORD_LOCKED = struct.pack("<6H", 0xA5EC, 0xC1, 0, 0x804, 0, 0x0100)
EXCEL = struct.pack("<HH", 0x0809, 16) + bytes(16) + struct.pack("<HH", 0xE1, 2)
EXCEL_LOCKED = struct.pack("<HH", 0x0809, 16) + bytes(16) + struct.pack("<HH", 0x2F, 54)
DOC, XLS = compound(("WordDocument", WORD), ("1Table", b"")), compound(("Workbook", EXCEL))
TIF = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + bytes(12) + bytes(4)
HEIC = (
    struct.pack(">I4s4s4s", 16, b"ftyp", b"heic", b"\0\0\0\0")
    + struct.pack(">I4s", 8, b"meta")
    + struct.pack(">I4s", 8, b"mdat")
)


def locked_docx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(member, "<x/>")
    made = bytearray(buffer.getvalue())
    at = made.index(b"PK\x01\x02")
    while at >= 0:
        made[at + 8] |= 1
        at = made.find(b"PK\x01\x02", at + 1)
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (pdf(pages=3), "application/pdf"),
        (pdf(user="", owner="secret"), "application/pdf"),
        (b"\xef\xbb\xbf" + pdf(), "application/pdf"),
        (DOC, "application/msword"),
        (compound(("WordDocument", WORD), sector=4096), "application/msword"),
        (XLS, "application/vnd.ms-excel"),
        (compound(("Book", EXCEL)), "application/vnd.ms-excel"),
        (TIF, "image/tiff"),
        (b"MM\0*" + struct.pack(">IH", 8, 1) + bytes(16), "image/tiff"),
        (HEIC, "image/heic"),
        (HEIC.replace(b"heic", b"mif1"), "image/heic"),
        (HEIC[:24] + struct.pack(">I4s", 0, b"mdat") + bytes(64), "image/heic"),
        (HEIC[:24] + struct.pack(">I4sQ", 1, b"mdat", 20) + bytes(4), "image/heic"),
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
    with pytest.raises(Unreadable):
        pages_of(io.BytesIO(pdf()), seconds=-1)


def test_looking_into_a_file_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(_file: object) -> str:
        time.sleep(0.5)
        return "application/pdf"

    monkeypatch.setattr(file_types, "opened", stuck)
    monkeypatch.setattr(file_types, "_SECONDS", 0.05)
    with pytest.raises(FileUnreadable):
        asyncio.run(looked_into(io.BytesIO(PDF)))


@pytest.mark.parametrize(
    "content",
    [
        compound(("WordDocument", WORD), ("Macros", b"")),
        compound(("Workbook", EXCEL), ("_VBA_PROJECT_CUR", b"")),
        compound(("PowerPoint Document", b"")),
        compound(("WordDocument", b"")),
        compound(("Workbook", b"")),
        DOC[:600],
        DOC[:512],
        DOC[:20],
        DOC[:30] + b"\x07\0" + DOC[32:],
        DOC[:48] + struct.pack("<I", 500_000) + DOC[52:],
        TIF[:9],
        TIF[:4] + struct.pack("<I", 500) + TIF[8:],
        TIF[:8] + b"\0\0" + TIF[10:],
        TIF[:6],
        HEIC[:16],
        HEIC.replace(b"heic", b"isom"),
        HEIC[:16] + struct.pack(">I4s", 3, b"meta"),
        HEIC[:16] + struct.pack(">I4s", 900, b"meta"),
    ],
)
def test_what_does_not_hold_together_is_refused(content: bytes) -> None:
    with pytest.raises(FileTypeRefused):
        opened(io.BytesIO(content))


def test_a_directory_in_a_circle_ends() -> None:
    made = bytearray(DOC)
    made[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    assert OldOffice.claimed(bytes(made))
    assert opened(io.BytesIO(bytes(made))) == "application/msword"


def test_a_large_document_names_its_table_in_further_sectors() -> None:
    made = bytearray(DOC)
    # The table's sector is named in a sector of its own instead of the header.
    extra = len(made) // 512 - 1
    made[76:80] = b"\xff\xff\xff\xff"
    made[68:76] = struct.pack("<II", extra, 1)
    made += struct.pack("<128I", 0, *[0xFFFFFFFF] * 126, 0xFFFFFFFE)
    assert opened(io.BytesIO(bytes(made))) == "application/msword"


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
