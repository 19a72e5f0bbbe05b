"""The linters and makers of clients that `scripts/install-clients.sh` has put into a folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CONTRACT = ROOT / "openapi" / "openapi.json"
OLD_CONTRACT = ROOT / "openapi" / "released" / "0.2.0.json"


@dataclass(frozen=True, slots=True)
class Tools:
    """Where they are, and where they write."""

    folder: Path
    made: Path

    def python(self, name: str, *given: object) -> subprocess.CompletedProcess[str]:
        """A program of the Python environment."""
        return self._run([self.folder / "python" / "bin" / name, *given])

    def node(self, name: str, *given: object) -> subprocess.CompletedProcess[str]:
        """A program of the Node packages."""
        return self._run([self.folder / "node" / "node_modules" / ".bin" / name, *given])

    def mypy(self, *given: object) -> subprocess.CompletedProcess[str]:
        """The types of what was made for Python, by the project's own checker and its usual rules."""
        python = self.folder / "python" / "bin" / "python"
        cache = self.folder / "mypy"
        return self._run([sys.executable, "-m", "mypy", "--config-file=", f"--python-executable={python}",
                          f"--cache-dir={cache}", *given])  # fmt: skip

    def _run(self, command: list[object]) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'python' / 'bin'}:{os.environ['PATH']}"
        # Nobody is told what is made here, nor asked for a newer version.
        quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "DO_NOT_TRACK": "1"}
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.made,
            env={**os.environ, **quiet, "PATH": path, "NO_COLOR": "1", "NODE_OPTIONS": "--max-old-space-size=6000"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )


def installed() -> Path | None:
    """The folder, where the present locks are installed in it: that of `CLIENTS`, or the usual one."""
    folder = Path(os.environ.get("CLIENTS", ROOT / ".clients"))
    return folder if any(folder.glob(".locked-*")) else None


def told(run: subprocess.CompletedProcess[str]) -> str:
    """All that a program has said."""
    return run.stdout + run.stderr
