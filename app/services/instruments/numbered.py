"""The numbers of official documents that are on record: no two documents have one (Arts. 22, 26, 28, 33)."""

from __future__ import annotations

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.text import Text, same_document
from app.services.instruments.in_force import instruments
from app.store import approval, revocations
from app.store.database import ReadSession

_INSTRUMENT = Text("办法", "an instrument")
_DECREE = Text("表彰通报", "a decree")
_DECISION = Text("撤销决定或者复议决定", "a decision on a revocation")


async def borne_by(session: ReadSession, number: str) -> Text | None:
    """What on record bears this number, however it is written: an instrument, a decree, a decision to revoke or one on
    its review. None where nothing does."""
    if await is_instrument(session, number):
        return _INSTRUMENT
    if await approval.decree_by_number(session, number) is not None:
        return _DECREE
    decided = await revocations.decision_numbers(session)
    return _DECISION if any(same_document(item, number) for item in decided) else None


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
