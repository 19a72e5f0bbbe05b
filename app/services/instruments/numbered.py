"""The numbers of official documents that are on record: one number stands for one document, whatever act states it
(Arts. 9, 22, 26, 28, 33)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.document_numbers import Document, one_document
from app.measures.text import Text, same_document
from app.services.instruments.in_force import instruments
from app.store import approval, disbursements, revocations
from app.store.database import ReadSession
from app.store.revocations import conferral_doubts

_NAMES = {
    Document.INSTRUMENT: Text("办法", "an instrument"),
    Document.MINUTES: Text("县政府常务会议的审定", "the approval of an executive meeting"),
    Document.DECREE: Text("表彰通报", "a decree"),
    Document.DECISION: Text("县政府的决定", "a decision of the government"),
    Document.REVIEW: Text("复议决定", "a decision on review"),
    Document.APPROPRIATION: Text("奖金预算安排文件", "the appropriation of a budget year"),
}
# Of these their own rules say when one is on record already.
_ASKED_ELSEWHERE = frozenset({Document.INSTRUMENT, Document.MINUTES})
_ANOTHER_DAY = Text("另一日期的决定", "a decision of another day")


class OnRecord(NamedTuple):
    """A document that an act has put on record: its kind, its number, its day (Shanghai; None: none is stated)."""

    kind: Document
    number: str
    day: date | None


async def documents(session: ReadSession) -> list[OnRecord]:
    """Every document on record by its number, in the order in which they are looked for. A new act that states the
    number of an organ's document adds its own here."""
    told = [
        *((Document.DECREE, number, day) for number, day in await approval.numbers_told(session)),
        *((Document.DECISION, number, day) for number, day in await revocations.decisions_told(session)),
        *((Document.DECISION, number, day) for number, day in await conferral_doubts.decisions_told(session)),
        *((Document.DECISION, number, day) for number, day in await disbursements.decisions_told(session)),
        *((Document.REVIEW, number, day) for number, day in await revocations.reviews_told(session)),
        *((Document.MINUTES, number, day) for number, day in await approval.meetings_told(session)),
        *(
            (Document.APPROPRIATION, item.document_number, item.document_date)
            for item in await disbursements.appropriations(session)
        ),
    ]
    # Of an instrument the day of its document says nothing here: it is that of no other.
    known = [OnRecord(Document.INSTRUMENT, item.number, None) for item in await instruments(session)]
    return [*known, *(OnRecord(*item) for item in told)]


async def borne_by(session: ReadSession, number: str) -> Text | None:
    """What on record bears this number, however it is written. None where nothing does."""
    found = [item for item in await documents(session) if same_document(item.number, number)]
    return _NAMES[found[0].kind] if found else None


async def of_one_document(session: ReadSession, kind: Document, number: str, day: date | None) -> None:
    """`Collision` where an act states a number that another document on record bears: of a kind that decides nothing
    together with this one, or of another day (Shanghai; None: it states none)."""
    for item in await documents(session):
        own = item.kind is kind and kind in _ASKED_ELSEWHERE
        if own or not same_document(item.number, number) or one_document((item.kind, item.day), (kind, day)):
            continue
        alike = one_document((item.kind, None), (kind, None))
        raise taken(_ANOTHER_DAY if alike else _NAMES[item.kind])


def taken(by: Text) -> Collision:
    """The refusal of a number that another document on record bears."""
    text = Text(f"此文号已用于{by.zh}", f"{by.en.capitalize()} has this document number")
    return Collision(text, code=ProblemCode.NUMBER_TAKEN)
