"""The settings that the service starts with."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.kernel.settings import Settings


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


@pytest.mark.parametrize("url", ["sqlite:///var/award.db", "sqlite://", "postgresql+psycopg://award@db/award"])
def test_each_database_has_one_spelling(url: str) -> None:
    assert settings(database_url=url).database_url == url


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///var/award.db", "postgresql://award@db/award", "mysql://db", ""])
def test_another_driver_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValidationError, match="sqlite:///path or postgresql"):
        settings(database_url=url)


def test_the_default_is_the_embedded_database() -> None:
    assert settings().database_url == "sqlite:///var/award.db"
