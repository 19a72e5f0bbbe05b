"""Documents of every type that is taken, small and whole, for tests that hand them in, cut them and break them."""

import base64
import io
import struct
import zipfile
from typing import Any

from PIL import Image
from pypdf import PdfWriter

from app.measures.review_rules import FileType
from sandbox.stages.applications import PDF


def pdf(*, pages: int = 1, user: str | None = None, owner: str | None = None, subject: str | None = None) -> bytes:
    """A PDF of blank pages, locked where a password is given."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if subject is not None:
        writer.add_metadata({"/Subject": subject})
    if user is not None:
        writer.encrypt(user, owner)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


# No entry of the directory.
NONE = 0xFFFFFFFF


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
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)
    for number, (name, _) in enumerate(streams):
        following = number + 2 if number + 1 < len(streams) else NONE
        entries += _entry(name, 2, begin + number * size, 4096, following=following)
    content = b"".join(content.ljust(4096, b"\0") for _, content in streams)
    return header + struct.pack(f"<{per}I", *table) + entries.ljust(directory_sectors * sector, b"\0") + content


def _entry(name: str, kind: int, start: int, size: int, *, following: int = NONE, child: int = NONE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, NONE, following, child)
    return entry.ljust(116, b"\0") + struct.pack("<III", start, size, 0)


WORD = struct.pack("<6H", 0xA5EC, 0xC1, 0, 0x804, 0, 0)
WORD_LOCKED = struct.pack("<6H", 0xA5EC, 0xC1, 0, 0x804, 0, 0x0100)
EXCEL = struct.pack("<HH", 0x0809, 16) + bytes(16) + struct.pack("<HH", 0xE1, 2)
EXCEL_LOCKED = struct.pack("<HH", 0x0809, 16) + bytes(16) + struct.pack("<HH", 0x2F, 54)


def locked_docx() -> bytes:
    """A document that opens with a password."""
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


def picture(kind: str, size: tuple[int, int] = (24, 16), mode: str = "RGB", **options: Any) -> bytes:
    """A picture of many colours, so that cutting it loses some."""
    made, out = Image.new(mode, size), io.BytesIO()
    if mode == "RGB":
        made.putdata([(x * 7 % 256, x * 13 % 256, x * 29 % 256) for x in range(size[0] * size[1])])
    made.save(out, kind, **options)
    return out.getvalue()


def scanned(sheets: int) -> bytes:
    """A TIFF of several sheets."""
    pages = [Image.new("1", (40, 40), number % 2) for number in range(sheets)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    return out.getvalue()


def archive(members: dict[str, str | bytes], *, comment: bytes = b"") -> bytes:
    """An archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
        made.comment = comment
    return out.getvalue()


_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_O = "http://www.ofdspec.org/2016"
DOCX_PARTS: dict[str, str | bytes] = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": "<Relationships/>",
    "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body><w:p/></w:body></w:document>',
}
XLSX_PARTS: dict[str, str | bytes] = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": "<Relationships/>",
    "xl/workbook.xml": f'<workbook xmlns="{_S}"><sheets/></workbook>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_S}"><sheetData/></worksheet>',
}
OFD_PARTS: dict[str, str | bytes] = {
    "OFD.xml": f'<ofd:OFD xmlns:ofd="{_O}"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>'
    "</ofd:OFD>",
    "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{_O}"><ofd:Pages>'
    '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
    "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="{_O}"/>',
}
DOC, XLS = compound(("WordDocument", WORD), ("1Table", b"")), compound(("Workbook", EXCEL))
PNG, JPEG, TIF = picture("PNG"), picture("JPEG"), picture("TIFF")
# A picture of 16 by 16 dots; the library of the service reads such pictures and writes none.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJp"
    "bG9jAAAAAERAAAEAAQAAAAABoAABAAAAAAAAACYAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAAB"
    "AAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEA"
    "AQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAAAAAU"
    "aXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAEAAAAAEAAAAQAAAAAf///9AAAAAC////0AAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlw"
    "bWEAAAAAAAAAAQABBYECAwWEAAAALm1kYXQAAAAiKAGvBBITTOD46cJoP9k3+apWCI8n7asr40mfd7EYkqn/oA=="
)
DOCX, XLSX, OFD = archive(DOCX_PARTS), archive(XLSX_PARTS), archive(OFD_PARTS)
# One for each type; `.wps` is written as `.doc` is.
WHOLE = {
    FileType.PDF: PDF,
    FileType.PNG: PNG,
    FileType.JPG: JPEG,
    FileType.TIF: TIF,
    FileType.HEIC: HEIC,
    FileType.DOCX: DOCX,
    FileType.XLSX: XLSX,
    FileType.OFD: OFD,
    FileType.DOC: DOC,
    FileType.WPS: DOC,
    FileType.XLS: XLS,
}
