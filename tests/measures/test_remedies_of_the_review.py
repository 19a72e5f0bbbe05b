"""Arts. 11 to 21: a refusal says what would cure it, unless nothing would."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TypeGuard

import app.measures
from app.measures.catalogue import CATALOGUE
from app.measures.reasons import Reason

_FOLDER = Path(app.measures.__file__).parent
# What no act of the caller cures.
_INCURABLE = {
    "deliberation": set[str](),
    "publicity": set[str](),
    "objections": set[str](),
    "proposed": set[str](),
    "evaluation": set[str](),
    "reviewers": {"no_scores_set_aside"},
    "scoring": {
        "scored_twice",
        "below_material_pass_line",
        "not_among_the_first",
        "not_qualified",
    },
    "reviews": {
        "not_qualified",
        "report_exists",
        "not_on_list",
        "sheet_before_visit",
        "several_reports",
    },
}


_CASES = json.loads(Path(__file__).with_name("reasons_told.json").read_text(encoding="utf-8"))
_REFUSED_WITHOUT_REMEDY = {
    (case["reason"], case["rule"])
    for case in _CASES
    if case["outcome"] in ("fail", "needs_decision") and "remedy_zh" not in case
}


def reasons_without_remedy(module: str) -> set[str]:
    """The reasons that a module of the measures gives and that refuse without a remedy."""
    tree = ast.parse((_FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    given = {Reason[node.attr].value for node in ast.walk(tree) if _is_reason(node)}
    rules = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in CATALOGUE}
    return {reason for reason, rule in _REFUSED_WITHOUT_REMEDY if reason in given and rule in rules}


def _is_reason(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason"


def test_every_refusal_of_review_deliberation_and_publicity_names_its_remedy() -> None:
    for module, incurable in _INCURABLE.items():
        assert reasons_without_remedy(module) == incurable, module
