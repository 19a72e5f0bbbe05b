"""Writing what is generated: the contract, and the pages of `docs/`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fastapi import FastAPI

from app import __version__
from app.commands.pages import write_all
from app.kernel.settings import Settings
from app.main import create_app
from app.web.contract import build
from app.web.contract_layout import CONTRACT, compact, layout


def write_contract(target: Path = CONTRACT) -> bool:
    """Write the contract; whether it has changed. Fields stand in the order in which the code has them: a change of the
    code is a change of the same size here."""
    content = layout(build(_application()))
    if target.exists() and target.read_text(encoding="utf-8") == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8")
    return True


def release_contract(folder: Path = CONTRACT.parent / "released") -> Path:
    """Keep the contract of this version, to compare later ones with: a line for each operation and component. Answers
    the file; `FileExistsError` where this version has one, since what is released is not changed."""
    target, content = folder / f"{__version__}.json", compact(build(_application()))
    with target.open("x", encoding="utf-8") as file:
        file.write(content)
    return target


def write_docs() -> list[Path]:
    """Write the generated pages; answers those that have changed."""
    return write_all(_application())


def _application() -> FastAPI:
    # Neither the keys nor the files of this installation are needed, so none are made.
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(keys_file=Path(folder) / "keys.json", files_url=f"file:{folder}/files")
        return create_app(settings)
