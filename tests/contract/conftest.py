"""One application for the tests that look at what the service says of itself, and at no database: working its contract
out takes seconds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.commands.pages import pages
from app.kernel.settings import Settings
from app.main import create_app
from app.web.contract import build
from tests.support.bodies import bodies_of


@pytest.fixture(scope="session")
def application(keys_file: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The service on a database that nobody looks at."""
    folder = tmp_path_factory.mktemp("described")
    return create_app(
        Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder / 'none.db'}",
            keys_file=keys_file,
            files_url=f"file:{folder}",
            log_level="ERROR",
        )
    )


@pytest.fixture(scope="session")
def described(application: FastAPI) -> Iterator[TestClient]:
    """A client of it, for what is answered without the database."""
    with TestClient(application) as client:
        yield client


@pytest.fixture(scope="session")
def contract(application: FastAPI) -> dict[str, Any]:
    """The contract as the code gives it now."""
    return build(application)


@pytest.fixture(scope="session")
def generated(application: FastAPI) -> dict[str, str]:
    """The generated pages by name, as the code gives them now."""
    return pages(application)


@pytest.fixture(scope="session")
def bodies(application: FastAPI) -> list[type[BaseModel]]:
    """Every schema of a JSON body, those within others included."""
    return bodies_of(application)
