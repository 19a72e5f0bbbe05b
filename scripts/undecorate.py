"""Lets mutation testing reach the functions under decorators: `python scripts/undecorate.py FILE ...`.

The mutating tool leaves decorated functions alone, and every rule of the law carries one. In the throw-away copy that
`scripts/mutate.sh` makes, `@rule(...)` and `@property` become plain calls after the function, so the registry is
complete and properties stay properties; `@cache` goes, as an answer kept from the unchanged code would hide a change.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

_CALLED_AFTERWARDS = ("rule", "property")
_DROPPED = ("cache",)


def undecorated(source: str) -> str:
    """The module with its decorators of the three kinds taken off, over any number of lines each."""
    lines = source.splitlines()
    removed: set[int] = set()
    added: dict[int, list[str]] = {}
    for function in _functions(ast.parse(source)):
        indent = " " * function.col_offset
        for decorator in reversed(function.decorator_list):
            name = _name(decorator)
            if name not in (*_CALLED_AFTERWARDS, *_DROPPED):
                continue
            # The line of the "@" is the line on which the decorator's expression begins.
            removed.update(range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1))
            if name in _CALLED_AFTERWARDS:
                call = f"{indent}{function.name} = {ast.unparse(decorator)}({function.name})"
                added.setdefault(function.end_lineno or function.lineno, []).append(call)
    written: list[str] = []
    for number, line in enumerate(lines, 1):
        if number not in removed:
            written.append(line)
        written += added.get(number, [])
    return "\n".join(written) + "\n"


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _name(decorator: ast.expr) -> str | None:
    inner = decorator.func if isinstance(decorator, ast.Call) else decorator
    return inner.id if isinstance(inner, ast.Name) else None


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(undecorated(file.read_text(encoding="utf-8")), encoding="utf-8")
