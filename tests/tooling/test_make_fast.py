"""`make test-fast` runs the law and the service, and calls every operation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Every operation of the contract is called by it, in each role.
_CALLS_ALL = ("test_the_list_covers_the_whole_contract", "test_every_cell_is_as_the_list_says[sqlite]")

# Processes that are started and killed, and many applications.
WHOLLY_SLOW = {
    f"tests/api/test_{name}.py"
    for name in (
        *("approval_killed", "audit_backup", "audit_killed", "cli", "ending", "ending_attacked"),
        *("qualification_scale", "reviews_scale", "rounds_offers", "workers"),
    )
}


@pytest.fixture(scope="module")
def selected() -> list[str]:
    """The tests of `make test-fast`."""
    (listed,) = re.findall(r"^FAST := (.*)$", MAKEFILE, flags=re.MULTILINE)
    line = r"^test-fast: .*\n(?:\tscripts/.*\n)*\t\$\(PY\) -m (pytest .*) \$\(FAST\)$"
    (recipe,) = re.findall(line, MAKEFILE, flags=re.MULTILINE)
    options = re.findall(r"--ends|-[pmk] (?:'[^']*'|\S+)", recipe)
    parts = [part.strip("'") for option in options for part in option.split(" ", 1)]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *parts, *listed.split()]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if "::" in line]


def test_every_operation_is_called_in_it(selected: list[str]) -> None:
    assert {f"tests/contract/test_roles.py::{name}" for name in _CALLS_ALL} <= set(selected)


def test_it_holds_the_file_of_every_article_and_subject(selected: list[str]) -> None:
    files = {str(path.relative_to(ROOT)) for folder in ("measures", "api") for path in _files(folder)}
    assert files - {test.partition("::")[0] for test in selected} == WHOLLY_SLOW


def test_one_database_is_enough_for_it_and_it_waits_for_nothing(selected: list[str]) -> None:
    assert not [test for test in selected if "postgresql" in test]
    assert not [test for test in selected if "test_from_the_qualified_list_to_the_ranking" in test]


def test_of_a_table_of_the_service_it_asks_the_ends(selected: list[str]) -> None:
    table = "tests/api/test_bad_input.py::test_an_id_that_is_none"
    asked = [test for test in selected if test.startswith(f"{table}[")]
    assert asked == [f"{table}[sqlite-/v1/rounds/not-a-uuid]", f"{table}[sqlite-/v1/rounds/%00]"]
    # The law's tables cost nothing.
    law = [test for test in selected if test.startswith("tests/measures/test_order.py::test_what_is_not_possible")]
    assert len(law) > 500


def _files(folder: str) -> list[Path]:
    return sorted((ROOT / "tests" / folder).glob("test_*.py"))
