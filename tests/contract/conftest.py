"""The bodies of the contract, for the tests that walk over all of them."""

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.testclient import TestClient

from tests.support.bodies import bodies_of


@pytest.fixture
def bodies(client: TestClient) -> list[type[BaseModel]]:
    """Every schema of a JSON body, those within others included."""
    app = client.app
    assert isinstance(app, FastAPI)
    return bodies_of(app)
