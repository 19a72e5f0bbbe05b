"""A statement knows the types of its parameters, whichever module of the store is loaded first."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# In a process of its own: in this one everything is loaded.
UNTYPED = """
import importlib, sys
from sqlalchemy.types import NullType
from app.store.sqlite_in_loop import SQLiteInLoop
from app.store.statements import Statement
module = importlib.import_module(sys.argv[1])
for name, made in vars(module).items():
    if isinstance(made, Statement):
        binds = made._query.compile(dialect=SQLiteInLoop(), compile_kwargs={"render_postcompile": True}).binds
        print(*(f"{name}: {key}" for key, bind in binds.items() if isinstance(bind.type, NullType)), end="")
"""


@pytest.mark.parametrize("module", ["publicity", "notices", "organisations.names", "applications.shown"])
def test_a_reference_is_typed_before_its_table_is_known(module: str) -> None:
    command = [sys.executable, "-c", UNTYPED, f"app.store.{module}"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told == ""
