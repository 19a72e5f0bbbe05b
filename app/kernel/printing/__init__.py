"""Papers out of data: PDF, DOCX, XLSX and CSV, made in the process apart, where what takes too long is ended."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from tempfile import TemporaryFile

from anyio import to_thread

from app.kernel.apart import Over, apart
from app.kernel.errors import Unavailable
from app.kernel.printing import sheets, typeset, word
from app.kernel.printing.document import Document
from app.kernel.settings import Settings
from app.measures.text import Text

# Of a processor, for a batch; a list of some thousand lines takes seconds.
SECONDS = 60
MEMORY = 1536 << 20


class PaperFormat(StrEnum):
    """In which a paper can be had: fixed, to be edited, or its tables alone."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES = {
    PaperFormat.PDF: "application/pdf",
    PaperFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PaperFormat.CSV: "text/csv; charset=utf-8",
}


async def printed(documents: Sequence[Document], form: PaperFormat, *, at: datetime, settings: Settings) -> list[bytes]:
    """Each of the papers in this format, as made at this instant: the same data at the same instant are the same bytes.
    `Unavailable` where the machine has no font for Chinese, or it takes too long."""
    moment = int(at.timestamp())
    with TemporaryFile() as file:
        # A list of some thousand lines is a matter of its own.
        await to_thread.run_sync(lambda: file.write(json.dumps([asdict(item) for item in documents]).encode()))
        try:
            if form is PaperFormat.PDF:
                fonts = settings.fonts.split(",")
                told = await apart(typeset.typeset, file, seconds=SECONDS, memory=MEMORY, fonts=fonts, at=moment)
            elif form is PaperFormat.DOCX:
                told = await apart(word.write, file, seconds=SECONDS, memory=MEMORY, at=moment)
            elif form is PaperFormat.XLSX:
                told = await apart(sheets.workbook, file, seconds=SECONDS, memory=MEMORY, at=moment)
            else:
                told = await apart(sheets.lines, file, seconds=SECONDS, memory=MEMORY)
        except Over:
            raise Unavailable(
                Text("文件过大，未能生成", "The paper takes too much to be made; ask for a part of it")
            ) from None
    if told == "no_fonts":
        raise Unavailable(
            Text(
                "本机没有中文字体，不能生成 PDF：请运行 scripts/install-fonts.sh",
                "This machine has no font for Chinese, so no PDF can be made: run scripts/install-fonts.sh",
            )
        )
    if not isinstance(told, list):
        raise RuntimeError("papers were made apart, and none came back")
    return [base64.b64decode(item) for item in told]
