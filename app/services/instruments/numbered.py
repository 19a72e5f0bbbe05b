"""The numbers of official documents that are on record: no two documents have one (Arts. 22, 26, 28, 33)."""

from __future__ import annotations

from datetime import date

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.text import Text, same_document
from app.services.instruments.in_force import instruments
from app.store import approval, disbursements, revocations
from app.store.database import ReadSession
from app.store.revocations import conferral_doubts

_INSTRUMENT = Text("办法", "an instrument")
_DECREE = Text("表彰通报", "a decree")
_DECISION = Text("撤销决定或者复议决定", "a decision on a revocation")

_OTHER_DECISION = Text("另一日期的决定", "a decision of another day")


async def borne_by(session: ReadSession, number: str) -> Text | None:
    """What on record bears this number, however it is written: an instrument, a decree, a decision to revoke or one on
    its review. None where nothing does."""
    if await is_instrument(session, number):
        return _INSTRUMENT
    if await approval.decree_by_number(session, number) is not None:
        return _DECREE
    decided = await revocations.decision_numbers(session)
    return _DECISION if any(same_document(item, number) for item in decided) else None


async def no_other_document(session: ReadSession, number: str, decided_on: date | None) -> None:
    """`Collision` where the number of a government's decision is an instrument's, a decree's, or that of a decision of
    another day (Shanghai): one document decides several matters, on one day. None: the decision states no day."""
    await no_instrument(session, number)
    await no_decree(session, number)
    if decided_on is None:
        return
    decided = [
        *await revocations.decisions_told(session),
        *await conferral_doubts.decisions_told(session),
        *await disbursements.decisions_told(session),
    ]
    if any(day != decided_on and same_document(item, number) for item, day in decided):
        raise taken(_OTHER_DECISION)


async def is_instrument(session: ReadSession, number: str) -> bool:
    """Whether a registered instrument has this number."""
    return any(same_document(item.number, number) for item in await instruments(session))


def taken(by: Text) -> Collision:
    """The refusal of a number that another document on record bears."""
    text = Text(f"此文号已用于{by.zh}", f"{by.en.capitalize()} has this document number")
    return Collision(text, code=ProblemCode.NUMBER_TAKEN)


async def no_instrument(session: ReadSession, number: str) -> None:
    """`Collision` where the number is an instrument's."""
    if await is_instrument(session, number):
        raise taken(_INSTRUMENT)


async def no_decree(session: ReadSession, number: str) -> None:
    """`Collision` where the number is a decree's."""
    if await approval.decree_by_number(session, number) is not None:
        raise taken(_DECREE)
