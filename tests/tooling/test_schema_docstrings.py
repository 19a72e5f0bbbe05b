"""What a class of the wire is stands in the contract, so that each has its docstring."""

import subprocess
import sys

import pytest

from app.commands.pages import ROOT

SAID = 'class RoundIn:\n    """A round in preparation (Art. 10)."""\n'


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("app/schemas/rounds.py", "class RoundIn:\n    year: int\n", True),
        ("app/schemas/applications/form.py", "class FormIn:\n    year: int\n", True),
        ("app/schemas/rounds.py", SAID, False),
        ("app/schemas/rounds.py", "class _Part:\n    year: int\n", False),
        ("app/services/rounds/create_round.py", "class Round:\n    year: int\n", False),
    ],
)
def test_a_class_of_the_wire_says_what_it_is(path: str, text: str, found: bool) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--stdin-filename", path, "-"]
    answer = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ("D101" in answer.stdout) is found, answer.stdout + answer.stderr
