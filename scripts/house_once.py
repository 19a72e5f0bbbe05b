"""The rules of the house on what has one answer: how long an award is valid, and who stands before whom."""

from __future__ import annotations

import ast

from scripts.house_source import Found, Source, last_name

# Both ends of an award's validity, and the day that cuts it short.
_OF_VALIDITY = {"conferred_on", "last_valid_day", "revoked_on", "valid_from", "valid_until"}
_COUNT = {"bisect", "bisect_left", "bisect_right", "count", "index", "len", "next", "sum"}
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def validity(source: Source) -> Found:
    """Whether an award is valid on a day is one question, in the law as in SQL."""
    if not source.within("app") or source.within("app/measures/validity.py"):
        return
    message = "how long an award is valid is asked of app/measures/validity.py"
    for node in ast.walk(source.tree):
        compared: list[ast.expr] = []
        if isinstance(node, ast.Compare) and any(isinstance(operator, _ORDER) for operator in node.ops):
            compared = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "between":
            compared = [node.func.value]
        elif isinstance(node, ast.Attribute) and node.attr == "validity_years":
            yield node.lineno, message
        if any(_of_validity(source, side) for side in compared):
            yield compared[0].lineno, message


def _of_validity(source: Source, side: ast.expr) -> bool:
    side = side.func if isinstance(side, ast.Call) else side
    return bool(source.names(side) & _OF_VALIDITY)


def ranking(source: Source) -> Found:
    """Who stands before whom is answered in one place, and handed on from there."""
    if not source.within("app") or source.within("app/measures/ranking.py"):
        return
    message = "a rank is given by places of app/measures/ranking.py"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (
            "Place" in source.names(node.func) or _in_sql(node.func) or _computed(source, node)
        ):
            yield node.lineno, message
        elif isinstance(node, ast.Assign) and any(last_name(target) == "rank" for target in node.targets):
            if _made(source, node.value):
                yield node.lineno, message
        elif isinstance(node, ast.For | ast.comprehension) and _counted(node.target, node.iter):
            yield node.iter.lineno, message


def _in_sql(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in ("rank", "dense_rank")
        and last_name(function.value) == "func"
    )


def _computed(source: Source, call: ast.Call) -> bool:
    return any(keyword.arg == "rank" and _made(source, keyword.value) for keyword in call.keywords)


def _made(source: Source, value: ast.expr) -> bool:
    """Reckoned here, and not read from what was ranked."""
    return any(
        (isinstance(part, ast.Constant) and isinstance(part.value, int))
        or (isinstance(part, ast.Call) and last_name(part.func) in _COUNT)
        for part in source.comes_to(value)
    )


def _counted(target: ast.expr, walked: ast.expr) -> bool:
    first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
    counting = isinstance(walked, ast.Call) and last_name(walked.func) == "enumerate"
    return counting and isinstance(first, ast.Name) and first.id == "rank"
