"""A paper as it would be today: its words filled in, and the hash of what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound
from app.kernel.hashes import content_hash
from app.kernel.printing.document import Document
from app.services.instruments.in_force import head_of_line
from app.services.papers.catalogue import KINDS, Collection, PaperKind, shipped, worded
from app.services.papers.facts.told import NotYet, day
from app.services.papers.subjects import Subject, filling, permitted, round_of
from app.services.papers.wording import Wording
from app.store import papers as store

# What is signed later is dated by hand.
_NO_NUMBER = "＿＿＿＿〔＿＿＿＿〕＿＿号"
_NO_DAY = "＿＿＿＿年＿＿月＿＿日"


@dataclass(frozen=True, slots=True)
class Draft:
    """The paper, the hash of the facts and words that it is made of, by which template of the office (None: the shipped
    words). `number`: the document number that it prints; `numbered`: whether it prints one at all. `fixed_number`,
    `fixed_day`: those that are on record."""

    kind: PaperKind
    document: Document
    data_hash: str
    template_id: UUID | None
    dated: date
    number: str | None
    numbered: bool
    fixed_number: str | None
    fixed_day: date | None


async def draft(
    context: ReadContext,
    kind: PaperKind,
    found: Subject,
    *,
    number: str | None = None,
    dated: date | None = None,
    wording: Wording | None = None,
) -> Draft:
    """The paper on today's facts; `NotYet` where it cannot be made. `number`, `dated`: with which it is issued, where
    what is on record names none. `wording`: other words than those that are in force."""
    made = await filling(context, kind, found)
    words, template = (wording, None) if wording is not None else await _in_force(context, kind, found)
    told = {
        "dated": str(made.dated),
        "words": dict(made.words),
        "tables": made.tables,
        "further": {name: list(tables) for name, tables in made.further.items()},
        "template": [dict(words.heads), list(words.lines)],
    }
    data_hash = content_hash(told)
    on = made.dated or dated
    made.words["成文日期"] = _NO_DAY if on is None else day(on)
    fixed_number, numbered = made.words["发文字号"], "发文字号" in words.names(kind.layout)
    printed = (fixed_number or number) if numbered else None
    made.words["发文字号"] = printed or _NO_NUMBER
    document = words.filled(made, layout=kind.layout, issuer=kind.issuer, wide=kind.wide)
    return Draft(
        kind=kind,
        document=document,
        data_hash=data_hash,
        template_id=None if template is None else template.id,
        dated=on or context.today,
        number=printed,
        numbered=numbered,
        fixed_number=fixed_number,
        fixed_day=made.dated,
    )


async def _in_force(
    context: ReadContext, kind: PaperKind, found: Subject
) -> tuple[Wording, store.PaperTemplate | None]:
    """The words of the instrument that the object's round was begun with; before its call, of the one in force."""
    of_round = await round_of(context, found)
    number = None if of_round is None else of_round.instrument_number
    head = await head_of_line(context.session, number, context.today)
    row = None if head is None else await store.in_force(context.session, kind.key, head)
    if row is None:
        return shipped(kind.key), None
    wording, faults = worded(kind, row.text_zh)
    # What a later release no longer fills is no reason to have no paper.
    return (shipped(kind.key), None) if faults else (wording, row)


def kind_of(context: ReadContext, collection: Collection, key: str) -> PaperKind:
    """The paper of such an object that is called so; `NotFound` where there is none for the caller's role."""
    kind = KINDS.get(key)
    if kind is None or kind.of is not collection or not permitted(context, kind):
        raise no_such_paper()
    return kind


async def draft_or_not_found(
    context: ReadContext,
    kind: PaperKind,
    found: Subject,
    *,
    number: str | None = None,
    dated: date | None = None,
) -> Draft:
    """As `draft`; `NotFound`, saying what is missing, where it cannot be made yet."""
    try:
        return await draft(context, kind, found, number=number, dated=dated)
    except NotYet as error:
        raise NotFound(f"{kind.zh}尚不能出具：{error.why.zh}", f"Not to be had yet: {error.why.en}") from error


def no_such_paper() -> NotFound:
    """There is none, or it is not for this caller."""
    return NotFound("没有此文件", "No such paper")
