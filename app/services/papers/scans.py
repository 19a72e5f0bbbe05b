"""How the scan of an issued paper compares with it: by pages, and by text where the scan has any (Art. 2, 10). What
differs is told to whoever files the scan and to whoever lists it; a person looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.measures.text import Text
from app.store.papers import PaperScan

# Recognised text has faults: of a hundred parts of the paper's text as many as these have to be found.
ENOUGH_PERCENT = 80


class ScanAgreement(StrEnum):
    """How a scan compares with its paper."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NO_TEXT = "no_text"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison found; `warning` says with figures what a person has to look at, None where nothing is."""

    agreement: ScanAgreement
    warning: Text | None


def compared(*, pages: int, paper_pages: int, text_found_percent: int | None) -> Compared:
    """A scan of `pages` pages beside a paper of `paper_pages`. `text_found_percent`: how many of a hundred parts of the
    paper's text stand in the scan's own; None: it has none, and its pages alone are counted."""
    zh, en = [], []
    if pages != paper_pages:
        zh.append(f"扫描件{pages}页，文书{paper_pages}页" if pages else f"扫描件的页数读不出，文书{paper_pages}页")
        en.append(f"{pages} pages were scanned of {paper_pages}" if pages else "its pages cannot be counted")
    if text_found_percent is not None and text_found_percent < ENOUGH_PERCENT:
        zh.append(f"文书的文字在扫描件中只找到{text_found_percent}%（低于{ENOUGH_PERCENT}%）")
        en.append(f"{text_found_percent} % of the paper's text was found in it, less than {ENOUGH_PERCENT} %")
    if zh:
        told = Text(f"{'；'.join(zh)}：请核对是否为本文书的扫描件", f"{'; '.join(en)}: look whether it is this paper")
        return Compared(ScanAgreement.DIFFERS, told)
    if text_found_percent is None:
        told = Text(
            f"扫描件没有文字层，只核对了页数（{pages}页）：内容请人工核对",
            f"The scan has no text of its own; {pages} pages were counted: compare what it says by eye",
        )
        return Compared(ScanAgreement.NO_TEXT, told)
    return Compared(ScanAgreement.AGREES, None)


def compared_scan(row: PaperScan) -> Compared:
    """The same of a scan on record."""
    return compared(pages=row.pages, paper_pages=row.paper_pages, text_found_percent=row.text_found_percent)
