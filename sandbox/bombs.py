"""Small files that are built to take a machine's time, memory or disk, or to do something when they are opened."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def archive(parts: Mapping[str, str | bytes], *, linked: str | None = None) -> bytes:
    """A zip archive of these members; `linked`: the one that is a symbolic link."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            if name == linked:
                member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            package.writestr(member, content)
    return made.getvalue()


def workbook(*, styles: str = "", rows: str = "", strings: str | None = None) -> dict[str, str | bytes]:
    """The members of a workbook with these styles, rows and shared strings."""
    parts = {"workbook": "sheet.main", "styles": "styles", "worksheets/sheet1": "worksheet"}
    if strings is not None:
        parts["sharedStrings"] = "sharedStrings"
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_OFFICE}.{kind}+xml"/>' for name, kind in parts.items()
    )
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = strings
    return made


def _document(body: str) -> dict[str, str | bytes]:
    return {"[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>', "word/document.xml": body}


def many_styles() -> bytes:
    """A workbook of some kilobytes with 400,000 styles, of each of which the reading library makes objects."""
    style = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    return archive(workbook(styles=f"<cellXfs>{style * 400_000}</cellXfs>"))


def laughs() -> str:
    """A document of a few lines that is gigabytes, once its entities are put in."""
    lines = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)]
    return f'<!DOCTYPE d [<!ENTITY l0 "ha">{"".join(lines)}]><d>&l11;</d>'


def billion_laughs() -> bytes:
    """Such a text for the shared strings of a workbook."""
    return archive(workbook(strings=laughs()))


def billion_laughs_document() -> bytes:
    """Such a text for a document of a word processor."""
    return archive(_document(laughs()))


def nested_elements() -> bytes:
    """A document whose elements lie a million deep within each other."""
    return archive(_document(f"<document>{'<a>' * 1_000_000}{'</a>' * 1_000_000}</document>"))


def many_elements() -> bytes:
    """A document of five million elements."""
    return archive(_document(f"<document>{'<a/>' * 5_000_000}</document>"))


def unpacks_without_end() -> bytes:
    """A document of half a megabyte that unpacks to 500."""
    parts = _document("<document/>")
    return archive({**parts, "word/media/a.bin": bytes(500 << 20)})


def wide_sheet() -> bytes:
    """A workbook whose one line repeats a cell five million times."""
    return archive(workbook(rows=f"<row>{'<c/>' * 5_000_000}</row>"))


def pdf(objects: Mapping[int, bytes], *, catalogue: bytes = b"", page: bytes = b"") -> bytes:
    """A PDF of one page; `catalogue` and `page`: what these two say besides, `objects`: what else there is, from 4."""
    every = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] " + page + b" >>",
        **objects,
    }
    made, places = bytearray(b"%PDF-1.7\n"), dict[int, int]()
    for number, content in every.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    begins, most = len(made), max(every) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % most
    made += b"".join(b"%010d 00000 n \n" % places[number] for number in range(1, most))
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (most, begins)
    return bytes(made)


def pdf_with_script() -> bytes:
    """A PDF that runs a script when it is opened."""
    return pdf({4: b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"}, catalogue=b"/OpenAction 4 0 R")


def pdf_with_named_script() -> bytes:
    """A PDF with a script among its names, which readers run as they open it."""
    names = {4: b"<< /JavaScript 5 0 R >>", 5: b"<< /Names [(a) 6 0 R] >>", 6: b"<< /S /JavaScript /JS (1) >>"}
    return pdf(names, catalogue=b"/Names 4 0 R")


def pdf_that_launches() -> bytes:
    """A PDF that starts a program when its page is clicked on."""
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (cmd.exe) >> >>"
    return pdf({4: link}, page=b"/Annots [4 0 R]")


def pdf_with_script_of_a_field() -> bytes:
    """A PDF whose form names no field: one stands above the widget on its page, with a script for who clicks there."""
    field = b"<< /FT /Tx /T (a) /Kids [4 0 R] /AA << /Fo << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>"
    widget = b"<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /P 3 0 R /Parent 5 0 R >>"
    return pdf({4: widget, 5: field}, catalogue=b"/AcroForm << /Fields [] >>", page=b"/Annots [4 0 R]")


def pdf_with_own_forms() -> bytes:
    """A PDF with a form in XFA, a language that has scripts of its own."""
    return pdf({4: b"<< /Length 5 >>\nstream\n<a/> \nendstream"}, catalogue=b"/AcroForm << /Fields [] /XFA 4 0 R >>")


def pdf_that(action: bytes) -> bytes:
    """A PDF with an action on its page, which readers take once it is shown."""
    return pdf({4: b"<< /S /%s /F (a.pdf) >>" % action}, page=b"/AA << /O 4 0 R >>")


def pdf_with_a_file() -> bytes:
    """A PDF with a file among its names."""
    names = {4: b"<< /EmbeddedFiles 5 0 R >>", 5: b"<< /Names [] >>"}
    return pdf(names, catalogue=b"/Names 4 0 R")


def pdf_with_a_pinned_file() -> bytes:
    """A PDF with a file behind a mark on its page."""
    objects = {
        4: b"<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS 5 0 R >>",
        5: b"<< /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>",
        6: b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream",
    }
    return pdf(objects, page=b"/Annots [4 0 R]")


def pdf_whose_kind_lies_apart() -> bytes:
    """A PDF that starts a program, and says so in an object of its own."""
    return pdf({4: b"<< /S 5 0 R /F (cmd.exe) >>", 5: b"/Launch"}, catalogue=b"/OpenAction 4 0 R")


def pdf_that_says_it_twice() -> bytes:
    """A PDF whose action is a jump to a page for whoever takes the first kind, and a program for whoever takes the
    last."""
    return pdf({4: b"<< /S /GoTo /D [3 0 R /Fit] /S /Launch /F (cmd.exe) >>"}, catalogue=b"/OpenAction 4 0 R")


def pdf_with_two_actions() -> bytes:
    """A PDF that names what is done when it is opened twice."""
    actions = {4: b"<< /S /GoTo /D [3 0 R /Fit] >>", 5: b"<< /S /Launch /F (cmd.exe) >>"}
    return pdf(actions, catalogue=b"/OpenAction 4 0 R /OpenAction 5 0 R")


def pdf_in_other_letters() -> bytes:
    """A PDF whose program is named by the numbers of its letters."""
    return pdf({4: b"<< /#53 /L#61unch /F (cmd.exe) >>"}, catalogue=b"/Open#41ction 4 0 R")


def pdf_of_many_objects() -> bytes:
    """A PDF with 250,000 objects in its outline, none of which a person could look at."""
    objects = {number: b"<< /Next %d 0 R >>" % (number + 1) for number in range(4, 250_004)}
    return pdf({**objects, 250_004: b"<< >>"}, catalogue=b"/Outlines 4 0 R")


def pdf_that_unpacks_without_end() -> bytes:
    """A PDF of some hundred kilobytes whose table of objects is a stream of 200 megabytes."""
    packing = zlib.compressobj(9)
    content = b"".join(packing.compress(bytes(1 << 20)) for _ in range(200)) + packing.flush()
    head = b"<< /Type /XRef /Size 2 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>" % len(content)
    made = b"%PDF-1.7\n1 0 obj\n" + head + b"\nstream\n" + content + b"\nendstream\nendobj\n"
    return made + b"startxref\n9\n%%EOF\n"


def picture() -> bytes:
    """A picture of some kilobytes that says of itself that it is of 60,000 by 60,000 dots."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    size = (60_000).to_bytes(4, "big")
    head = chunk(b"IHDR", size + size + b"\x08\x02\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + chunk(b"IEND", b"")


def ofd(name: str, *, linked: bool = False) -> bytes:
    """A document in the national format with one more member, of this name; `linked`: it is a symbolic link."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    entry = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    parts = {
        "OFD.xml": f"<ofd:OFD {space}>{entry}</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages/></ofd:Document>",
        name: "/etc/passwd",
    }
    return archive(parts, linked=name if linked else None)


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MACROS = "http://schemas.microsoft.com/office/2006/relationships"


def document(
    body: str = "",
    *,
    kind: str | None = None,
    target: str = "",
    outside: bool = False,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A document of a word processor. `kind`: the type of a relationship, as its whole address or its last word, that
    leads to `target`; `more`: its further members."""
    mode = ' TargetMode="External"' if outside else ""
    full = kind if kind is None or "/" in kind else f"{_RELATIONS}/{kind}"
    related = "" if kind is None else f'<Relationship Id="r9" Type="{full}" Target="{target}"{mode}/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
    }
    return archive(parts | dict(more or {}))


def document_with_hidden_macros() -> bytes:
    """A document whose macros lie in a member that is called otherwise."""
    return document(kind=f"{_MACROS}/vbaProject", target="settings2.bin", more={"word/settings2.bin": b"x"})


def document_of_a_strange_template() -> bytes:
    """A document that fetches its template, with whatever macros that has, from somewhere."""
    return document(kind="attachedTemplate", target="https://example.test/a.dotm", outside=True)


def document_that_asks_for_a_program() -> bytes:
    """A document with a field that starts a program, its word in pieces."""
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (" DD", "EAU", "TO c:\\\\cmd.exe"))
    return document(f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{pieces}</w:p>')


def document_with_a_packed_file() -> bytes:
    """A document with a file of any kind as an object."""
    packed = b"\xd0\xcf\x11\xe0" + bytes(600_000) + "\1Ole10Native".encode("utf-16-le") + b"MZ"
    return document(
        kind="oleObject", target="embeddings/oleObject1.bin", more={"word/embeddings/oleObject1.bin": packed}
    )


def document_of_two_bodies() -> bytes:
    """A document with two main parts of one name, but for the case of a letter."""
    return document(more={"word/Document.xml": "<document/>"})


# Each with the word under which it is refused where it is handed in as material.
MATERIALS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a workbook of 400,000 styles": (many_styles, "file_taken"),
    "entities that multiply": (billion_laughs_document, "file_unreadable"),
    "elements without a bottom": (nested_elements, "file_too_costly"),
    "five million elements": (many_elements, "file_too_costly"),
    "an archive that unpacks without end": (unpacks_without_end, "file_too_costly"),
    "a PDF that runs a script": (pdf_with_script, "file_unsafe"),
    "a PDF with a script among its names": (pdf_with_named_script, "file_unsafe"),
    "a PDF that starts a program": (pdf_that_launches, "file_unsafe"),
    "a PDF with a script of a field": (pdf_with_script_of_a_field, "file_unsafe"),
    "a PDF with a form in XFA": (pdf_with_own_forms, "file_unsafe"),
    "a PDF that sends its form away": (lambda: pdf_that(b"SubmitForm"), "file_unsafe"),
    "a PDF that takes in data": (lambda: pdf_that(b"ImportData"), "file_unsafe"),
    "a PDF that opens another file": (lambda: pdf_that(b"GoToR"), "file_unsafe"),
    "a PDF that opens a file within it": (lambda: pdf_that(b"GoToE"), "file_unsafe"),
    "a PDF with a file among its names": (pdf_with_a_file, "file_unsafe"),
    "a PDF with a file behind a mark": (pdf_with_a_pinned_file, "file_unsafe"),
    "a PDF whose action's kind lies apart": (pdf_whose_kind_lies_apart, "file_unsafe"),
    "a PDF with an action of two kinds": (pdf_that_says_it_twice, "file_unsafe"),
    "a PDF with two actions of one name": (pdf_with_two_actions, "file_unsafe"),
    "a PDF that spells its action otherwise": (pdf_in_other_letters, "file_unsafe"),
    "a document with macros under another name": (document_with_hidden_macros, "file_unsafe"),
    "a document with somebody's template": (document_of_a_strange_template, "file_unsafe"),
    "a document that asks for a program": (document_that_asks_for_a_program, "file_unsafe"),
    "a document with a packed file": (document_with_a_packed_file, "file_unsafe"),
    "a document of two bodies": (document_of_two_bodies, "file_unreadable"),
    "a PDF of 250,000 objects": (pdf_of_many_objects, "file_too_costly"),
    "a PDF that unpacks without end": (pdf_that_unpacks_without_end, "file_unreadable"),
    "a picture of 3,600 million dots": (picture, "file_too_costly"),
    "an OFD with a path that leads out": (lambda: ofd("../../etc/cron.d/a"), "file_unsafe"),
    "an OFD with a path from the root": (lambda: ofd("/etc/cron.d/a"), "file_unsafe"),
    "an OFD with a path of another system": (lambda: ofd("C:\\Windows\\a"), "file_unsafe"),
    "an OFD with a link": (lambda: ofd("Doc_0/a", linked=True), "file_unsafe"),
}
SHEETS: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a workbook of 400,000 styles": (many_styles, "file_too_costly"),
    "entities that multiply": (billion_laughs, "unreadable_sheet"),
    "a line of five million cells": (wide_sheet, "file_too_costly"),
}
