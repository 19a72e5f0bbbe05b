"""Every reason is given by some rule, in the measures or where a service asks one; and what it says under that rule was
read by somebody."""

import ast
import importlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import app
from app.measures.order import act_out_of_order
from app.measures.reasons import Reason
from app.measures.revocations import RevocationKind
from app.measures.state_machines import STATE_MACHINES
from app.services.revocations import open_revocation

ROOT = Path(app.__file__).parent
_MAKERS = ("fails", "passes", "needs_decision")
Pair = tuple[str, str]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _sources() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.read_text(encoding="utf-8")


def _reasons(node: ast.AST) -> set[str]:
    return {
        item.attr
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id == "Reason"
    }


def _constants(tree: ast.Module) -> dict[str, str]:
    """The rules that a module has given a name, alone or several in a line."""
    found = {}
    for node in (item for item in tree.body if isinstance(item, ast.Assign)):
        target, value = node.targets[0], node.value
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = value.elts if isinstance(value, ast.Tuple) else [value]
        for name, text in zip(names, values, strict=False):
            if isinstance(name, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str):
                found[name.id] = text.value
    return found


def given(source: str) -> set[Pair]:
    """Rule and reason of each finding whose rule is named where it is made."""
    tree = ast.parse(source)
    constants, found = _constants(tree), set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in _MAKERS and len(node.args) > 1):
            continue
        rule = node.args[0]
        named = rule.value if isinstance(rule, ast.Constant) else constants.get(getattr(rule, "id", ""))
        found |= {(str(named), Reason[name].value) for name in _reasons(node.args[1]) if named is not None}
    return found


class Variable:
    """The findings of a module above the measures whose rule stands in a variable: the pairs that they may be, and the
    lines of those of which nobody can say. In the measures every finding of a test is looked at when it is made."""

    def __init__(self, source: str, module: ModuleType) -> None:
        self._module = module
        self.pairs: set[Pair] = set()
        self.unseen: list[int] = []
        tree = ast.parse(source)
        for function in _functions(tree):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in _MAKERS:
                    self._look(call, function)

    def _look(self, call: ast.Call, function: Function) -> None:
        if len(call.args) < 2:
            self.unseen.append(call.lineno)
            return
        rule, reason = call.args[:2]
        if ast.unparse(rule).endswith(".rule") and ast.unparse(reason) == ast.unparse(rule)[: -len("rule")] + "reason":
            # The finding of another rule, told once more: it was seen where it was made.
            return
        rules, reasons = self._rules(rule, function), self._reasons(reason, function)
        if not rules or not reasons:
            self.unseen.append(call.lineno)
        self.pairs |= {(item, Reason[name].value) for item in rules for name in reasons}

    def _rules(self, node: ast.expr, function: Function) -> set[str]:
        match node:
            case ast.Constant(value=str(rule)):
                return {rule}
            case ast.Attribute(attr="rule_id"):
                # Above the measures only the article of a revocation is asked for its rule.
                return {kind.rule_id for kind in RevocationKind}
            case ast.Subscript(value=ast.Name(id=name)):
                return set(getattr(self._module, name, {}).values())
            case ast.Attribute(value=ast.Name(id="self"), attr="rule"):
                return _rules_of_policies()
            case ast.Name(id=name) if isinstance(getattr(self._module, name, None), str):
                return {getattr(self._module, name)}
            case ast.Name(id=name):
                return {rule for value in _assigned(function, name) for rule in self._rules(value, function)}
        return set()

    def _reasons(self, node: ast.expr, function: Function) -> set[str]:
        found = _reasons(node)
        if found or not isinstance(node, ast.Name):
            return found
        if node.id in {item.arg for item in function.args.args}:
            return _passed(function.name)
        return {name for value in _assigned(function, node.id) for name in _reasons(value)}


@cache
def _passed(name: str) -> set[str]:
    """The reasons with which a function is called, be it by another that is called with them."""
    found = set()
    for source in _sources():
        if f"{name}(" not in source:
            continue
        for function in _functions(ast.parse(source)):
            calls = [item for item in ast.walk(function) if isinstance(item, ast.Call)]
            for call in (item for item in calls if getattr(item.func, "id", getattr(item.func, "attr", "")) == name):
                found |= _reasons(call)
                handed_on = {item.arg for item in function.args.args} & {getattr(item, "id", "") for item in call.args}
                found |= _passed(function.name) if "reason" in handed_on and function.name != name else set()
    return found


def _functions(tree: ast.Module) -> list[Function]:
    return [item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]


def _assigned(function: ast.AST, name: str) -> list[ast.expr]:
    """What is assigned to a name in a function, alone or among others."""
    found = []
    for node in (item for item in ast.walk(function) if isinstance(item, ast.Assign)):
        for target in node.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            found += [node.value for item in names if isinstance(item, ast.Name) and item.id == name]
    return found


def _rules_of_policies() -> set[str]:
    """The rules under which routes turn a role away."""
    return {
        item.value.value
        for path in (ROOT / "routers").rglob("*.py")
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(item, ast.keyword) and item.arg == "rule" and isinstance(item.value, ast.Constant)
        if isinstance(item.value.value, str)
    }


def _above_the_measures() -> Iterator[tuple[str, Variable]]:
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT.parent)
        source = path.read_text(encoding="utf-8")
        if place.parts[1] != "measures" and any(f"{maker}(" in source for maker in _MAKERS):
            parts = place.with_suffix("").parts
            module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
            yield str(place), Variable(source, module)


def _told() -> set[Pair]:
    path = ROOT.parent / "tests" / "measures" / "reasons_told.json"
    return {(case["rule"], case["reason"]) for case in json.loads(path.read_text(encoding="utf-8"))}


def test_every_reason_is_given_somewhere() -> None:
    named = {name for source in _sources() for name in _reasons(ast.parse(source))}
    assert {reason.name for reason in Reason} - named == set()


def test_what_a_reason_says_under_each_rule_that_gives_it_was_approved() -> None:
    pairs = {pair for source in _sources() for pair in given(source)}
    assert len(pairs) > 320
    assert pairs - _told() == set()


def test_a_pair_that_nobody_has_read_is_found() -> None:
    source = '_RULE = "art06.seats"\n[fails(_RULE, Reason.STATE_FINAL if late else Reason.STATE_PASSED)]\n'
    assert given(source) == {("art06.seats", "state_final"), ("art06.seats", "state_passed")}
    assert given('passes("art06.seats", Reason.STATE_FINAL)') - _told() == {("art06.seats", "state_final")}
    assert given("fails(kind.rule_id, Reason.STATE_FINAL)") == set()


def test_what_a_refusal_by_state_says_under_each_rule_was_approved() -> None:
    """Of the acts that somebody can ask for: of the others nobody is refused."""
    pairs = set()
    for machine in STATE_MACHINES.values():
        for item in (item for item in machine.transitions if item.offered):
            for state in set(machine.states) - set(item.sources):
                finding = act_out_of_order(machine, state, item.act)
                pairs.add((finding.rule, str(finding.reason)))
    assert pairs - _told() == set()


def test_what_a_service_says_under_a_rule_in_a_variable_was_approved() -> None:
    seen = dict(_above_the_measures())
    assert {place: found.unseen for place, found in seen.items() if found.unseen} == {}
    assert {place: found.pairs - _told() for place, found in seen.items() if found.pairs - _told()} == {}
    opened = seen["app/services/revocations/open_revocation.py"].pairs
    assert {(kind.rule_id, "revocation_pending") for kind in RevocationKind} <= opened


_OF_A_CASE = {("art26.fraud", "state_final"), ("art28.grounds", "state_final")}
_OF_SEATS = {("art06.seats", "state_final")}


@pytest.mark.parametrize(
    ("lines", "pairs"),
    [
        (
            "return fails(kind.rule_id, Reason.STATE_FINAL)",
            {("art26.fraud", "state_final"), ("art28.grounds", "state_final")},
        ),
        (
            "rule = kind.rule_id\n return fails(rule, Reason.STATE_FINAL)",
            {("art26.fraud", "state_final"), ("art28.grounds", "state_final")},
        ),
        (
            "reason, ahead = (Reason.STATE_FINAL, 1)\n return passes('art06.seats', reason)",
            {("art06.seats", "state_final")},
        ),
        ("return [fails(one.rule, one.reason) for one in heard]", set()),
    ],
)
def test_a_rule_in_a_variable_is_followed(lines: str, pairs: set[Pair]) -> None:
    found = Variable(f"def told(kind, heard):\n {lines}\n", open_revocation)
    assert (found.pairs, found.unseen) == (pairs, [])


@pytest.mark.parametrize(
    "line",
    [
        "return fails(told, Reason.STATE_FINAL)",
        "return fails('art06.seats', told)",
        "return fails(*told)",
        "return fails(one.rule, other.reason)",
    ],
)
def test_one_of_which_nobody_can_say_is_found(line: str) -> None:
    assert Variable(f"def said(told, one, other):\n {line}\n", open_revocation).unseen == [2]
