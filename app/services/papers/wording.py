"""The words of a paper (a template): plain text with places in braces. It is read line by line and filled in by name:
there is nothing in it that could run, look further or repeat itself, and what fills a place is never read again.

    标题：……        of these, what the paper has, each once; then an empty line
    主送：{主送}

    A paragraph with a {place}.
    ## A heading
    > A line that begins at the margin
    [表：the name of a table]
    [附件：the name of a table that comes after the signature, on a page of its own]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.kernel.printing.document import BLANK, Block, Document, heading, line, text

MAX_CHARACTERS = 20_000
MAX_LINES = 300
# Which lines stand above the text, and what of the paper they are.
_HEADS = {
    "标题": "title",
    "主送": "recipient",
    "发文机关": "masthead",
    "文号": "number",
    "签发人": "signer",
    "附件": "attachments",
    "落款": "signature",
    "日期": "dated",
    "附注": "note",
    "抄送": "copies",
}
# What of them a certificate prints.
_OF_A_CERTIFICATE = ("title", "recipient", "signature", "dated")
_PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
_TABLE = re.compile(r"\[表：([^\[\]\n]{1,40})\]")
_ANNEX = re.compile(r"\[附件：([^\[\]\n]{1,40})\]")
_SCRIPT = re.compile(r"\{[{%#]|[%#}]\}")


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a paper: words by place (None: a blank; empty: nothing, and a paragraph of nothing else is left
    out), tables by name. `dated`: the paper's own day, where what is on record fixes it. `sheets`: tables that it has
    as a spreadsheet alone. `further`: by the name of a table those that follow it, where a name stands for several."""

    words: dict[str, str | None]
    tables: dict[str, Block] = field(default_factory=dict)
    dated: date | None = None
    sheets: tuple[Block, ...] = ()
    further: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of a template, counted from 1."""

    number: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A template as it was read: what stands above the text, by what of the paper it is; the lines of the text."""

    heads: Mapping[str, str]
    lines: tuple[str, ...]

    def names(self, layout: Literal["official", "certificate"]) -> frozenset[str]:
        """The places and tables (表：name) that are printed."""
        heads = self.heads if layout == "official" else {name: self.heads.get(name, "") for name in _OF_A_CERTIFICATE}
        # A table is printed where it stands, or as an annex.
        tables = {
            words: f"表：{found[1]}"
            for words in self.lines
            if (found := _TABLE.fullmatch(words) or _ANNEX.fullmatch(words))
        }
        told = "\n".join([*heads.values(), *(words for words in self.lines if words not in tables)])
        return frozenset([*_PLACE.findall(told), *tables.values()])

    def filled(
        self, filling: Filling, *, layout: Literal["official", "certificate"], issuer: str, wide: bool
    ) -> Document:
        """The paper."""
        heads = {name: _filled(words, filling.words) for name, words in self.heads.items()}
        attachments = tuple(item for item in re.split("[；\n]", heads.pop("attachments", "")) if item)
        annexes = [name for words in self.lines if (name := _annexed(words, filling, attachments)) is not None]
        kept = [words for words in self.lines if _annexed(words, filling, attachments) is None]
        blocks = tuple(block for words in kept for block in _blocks(words, filling))
        return Document(
            layout=layout,
            title=heads["title"],
            blocks=blocks,
            masthead=heads.get("masthead", ""),
            number=heads.get("number", ""),
            recipient=heads.get("recipient", ""),
            attachments=attachments,
            annexes=tuple(filling.tables[name] for name in annexes),
            sheets=filling.sheets,
            signature=heads.get("signature", ""),
            dated=heads.get("dated", ""),
            signer=heads.get("signer", ""),
            note=heads.get("note", ""),
            copies=heads.get("copies", ""),
            issuer=issuer,
            wide=wide,
        )


def read(source: str, *, places: Collection[str], tables: Collection[str]) -> tuple[Wording, list[Fault]]:
    """A template, and what is wrong with it: places and tables that the paper does not have, what looks like a script,
    signs that cannot be printed, too much of it."""
    lines = source.replace("\r\n", "\n").split("\n")
    faults = list(_faults(lines, frozenset(places), frozenset(tables)))
    if len(source) > MAX_CHARACTERS or len(lines) > MAX_LINES:
        said = f"不超过 {MAX_CHARACTERS} 字、{MAX_LINES} 行"
        faults.append(Fault(1, said, f"At most {MAX_CHARACTERS} characters and {MAX_LINES} lines"))
    heads: dict[str, str] = {}
    rest = iter(enumerate(lines, 1))
    for number, words in rest:
        if not words.strip():
            break
        name, colon, value = words.partition("：")
        if not colon or name not in _HEADS:
            faults.append(Fault(number, f"须为“{'、'.join(_HEADS)}”之一", "Not one of the lines that stand above"))
        elif _HEADS[name] in heads:
            faults.append(Fault(number, "重复", "It stands there already"))
        else:
            heads[_HEADS[name]] = value.strip()
    if not heads.get("title"):
        faults.append(Fault(1, "缺少标题", "There is no title"))
    body = tuple(words.strip() for _, words in rest if words.strip())
    return Wording(heads, body), faults


def _faults(lines: list[str], places: frozenset[str], tables: frozenset[str]) -> Iterator[Fault]:
    for number, words in enumerate(lines, 1):
        if _SCRIPT.search(words):
            yield Fault(number, "不能含有脚本", "There are no scripts in it")
            continue
        for name in _PLACE.findall(words):
            if name not in places:
                yield Fault(number, f"没有“{name}”这一项；可用：{'、'.join(sorted(places))}", f"It has no {name!r}")
        if re.search(r"[{}]", _PLACE.sub("", words)):
            yield Fault(number, "花括号不成对", "A brace without its other")
        for name in (*_TABLE.findall(words), *_ANNEX.findall(words)):
            if name not in tables:
                yield Fault(
                    number, f"没有“{name}”这张表；可用：{'、'.join(sorted(tables))}", f"It has no table {name!r}"
                )
        if any(unicodedata.category(sign) in ("Cc", "Cs", "Co") and sign != "\t" for sign in words):
            yield Fault(number, "含有不能印出的字符", "It has characters that cannot be printed")


def _filled(words: str, given: Mapping[str, str | None]) -> str:
    # In one go: what was filled in is not looked at again.
    return _PLACE.sub(lambda found: BLANK if given[found[1]] is None else str(given[found[1]]), words)


def _annexed(words: str, filling: Filling, attachments: Collection[str]) -> str | None:
    """The table of a line that comes after the signature: it says so, or the paper names the table as attached."""
    found = _ANNEX.fullmatch(words)
    if found is not None:
        return found[1]
    named = _TABLE.fullmatch(words)
    if named is None or not any(filling.tables[named[1]]["title"] in name for name in attachments):
        return None
    return named[1]


def _blocks(words: str, filling: Filling) -> Iterator[Block]:
    named = _TABLE.fullmatch(words)
    if named is not None:
        yield filling.tables[named[1]]
        yield from filling.further.get(named[1], ())
        return
    kind = next((mark for mark in ("## ", "> ") if words.startswith(mark)), "")
    made = {"## ": heading, "> ": line, "": text}[kind]
    for part in _filled(words.removeprefix(kind), filling.words).split("\n"):
        if part.strip():
            yield made(part.strip())
