"""The throw-away copy of the law that is mutated: no decorator hides a function, and nothing else has changed."""

from scripts.undecorate import undecorated

_REGISTRY = """
entered = []
def rule(*ids):
    return lambda function: entered.append((ids, function.__name__)) or function
def cache(function):
    return lambda: "kept"
"""


def run(source: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(undecorated(_REGISTRY + source), "copy", "exec"), names)
    return names


def test_a_rule_is_entered_after_its_function_however_many_lines_its_decorator_has() -> None:
    source = '@rule(\n    "art06.seats",\n    "art06.vacancy",\n)\ndef seats():\n    return 1\n'
    assert "@rule" not in undecorated(source)
    assert run(source)["entered"] == [(("art06.seats", "art06.vacancy"), "seats")]


def test_a_cache_is_gone_so_that_no_answer_of_the_unchanged_code_is_kept() -> None:
    names = run("@cache\ndef fresh():\n    return 'fresh'\n")
    assert names["fresh"]() == "fresh"  # type: ignore[operator]


def test_a_property_stays_one_within_its_class() -> None:
    source = "class Article:\n  @property\n  def number(self):\n    return 6\n  def after(self):\n    return 7\n"
    assert "@property" not in undecorated(source)
    article = run(source)["Article"]()  # type: ignore[operator]
    assert (article.number, article.after()) == (6, 7)


def test_other_decorators_and_everything_else_stay_as_they_are() -> None:
    source = "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Facts:\n    day: int  # why\n"
    assert undecorated(source) == source
