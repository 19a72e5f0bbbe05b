"""Running numbers of series, e.g. of a year's applications: unique and without a gap, whoever comes together."""

from __future__ import annotations

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
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(NumberSeries)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.last)
    )
    number: int = (await session.execute(statement)).scalar_one()
    return number
