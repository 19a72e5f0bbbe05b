"""One word for one thing: the words that `docs/glossary.md` turns down, where the service names something.

Read are the contract's paths, parameters, components, properties, operation ids and enumerations, public classes and
functions of `app/`, and the headings of `docs/`. Whole words only; what the glossary itself prescribes ("recommending
unit") is innocent of the word in it ("units"). Prints each fault and exits with 1 when there is one.
"""

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
GLOSSARY, CONTRACT = "docs/glossary.md", "openapi/openapi.json"
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_METHODS = frozenset({"get", "put", "post", "patch", "delete"})
# A refused word, the names in which it is innocent (as a pattern), and why.
EXCEPTIONS = (
    (
        "trade",
        r"trade secret|level enum trade",
        "the law's own words",
    ),
    (
        "unit",
        r"^app/|^docs/|^unit \w|^(?!contract)\w+( \w+)* unit( \w+)*$|enum .*\w unit",
        "short for the recommending unit",
    ),
    ("lead", r"lead(er|ing|ership)", "who leads a panel, who leads an industry"),
    ("repeated", r"(figure|conclusion) repeated|^app/.*repeated", "stated twice; no award is meant"),
    ("letter", r"^app/.*letters?$", "letters of the alphabet"),
    ("desk", r"help desk", "an office's desk"),
    ("demand", r"on demand|owe_back", "the debt that a recovery enters, inside its own module"),
    ("charge", r"in charge", "who is in charge"),
    ("reading", r"reading", "the measures' module reads its interpretations; the contract says interpretation"),
    ("cover", r"instruments\.py", "the days that an instrument covers"),
    (
        "interest",
        r"^app/(services|store)/review",
        "inside the rooms of the review, the interest that makes the conflict",
    ),
    ("live", r"live application", "an application that is alive"),
    ("silent", r"^docs/", "the text of the measures is silent"),
    ("reaward", r"reaward and revoked", "the key of a registered interpretation stays"),
    ("reopening", r"^docs/interpretations|^reopening$", "the key of a registered interpretation stays"),
)


def refused_words(glossary: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """What the last column turns down and what the second and third prescribe, as tuples of plain lower-case words.

    An entry that holds only in a context ("receipt for five things", "letter a…h") is for a person to judge: left out.
    """
    refused: set[tuple[str, ...]] = set()
    prescribed: set[tuple[str, ...]] = set()
    for line in glossary.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 4 or cells[3] == "not" or set(cells[3]) <= set("-: "):
            continue
        for part in cells[3].split(","):
            word = part.split("→")[0].strip().strip("`\"“”'").strip()
            if re.fullmatch(r"[A-Za-z]+([ _-][A-Za-z]+)*", word) and not re.search(
                r"\b(of|for|as|in|a|the|what)\b", word
            ):
                refused.add(tuple(_words(word)))
        for part in re.split(r"[;,:()/`{}]", f"{cells[1]};{cells[2]}"):
            if found := tuple(_words(part)):
                prescribed.add(found)
    return sorted(refused - prescribed), sorted(prescribed, key=len, reverse=True)


def faults(names: Iterable[tuple[str, str]], glossary: str) -> Iterator[str]:
    """Every name, with where it stands, that holds a refused word outside prescribed terms and exceptions."""
    refused, prescribed = refused_words(glossary)
    for where, name in names:
        words = _words(name)
        for term in prescribed:
            if len(term) > 1:
                words = _without(words, term)
        for term in refused:
            if _holds(words, term) and not _excepted(term, where, name):
                yield f"{where}: {name!r} says {' '.join(term)!r}, which {GLOSSARY} turns down"


def contract_names(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything that the contract names, with where it stands."""
    for path, methods in document["paths"].items():
        for segment in path.split("/"):
            yield path, segment
        for method, operation in methods.items():
            if method in _METHODS:
                yield f"{method.upper()} {path}", operation.get("operationId", "")
    yield from _named(document, "contract")


def python_names(root: Path) -> Iterator[tuple[str, str]]:
    """The public classes and functions of `app/`, with the file of each."""
    for path in sorted((root / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
                "_"
            ):
                yield path.relative_to(root).as_posix(), node.name


def headings(root: Path) -> Iterator[tuple[str, str]]:
    """The headings of `docs/`, with the file of each; fenced text has none."""
    for path in sorted((root / "docs").rglob("*.md")):
        fenced = False
        for line in path.read_text("utf-8").splitlines():
            fenced ^= line.startswith("```")
            if line.startswith("#") and not fenced and path.name != "glossary.md":
                yield path.relative_to(root).as_posix(), line.lstrip("# ")


def _named(node: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _named(item, where)
        return
    if not isinstance(node, dict):
        return
    if isinstance(node.get("in"), str) and isinstance(node.get("name"), str):
        yield where, node["name"]
    for key, value in node.items():
        if key in ("example", "examples"):
            continue
        if key in ("properties", "schemas", "parameters") and isinstance(value, dict):
            for name in value:
                yield f"{where} {key}", name
        if key == "enum":
            yield from ((f"{where.rsplit(chr(47))[-1]} enum", word) for word in value if isinstance(word, str))
        yield from _named(value, f"{where}/{key}" if key not in ("paths", "components", "schemas") else where)


def _words(name: str) -> list[str]:
    """The words of a name in any spelling, lower case, without the plural's s."""
    return [_singular(token.lower()) for token in _TOKEN.findall(name)]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _holds(words: list[str], term: tuple[str, ...]) -> bool:
    return any(tuple(words[at : at + len(term)]) == term for at in range(len(words)))


def _without(words: list[str], term: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(words):
        if tuple(words[at : at + len(term)]) == term:
            found.append("|")
            at += len(term)
        else:
            found.append(words[at])
            at += 1
    return found


def _excepted(term: tuple[str, ...], where: str, name: str) -> bool:
    spelled = " ".join(_words(name))
    return any(
        term == (word,) and (re.search(pattern, spelled) or re.search(pattern, f"{where} {spelled}"))
        for word, pattern, _ in EXCEPTIONS
    )


def main() -> int:
    """Print every fault; 1 when there is one."""
    document = json.loads((ROOT / CONTRACT).read_text("utf-8"))
    names = [*contract_names(document), *python_names(ROOT), *headings(ROOT)]
    found = sorted(set(faults(names, (ROOT / GLOSSARY).read_text("utf-8"))))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
