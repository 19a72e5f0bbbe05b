"""No two places of `app/` say the same: `python scripts/lint_duplicates.py`.

Lines are compared by their shape: names, strings and numbers are alike, and imports, docstrings, comments, blank lines
and lone punctuation do not count. Where a line only names what is declared (a field, a column, an entry of a table) or
passed on (`name=row.name,`), its shape is everybody's, and it is compared by its words.
"""

from __future__ import annotations

import ast
import io
import keyword
import sys
import tokenize
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# So many lines of one shape are a duplicate.
ALIKE = 12

_NOT_COUNTED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two places that share so many lines of one shape; the lines are those where they begin."""

    path: str
    line: int
    other_path: str
    other_line: int
    length: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line} and {self.other_path}:{self.other_line}: {self.length} lines of the same shape"


def shapes(text: str) -> list[tuple[int, str]]:
    """Line number and shape of each line that counts."""
    tree = ast.parse(text)
    left_out, declared = _left_out(tree), _declared(tree)
    lines: defaultdict[int, list[tokenize.TokenInfo]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NOT_COUNTED and token.start[0] not in left_out:
            lines[token.start[0]].append(token)
    return [
        (number, _told(tokens, named=number in declared))
        for number, tokens in sorted(lines.items())
        if any(_shape(token).isalpha() for token in tokens)
    ]


def _told(tokens: Sequence[tokenize.TokenInfo], *, named: bool) -> str:
    """A line as it is compared: by its shape, or by its words where it only names what is declared or passed on."""
    passed_on = tokens[-1].string == "," and all(_is_name(token) or token.string in "=.," for token in tokens)
    return " ".join(token.string if named or passed_on else _shape(token) for token in tokens)


def pairs(files: Mapping[str, str]) -> list[Pair]:
    """The pairs of places, each as long as it goes; `files` are texts by path."""
    told = {path: shapes(text) for path, text in sorted(files.items())}
    windows: defaultdict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for path, lines in told.items():
        for start in range(len(lines) - ALIKE + 1):
            window = tuple(shape for _, shape in lines[start : start + ALIKE])
            windows[window].append((path, start))
    found: list[Pair] = []
    seen: set[tuple[str, int, str, int]] = set()
    same = sorted(
        (*place, *other)
        for places in windows.values()
        for number, place in enumerate(places)
        for other in places[number + 1 :]
    )
    for path, start, other, begin in same:
        lines, rest = told[path], told[other]
        # The window before it has told of a longer one; places that overlap are one place.
        if (path, start - 1, other, begin - 1) in seen:
            seen.add((path, start, other, begin))
            continue
        seen.add((path, start, other, begin))
        length = _common(lines[start:], rest[begin:])
        if path == other and begin < start + length:
            length = begin - start
        if length >= ALIKE:
            found.append(Pair(path, lines[start][0], other, rest[begin][0], length))
    return sorted(found)


def _common(lines: Sequence[tuple[int, str]], rest: Sequence[tuple[int, str]]) -> int:
    length = 0
    while length < min(len(lines), len(rest)) and lines[length][1] == rest[length][1]:
        length += 1
    return length


def _shape(token: tokenize.TokenInfo) -> str:
    if _is_name(token):
        return "name"
    if token.type == tokenize.NUMBER:
        return "number"
    return token.string if token.type in (tokenize.NAME, tokenize.OP) else "string"


def _is_name(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.NAME and not keyword.iskeyword(token.string)


def _declared(tree: ast.Module) -> set[int]:
    """The lines of fields, columns and tables of constants."""
    lines: set[int] = set()
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    for node in (item for body in bodies for item in body):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _left_out(tree: ast.Module) -> set[int]:
    """The lines of imports and docstrings, and of the members of an enumeration, which no other can inherit."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
            lines.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if text or isinstance(node, ast.Import | ast.ImportFrom):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))  # type: ignore[attr-defined]
    return lines


def main(root: Path) -> int:
    """Print every pair; 1 where there is one."""
    files = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in (root / "app").rglob("*.py")
    }
    found = pairs(files)
    for pair in found:
        print(pair)
    print(f"Duplicates: {len(files)} files, {len(found)} pairs of {ALIKE} lines or more")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))
