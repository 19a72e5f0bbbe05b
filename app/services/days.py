"""Days that come from people: a record of what has happened is never of tomorrow."""

from __future__ import annotations

from datetime import date

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.findings import Text


def not_in_future(day: date, today: date, pointer: str) -> None:
    """`Invalid`, at this JSON pointer, for a day after today."""
    if day > today:
        text = Text("日期不能晚于今日", "The day is after today")
        raise Invalid(text, errors=[FieldError(pointer, FieldCode.DATE_IN_FUTURE, text)])
