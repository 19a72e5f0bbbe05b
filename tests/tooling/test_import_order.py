"""The import contracts are kept by a tool; here it is shown that they can be broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("app/services/identity/issue_token.py", "import app.services.awards", "The order of a round"),
        ("app/store/awards/__init__.py", "import app.services.awards", "A floor imports only from floors below it"),
        ("app/services/awards/register.py", "import fastapi", "know no HTTP"),
        ("app/measures/seats.py", "import app.kernel.settings", "A floor imports only from floors below it"),
    ],
)
def test_an_import_against_the_order_is_told(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = tmp_path / file
    broken.write_text(broken.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
    ]
    told = subprocess.run([*command, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert any(contract in row and "BROKEN" in row for row in told.stdout.splitlines())
