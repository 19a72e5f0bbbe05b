"""Checkpoints in a bucket with object lock: whoever has the service, its database and its folder cannot take them back
(Art. 10)."""

from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from pydantic import ValidationError

from app import cli
from app.kernel.checkpoints import Checkpointer, listed
from app.kernel.settings import Settings
from sandbox.stages.rounds import open_round
from sandbox.world import World
from tests.api.test_audit import behind_the_service, put_guards_back
from tests.api.test_audit_record import _CHECKPOINTS, Look, grow, look, own_keys, rewrite, sign, told
from tests.support import storage as storages

__all__ = ["look", "own_keys"]

_BUCKET = "award-checkpoints"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with storages.served() as address:
        yield address


@pytest.fixture
def storage(endpoint: str) -> Any:
    """The storage as its operator has it, with a bucket that keeps what is written there."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="sample",
        aws_secret_access_key="sample-secret",
        region_name="us-east-1",
        config=Config(proxies={}),
    )
    httpx.post(f"{endpoint}/moto-api/reset", trust_env=False).raise_for_status()
    client.create_bucket(Bucket=_BUCKET, ObjectLockEnabledForBucket=True)
    client.put_object_lock_configuration(
        Bucket=_BUCKET,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3650}},
        },
    )
    return client


@pytest.fixture
def own(own_keys: Settings, storage: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    told_by = {
        "checkpoints_url": f"s3://{_BUCKET}/huichang",
        "s3_endpoint": endpoint,
        "s3_access_key_id": "sample",
        "s3_secret_access_key": "sample-secret",
    }
    for name, value in told_by.items():
        monkeypatch.setenv(f"AWARD_{name.upper()}", value)
    return Settings(_env_file=None)


def keys(storage: Any) -> list[str]:
    return [item["Key"] for item in storage.list_objects_v2(Bucket=_BUCKET).get("Contents", [])]


def test_each_checkpoint_lies_there_and_cannot_be_taken_back(
    world: World, own: Settings, storage: Any, look: Look
) -> None:
    open_round(world)
    first = sign(world, own)
    grow(world, 2031)
    second = sign(world, own)
    assert first is not None and second is not None
    assert keys(storage) == [f"huichang/{size:012d}.jws" for size in (first.size, second.size)]
    key = keys(storage)[0]
    body = storage.get_object(Bucket=_BUCKET, Key=key)
    assert body["Body"].read().decode() == next(listed(own.checkpoints))[1].read_text()
    assert body["ObjectLockMode"] == "COMPLIANCE"
    with pytest.raises(ClientError, match="AccessDenied"):
        storage.delete_object(Bucket=_BUCKET, Key=key, VersionId=body["VersionId"])
    found = look()
    assert found["intact"], found["faults"]
    # In the database, in the folder and in the bucket.
    assert found["checkpoints"] == 6


def test_what_locked_place_that_was_away_has_missed_is_written_with_the_next(
    world: World, own: Settings, storage: Any, look: Look
) -> None:
    open_round(world)
    away = own.model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    with pytest.raises(Exception, match="storage is away"):
        sign(world, away)
    assert keys(storage) == []
    grow(world, 2031)
    assert sign(world, own) is not None
    assert len(keys(storage)) == 2
    assert look()["intact"]


def test_what_lies_there_stays_as_it_is_whoever_writes_again(world: World, own: Settings, storage: Any) -> None:
    """A start that does not know what lies there writes nothing over it."""
    open_round(world)
    sign(world, own)
    state = world.client.app.state  # type: ignore[attr-defined]
    other = Checkpointer(own, state.database, state.clock)
    assert other._locked is not None
    world.client.portal.call(other._locked.write, 2, "another")  # type: ignore[union-attr]
    versions = storage.list_object_versions(Bucket=_BUCKET)["Versions"]
    assert len(versions) == len(keys(storage)) == 1


def test_another_one_in_its_place_and_one_that_is_hidden_are_found(
    world: World, own: Settings, storage: Any, look: Look
) -> None:
    open_round(world)
    sign(world, own)
    grow(world, 2031)
    sign(world, own)
    first, second = keys(storage)
    storage.put_object(Bucket=_BUCKET, Key=first, Body=b"no statement", ChecksumAlgorithm="SHA256")
    said = told(look(), "checkpoints")
    assert said and all(f"s3://{_BUCKET}/{first}: not a checkpoint" in item for item in said)
    # A mark of deletion hides it, and takes nothing away.
    storage.delete_object(Bucket=_BUCKET, Key=second)
    assert any(f"it is missing in s3://{_BUCKET}/huichang" in item for item in told(look(), "checkpoints"))
    kept = [item["Key"] for item in storage.list_object_versions(Bucket=_BUCKET)["Versions"]]
    assert kept.count(second) == 1


def test_a_past_that_was_rewritten_everywhere_else_is_found_by_the_bucket(
    world: World, own: Settings, storage: Any, look: Look, database_url: str
) -> None:
    open_round(world)
    sign(world, own)
    rewrite(database_url, 2, "act = 'nothing_happened'")
    kind = "sqlite" if "sqlite" in database_url else "postgresql"
    behind_the_service(database_url, *_CHECKPOINTS[kind], "DELETE FROM audit_checkpoints")
    put_guards_back(database_url)
    for _, path in listed(own.checkpoints):
        path.unlink()
    said = told(look(), "checkpoints")
    assert any("entry 2 is not the one of" in item and f"s3://{_BUCKET}" in item for item in said), said


def test_locked_place_that_does_not_answer_is_told_in_one_line(
    world: World, own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWARD_S3_ENDPOINT", "http://127.0.0.1:1")
    assert cli.main(["verify-audit"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("place", ["folder", "s3://", "https://storage/award", "s3://A_B/c", "s3://award bucket"])
def test_locked_place_has_one_spelling(place: str) -> None:
    with pytest.raises(ValidationError, match="s3://bucket/prefix"):
        Settings(_env_file=None, checkpoints_url=place)
