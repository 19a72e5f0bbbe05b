"""Follows the Dockerfile where there is no engine: `make image`.

Installs what the image installs, copies what it copies, leaves nothing but its volume to write to, and runs its
commands: migrate, serve, health check. Shows what an engine would find first: a module that only the developers have,
a file left out, a folder that cannot be written to. It shows nothing of the base image.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
_PATIENCE = 60.0


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="award-image-") as name:
        folder = Path(name)
        image = folder / "srv"
        python = _install(folder / "venv")
        _copy(image)
        try:
            _migrate_and_serve(image, python)
        finally:
            for path in (image, *image.rglob("*")):
                path.chmod(0o755)
    print("image: what its Dockerfile names is enough to migrate, serve and be healthy")
    return 0


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def _install(venv: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    lock = ROOT / "requirements.lock"
    subprocess.run([*pip, "install", "--require-hashes", "--no-deps", "-r", str(lock)], check=True)
    return python


def _copy(image: Path) -> None:
    image.mkdir(mode=0o755)
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from") and "/tmp/" not in rest:
            for source in rest.split()[:-1]:
                found = ROOT / source
                if found.is_dir():
                    shutil.copytree(found, image / source, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
                else:
                    (image / source).parent.mkdir(exist_ok=True)
                    shutil.copy(found, image / source)
    (image / "var").mkdir(mode=0o700)
    for folder in (image, *(path for path in image.rglob("*") if path.is_dir() and path.name != "var")):
        folder.chmod(0o555)


def _migrate_and_serve(image: Path, python: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    check = next(rest.partition("CMD")[2] for word, rest in instructions() if word == "HEALTHCHECK")
    command: list[str] = json.loads(next(rest for word, rest in instructions() if word == "CMD"))
    serve = [str(python), *command[1:], "--port", port]
    serve[serve.index("--host") + 1] = "127.0.0.1"
    healthy = [str(python), *(part.replace("8000", port) for part in json.loads(check)[1:])]
    _run([str(python), "-m", "app.cli", "migrate"], image).check_returncode()
    with subprocess.Popen([*_unprivileged(), *serve], cwd=image, env=_environment()) as server:
        try:
            deadline = time.monotonic() + _PATIENCE
            while _run(healthy, image).returncode != 0:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("image: the service does not become healthy")
                time.sleep(0.2)
            for path in ("readyz", "v1/awards", "docs", "openapi.json"):
                urlopen(f"http://127.0.0.1:{port}/{path}", timeout=_PATIENCE).close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_PATIENCE)


def _run(command: list[str], image: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*_unprivileged(), *command], cwd=image, env=_environment(), stderr=subprocess.DEVNULL, check=False
    )


def _environment() -> dict[str, str]:
    # The image's own and nothing of this machine's: no settings, no path to other modules.
    return {"PATH": os.defpath, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}


def _unprivileged() -> list[str]:
    # Root without its capabilities is an owner like any other: what it may not write to, it does not.
    drops = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    return drops if os.geteuid() == 0 and shutil.which("setpriv") else []


if __name__ == "__main__":
    sys.exit(main())
