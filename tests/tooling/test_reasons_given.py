"""Every reason is given by some rule, in the measures or where a service asks one; and what it says under that rule was
read by somebody."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import app
from app.measures.order import act_out_of_order
from app.measures.reasons import Reason
from app.measures.state_machines import STATE_MACHINES

ROOT = Path(app.__file__).parent
_MAKERS = ("fails", "passes", "needs_decision")
Pair = tuple[str, str]


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
