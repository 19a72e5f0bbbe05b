"""One word for one thing: the words that `docs/glossary.md` turns down, where the service names or tells something.

Names are the contract's paths, parameters, components, properties, operation ids and enumerations, what `app/` calls
its modules, classes, members, functions and their parameters, and the headings of `docs/`. Sentences are the
descriptions of the contract, the messages in English, and the pages. The contract is the one that the service serves,
not the one that was written last. Whole words only; what the glossary itself
prescribes ("recommending unit") is innocent of the word in it ("units"). Chinese has no such bounds: a word of the last
column in Chinese is refused wherever the contract, the data of the law, the code or a page says it, but inside a longer
word that the glossary prescribes. Examples are what callers write. Prints each fault and exits with 1 when there
is one.
"""

import ast
import json
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from app.kernel.settings import Settings
from app.main import create_app
from app.web.contract import build

ROOT = Path(__file__).parent.parent
GLOSSARY = "docs/glossary.md"
DATA = "app/measures/data"
MESSAGES = "app/measures/data/reasons.toml"
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_METHODS = frozenset({"get", "put", "post", "patch", "delete"})
# A refused word, the names in which it is innocent (as a pattern), and why.
EXCEPTIONS = (
    ("trade", r"trade secret|level enum trade", "the law's own words"),
    ("unit", r"^unit (id|name)$", "the two fields by which whatever is a unit's names its unit"),
    ("unit", r"schemas unit (in|out|page|kind)$", "the recommending unit in its own room"),
    (
        "unit",
        r"^app/\S+ (check |keep |lock |area )?unit( area| by code| by name| industry| kind| named| page| uscc)?$",
        "in code the recommending unit in short, with what it has and what is done with it",
    ),
    ("unit", r"^app/schemas/units\.py unit (in|out)$", "the recommending unit in its own room"),
    ("unit", r"indicator unit$|asks\.py whole units?$", "what a figure is counted in"),
    ("unit", r"^docs/traceability\.md art duty of unit$", "the title of Art. 12"),
    ("repeated", r"(figure|conclusion) repeated|^app/.*repeated", "stated twice; no award is meant"),
    ("unit", r"FindingFacts properties units?( area| industry| kind)?$", "a fact of a finding about the unit alone"),
    ("repeated", r"FindingFacts properties repeated$", "the years whose figures are stated twice"),
    ("cover", r"instruments\.py cover$", "the days on which an instrument is in force"),
    ("cover", r"qualification\.py cover$", "a pointer that covers the pointers under it"),
    ("silent", r"^docs/", "the text of the measures is silent"),
    ("bucket", r"files\.py bucket$", "where a storage of that kind keeps its files, in its own word"),
    ("reaward", r"reaward and revoked", "the key of a registered interpretation stays"),
    ("reopening", r"^docs/interpretations|^reopening$", "the key of a registered interpretation stays"),
)
# Words of plain English, refused as names and innocent in a sentence.
PLAIN = frozenset(
    {
        "bucket",  # where a storage keeps files
        "charge",  # who is in charge, free of charge
        "cover",  # a report covers two years
        "demand",
        "first time",  # answered as the first time
        "interest",  # a conflict of interest
        "lead",  # what leads a trade
        "life",
        "live",
        "press",
        "repeated",  # a repeated request
        "silent",  # where the measures are silent
        "trade",  # a trade secret; the law's own word for an association's
        "unit",  # the recommending unit, where no other is meant
    }
)
# A person is named by what the person does.
PERSONS = frozenset({"he", "him", "himself", "his", "she", "her", "herself", "hers"})
# What a decision record or the changelog quotes, it had to say: the old names of things.
FRONT_PAGES = ("README.md", "README.zh.md", "CONTRIBUTING.md", "SECURITY.md")
OLD_NAMES = ("docs/glossary.md", "docs/decisions/0018-the-words-of-the-contract.md")


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
    beginnings = {term[0] for term in refused}
    for where, name in names:
        words = _words(name)
        # Most names hold none of them, and are asked often.
        if beginnings.isdisjoint(words):
            continue
        for term in prescribed:
            if len(term) > 1:
                words = _without(words, term)
        for term in refused:
            if _holds(words, term) and not _excepted(term, where, name):
                yield f"{where}: {name!r} says {' '.join(term)!r}, which {GLOSSARY} turns down"


def prose_faults(sentences: Iterable[tuple[str, str]], glossary: str) -> Iterator[str]:
    """Every sentence, with where it stands, that says a refused word which is no plain English, or calls a person he or
    she. What stands between backquotes is a name, and read as one elsewhere."""
    refused = [term for term in refused_words(glossary)[0] if " ".join(term) not in PLAIN]
    for where, sentence in sentences:
        plain = re.sub(r"`[^`]*`", "|", sentence)
        spoken = [token.lower() for token in re.findall(r"[A-Za-z]+|\|", plain)]
        for word in sorted(PERSONS & set(spoken)):
            yield f"{where}: says {word!r}; a person is the caller, the office, the reviewer: {_beginning(sentence)}"
        words = [_singular(word) for word in spoken]
        for term in refused:
            if _holds(words, term):
                yield f"{where}: says {' '.join(term)!r}, which {GLOSSARY} turns down: {_beginning(sentence)}"


def chinese_faults(sentences: Iterable[tuple[str, str]], glossary: str) -> Iterator[str]:
    """Every sentence, with where it stands, that says a Chinese word which the last column turns down."""
    refused, prescribed = refused_chinese(glossary)
    for where, sentence in sentences:
        said = sentence
        for term in prescribed:
            said = said.replace(term, "|")
        for term in refused:
            if term in said:
                yield f"{where}: says {term!r}, which {GLOSSARY} turns down: {_beginning(sentence)}"


def refused_chinese(glossary: str) -> tuple[list[str], list[str]]:
    """The Chinese words of the last column, and what the first prescribes with such a word inside."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in glossary.splitlines()]
    rows = [cells for cells in rows if len(cells) == 4]
    refused = {word for cells in rows for word in _CHINESE.findall(cells[3])}
    prescribed = {
        word for cells in rows for word in _CHINESE.findall(cells[0]) if any(part in word for part in refused)
    }
    return sorted(refused - prescribed), sorted(prescribed, key=len, reverse=True)


# Any: JSON, as the contract and the data of the law are.
def told(node: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text of a document outside its examples, with where it stands."""
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, list):
        for item in node:
            yield from told(item, where)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from told(value, f"{where}/{key}")


def data_sentences(root: Path) -> Iterator[tuple[str, str]]:
    """Every text of the law's data, with its file and where it stands there."""
    for path in sorted((root / DATA).iterdir()):
        read = {".toml": tomllib.loads, ".json": json.loads}.get(path.suffix)
        if read is not None:
            yield from told(read(path.read_text("utf-8")), path.relative_to(root).as_posix())


def code_sentences(root: Path) -> Iterator[tuple[str, str]]:
    """Every text that `app/` writes, with its file and line. A marked line lists words that others write."""
    for path in sorted((root / "app").rglob("*.py")):
        text = path.read_text("utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)) if _CHINESE.search(text) else ():
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            line = lines[node.lineno - 1]
            if "# house: sentences" not in line and "examples=" not in line:
                yield f"{path.relative_to(root).as_posix()}:{node.lineno}", node.value


def _beginning(sentence: str) -> str:
    return " ".join(sentence.split())[:60]


# Any: JSON, as the contract's document is.
def contract_sentences(node: Any, where: str = "contract") -> Iterator[tuple[str, str]]:
    """Every summary and description of the contract, with where it stands."""
    if isinstance(node, list):
        for item in node:
            yield from contract_sentences(item, where)
        return
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key in ("summary", "description") and isinstance(value, str):
            yield where, value
        elif key not in ("example", "examples"):
            yield from contract_sentences(value, f"{where}/{key}")


def messages(root: Path) -> Iterator[tuple[str, str]]:
    """The English sentences and remedies of the findings, with the reason of each."""
    for reason, told in tomllib.loads((root / MESSAGES).read_text("utf-8")).items():
        yield from ((f"{MESSAGES} {reason}", text) for text in _english(told))


def spoken(root: Path) -> Iterator[tuple[str, str]]:
    """The English of every `Text` that `app/` writes: titles and remedies of problems, faults of fields, messages,
    names; with the file and line of each. What stands in braces is a value."""
    for path in sorted((root / "app").rglob("*.py")):
        where = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Text", "_problem"):
                pairs = [part.elts for part in node.args if isinstance(part, ast.Tuple)] or [node.args]
                for pair in pairs:
                    yield from ((f"{where}:{node.lineno}", text) for text in map(_literal, pair[1:2]) if text)


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) if isinstance(part, ast.Constant) else "|" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _english(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        for key, value in told.items():
            if isinstance(value, str) and (key == "en" or key.endswith("_en")):
                yield value
            else:
                yield from _english(value)
    elif isinstance(told, list):
        for item in told:
            yield from _english(item)


def page_sentences(root: Path) -> Iterator[tuple[str, str]]:
    """The lines of the front pages and of `docs/` outside fenced text, with the file of each."""
    for path in (*(root / name for name in FRONT_PAGES), *sorted((root / "docs").rglob("*.md"))):
        name = path.relative_to(root).as_posix()
        fenced = False
        for line in path.read_text("utf-8").splitlines():
            fenced ^= line.startswith("```")
            if not fenced and name not in OLD_NAMES:
                yield name, line


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
    """What `app/` names: modules, classes with their members and fields, functions and parameters, constants; with the
    file of each. A name that is a module's or a class's own affair is read as well."""
    for path in sorted((root / "app").rglob("*.py")):
        where = path.relative_to(root).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        yield where, path.parent.stem if path.stem == "__init__" else path.stem
        yield from ((where, name) for name in _assigned(tree.body))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                yield where, node.name
                yield from ((where, name) for name in _assigned(node.body))
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield where, node.name
            elif isinstance(node, ast.arg):
                yield where, node.arg


def _assigned(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that a module or a class gives to its values."""
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


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
    if word == "lives":
        return "life"
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


# Any: JSON, as the contract's document is.
def served() -> dict[str, Any]:
    """The contract as the service serves it now."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(keys_file=Path(folder) / "keys.json", files_url=f"file:{folder}/files")
        return build(create_app(settings))


def all_names(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every name of the service, with where it stands."""
    yield from contract_names(document)
    yield from python_names(ROOT)
    yield from headings(ROOT)


def main() -> int:
    """Print every fault; 1 when there is one."""
    document = served()
    sentences = [*contract_sentences(document), *messages(ROOT), *spoken(ROOT), *page_sentences(ROOT)]
    glossary = (ROOT / GLOSSARY).read_text("utf-8")
    chinese = [*told(document, "contract"), *data_sentences(ROOT), *code_sentences(ROOT), *page_sentences(ROOT)]
    found = sorted(
        {
            *faults(all_names(document), glossary),
            *prose_faults(sentences, glossary),
            *chinese_faults(chinese, glossary),
        }
    )
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
