"""A reading is cited where it decides (Art. 32): in a finding, or on the record of the act that rests on it."""

import ast
from collections.abc import Iterator

import pytest

from app.commands.pages import ROOT
from app.measures.interpretations import interpretations

# What cites: a finding does by `cite` and `resting_on`, the record of an act by `rest_on` and `cited`.
CITING = {"cite", "cited", "rest_on", "resting_on"}

# Readings by which nothing is decided: they say what is absent.
NOTHING_DECIDED = {
    "area_after_the_endorsement": "the endorsement stands as it was given; the change is shown and nothing is refused",
    "report_again": "what was recorded is answered once more; nothing is decided by the message that comes again",
    "round_of_the_open_check": "the open check answers a question; nothing is decided, and nothing is on record",
}


def _constants(node: ast.AST) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value


def cited(source: str) -> set[str]:
    """The words that the citing calls of a module name, by themselves or in a sequence that has a name there."""
    tree = ast.parse(source)
    named = {
        target.id: set(_constants(node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set[str]()
    for node in (item for item in ast.walk(tree) if isinstance(item, ast.Call)):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in CITING:
            continue
        for argument in node.args:
            found |= set(_constants(argument))
            for item in ast.walk(argument):
                found |= named.get(item.id, set()) if isinstance(item, ast.Name) else set()
        found |= _of_a_loop(tree, node, named)
    return found


def _of_a_loop(tree: ast.Module, call: ast.Call, named: dict[str, set[str]]) -> set[str]:
    """`[readings.cite(key) for key in rests_on]`: what the comprehension goes over."""
    return {
        word
        for node in ast.walk(tree)
        if isinstance(node, ast.ListComp) and any(item is call for item in ast.walk(node.elt))
        for generator in node.generators
        if isinstance(generator.iter, ast.Name)
        for word in named.get(generator.iter.id, set())
    }


def _of_the_product() -> set[str]:
    return {word for path in (ROOT / "app").rglob("*.py") for word in cited(path.read_text(encoding="utf-8"))}


CITED = _of_the_product()


@pytest.mark.parametrize("key", sorted(interpretations()))
def test_art32_a_reading_is_cited_where_it_decides(key: str) -> None:
    assert (key in CITED) is (key not in NOTHING_DECIDED)


def test_the_list_of_what_decides_nothing_is_short_and_says_why() -> None:
    assert set(NOTHING_DECIDED) <= set(interpretations())
    assert len(NOTHING_DECIDED) <= 3 and all(NOTHING_DECIDED.values())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('doing.rest_on(read, "letters")', {"letters"}),
        ('reading = readings.cite("letters")', {"letters"}),
        ('keys = ("letters", "hearing")\nawait cited(session, day, *keys)', {"letters", "hearing"}),
        ('keys = ["letters"]\ntold = [read.cite(key) for key in keys]', {"letters"}),
        ('doing.rest_on(read, *(["letters"] if late else []))', {"letters"}),
        ('doing.tell(reading="letters")', set()),
        ('"letters"', set()),
    ],
)
def test_a_reading_that_is_only_named_is_not_cited(source: str, found: set[str]) -> None:
    assert cited(source) == found
