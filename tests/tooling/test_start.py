"""A start loads what every request needs, once, and nothing besides: counted, never timed."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# What few requests need, or none: imported where it is used.
LATE = (
    "alembic",
    "mako",
    "openpyxl",
    "xlsxwriter",
    "pypdf",
    "icalendar",
    "docx",
    "segno",
    "typst",
    "chinese_calendar",
    "altcha",
    "obstore",
    "opencc",
    "puremagic",
    "httpx",
    "standardwebhooks",
    "argon2",
    "pwdlib",
    "asyncpg",
    "psycopg",
    "app.commands.accounts",
    "app.commands.contract",
    "app.kernel.pdf",
    "app.kernel.webhook_sender",
    "app.web.contract",
)
# Of everybody's modules together, our own apart. It may grow with reason: each costs every start its time.
MOST_MODULES = 850

_APPLICATION = """
import os, sys, threading
from app.kernel.settings import Settings
from app.main import create_app
create_app(Settings(_env_file=None, keys_file="keys.json", files_url=f"file:{os.getcwd()}/files"))
print(sorted(sys.modules))
print(threading.active_count(), len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1)
"""
_SERVER = """
import gc, os, sys, threading
from app.kernel.settings import Settings
from app.web import server
gc.disable()
server._load(Settings(_env_file=None))
print(sorted(sys.modules))
print(threading.active_count(), len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1)
print(gc.isenabled(), gc.get_freeze_count())
"""
_ROUTES = """
from app.routers import ALL
routes = [route for router in ALL for route in router.routes]
print([route.name for route in routes if "_unread" not in route.__dict__])
print(len(routes))
"""
_MODELS = """
import app.main
from app.schemas.common import Out
from app.schemas.strict import In
def below(kind):
    for child in kind.__subclasses__():
        yield child
        yield from below(child)
models = [model for kind in (In, Out) for model in below(kind)]
print([model.__name__ for model in models if model.__pydantic_complete__])
print(len(models))
"""


def said(code: str, folder: Path) -> list[str]:
    """What a fresh interpreter prints, line by line."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWARD_")}
    command = [sys.executable, "-W", "ignore", "-c", code]
    told = subprocess.run(
        command, cwd=folder, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    return told.stdout.splitlines()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    modules, threads = said(_APPLICATION, tmp_path_factory.mktemp("start"))
    assert threads == "1 1"
    return set(ast.literal_eval(modules))


@pytest.mark.parametrize("module", LATE)
def test_a_start_does_not_load_what_few_requests_need(loaded: set[str], module: str) -> None:
    assert module not in loaded


def test_what_is_not_loaded_is_there(tmp_path: Path) -> None:
    """A name that is spelt wrong would be missed for ever."""
    imported = "; ".join(f"import {module}" for module in LATE)
    (modules,) = said(f"import sys; {imported}; print(sorted(sys.modules))", tmp_path)
    assert set(LATE) <= set(ast.literal_eval(modules))


def test_a_start_loads_a_bounded_number_of_modules(loaded: set[str]) -> None:
    assert "app.main" in loaded
    assert len([name for name in loaded if name.partition(".")[0] != "app"]) <= MOST_MODULES


def test_what_the_workers_share_is_loaded_before_them_and_has_no_thread(tmp_path: Path) -> None:
    modules, threads, heap = said(_SERVER, tmp_path)
    assert {"app.main", "app.routers", "uvicorn.lifespan.on", "sqlalchemy.orm"} <= set(ast.literal_eval(modules))
    assert threads == "1 1"
    enabled, frozen = heap.split()
    assert enabled == "True" and int(frozen) > 100_000
    # Keys, files and database are made by each worker.
    assert list(tmp_path.iterdir()) == []


def test_no_route_is_read_before_somebody_comes_to_it(tmp_path: Path) -> None:
    read, routes = said(_ROUTES, tmp_path)
    assert read == "[]" and int(routes) > 200


def test_no_schema_is_built_before_somebody_sends_it(tmp_path: Path) -> None:
    built, models = said(_MODELS, tmp_path)
    # A page of something is made from the page as such.
    assert set(ast.literal_eval(built)) <= {"PageOut"} and int(models) > 300


def test_each_command_loads_its_own(tmp_path: Path) -> None:
    (loaded,) = said("import sys, app.cli; print(sorted(n for n in sys.modules if n.startswith('app.')))", tmp_path)
    assert not {"app.main", "app.commands.contract", "app.commands.accounts"} & set(ast.literal_eval(loaded))
