"""Running numbers of series, e.g. of a year's applications: unique and without a gap, whoever comes together."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base
from app.store.database import WriteSession


class NumberSeries(Base):
    """The last number given in a series."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


async def next_number(session: WriteSession, series: str) -> int:
    """The next number of the series, from 1. Others that want one wait until this transaction ends; if it ends in a
    rollback, the number is given again."""
    statement = _NEXT_SQLITE if session.get_bind().dialect.name == "sqlite" else _NEXT_POSTGRESQL
    number: int = (await session.execute(statement, {"series": series, "last": 1})).scalar_one()
    return number


_SERIES = cast(Table, NumberSeries.__table__)
_NEXT_SQLITE, _NEXT_POSTGRESQL = (
    dialect.insert(_SERIES)
    .on_conflict_do_update(index_elements=["series"], set_={"last": _SERIES.c.last + 1})
    .returning(_SERIES.c.last)
    for dialect in (sqlite, postgresql)
)
