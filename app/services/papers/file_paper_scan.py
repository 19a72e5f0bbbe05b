"""The scan of an issued paper, with seal and signature, is filed beside it and compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import TemporaryFile

from anyio import to_thread

from app.kernel import audit
from app.kernel.apart import Over, apart
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import UnsupportedMedia
from app.kernel.file_types import FileTooCostly
from app.kernel.printing import MEDIA_TYPES, PaperFormat
from app.measures.files import file_refused, handed_in_under
from app.measures.reasons import Reason
from app.measures.text import Text
from app.services.applications.sent_files import SentFile, room_for_one, take
from app.services.papers.read_papers import document_of, readable_paper, verify_paper
from app.services.papers.scans import compared_scan
from app.store import papers as store

_RULE = "art02.decider"
MAX_SCANS = 20
# Of the text that is compared, in parts; the arguments of work apart are short.
_PARTS, _PART = 200, 60


async def file_paper_scan(
    context: StreamContext, *, number: str, sent: SentFile
) -> tuple[store.IssuedPaper, bool, Sequence[store.PaperScan]]:
    """File a scan (PDF) of the paper. What differs in pages or text is told, not refused: a person looks at it.
    Answers as `verify_paper`."""
    found: list[store.IssuedPaper] = []

    async def look(reading: ReadContext) -> None:
        row = await readable_paper(reading, number=number, public=False)
        full = Text(f"扫描件已达 {MAX_SCANS} 份上限", f"There are {MAX_SCANS} scans, the most there may be")
        room_for_one(len(await store.scans_of(reading.session, row.id)), most=MAX_SCANS, full=full)
        found.append(row)

    taken = await take(context, sent, rule_id=_RULE, look=look)
    if taken.stored.media_type != MEDIA_TYPES[PaperFormat.PDF]:
        refused = handed_in_under([file_refused(Reason.FILE_TYPE_REFUSED, taken=["PDF"])], _RULE)
        text = Text("扫描件只接受 PDF（以内容为准）", "A scan is a PDF, told by content")
        raise UnsupportedMedia(text, code=ProblemCode.FILE_TYPE_REFUSED, findings=refused)
    paper = found[0]
    try:
        of_paper = await _apart(context, paper.storage_key, None)
        of_scan = await _apart(context, taken.key, said_in(paper))
    except Over:
        raise FileTooCostly from None
    scanned, percent = of_scan if isinstance(of_scan, list) else (0, None)
    write = await context.writing(content=taken.stored.sha256)
    await look(write)
    row = store.PaperScan(
        paper_id=paper.id,
        pages=scanned,
        paper_pages=of_paper if isinstance(of_paper, int) else 0,
        text_found_percent=percent,
        **taken.recorded(write),
    )
    write.session.add(row)
    await write.session.flush()
    audit.record(
        write,
        "file_paper_scan",
        "paper",
        paper.id,
        number=number,
        sha256=row.sha256,
        pages=row.pages,
        agreement=compared_scan(row).agreement,
    )
    return await verify_paper(write, number=number)


def said_in(paper: store.IssuedPaper) -> list[str]:
    """The paper's text in short parts."""
    document = document_of(paper)
    told = [document.title]
    for block in (*document.blocks, *document.annexes):
        told += [block["text"], *(cell for row in block["rows"] for cell in row)]
    return [words[:_PART] for words in told if words][:_PARTS]


async def _apart(context: StreamContext, key: str, said: list[str] | None) -> object:
    from app.kernel.printing.compare import compared, pages

    with TemporaryFile() as file:
        async for piece in await context.open_file(key):
            await to_thread.run_sync(file.write, piece)
        return await (apart(pages, file) if said is None else apart(compared, file, said=said))
