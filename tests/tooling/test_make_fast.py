"""`make test-fast` runs the law and the service, and calls every operation."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Every operation of the contract is called by it, in each role.
_CALLS_ALL = ("test_the_list_covers_the_whole_contract", "test_every_cell_is_as_the_list_says[sqlite]")


def selected(*paths: str) -> str:
    """What pytest says to what `make test-fast` asks of it, of these paths alone."""
    (recipe,) = re.findall(r"^test-fast: .*\n\t\$\(PY\) -m (pytest .*) \$\(FAST\)$", MAKEFILE, flags=re.MULTILINE)
    options = re.findall(r"-[pmk] (?:'[^']*'|\S+)", recipe)
    parts = [part.strip("'") for option in options for part in option.split(" ", 1)]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *parts, *paths]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_operation_is_called_in_the_fast_run() -> None:
    told = selected("tests/contract/test_roles.py")
    for name in _CALLS_ALL:
        assert f"tests/contract/test_roles.py::{name}\n" in told
    assert "postgresql" not in told


def test_the_law_and_the_service_are_in_it() -> None:
    (listed,) = re.findall(r"^FAST := (.*)$", MAKEFILE, flags=re.MULTILINE)
    assert listed.split() == ["tests/measures", "tests/api", "tests/contract/test_roles.py"]


def test_what_is_slow_is_not() -> None:
    told = selected("tests/api/test_reviews_round.py")
    assert "test_from_the_qualified_list_to_the_ranking" not in told
    assert "[sqlite]" in told
