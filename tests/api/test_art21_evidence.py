"""Whoever objects adds evidence by the tracking code, while the objection is open (Art. 21)."""

from typing import Any

import pytest

from sandbox.stages.applications import PDF
from sandbox.stages.decision import (
    OBJECTION,
    Contender,
    assign_investigator,
    candidates,
    close_objection,
    in_publicity,
    release,
)
from sandbox.world import World, ok
from tests.api.test_art21_investigator import entries
from tests.api.test_objections_secrecy import rows
from tests.support.problems import refused


@pytest.fixture
def code(world: World) -> str:
    """The tracking code of an objection."""
    made = in_publicity(world, Contender())
    candidate = candidates(world, made.round_id)[made.ids[0]]["id"]
    told: str = ok(world.public.post(f"/v1/candidates/{candidate}/objections", OBJECTION), 201)["tracking_code"]
    return told


def add(
    world: World, code: str, name: str = "样例证据.pdf", content: bytes = PDF, headers: dict[str, str] | None = None
) -> Any:
    path = f"/v1/objection-status/{code}/files"
    return world.client.post(path, params={"filename": name}, content=content, headers=headers)


def of_the_objection(world: World) -> str:
    """The objection's id, for those who work on it."""
    (row,) = ok(world.office.get("/v1/objections"))["items"]
    return str(row["id"])


def test_art21_evidence_is_taken_from_whoever_holds_the_code_and_read_by_the_investigator_alone(
    world: World, code: str
) -> None:
    kept = ok(add(world, code, "样例异议人甲的证据.pdf"), 201)
    # The name may tell who objected, and is not repeated.
    assert set(kept) == {"id", "media_type", "size", "sha256"}
    objection = of_the_objection(world)
    assign_investigator(world, objection)
    path = f"/v1/objections/{objection}"
    refused(world.auditor.get(f"{path}/files/{kept['id']}/content"), 403, "forbidden")
    release(world, path)
    answer = world.office.get(f"{path}/files/{kept['id']}/content")
    assert (answer.status_code, answer.content) == (200, PDF)
    whole = ok(world.office.post(f"{path}/identity-disclosure", {"reason": "样例：核实异议"}))
    assert [item["filename"] for item in whole["files"]] == ["样例异议人甲的证据.pdf"]
    (entry,) = entries(world, "add_evidence")
    assert entry["actor_id"] is None and "样例异议人甲" not in str(entry)


@pytest.mark.parametrize("other", ["x" * 43, "A" * 43])
def test_art21_another_code_is_answered_as_one_of_nothing(world: World, code: str, other: str) -> None:
    refused(add(world, other), 404, "not_found")
    refused(add(world, other[:-1]), 422, "invalid")


def test_art21_what_is_no_evidence_is_refused_and_leaves_nothing(world: World, code: str) -> None:
    refused(add(world, code, "a.txt", b"text"), 415, "file_type_refused")
    refused(add(world, code, "a.pdf", b"%PDF-1.4 broken"), 422)
    dry = world.client.post(
        f"/v1/objection-status/{code}/files", params={"filename": "a.pdf", "dry_run": True}, content=PDF
    )
    assert dry.status_code == 201 and dry.headers["dry-run"] == "true"
    assert entries(world, "add_evidence") == []


def test_art21_the_same_key_takes_a_file_once(world: World, code: str) -> None:
    keys = {"Idempotency-Key": "evidence-0001"}
    assert ok(add(world, code, headers=keys), 201) == ok(add(world, code, headers=keys), 201)
    assert len(entries(world, "add_evidence")) == 1
    # What is kept with the key tells no code, though the path does.
    assert code not in str(rows(world, "SELECT * FROM idempotency_records"))


def test_art21_an_objection_holds_so_many_files(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.objections.add_evidence.MAX_FILES", 1)
    ok(add(world, code), 201)
    refused(add(world, code, "二.pdf"), 409, "too_many_files")


def test_art21_a_closed_objection_takes_no_more_evidence(world: World, code: str) -> None:
    close_objection(world, of_the_objection(world), "dismissed")
    refused(add(world, code), 409, "wrong_state")
