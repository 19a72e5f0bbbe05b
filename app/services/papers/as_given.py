"""The number and the day that a paper is issued with: those on record; where none are, those that its issuer names, as
far as they fit."""

from __future__ import annotations

from datetime import date

from app.kernel.context import ReadContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid
from app.measures.document_numbers import well_formed
from app.measures.text import Text, plain_number, same_document
from app.services.days import cited_in_time, not_before
from app.services.instruments.numbered import borne_by
from app.services.instruments.numbered import taken as on_record
from app.services.papers.drafts import Draft
from app.store import papers as store


def day_fits(made: Draft, dated: date | None, act_on: date) -> None:
    """`Invalid` for another day than that on record, or one before the act that the paper tells."""
    if dated is None or dated == made.fixed_day:
        return
    if made.fixed_day is not None:
        day = made.fixed_day.isoformat()
        raise _refusing("/dated", Text(f"成文日期以记载的{day}为准", f"It is dated {day} on record"))
    told = Text(
        f"成文日期早于所载事项的日期{act_on.isoformat()}", f"The day is before {act_on.isoformat()}, of what it tells"
    )
    not_before(dated, act_on, "/dated", told)


def number_fits(made: Draft, number: str | None) -> None:
    """`Invalid` for another number than that on record, for any where the paper prints none, for one that is no number
    of a document or of another year than the paper."""
    at = "/document_number"
    if number is None or (made.fixed_number is not None and same_document(number, made.fixed_number)):
        return
    if made.fixed_number is not None:
        told = Text(f"发文字号以记载的{made.fixed_number}为准", f"Its number on record is {made.fixed_number}")
        raise _refusing(at, told)
    if not made.numbered:
        raise _refusing(at, Text(f"{made.kind.zh}没有发文字号", "This paper bears no document number"))
    if not well_formed(number):
        told = Text("发文字号须形如“会质强办〔2024〕3号”", "A document number is written like 会质强办〔2024〕3号")
        raise _refusing(at, told)
    cited_in_time(at, number, latest=made.dated, earliest=made.dated)


async def number_free(reading: ReadContext, made: Draft, paper: tuple[str, object]) -> str | None:
    """The number for comparing, for the first version that bears it; None where the paper has none, or has had it
    before. `Collision` where another paper has it, or a document on record that this one is not; `paper`: which one and
    of which object. A number on record is taken from a paper whose later version has another."""
    if made.number is None:
        return None
    taken = Collision(
        Text("此发文字号已用于另一文书", "Another paper has this document number"), code=ProblemCode.NUMBER_TAKEN
    )
    key = plain_number(made.number)
    other = None if made.fixed_number is not None else await borne_by(reading.session, made.number)
    if other is not None:
        raise on_record(other)
    first = await store.by_document_number(reading.session, key)
    if first is None:
        return key
    if (first.kind, first.object_id) == paper:
        return None
    last = (await store.issued_of(reading.session, first.object_id, [first.kind]))[-1]
    if made.fixed_number is None or same_document(last.document_number or "", made.number):
        raise taken
    return None


def _refusing(pointer: str, told: Text) -> Invalid:
    return Invalid(told, errors=[FieldError(pointer, FieldCode.INCONSISTENT, told)])
