"""The rows of the benchmarks are rows that the database takes: a column that is asked of them is missed here, and not
when somebody measures."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from app.store.awards import Award
from app.store.disbursements import Disbursement
from benchmarks.databases import empty_database
from benchmarks.population import populate

ROWS = 101


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_is_filled_with_as_many_as_were_asked_for(
    kind: str, tmp_path: Path, postgres_server: str | None
) -> None:
    if kind == "postgresql" and postgres_server is None:
        pytest.skip("PostgreSQL is not installed")
    with empty_database(kind, tmp_path) as url:
        populate(url, ROWS, tmp_path / "keys.json")
        engine = create_engine(url)
        with engine.connect() as connection:
            filled = [connection.scalar(select(func.count()).select_from(model)) for model in (Award, Disbursement)]
        engine.dispose()
    assert filled == [ROWS, ROWS]
