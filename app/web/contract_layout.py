"""How the contract is written down: JSON that a person can read in a diff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

# What is committed is what is served; a test says when the code has gone on.
CONTRACT = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"
WIDTH = 120
# What the words of an enumeration are called: behind the words, on their last line, however long that is.
TABLES = ("x-enum-labels",)
# Columns of what is small enough to stand beside others.
_FEW = 75


def layout(value: object) -> str:
    """JSON in which what fits on a line of 120 columns stands on one, in the order in which it was made.

    A changed field or operation is a changed line; words and numbers stand side by side as in a text.
    """
    return _laid_out(value, indent=0, before=0, after=0) + "\n"


def compact(document: Mapping[str, object]) -> str:
    """A document of which each operation and each component is one line: to be compared by programs, not read."""
    sections = [f"{json.dumps(name)}: {_section(name, part)}" for name, part in document.items()]
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _section(name: str, part: object) -> str:
    if name not in ("paths", "components") or not isinstance(part, dict):
        return _line(part)
    groups = []
    for key, members in part.items():
        lines = [f"  {_line(member)}: {_line(content)}" for member, content in members.items()]
        groups.append(f" {_line(key)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(groups) + "\n}"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _laid_out(value: object, *, indent: int, before: int, after: int) -> str:
    """`before` and `after`: columns that the first line has used, and that the last one must leave."""
    line = _line(value)
    if not isinstance(value, dict | list) or not value or indent + before + len(line) + after <= WIDTH:
        return line
    if isinstance(value, dict) and len(value) == 1:
        # One thing in another: the braces of both open on one line, and close on one.
        ((key, item),) = value.items()
        inner = _laid_out(item, indent=indent, before=before + 1 + len(_line(key)) + 2, after=after + 1)
        return f"{{{_line(key)}: {inner}}}"
    members = [(f"{_line(key)}: ", item) for key, item in value.items()] if isinstance(value, dict) else None
    written = members or [("", item) for item in value]
    if all(_fits(key, item, WIDTH - indent - 2 - after) for key, item in written):
        return _filled(written, "{}" if members else "[]", indent, room=WIDTH - before, after=after)
    return _broken(written, "{}" if members else "[]", indent)


def _filled(members: list[tuple[str, object]], brackets: str, indent: int, *, room: int, after: int) -> str:
    """Words, numbers and what is small, as many on a line as it holds. `room`: that of the first line."""
    lines, left = [brackets[0]], room - indent - 1
    for number, (key, item) in enumerate(members, start=1):
        last = number == len(members)
        member = key + _line(item) + (brackets[1] if last else ",")
        needed = len(member) + (after if last else 0)
        begun = lines[-1] != brackets[0]
        if left < needed + begun:
            lines.append("")
            left, begun = WIDTH - indent - 1, False
        lines[-1] += (" " if begun else "") + member
        left -= len(member) + begun
    return ("\n" + " " * (indent + 1)).join(lines)


def _broken(members: list[tuple[str, object]], brackets: str, indent: int) -> str:
    """Over several lines: words, numbers and what is small as many on one as it holds, what has parts on its own."""
    lines: list[str] = []
    filling = False
    for key, item in members:
        if lines and key.strip('": ') in TABLES:
            lines[-1] += f", {key}{_line(item)}"
            filling = False
            continue
        member = key + _laid_out(item, indent=indent + 1, before=len(key), after=1)
        plain = _is_plain(item)
        if filling and plain and indent + 1 + len(lines[-1]) + 2 + len(member) + 1 <= WIDTH:
            lines[-1] += f", {member}"
        else:
            lines.append(member)
        filling = plain
    pad = "\n" + " " * (indent + 1)
    return f"{brackets[0]}{pad}" + f",{pad}".join(lines) + f"\n{' ' * indent}{brackets[1]}"


def _fits(key: str, value: object, room: int) -> bool:
    """Whether a member can stand beside others, in this room."""
    return _is_plain(value) and key.strip('": ') not in TABLES and len(key) + len(_line(value)) <= room


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict | list) or not value or _is_small(value)


def _is_small(value: object) -> bool:
    """A reference, a few words, or a type that is said in a few: they stand beside others on a line."""
    return (isinstance(value, dict) and value.keys() == {"$ref"}) or len(_line(value)) <= _FEW
