"""Clients are generated from the contract without a warning, and nothing of it is lost; linters of contracts find
nothing that the rule sets beside this file do not give a reason for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.clients.tools import CONTRACT, HERE, OLD_CONTRACT, Tools, told

pytestmark = pytest.mark.clients
_WARNED = re.compile(r"warn|⚠|error|cannot|unable|deprecated", re.IGNORECASE)


@pytest.fixture(scope="module")
def operations() -> set[str]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return {operation["operationId"] for methods in document["paths"].values() for operation in methods.values()}


def test_a_python_client_has_every_operation(tools: Tools, python_client: str, operations: set[str]) -> None:
    assert python_client.split() == ["Generating", "award_client"]
    made = {path.stem for path in (tools.made / "award_client" / "api").glob("*/*.py")} - {"__init__"}
    assert made == operations


@pytest.mark.slow
def test_the_types_of_the_python_client_hold(tools: Tools, python_client: str) -> None:
    run = tools.mypy("-p", "award_client")
    faults = [line for line in run.stdout.splitlines() if ": error:" in line]
    # The maker's own frame, the same for every contract, hands on its context manager's arguments untyped.
    assert [line for line in faults if not line.startswith("award_client/client.py:")] == []
    assert "source files" in run.stdout, told(run)


def test_the_old_contract_loses_operations(tools: Tools) -> None:
    config = f"--config={HERE / 'python-client.yaml'}"
    run = tools.python(
        "openapi-python-client", "generate", f"--path={OLD_CONTRACT}", config, "--output-path=old",
        "--meta=none", "--fail-on-warning",
    )  # fmt: skip
    assert run.returncode != 0
    assert "ReasonIn" in told(run)


def _models(tools: Tools, contract: Path, output: str) -> str:
    run = tools.python(
        "datamodel-codegen", f"--input={contract}", "--input-file-type=openapi", f"--output={output}",
        "--output-model-type=pydantic_v2.BaseModel", "--target-python-version=3.11", "--formatters=builtin",
        # Enumerations whose words may be names of str's own methods; addresses as text, with their length.
        "--use-annotated", "--set-default-enum-member", "--no-use-specialized-enum",
        "--type-mappings", "string+uri=string",
    )  # fmt: skip
    return told(run) if run.returncode else told(run) + tools.mypy(output).stdout


def test_models_of_pydantic_are_made_and_their_types_hold(tools: Tools) -> None:
    assert _models(tools, CONTRACT, "models.py").strip() == "Success: no issues found in 1 source file"


def test_clients_of_typescript_are_made_and_compiled_strictly(
    tools: Tools, typescript_client: str, operations: set[str]
) -> None:
    assert not _WARNED.search(typescript_client), typescript_client
    schema = (tools.made / "schema.d.ts").read_text(encoding="utf-8")
    assert {name for name in operations if f"    {name}: {{" not in schema} == set()
    calls = (tools.made / "award" / "sdk.gen.ts").read_text(encoding="utf-8")
    camel = {re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in operations}
    assert {name for name in camel if f"export const {name} =" not in calls} == set()


def test_redocly_finds_nothing(tools: Tools) -> None:
    run = tools.node("redocly", "lint", "--format=json", "--config=redocly.yaml", CONTRACT)
    assert json.loads(run.stdout)["problems"] == [], told(run)
    assert run.returncode == 0


@pytest.mark.slow
def test_spectral_finds_no_error(tools: Tools) -> None:
    (tools.made / "cut.json").write_text(json.dumps(_cut(CONTRACT)), encoding="utf-8")
    run = tools.node("spectral", "lint", "cut.json", "--ruleset=spectral.yaml", "--format=json")
    # Where there is nothing to tell, it tells so behind the list.
    problems, _ = json.JSONDecoder().raw_decode(run.stdout)
    assert [(found["code"], found["path"], found["message"]) for found in problems] == []
    assert run.returncode == 0, told(run)


def _cut(contract: Path) -> dict[str, Any]:
    """The contract without what every refusal of every operation holds besides: it writes each out at each place."""
    document: dict[str, Any] = json.loads(contract.read_text(encoding="utf-8"))
    del document["components"]["schemas"]["Violation"]["properties"]["facts"]
    for response in document["components"]["responses"].values():
        response.get("content", {}).get("application/problem+json", {}).pop("examples", None)
    return document


@pytest.mark.parametrize("name", ["redocly.yaml", "spectral.yaml"])
def test_a_rule_that_is_switched_off_says_why(name: str) -> None:
    explained = False
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.endswith(": off"):
            assert explained, f"{line}: no reason above it"
        elif line.lstrip().startswith("#"):
            explained = True
        else:
            explained = False


def test_the_locks_name_no_place_to_install_from() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, part in lock["packages"].items() if "resolved" in part] == []
    assert [name for name, part in lock["packages"].items() if name and "integrity" not in part] == []
    assert "://" not in (HERE / "requirements.lock").read_text(encoding="utf-8")
