"""The generated page of the reasons: what each says, and which rules give it with which outcome."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.measures.findings import Outcome
from app.measures.reasons import Reason
from app.measures.sentences import shipped

_SOURCE = Path(__file__).parent.parent


# One case of each reason under each rule that gives it: what a rule computes is told there, where the source cannot.
_CASES = _SOURCE.parent / "tests" / "measures" / "reasons_told.json"


_OUTCOMES = {"passes": Outcome.PASS, "fails": Outcome.FAIL, "needs_decision": Outcome.NEEDS_DECISION}


_Function = ast.FunctionDef | ast.AsyncFunctionDef


Given = dict[str, dict[str, set[str]]]


def reasons_page() -> str:
    """Every reason by its code: the outcomes and rules that it is given with, sentences and remedies."""
    given, cases = given_reasons(), _cases()
    lines = [
        "# Reasons\n",
        "Each finding carries the id of its rule and a reason; together they name the case. Every violation of",
        "a refusal has both. `{…}` stands for a fact of the finding. Where the rule decides the wording, a row of its",
        "own names it. Outcomes and rules are those that the code names and those of the cases that the tests hold.\n",
        "| reason | outcome | rules | 中文 | English | remedy |",
        "|---|---|---|---|---|---|",
    ]
    for reason in sorted(Reason):
        sentences = shipped()["reasons"][reason.value]
        known = cases[reason.value]
        outcomes = given[reason.value]["outcomes"] | {outcome for _, outcome in known}
        rules = given[reason.value]["rules"] | {rule for rule, _ in known}
        plain = {key: text for key, text in sentences.items() if isinstance(text, str)}
        lines.append(_row(f"`{reason.value}`", outcomes, rules, plain))
        for rule, wording in sorted(sentences.items()):
            if isinstance(wording, dict):
                under = {outcome for named, outcome in known if named == rule}
                lines.append(_row(f"`{reason.value}`", under, {rule}, plain | wording))
    return "\n".join(lines) + "\n"


def _cases() -> Mapping[str, set[tuple[str, str]]]:
    """Reason → rule and outcome of each case."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for case in json.loads(_CASES.read_text(encoding="utf-8")):
        found[case["reason"]].add((case["rule"], case["outcome"]))
    return found


def given_reasons() -> Mapping[str, dict[str, set[str]]]:
    """Reason → its `outcomes` and `rules` as far as the source tells: a rule that is named in the call, or the only one
    of the function that makes the finding."""
    given: Given = defaultdict(lambda: {"outcomes": set(), "rules": set()})
    for path in sorted(_SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        makers = {item.name: item for item in ast.walk(tree) if isinstance(item, _Function)}
        for function, call in _calls(tree):
            for argument in call.args:
                if (reason := _reason(argument)) is not None:
                    outcomes, rules = _told(call, function, makers)
                    given[reason]["outcomes"] |= outcomes
                    given[reason]["rules"] |= rules
    return given


def _row(reason: str, outcomes: set[str], rules: set[str], sentences: Mapping[str, str]) -> str:
    remedy = " / ".join(sentences[key] for key in ("remedy_zh", "remedy_en") if sentences.get(key))
    named = ", ".join(f"`{rule}`" for rule in sorted(rules))
    cells = [reason, ", ".join(sorted(outcomes)), named, sentences["zh"], sentences["en"], remedy]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _calls(tree: ast.Module) -> Iterator[tuple[_Function | None, ast.Call]]:
    """Every call with the function that it stands in."""
    inside: dict[ast.Call, _Function | None] = {node: None for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for function in ast.walk(tree):
        if isinstance(function, _Function):
            inside |= {node: function for node in ast.walk(function) if isinstance(node, ast.Call)}
    return ((function, call) for call, function in inside.items())


def _told(call: ast.Call, function: _Function | None, makers: Mapping[str, _Function]) -> tuple[set[str], set[str]]:
    """Outcomes and rules of one call: of `fails` and its like, or of a helper that calls them."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in _OUTCOMES:
        first = call.args[0]
        rules = {str(first.value)} if isinstance(first, ast.Constant) else _only_rule(function)
        return {_OUTCOMES[name].value}, rules
    outcomes: set[str] = set()
    rules = set()
    for inner in ast.walk(makers[name]) if name in makers else ():
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in _OUTCOMES:
            told = _told(inner, makers[name], {})
            outcomes |= told[0]
            rules |= told[1]
    return outcomes, rules or _only_rule(function)


def _only_rule(function: _Function | None) -> set[str]:
    """The rule that the decorator names, where it names one."""
    for decorator in [] if function is None else function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "rule":
            named = {str(item.value) for item in decorator.args if isinstance(item, ast.Constant)}
            return named if len(named) == 1 else set()
    return set()


def _reason(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason":
        return Reason[node.attr].value
    return None
