"""What the rules of the house read a file with: its tree, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

_GATHER = {"frozenset", "list", "set", "sorted", "tuple"}


@dataclass(frozen=True)
class Source:
    """One file: its path from the root, its lines, its tree."""

    path: PurePosixPath
    lines: list[str]
    tree: ast.Module

    def within(self, *folders: str) -> bool:
        """Whether it lies in one of these folders, or is one of these files."""
        return any(self.path.is_relative_to(folder) for folder in folders)

    @cached_property
    def imported(self) -> dict[str, str]:
        """What was imported under another name, by that name: its last name at home."""
        return {
            item.asname: item.name.rpartition(".")[2]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for item in node.names
            if item.asname
        }

    @cached_property
    def assigned(self) -> dict[str, list[ast.expr]]:
        """Everything that a plain name is made to stand for, anywhere in the file."""
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                targets: list[ast.expr] = node.targets
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                targets = [node.target]
            else:
                continue
            for target in targets:
                if isinstance(target, ast.Name) and node.value is not None:
                    found.setdefault(target.id, []).append(node.value)
        return found

    def names(self, node: ast.expr, depth: int = 3) -> set[str]:
        """The last name of what is written, and the names that it stands for: `dt` for `datetime` as imported, `S` for
        `S = RoundState`."""
        name = last_name(node)
        if name is None:
            return set()
        found = {name}
        if isinstance(node, ast.Name):
            found |= {self.imported[name]} if name in self.imported else set()
            for value in self.assigned.get(name, ()) if depth else ():
                found |= self.names(value, depth - 1)
        return found

    def comes_to(self, node: ast.expr, depth: int = 3) -> Iterator[ast.expr]:
        """What an expression may come to: itself; the parts of a condition, of a formatted text, of a collection; what
        a plain name was made to stand for."""
        parts: Iterable[ast.expr | None] = ()
        if isinstance(node, ast.IfExp):
            parts = (node.body, node.orelse)
        elif isinstance(node, ast.BoolOp | ast.JoinedStr):
            parts = node.values
        elif isinstance(node, ast.BinOp):
            parts = (node.left, node.right)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = node.elts
        elif isinstance(node, ast.Dict):
            parts = node.keys
        elif isinstance(node, ast.Starred | ast.NamedExpr):
            parts = (node.value,)
        elif isinstance(node, ast.Call) and last_name(node.func) in _GATHER:
            parts = node.args
        elif isinstance(node, ast.Name) and depth and node.id in self.assigned:
            parts, depth = self.assigned[node.id], depth - 1
        else:
            yield node
        for part in parts:
            if part is not None:
                yield from self.comes_to(part, depth)

    def words(self, node: ast.expr) -> bool:
        """Whether it may come to a word that is written out in this file."""
        return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in self.comes_to(node))

    @cached_property
    def told(self) -> set[ast.expr | None]:
        """The docstrings."""
        return {docstring(node) for node in ast.walk(self.tree)}

    def imports(self) -> Iterator[tuple[int, str, set[str]]]:
        """Line, module and, for `from … import`, the names at home."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield node.lineno, name.name, set()
            elif isinstance(node, ast.ImportFrom):
                yield node.lineno, "." * node.level + (node.module or ""), {name.name for name in node.names}
            elif isinstance(node, ast.Call) and last_name(node.func) in ("import_module", "__import__"):
                for part in node.args[:1]:
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield node.lineno, part.value, set()


Found = Iterator[tuple[int, str]]
Rule = Callable[[Source], Found]


def last_name(node: ast.expr) -> str | None:
    """`c` of `a.b.c`."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def docstring(node: ast.AST) -> ast.expr | None:
    """What a module, class or function says of itself."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
        first = node.body[0]
        return first.value if isinstance(first, ast.Expr) else None
    return None


def top(module: str) -> str:
    """`a` of `a.b.c`."""
    return module.split(".")[0]
