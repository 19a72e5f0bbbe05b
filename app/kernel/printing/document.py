"""What a paper says, as data: its layouts print it and know nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

# What is not known is a blank that people see and fill in.
BLANK = "＿＿＿＿＿＿"
_IN_A_CELL = "＿＿"
_NOTHING = "（无记载）"


class Block(TypedDict):
    """A paragraph, a line that is not indented, a heading, or a table."""

    shape: Literal["text", "line", "heading", "table"]
    text: str
    title: str
    columns: list[str]
    widths: list[int]
    rows: list[list[str]]


class Mark(TypedDict):
    """By what a paper is known and verified: number, version in words, address, and what its code holds."""

    number: str
    version: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class Document:
    """One paper. Everything in it is text; `mark` is None while it is a draft. `signer`: who signs what goes to a
    higher office, beside its number; `note`: what stands in brackets under the day. `attachments`: what it names as
    such; `annexes`: the tables that come with it, after its signature, in the order of their names; `sheets`: those
    that it has as a spreadsheet alone, to be filled in."""

    layout: Literal["official", "certificate"]
    title: str
    blocks: tuple[Block, ...]
    masthead: str = ""
    number: str = ""
    recipient: str = ""
    attachments: tuple[str, ...] = ()
    annexes: tuple[Block, ...] = ()
    sheets: tuple[Block, ...] = ()
    signature: str = ""
    dated: str = ""
    signer: str = ""
    note: str = ""
    copies: str = ""
    issuer: str = ""
    wide: bool = False
    mark: Mark | None = None

    def marked(self, mark: Mark) -> Document:
        """The same, as it is issued."""
        return replace(self, mark=mark)

    @property
    def tables(self) -> list[Block]:
        """Its tables, in their order."""
        return [block for block in (*self.blocks, *self.annexes) if block["shape"] == "table"]


def text(words: str) -> Block:
    """A paragraph."""
    return {"shape": "text", "text": words, "title": "", "columns": [], "widths": [], "rows": []}


def line(words: str) -> Block:
    """A line that begins at the margin."""
    return {**text(words), "shape": "line"}


def heading(words: str) -> Block:
    """A heading within the text."""
    return {**text(words), "shape": "heading"}


def table(title: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str | None]]) -> Block:
    """A table: headings with their widths (shares of the whole), and rows; what is None in them is a blank. One
    without rows says so."""
    return {
        "shape": "table",
        "text": "",
        "title": title,
        "columns": [name for name, _ in columns],
        "widths": [width for _, width in columns],
        "rows": [[_IN_A_CELL if cell is None else cell for cell in row] for row in rows]
        or [[_NOTHING, *("" for _ in columns[1:])]],
    }


def pairs(title: str, rows: Sequence[tuple[str, str | None]]) -> Block:
    """A table of two columns without headings: what, and which."""
    return {**table(title, [("", 3), ("", 7)], rows), "columns": []}
