"""Papers as tests read them: their text without what a layout adds."""

import io
import unicodedata
from typing import Any

from docx import Document
from pypdf import PdfReader

from sandbox.callers import Caller


def plain(text: str) -> str:
    """Without blanks and line ends, in one form: a layout breaks lines where it likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def pdf_text(content: bytes) -> str:
    """All text of a PDF."""
    return plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def docx_text(content: bytes) -> str:
    """All text of a DOCX, its tables too."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return plain("".join([*(line.text for line in document.paragraphs), *cells]))


def drafted(caller: Caller, path: str, kind: str, form: str = "pdf") -> bytes:
    """A draft of the paper; it must be there."""
    answer = caller.get(f"{path}/documents/{kind}.{form}")
    assert answer.status_code == 200, f"{kind}.{form}: {answer.status_code} {answer.text[:2000]}"
    content: bytes = answer.content
    return content


def offered(caller: Caller, path: str) -> dict[str, dict[str, Any]]:
    """What the object offers, by kind."""
    answer = caller.get(f"{path}/documents")
    assert answer.status_code == 200, answer.text
    return {item["kind"]: item for item in answer.json()["items"]}
