"""Whoever serves the contract is named in it as the settings say: contact, licence, address."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app


def published(folder: Path, keys_file: Path, **settings: str) -> dict[str, Any]:
    """The contract as it is served with these settings."""
    chosen = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder / 'none.db'}",
        keys_file=keys_file,
        files_url=f"file:{folder}",
        allowed_hosts="testserver",
        log_level="ERROR",
        **settings,  # type: ignore[arg-type]
    )
    # Not entered: nothing of this needs the database.
    answer = TestClient(create_app(chosen)).get("/openapi.json", headers={"Host": "testserver"})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


CONTACT = {
    "contract_contact_name": "样例：质量强县办接口组",
    "contract_contact_email": "sample@example.org",
    "contract_contact_url": "https://example.org/contract",
}
LICENCE = {"contract_licence_name": "样例许可", "contract_licence_url": "https://example.org/licence"}


def test_what_nobody_names_is_not_there(tmp_path: Path, keys_file: Path) -> None:
    plain = published(tmp_path, keys_file)
    assert plain["servers"] == [{"url": "/", "x-internal": False}]
    assert not {"contact", "license"} & plain["info"].keys()


def test_what_is_named_is_there(tmp_path: Path, keys_file: Path) -> None:
    told = published(tmp_path, keys_file, public_base_url="https://award.example.org/", **CONTACT, **LICENCE)
    assert told["info"]["contact"] == {
        "name": CONTACT["contract_contact_name"],
        "email": "sample@example.org",
        "url": "https://example.org/contract",
    }
    assert told["info"]["license"] == {"name": "样例许可", "url": "https://example.org/licence"}
    assert [server["url"] for server in told["servers"]] == ["https://award.example.org", "/"]
    # The rest of it is everybody's.
    plain = published(tmp_path, keys_file)
    assert {**told, "info": plain["info"], "servers": plain["servers"]} == plain
    some = published(tmp_path, keys_file, contract_licence_name="样例许可", contract_contact_url="http://example.org")
    assert some["info"]["license"] == {"name": "样例许可"}
    assert some["info"]["contact"] == {"url": "http://example.org"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"contract_contact_email": "nobody"},
        {"contract_contact_url": "example.org"},
        {"contract_contact_name": ""},
        {"contract_licence_url": "https://example.org/licence"},
        {"contract_licence_name": "样例许可", "contract_licence_url": "ftp://example.org"},
    ],
)
def test_what_openapi_would_not_take_is_refused_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **wrong)  # type: ignore[arg-type]
