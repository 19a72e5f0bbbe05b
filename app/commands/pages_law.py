"""The generated page `docs/law.md`: for each article the file in which it stands, and the files of its tests."""

import ast
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from app.measures.articles import Article, articles, traceability

_CITED = re.compile(r"Arts?\.\s*((?:\d+(?:\(\d+\))*(?:,\s*|\s+and\s+|\s+to\s+)?)+)")
_OF_AN_ARTICLE = re.compile(r"art(\d\d)_")
_OF_A_RANGE = re.compile(r"art\d\d_to_art\d\d")


def cited_articles(text: str) -> set[int]:
    """The article numbers that a docstring cites: "Art. 6, 13(6) and 26"."""
    found: set[int] = set()
    for run in _CITED.findall(text):
        plain = re.sub(r"\(\d+\)", "", run)
        for first, last in re.findall(r"(\d+)(?:\s+to\s+(\d+))?", plain):
            found.update(range(int(first), int(last or first) + 1))
    return found


def law_page(root: Path) -> str:
    """The page as Markdown. `root` is the repository's: the tests are found by the articles in their names."""
    decided = traceability()
    beside = _beside(root / "app" / "measures")
    tests = _tests_by_article(root / "tests" / "measures")
    lines = [
        "# Where each article stands\n",
        "Who knows the article finds its file here, first the one that is called as the article, then the one with "
        "most of its rules. All are in `app/measures/` and `tests/measures/`; what is done with them is in the rooms "
        "of the same name on the floors above ([the shape of the service](architecture.md)). Rule by rule: "
        "[traceability](traceability.md).\n",
        "| article | what it is about | file | its tests |",
        "|---|---|---|---|",
    ]
    for article in articles():
        modules = Counter(
            function.__module__.rpartition(".")[2] for entry in article.rules for function in decided[entry.id]
        )
        cited = beside.get(article.number, [])
        told = ", ".join(_link(name) for name in _most_first(modules, cited, article)) or _why_none(article)
        if also := [name for name in cited if name not in modules]:
            told += f"; beside it {', '.join(_link(name) for name in also)}"
        named = ", ".join(f"`{name}`" for name in tests.get(article.number, ())) or "—"
        lines.append(f"| {article.number} | {article.title.zh} {article.title.en} | {told} | {named} |")
    return "\n".join(lines) + "\n"


def _most_first(modules: Counter[str], cited: Collection[str], article: Article) -> list[str]:
    """The module that is called as the article comes first; of as many rules, the one that says it is about it."""
    title = _words(article.title.en)
    return sorted(modules, key=lambda name: (not _words(name) <= title, -modules[name], name not in cited, name))


def _words(name: str) -> set[str]:
    """The words of a title or of a module's name, without the plural's s."""
    return {word.removesuffix("s") for word in re.findall("[a-z]+", name.lower())}


def _link(name: str) -> str:
    return f"[`{name}.py`](../app/measures/{name}.py)"


def _beside(measures: Path) -> dict[int, list[str]]:
    """The modules whose first sentence cites an article, by article: they may decide none of its rules."""
    found: dict[int, list[str]] = {}
    for path in sorted(measures.glob("*.py")):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for number in cited_articles(told.split("\n\n")[0]):
            found.setdefault(number, []).append(path.stem)
    return found


def _why_none(article: Article) -> str:
    """An article of which nothing is coded says so; every other has its rules."""
    return "—" if article.declaratory is None else f"nothing is coded: {article.declaratory.en}"


def _tests_by_article(folder: Path) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for path in sorted(folder.glob("test_art*.py")):
        numbers = [] if _OF_A_RANGE.search(path.stem) else _OF_AN_ARTICLE.findall(path.stem)
        for number in dict.fromkeys(numbers):
            found.setdefault(int(number), []).append(path.name)
    return found
