"""The check against duplication finds what has the same shape, whatever its names, and leaves the rest alone."""

from pathlib import Path

import pytest

from scripts import lint_duplicates
from scripts.lint_duplicates import ALIKE, main, pairs

WORK = """
def pay(amount):
    if amount > 1:
        return "much"
    for item in amount:
        item.take(amount)
    while amount:
        amount -= 1
    with open(amount) as file:
        file.write(amount)
    total = amount + 2
    raise Wrong(total, reason="none")
"""
OTHER = WORK.replace("amount", "sum_").replace("much", "many").replace("2", "9").replace("pay", "give")
# Comments, docstrings, imports, blank lines and lone brackets make no difference.
DRESSED = "import os\n" + OTHER.replace("    while", '    """Told."""\n\n    # Why.\n    (\n    )\n    while')


def test_the_work_is_as_long_as_the_check_needs() -> None:
    assert len(lint_duplicates.shapes(WORK)) == ALIKE - 1
    assert pairs({"a.py": WORK, "b.py": OTHER}) == []


@pytest.mark.parametrize("other", [OTHER, DRESSED])
def test_the_same_shape_under_other_names_is_found(other: str) -> None:
    (found,) = pairs({"a.py": "begin(1)\n" + WORK, "b.py": "go(2)\n" + other})
    assert (found.path, found.line, found.other_path, found.length) == ("a.py", 1, "b.py", ALIKE)


def test_a_pair_in_one_file_is_found() -> None:
    (found,) = pairs({"a.py": "begin(1)\n" + WORK + "go(1)\n" + OTHER})
    assert found.length == ALIKE


def test_other_work_is_left_alone() -> None:
    assert pairs({"a.py": "begin(1)\n" + WORK, "b.py": "begin(1)\n" + OTHER.replace("+", "-")}) == []


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("", "{} = 1\n", ""),
        ("class Line:\n", "    {}: int\n", ""),
        ("make(\n", "    {0}=row.{0},\n", ")\n"),
        ("columns = (\n", "    Row.{},\n", ")\n"),
    ],
)
def test_what_is_declared_or_passed_on_is_compared_by_its_words(before: str, line: str, after: str) -> None:
    """A list has one shape, however long it is."""
    one, other = (
        before + "".join(line.format(f"{letter}{number}") for number in range(ALIKE)) + after for letter in "ab"
    )
    assert pairs({"a.py": one, "b.py": other}) == []
    (found,) = pairs({"a.py": one, "b.py": one})
    assert found.length >= ALIKE


def test_members_of_enumerations_may_be_the_same() -> None:
    members = "".join(f"    M{number} = '{number}'\n" for number in range(ALIKE))
    assert pairs({"a.py": "class Ground(StrEnum):\n" + members, "b.py": "class Cause(StrEnum):\n" + members}) == []
    assert len(pairs({"a.py": "class Ground:\n" + members, "b.py": "class Cause:\n" + members})) == 1


def test_one_pair_fails(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text("begin(1)\n" + WORK, encoding="utf-8")
    assert main(tmp_path) == 0
    (tmp_path / "app" / "b.py").write_text("begin(1)\n" + OTHER, encoding="utf-8")
    assert main(tmp_path) == 1
