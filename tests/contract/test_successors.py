"""Whoever called an operation of the released contract finds in the changelog what to call now."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import __version__

ROOT = Path(__file__).parent.parent.parent
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})

# (method, path, operation id)
Operation = tuple[str, str, str]


def operations(document: dict[str, Any]) -> set[Operation]:
    """What a contract offers."""
    return {
        (method.upper(), path, operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    }


def entry(changelog: str, version: str) -> str:
    """The changelog's entry of a version; empty where there is none."""
    found = re.search(rf"^## {re.escape(version)}\n(.*?)(?=^## |\Z)", changelog, flags=re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def rows(text: str) -> Iterator[tuple[set[str], set[str]]]:
    """The rows of the tables with two columns or more: what stands in code in the first cell and in the second."""
    for line in text.splitlines():
        cells = line.strip().strip("|").split("|")
        if line.startswith("|") and len(cells) >= 2:
            old, new = (set(re.findall(r"`([^`]+)`", cell)) for cell in cells[:2])
            yield old, new


def without_successor(before: set[Operation], now: set[Operation], text: str) -> list[Operation]:
    """The operations that are gone and that no row names, by method and path or by id, beside one that there is."""
    # An id that stayed says nothing of where the operation went: there its new path is asked for.
    kept = {operation_id for _, _, operation_id in now} & {operation_id for _, _, operation_id in before}
    known = {f"{method} {path}" for method, path, _ in now} | {operation_id for _, _, operation_id in now} - kept
    known_rows = [(old, new) for old, new in rows(text) if new & known]
    return sorted(
        (method, path, operation_id)
        for method, path, operation_id in before - now
        if not any({f"{method} {path}", operation_id} & old for old, _ in known_rows)
    )


def misnamed(now: set[Operation], text: str) -> list[str]:
    """What the tables name as a new operation and there is none of that method and path."""
    known = {f"{method} {path}" for method, path, _ in now}
    named = {word for _, new in rows(text) for word in new if re.match(r"[A-Z]+ /", word)}
    return sorted(named - known)


@pytest.fixture(scope="module")
def now() -> set[Operation]:
    return operations(json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def before() -> set[Operation]:
    return operations(json.loads((ROOT / "openapi" / "released" / "0.2.0.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def told() -> str:
    return entry((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), "0.3.0")


def test_every_operation_of_0_2_0_has_its_successor(before: set[Operation], now: set[Operation], told: str) -> None:
    assert __version__.startswith("0.3."), "the next version that breaks its callers compares with 0.3.0"
    assert before - now, "0.3.0 has new words"
    assert without_successor(before, now, told) == []


def test_the_changelog_names_no_operation_that_does_not_exist(now: set[Operation], told: str) -> None:
    assert misnamed(now, told) == []


def test_an_operation_that_the_changelog_forgets_is_found(before: set[Operation], now: set[Operation]) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(without_successor(before, now, entry(changelog, "0.2.0"))) == before - now
    without = entry(changelog.replace("`GET /v1/units` (`list_units`)", "that list"), "0.3.0")
    assert without_successor(before, now, without) == [("GET", "/v1/units", "list_units")]


_OLD = {("GET", "/v1/units", "list_units"), ("POST", "/v1/sheets/{id}", "send"), ("GET", "/v1/rounds", "list_rounds")}
_NEW = {
    ("GET", "/v1/sections", "list_sections"),
    ("POST", "/v1/pages/{id}", "send"),
    ("GET", "/v1/rounds", "list_rounds"),
}


@pytest.mark.parametrize(
    ("table", "forgotten"),
    [
        ("| `GET /v1/units` | `GET /v1/sections` |\n| `POST /v1/sheets/{id}` | `POST /v1/pages/{id}` |\n", []),
        ("| `list_units` | `list_sections` |\n| `send` | `POST /v1/pages/{id}` | the office |\n", []),
        ("| `list_units` | `list_sections` |\n| `send` | `send` |\n", ["send"]),
        ("| `list_units` | `list_parts` |\n| `POST /v1/sheets` | `POST /v1/pages/{id}` |\n", ["list_units", "send"]),
        ("`list_units` is now `list_sections`, and `send` is `POST /v1/pages/{id}`\n", ["list_units", "send"]),
        ("| `list_sections` | `list_units` |\n| `POST /v1/pages/{id}` | `send` |\n", ["list_units", "send"]),
    ],
    ids=[
        "by path",
        "by id",
        "an id that stayed",
        "a new one that is not, a path cut short",
        "no table",
        "the wrong way",
    ],
)
def test_what_counts_as_a_successor(table: str, forgotten: list[str]) -> None:
    text = entry(
        f"# Changelog\n\n## 2.0.0\n\n| old | new |\n|---|---|\n{table}\n## 1.0.0\n\n| `send` | `list_sections` |\n",
        "2.0.0",
    )
    assert [operation_id for *_, operation_id in without_successor(_OLD, _NEW, text)] == forgotten


def test_a_new_operation_that_is_not_there_is_found() -> None:
    assert misnamed(_NEW, "| `list_units` | `GET /v1/parts` (`list_sections`) |\n") == ["GET /v1/parts"]
    assert misnamed(_NEW, '| `GET /v1/parts` | `GET /v1/sections`, `{"all": true}` |\n') == []
