"""What runs, fetches from elsewhere or hides a file when somebody opens it is refused (Art. 17), and what only
looks like it is taken."""

import io
from collections.abc import Callable

import pytest

from app.kernel.file_types import FileUnsafe, opened
from sandbox import bombs
from tests.support.documents import DOCX_PARTS, WORD, archive, compound

UNSAFE = {name: make for name, (make, word) in bombs.MATERIALS.items() if word == "file_unsafe"}


@pytest.mark.parametrize("make", UNSAFE.values(), ids=list(UNSAFE))
def test_art17_what_would_run_or_lead_out_is_refused_for_that(make: Callable[[], bytes]) -> None:
    with pytest.raises(FileUnsafe):
        opened(io.BytesIO(make()))


@pytest.mark.parametrize(
    ("kind", "target", "taken"),
    [
        *(("hyperlink", target, True) for target in ("https://example.test/", "mailto:a@b.cn", "file:///C:/a.docx")),
        ("attachedTemplate", "file:///C:/Users/a/Normal.dotm", True),
        ("attachedTemplate", "file:///Users/a/Normal.dotm", True),
        ("attachedTemplate", "file://localhost/Users/a/Normal.dotm", True),
        ("attachedTemplate", "C:\\Users\\a\\Normal.dotm", True),
        ("attachedTemplate", "Normal.dotm", True),
        ("attachedTemplate", "HTTP://example.test/a.dotm", False),
        ("attachedTemplate", " https://example.test/a.dotm", False),
        ("attachedTemplate", "file://example.test/a/b.dotm", False),
        ("attachedTemplate", "file:////example.test/a/b.dotm", False),
        ("attachedTemplate", "file:///\\\\example.test\\a", False),
        ("attachedTemplate", "file:///%5C%5Cexample.test%5Ca", False),
        ("attachedTemplate", "\\\\example.test\\a.dotm", False),
        ("attachedTemplate", "//example.test/a.dotm", False),
        ("image", "http://example.test/a.png", False),
        ("image", "file:///D:/a.png", True),
        ("oleObject", "mhtml:http://example.test/a!b", False),
        ("frame", "https://example.test/", False),
        ("http://purl.oclc.org/ooxml/officeDocument/relationships/attachedTemplate", "http://example.test/a", False),
        ("http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink", "http://example.test/a", True),
        ("externalLinkPath", "file:///\\\\example.test\\a.xlsx", True),
        ("http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml", False),
    ],
)
def test_art17_a_document_leads_elsewhere_only_where_somebody_clicks(kind: str, target: str, taken: bool) -> None:
    content = bombs.document(kind=kind, target=target.replace("&", "&amp;"), outside=True)
    if taken:
        opened(io.BytesIO(content))
    else:
        with pytest.raises(FileUnsafe):
            opened(io.BytesIO(content))


@pytest.mark.parametrize("field", ["PAGE", "DATE", "REF DDEAUTO", "DDEX"])
def test_art17_fields_that_compute_are_taken(field: str) -> None:
    body = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{field}</w:instrText></w:r></w:p>'
    opened(io.BytesIO(bombs.document(body)))
    opened(io.BytesIO(bombs.document(f'<w:fldSimple w:instr="{field}"/><w:p>DDEAUTO in a text</w:p>')))
    for starting in ("dde c:\\cmd.exe a", " DDEAUTO c:\\cmd.exe"):
        for told in (body.replace(field, starting), f'<w:fldSimple w:instr="{starting}"/>'):
            with pytest.raises(FileUnsafe):
                opened(io.BytesIO(bombs.document(told)))


def test_art17_an_old_document_with_a_packed_file_is_refused() -> None:
    with pytest.raises(FileUnsafe):
        opened(io.BytesIO(compound(("WordDocument", WORD), ("\1Ole10Native", b"MZ"))))


def test_art17_a_table_of_types_that_tells_of_macros_is_refused() -> None:
    for told in ("application/vnd.ms-word.document.macroEnabled.main+xml", "application/vnd.ms-office.vbaProject"):
        types = f'<Types><Override PartName="/word/document.xml" ContentType="{told}"/></Types>'
        with pytest.raises(FileUnsafe):
            opened(io.BytesIO(archive({**DOCX_PARTS, "[Content_Types].xml": types})))
