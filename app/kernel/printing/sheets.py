"""Tables as XLSX and CSV: text stays text. For the process apart."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import IO

from app.kernel.printing.document import Block

# What a spreadsheet would compute where a text begins with it.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
_AMOUNT = re.compile(r"-[0-9]{1,16}\.[0-9]{2}")
_PLACEHOLDER = "Sheet"
# What a sheet's name cannot have.
_BARRED = str.maketrans("", "", "[]:*?/\\'")


def workbook(file: IO[bytes], *, at: int) -> object:
    """The tables of each paper of the file, a sheet each, as an XLSX in base64, made at this instant (seconds)."""
    return [base64.b64encode(_book(_tables(paper), at)).decode() for paper in json.load(file)]


def lines(file: IO[bytes]) -> object:
    """The tables of each paper of the file as CSV in base64: UTF-8 with a mark by which spreadsheets know it. A text
    that a spreadsheet would compute has an apostrophe before it, as spreadsheets themselves write it."""
    return [base64.b64encode(csv_of(_tables(paper))).decode() for paper in json.load(file)]


def _tables(paper: dict[str, list[Block]]) -> list[Block]:
    told = [block for block in (*paper["blocks"], *paper["annexes"]) if block["shape"] == "table"]
    # Of a paper that was issued before there were any, none.
    return [*told, *paper.get("sheets", ())]


def _book(tables: list[Block], at: int) -> bytes:
    import xlsxwriter

    made = io.BytesIO()
    # Nothing that people typed becomes a formula, a number or a link: every cell is written as text.
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.fromtimestamp(at, UTC).replace(tzinfo=None)})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "num_format": "@"})
        body = book.add_format({"text_wrap": True, "border": 1, "num_format": "@", "valign": "top"})
        for place, table in enumerate(tables, 1):
            title = table["title"].translate(_BARRED)[:24] or _PLACEHOLDER
            sheet = book.add_worksheet(f"{place} {title}")
            for column, width in enumerate(table["widths"]):
                sheet.set_column(column, column, 6 + width * 4)
            rows = [table["columns"], *table["rows"]] if table["columns"] else table["rows"]
            for number, row in enumerate(rows):
                for column, words in enumerate(row):
                    sheet.write_string(number, column, words[:32_767], body if number or not table["columns"] else head)
            if table["columns"]:
                sheet.freeze_panes(1, 0)
        if not tables:
            book.add_worksheet(_PLACEHOLDER)
    return made.getvalue()


def csv_of(tables: list[Block]) -> bytes:
    """Tables as one CSV, one under the other; of several each has its title above it."""
    made = io.StringIO()
    writer = csv.writer(made)
    for place, table in enumerate(tables):
        if place:
            writer.writerow([])
        if table["title"] and len(tables) > 1:
            writer.writerow([_inert(table["title"])])
        for row in [table["columns"], *table["rows"]] if table["columns"] else table["rows"]:
            writer.writerow([_inert(words) for words in row])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _inert(words: str) -> str:
    if _AMOUNT.fullmatch(words):
        # Our own: a loss with its sign computes nothing.
        return words
    return f"'{words}" if words.lstrip().startswith(_COMPUTED) or words.startswith(_COMPUTED) else words
