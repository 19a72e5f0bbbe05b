"""Arts. 11 to 21: a refusal says what would cure it, unless nothing would."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TypeGuard

import app.measures
from app.measures.reasons import Reason

_FOLDER = Path(app.measures.__file__).parent
_REFUSALS = {"fails", "needs_decision"}
# What no act of the caller cures, by its English message.
_INCURABLE = {
    "deliberation": set[str](),
    "publicity": set[str](),
    "reviewers": {"No scores were set aside: the results stand"},
    "scoring": {
        "A reviewer has scored twice",
        "Not qualified: it cannot be scored",
    },
    "stages": {
        "Not qualified: it cannot be scored",
        "It already has its material report",
        "Not on the on-site list",
        "It already has its on-site report",
        "A sheet was submitted before the visit",
        "There is one on-site report only",
    },
}


_CASES = json.loads(Path(__file__).with_name("reasons_told.json").read_text(encoding="utf-8"))
_REFUSED_WITHOUT_REMEDY = {
    case["reason"] for case in _CASES if case["outcome"] in ("fail", "needs_decision") and "remedy_zh" not in case
}


def reasons_without_remedy(module: str) -> set[str]:
    """The reasons that a module of the measures gives and that refuse without a remedy."""
    tree = ast.parse((_FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    given = {Reason[node.attr].value for node in ast.walk(tree) if _is_reason(node)}
    return (given & _REFUSED_WITHOUT_REMEDY) | messages_without_remedy(tree)


def _is_reason(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason"


def messages_without_remedy(tree: ast.Module) -> set[str]:
    """The English messages of the refusals that say their sentences themselves and name no remedy."""
    return {
        _message(call)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in _REFUSALS
        and len(call.args) == 3
        and not any(keyword.arg == "remedy" for keyword in call.keywords)
    }


def _message(call: ast.Call) -> str:
    last = call.args[-1]
    return str(last.value) if isinstance(last, ast.Constant) else ast.unparse(last)


def test_every_refusal_of_review_deliberation_and_publicity_names_its_remedy() -> None:
    for module, incurable in _INCURABLE.items():
        assert reasons_without_remedy(module) == incurable, module
