"""The rules of the house on states and kinds: only the machines move them, only enumerations name them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from scripts.house_source import Found, Source, last_name

# What is one of a few words: each has its enumeration in app/measures.
_KINDS = {
    "basis",
    "category",
    "classification",
    "finding",
    "gate",
    "grade",
    "kind",
    "legal_form",
    "membership",
    "origin",
    "outcome",
    "role",
    "seat_category",
    "severity",
    "stage",
    "state",
    "states",
    "status",
}
_KIND = re.compile(r".*_(kind|state|status)")
# In SQL that is written as text: a state that an update sets or a new row begins in.
_SQL_STATE = re.compile(
    r"\bupdate\b[^;]*\bset\b(?:(?!\bwhere\b)[^;])*\bstate\b[\s\"]*=|\binsert\s+into\b[^;(]*\([^)]*\bstate\b", re.I
)
_HANDED_BY_ROW = "new_state"
_FROM_THE_MACHINE = {"create", "target_of"}


def state(source: Source) -> Found:
    """Only the state machines change a state, and an object begins in the state that its machine says."""
    if not source.within("app") or source.within("app/services/lifecycle.py"):
        return
    message = "only app/services/lifecycle.py changes a state"
    called = {node.func for node in ast.walk(source.tree) if isinstance(node, ast.Call)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.Name):
            # Handed on or called otherwise, it sets what nobody sees.
            found = node.id == "setattr" and node not in called
        elif isinstance(node, ast.Attribute):
            found = node.attr == "state" and isinstance(node.ctx, ast.Store)
        elif isinstance(node, ast.Subscript):
            set_by_key = isinstance(node.ctx, ast.Store) and _attributes_of_a_row(node.value)
            found = set_by_key and (_is_state(node.slice) or _unseen(source, node.slice))
        elif isinstance(node, ast.Dict):
            found = any(key == _HANDED_BY_ROW and _chosen(source, value) for key, value in _of_rows(source, node))
        elif isinstance(node, ast.Call):
            found = _sets(source, node) or _begins(source, node) or _writes(source, node)
        else:
            found = isinstance(node, ast.Constant | ast.JoinedStr) and _as_text(source, node)
        if found:
            yield node.lineno, message


def machine(source: Source) -> Found:
    """A table whose rows have a state says which machine moves them: its words are checked against the machine's."""
    if not source.within("app/store"):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef) or not _a_table(node):
            continue
        moved = any(isinstance(part, ast.Call) and last_name(part.func) == "state_of" for part in ast.walk(node))
        for item in node.body:
            targets: list[ast.expr] = [item.target] if isinstance(item, ast.AnnAssign) else []
            targets += item.targets if isinstance(item, ast.Assign) else []
            if any(last_name(target) == "state" for target in targets) and not (moved and _by_enumeration(item)):
                yield item.lineno, "a state has its machine (`state_of`) and its enumeration (`Mapped[…State]`)"


def _a_table(node: ast.ClassDef) -> bool:
    return any(isinstance(part, ast.Name) and part.id in ("__tablename__", "Mapped") for part in ast.walk(node))


def _by_enumeration(item: ast.stmt) -> bool:
    parts = ast.walk(item.annotation) if isinstance(item, ast.AnnAssign) else ()
    return any(isinstance(part, ast.Name) and part.id.endswith("State") for part in parts)


def _is_state(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "state"


def _attributes_of_a_row(node: ast.expr) -> bool:
    """`row.__dict__`, `vars(row)`."""
    return last_name(node) == "__dict__" or (isinstance(node, ast.Call) and last_name(node.func) == "vars")


_SETTERS = {"setattr", "__setattr__", "set_attribute", "set_committed_value"}


# What sets by names that it is given: the one refuses a state, the other knows columns of sealed texts alone.
_BY_NAMES = ("app/store/base.py", "app/store/sealed.py")


def _sets(source: Source, call: ast.Call) -> bool:
    """By Python's own means, or by those of the mapper; under a name that nobody sees it may be the state."""
    name = last_name(call.func)
    if name == "update" and isinstance(call.func, ast.Attribute) and _attributes_of_a_row(call.func.value):
        return True
    named = call.args[:2]
    if name not in _SETTERS:
        return False
    return any(_is_state(item) for item in named) or (len(named) > 1 and _unseen(source, named[-1]))


def _unseen(source: Source, name: ast.expr) -> bool:
    """Whether a name may be any, or come to the state."""
    # Whoever imports a constant reads it where it stands.
    parts = [] if isinstance(name, ast.Name) and name.id.isupper() and name.id not in source.assigned else [name]
    put_together = any(isinstance(part, ast.BinOp | ast.JoinedStr) for item in parts for part in ast.walk(item))
    found = [part for item in parts for part in source.comes_to(item)]
    seen = not put_together and all(isinstance(part, ast.Constant) and not _is_state(part) for part in found)
    return not seen and not source.within(*_BY_NAMES)


def _begins(source: Source, call: ast.Call) -> bool:
    """A class called with a word, or a member of an enumeration, for its state, where `create` gives it."""
    if not any(name[:1].isupper() for name in source.names(call.func)):
        return False
    return any(_chosen(source, value) for name, value in _given(source, call) if name == "state")


def _chosen(source: Source, value: ast.expr) -> bool:
    """A state that is written out: a word, or a member such as `RoundState.CALLED`, whatever the enumeration is called
    here."""
    return any(
        isinstance(part, ast.Constant)
        or (isinstance(part, ast.Attribute) and part.attr.isupper() and _is_enumeration(source, part.value))
        or (isinstance(part, ast.Subscript) and _is_enumeration(source, part.value))
        or (isinstance(part, ast.Call) and _is_enumeration(source, part.func) and any(map(source.words, part.args)))
        for part in source.comes_to(value)
    )


def _is_enumeration(source: Source, node: ast.expr) -> bool:
    return any(name.endswith("State") for name in source.names(node))


def _writes(source: Source, call: ast.Call) -> bool:
    """A statement that gives rows a state. The store writes down the state that a service has from the machine and
    hands to it as `state`."""
    given: Iterable[tuple[str, ast.expr]] = ()
    name = last_name(call.func)
    if name == "values":
        given = (*_given(source, call), *(pair for item in call.args for pair in _of_rows(source, item)))
    elif name is not None and (name in ("execute", "executemany", "scalars") or name.startswith("bulk_")):
        given = (pair for item in call.args[1:] for pair in _of_rows(source, item))
    else:
        given = (pair for item in call.keywords if item.arg == "set_" for pair in _of_rows(source, item.value))
    return any(key == "state" and not _handed(source, value) for key, value in given) or _any_change(source, call)


def _any_change(source: Source, call: ast.Call) -> bool:
    """An update that writes whatever it is handed."""
    if last_name(call.func) != "values":
        return False
    updates = any(isinstance(part, ast.Call) and "update" in source.names(part.func) for part in ast.walk(call.func))
    handed = [*call.args, *(item.value for item in call.keywords if item.arg is None)]
    return updates and not all(_says_its_keys(source, item) for item in handed)


def _says_its_keys(source: Source, node: ast.expr, depth: int = 3) -> bool:
    """Whether a dictionary is written out with the names of what it holds."""
    if isinstance(node, ast.Dict):
        parts = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        named = all(isinstance(key, ast.Constant | ast.Attribute | None) for key in node.keys)
        return named and all(_says_its_keys(source, part, depth) for part in parts)
    if isinstance(node, ast.Call) and last_name(node.func) == "dict":
        handed = [*node.args, *(item.value for item in node.keywords if item.arg is None)]
        return all(_says_its_keys(source, part, depth) for part in handed)
    values = source.assigned.get(node.id, []) if isinstance(node, ast.Name) and depth else []
    return bool(values) and all(_says_its_keys(source, value, depth - 1) for value in values)


def _handed(source: Source, value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and last_name(value.func) == "bindparam":
        # Row by row: what comes under this name is looked at where the rows are made.
        return any(isinstance(item, ast.Constant) and item.value == _HANDED_BY_ROW for item in value.args)
    if isinstance(value, ast.Call):
        return last_name(value.func) in _FROM_THE_MACHINE
    return isinstance(value, ast.Name) and value.id == "state" and "state" not in source.assigned


def _given(source: Source, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """What a call gives by name: keywords and `**`."""
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
        else:
            yield from _of_rows(source, keyword.value)


def _of_rows(source: Source, node: ast.expr, depth: int = 3) -> Iterator[tuple[str, ast.expr]]:
    """Keys and values of a dictionary, of each in a list, of what a name stands for; a key may be a column."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value), value
            elif isinstance(key, ast.Attribute):
                yield key.attr, value
            elif key is None:
                yield from _of_rows(source, value, depth)
    elif isinstance(node, ast.Call) and last_name(node.func) == "dict":
        yield from _given(source, node)
        for item in node.args:
            yield from _of_rows(source, item, depth)
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from _of_rows(source, item, depth)
    elif isinstance(node, ast.ListComp | ast.GeneratorExp):
        yield from _of_rows(source, node.elt, depth)
    elif isinstance(node, ast.Name) and depth:
        for value in source.assigned.get(node.id, ()):
            yield from _of_rows(source, value, depth - 1)


def _as_text(source: Source, node: ast.Constant | ast.JoinedStr) -> bool:
    if node in source.told:
        return False
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
    return _SQL_STATE.search(text) is not None


def kinds(source: Source) -> Found:
    """A state or a kind is compared with a member of its enumeration and given as one, never as a word."""
    # The words of the contract's own format, and of the first migration, are not ours to name.
    if not source.within("app") or source.within("app/web", "app/store/first_schema"):
        return
    message = "a state or a kind is a member of its enumeration in app/measures, not a word"
    for node in ast.walk(source.tree):
        for value in _words_for_kinds(node):
            if source.words(value):
                yield value.lineno, message


def _words_for_kinds(node: ast.AST) -> Iterator[ast.expr]:
    """What stands where a member belongs."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for one, other in [*pairwise(sides), *pairwise(sides[::-1])]:
            if isinstance(one, ast.Tuple) and isinstance(other, ast.Tuple):
                yield from (value for name, value in zip(one.elts, other.elts, strict=False) if _is_kind(name))
            elif _is_kind(one):
                yield other
    elif isinstance(node, ast.Match) and _is_kind(node.subject):
        for case in node.cases:
            yield from (part.value for part in ast.walk(case.pattern) if isinstance(part, ast.MatchValue))
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("in_", "not_in") and _is_kind(node.func.value):
            yield from node.args
        if last_name(node.func) == "one_of":
            yield from node.args[1:]
        yield from (item.value for item in node.keywords if item.arg is not None and _is_kind_name(item.arg))
        if last_name(node.func) == "values":
            for part in node.args:
                if isinstance(part, ast.Dict):
                    for key, value in zip(part.keys, part.values, strict=True):
                        name = key.value if isinstance(key, ast.Constant) else last_name(key) if key else None
                        if isinstance(name, str) and _is_kind_name(name):
                            yield value


def _is_kind(node: ast.expr) -> bool:
    """A name of a kind, its word (`kind.value`, `str(kind)`), or what a mapping holds under it."""
    if isinstance(node, ast.Attribute) and node.attr == "value":
        return _is_kind(node.value)
    if isinstance(node, ast.Call) and last_name(node.func) == "str":
        return any(map(_is_kind, node.args))
    key = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Call) and last_name(node.func) == "get":
        key = next(iter(node.args), None)
    if isinstance(key, ast.Constant):
        return isinstance(key.value, str) and _is_kind_name(key.value)
    name = last_name(node)
    return name is not None and _is_kind_name(name)


def _is_kind_name(name: str) -> bool:
    return name in _KINDS or _KIND.fullmatch(name) is not None
