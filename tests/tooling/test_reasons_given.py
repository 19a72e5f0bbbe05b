"""Every reason is given by some rule, in the measures or where a service asks one."""

import ast
from pathlib import Path

import app
from app.measures.reasons import Reason


def test_every_reason_is_given_somewhere() -> None:
    root = Path(app.__file__).parent
    named = {
        node.attr
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason"
    }
    assert {reason.name for reason in Reason} - named == set()
