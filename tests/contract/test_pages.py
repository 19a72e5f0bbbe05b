"""The generated pages say what the code says."""

import ast
import re
from pathlib import Path

import pytest

from app.commands.pages import ROOT
from app.commands.pages_law import cited_articles
from app.measures.catalogue import CATALOGUE, Kind
from app.measures.reasons import Reason


@pytest.mark.parametrize(
    "path",
    ["traceability", "state-machines", "roles", "settings", "errors", "interpretations", "reasons", "law", "acts"],
)
def test_a_generated_page_is_current(generated: dict[str, str], path: str) -> None:
    assert _current(ROOT, f"docs/{path}.md", generated), "run `make docs`"


def _current(root: Path, name: str, generated: dict[str, str]) -> bool:
    return (root / name).read_text(encoding="utf-8") == generated[name]


def test_a_page_that_lost_a_line_is_not_current(generated: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("docs/law.md", "docs/acts.md"):
        text = generated[name]
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert _current(tmp_path, name, generated)
        (tmp_path / name).write_text("".join(text.splitlines(keepends=True)[:-1]), encoding="utf-8")
        assert not _current(tmp_path, name, generated)


def test_every_decided_rule_is_traced_to_a_test(generated: dict[str, str]) -> None:
    page = generated["docs/traceability.md"]
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    untested = [
        rule for rule, entry in CATALOGUE.items() if entry.kind in (Kind.E, Kind.EH) and "tests/" not in rows[rule]
    ]
    assert untested == []


def test_citations_are_read_as_people_write_them() -> None:
    assert cited_articles("Needs Art. 6, 13(6) and 26; see Art. 29 to 31.") == {6, 13, 26, 29, 30, 31}
    assert cited_articles("Nothing here; Article 7 neither.") == set()


def test_every_article_is_found_by_its_file(generated: dict[str, str]) -> None:
    page = generated["docs/law.md"]
    rows = {int(line.split("|")[1]): line for line in page.splitlines() if line[2:3].isdigit()}
    assert sorted(rows) == list(range(1, 34))
    for number, name in {7: "fees", 9: "disbursements", 13: "eligibility", 16: "call", 17: "consultations"}.items():
        assert f"`{name}.py`" in rows[number]
    assert all("../app/measures/" in row or "nothing is coded" in row for row in rows.values())
    assert "`validity.py`" in rows[23] and "`instruments.py`" in rows[33]
    assert "`test_art02_art07_art10_organs.py`" in rows[7]


def not_about(page: str, said: dict[str, set[int]]) -> list[int]:
    """The articles of the page whose first file does not say, in its first sentence, that it is about them."""
    rows = [line.split(" | ") for line in page.splitlines() if line[2:3].isdigit()]
    first = {int(cells[0].strip("| ")): cells[2].split("`")[1] for cells in rows if "`" in cells[2]}
    return [number for number, name in first.items() if number not in said[name]]


def test_the_first_file_of_an_article_says_that_it_is_about_it(generated: dict[str, str]) -> None:
    said = {
        path.name: cited_articles((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0])
        for path in (ROOT / "app" / "measures").glob("*.py")
    }
    assert not_about(generated["docs/law.md"], said) == []
    assert not_about("| 25 | Sharing | [`supervision.py`](x) | — |", {"supervision.py": {27, 31}}) == [25]


# Who knows what an article is called finds it by the name of a file: the words of its title, or one of them.
CALLED = {
    **{3: "recommendations", 4: "recipients", 6: "seats", 8: "prize", 9: "disbursements", 11: "office_duties"},
    **{12: "units", 16: "call", 17: "qualification", 18: "reviews", 19: "reviews", 20: "evaluation"},
    **{21: "publicity", 22: "approval", 23: "validity", 25: "sharing", 26: "fraud", 27: "visits"},
    **{28: "revocations", 29: "reviewers", 30: "reviewers", 31: "exclusivity", 32: "interpretations"},
}


def called_otherwise(page: str) -> list[int]:
    """The articles of the page whose first file is not the one that is called as they are."""
    return [
        number
        for number, name in CALLED.items()
        if not re.search(rf"^\| {number} \|[^|]*\| \[`{name}\.py`", page, re.M)
    ]


def test_an_article_is_found_by_the_name_of_a_file(generated: dict[str, str]) -> None:
    assert called_otherwise(generated["docs/law.md"]) == []
    renamed = generated["docs/law.md"].replace("`fraud.py`", "`revocation_cases.py`")
    assert called_otherwise(renamed) == [26]


def unanswered(page: str) -> list[str]:
    """The rows of the page of reasons that lack an outcome or a rule."""
    rows = [[cell.strip() for cell in line.split(" | ")] for line in page.splitlines() if line.startswith("| `")]
    return [row[0] for row in rows if not row[1] or not row[2]]


def test_every_reason_is_told_with_its_outcomes_and_rules(generated: dict[str, str]) -> None:
    page = generated["docs/reasons.md"]
    assert page.count("\n| `") > len(Reason)
    assert unanswered(page) == []
    assert unanswered("| `a` |  | `art09.disbursement` | 甲 | A |  |\n| `b` | fail |  | 乙 | B |  |\n") == [
        "| `a`",
        "| `b`",
    ]
