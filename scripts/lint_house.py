"""The rules of the house that no ready-made tool knows: `python scripts/lint_house.py`.

An exception stands in the line itself, where `grep "# house:"` finds it: `# house: clock`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.house_once import ranking, validity
from scripts.house_source import Found, Rule, Source, docstring, last_name, top
from scripts.house_states import kinds, machine, state

FOLDERS = ("app", "sandbox", "demo", "benchmarks", "siege", "tests")
MAX_FILE_LINES = 450
# One enumeration, a line for each reason: to split it would only hide a double.
_LONG_LIST = "app/measures/reasons.py"
MAX_FUNCTION_LINES = 70
# As `grep -rw Any app` counts them, imports and reasons included. It may fall.
MAX_ANY_LINES = 118

_READS_OF_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
_SQL_ERRORS = {"sqlalchemy.exc", "sqlalchemy.orm.exc"}
_SQL = {"delete", "exists", "func", "insert", "literal_column", "select", "text", "union", "union_all", "update"}
# What the measures import: it computes, or reads what they ship. No environment, file, database or network.
_LAWS_LIBRARY = {
    "__future__",
    "bisect",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "importlib",
    "itertools",
    "json",
    "math",
    "operator",
    "pkgutil",
    "re",
    "statistics",
    "string",
    "tomllib",
    "types",
    "typing",
    "unicodedata",
}
_SAMPLE_UPDATED = re.compile(r"\bupdate\b.*\bset\b.*\bis_sample\s*=", re.IGNORECASE | re.DOTALL)
_OPEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
# Three words of English in a row: a sentence, or a part of one.
_ENGLISH = re.compile(r"\b[A-Za-z][a-z]*(?: [a-z]+){2,}\b")
# Names of acts, rules, states and articles: one word each, no sentences.
_NAMES = (
    *(f"app/measures/{name}.py" for name in ("acts", "amounts", "registration", "articles", "catalogue")),
    "app/measures/state_machines",
)
# What each folder imports nothing of: the product knows nobody who tries it, nor do those who try it know the tests.
_UNKNOWN_TO = {
    "app": {"sandbox", "demo", "benchmarks", "siege", "tests"},
    "sandbox": {"demo", "benchmarks", "siege", "tests"},
    "demo": {"benchmarks", "siege", "tests"},
    "benchmarks": {"demo", "siege", "tests"},
    "siege": {"demo", "benchmarks", "tests"},
}
# What imports by a text, or runs a file.
_IMPORTERS = {"__import__", "import_module", "module_from_spec", "run_module", "run_path", "spec_from_file_location"}
_IMPORTERS |= {"resolve_name"}
_ANY = re.compile(r"\bAny\b")
_ANY_REASON = re.compile(r"# Any: \w")
_EXCEPTION = re.compile(r"# house: ([a-z]+)")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and where."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def clock(source: Source) -> Found:
    """Only the clock reads time."""
    if not source.within("app") or source.within("app/kernel/clock.py"):
        return
    message = "only app/kernel/clock.py reads time"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            read = {node.attr}
            owner = node.value
        elif isinstance(node, ast.Call) and last_name(node.func) in ("getattr", "attrgetter") and len(node.args) > 1:
            read = {str(part.value) for part in node.args[1:2] if isinstance(part, ast.Constant)}
            owner = node.args[0]
        else:
            continue
        if any((name, attribute) in _READS_OF_TIME for name in source.names(owner) for attribute in read):
            yield node.lineno, message
    for line, module, names in source.imports():
        if any((module, name) in _READS_OF_TIME for name in names):
            yield line, message


def jwt(source: Source) -> Found:
    """One module imports the JWT library."""
    if source.within("app") and not source.within("app/kernel/security/tokens.py"):
        for line, module, _ in source.imports():
            if top(module) == "jose":
                yield line, "only app/kernel/security/tokens.py imports jose"


def sql(source: Source) -> Found:
    """SQL is written in the store."""
    if not source.within("app") or source.within("app/store"):
        return
    for line, module, names in source.imports():
        # The database's errors are everybody's. What makes SQL stays in the store, under whatever name it leaves it.
        written = top(module) == "sqlalchemy" and module not in _SQL_ERRORS
        if written or (module.startswith("app.store") and names & _SQL):
            yield line, "SQL is written under app/store only"


def http(source: Source) -> Found:
    """Services, store and measures know no HTTP."""
    if source.within("app/services", "app/store", "app/measures"):
        for line, module, _ in source.imports():
            if top(module) in ("fastapi", "starlette"):
                yield line, "services, store and measures know no HTTP"


def law(source: Source) -> Found:
    """The measures stand on the standard library alone, and on nothing of it that reaches out of the process."""
    if not source.within("app/measures"):
        return
    for line, module, names in source.imports():
        own = module.startswith("app.measures") or (module == "app" and names == {"measures"})
        if not own and top(module) not in _LAWS_LIBRARY:
            yield line, f"the measures import what computes in the standard library, not {module}"


def apart(source: Source) -> Found:
    """The product stands alone; what demonstration and benchmarks share with the tests is in the sandbox."""
    folder = source.path.parts[0]
    for line, module, _ in source.imports():
        if top(module) in _UNKNOWN_TO.get(folder, ()):
            yield line, f"{folder} imports nothing of {top(module)}"


def dynamic(source: Source) -> Found:
    """The import contracts see statements: what is imported by its name as a text goes past them."""
    if not source.within("app"):
        return
    message = "imported by a text, past the import contracts; an import statement says it"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute) and last_name(node) in _IMPORTERS:
            yield node.lineno, message
        # A module that somebody else has imported, code in a text.
        if isinstance(node, ast.Attribute) and node.attr == "modules" and last_name(node.value) == "sys":
            yield node.lineno, message
        if isinstance(node, ast.Name) and node.id in ("eval", "exec"):
            yield node.lineno, message
        # Under another name it is not seen where it is called.
        if isinstance(node, ast.ImportFrom) and any(name.asname and name.name in _IMPORTERS for name in node.names):
            yield node.lineno, message


def length(source: Source) -> Found:
    """What is long holds two things."""
    if source.within(*FOLDERS) and not source.within(_LONG_LIST) and len(source.lines) >= MAX_FILE_LINES:
        yield 1, f"{len(source.lines)} lines; a file has fewer than {MAX_FILE_LINES}"
    if not source.within("app"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines >= MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines; a function has fewer than {MAX_FUNCTION_LINES}"


def unfinished(source: Source) -> Found:
    """Nothing is left open in the code."""
    if source.within("app"):
        for number, line in enumerate(source.lines, 1):
            if match := _OPEN.search(line):
                yield number, f"{match.group()} in the code"


def commit(source: Source) -> Found:
    """The request commits, once: neither a service nor a route does."""
    # The dependency of every route that writes is the one place.
    if not source.within("app/routers", "app/services") or source.within("app/web/policy.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "the request commits, in app/web/policy.py"


def future(source: Source) -> Found:
    """Whether a day is still to come is one question."""
    if not source.within("app") or source.within("app/measures/dates.py"):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Compare):
            continue
        compared = [node.left, *node.comparators]
        for left, operator, right in zip(compared, node.ops, compared[1:], strict=False):
            earlier = {ast.Gt: right, ast.Lt: left}.get(type(operator))
            if earlier is not None and "today" in source.names(earlier):
                yield earlier.lineno, "whether a day is still to come is asked of to_come of app/measures/dates.py"


def sample(source: Source) -> Found:
    """What made a row marks it as a sample, and the settings alone say so."""
    if not source.within("app"):
        return
    message = "a sample is what is made with AWARD_MARKS_SAMPLES, nothing else"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg == "is_sample" and isinstance(node.value, ast.Constant):
            yield node.value.lineno, message
        # Marked after it was made: by its attribute, by a statement, by a text.
        elif isinstance(node, ast.Attribute) and node.attr == "is_sample" and isinstance(node.ctx, ast.Store):
            yield node.lineno, message
        elif isinstance(node, ast.Call) and last_name(node.func) == "values":
            yield from ((node.lineno, message) for keyword in node.keywords if keyword.arg == "is_sample")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SAMPLE_UPDATED.search(node.value):
            yield node.lineno, message


def codes(source: Source) -> Found:
    """An error's code is a member of its enumeration, never a word, written where it is raised or named before."""
    if not source.within("app"):
        return
    message = "a code is a member of ProblemCode or FieldCode, see app/kernel/error_codes.py"
    for node in ast.walk(source.tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            if "FieldError" in source.names(node.func):
                given += node.args[1:2]
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                targets = item.targets if isinstance(item, ast.Assign) else []
                targets = [item.target] if isinstance(item, ast.AnnAssign) else targets
                if isinstance(item, ast.Assign | ast.AnnAssign) and item.value is not None:
                    given += [item.value for target in targets if last_name(target) == "code"]
        for value in given:
            # A constant of another file is no member either.
            constant = isinstance(value, ast.Name) and value.id.isupper() and value.id not in source.assigned
            if constant or source.words(value):
                yield value.lineno, message


def canonical(source: Source) -> Found:
    """JSON that is hashed has one spelling, made in one place."""
    if not source.within("app") or source.within("app/measures/hashes.py"):
        return
    message = "canonical JSON is made by canonical_json of app/measures/hashes.py"
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        if any(keyword.arg == "sort_keys" for keyword in node.keywords) or (
            "sha256" in source.names(node.func) and any(_dumped(source, part) for part in node.args)
        ):
            yield node.lineno, message


def _dumped(source: Source, hashed: ast.expr) -> bool:
    parts = list(ast.walk(hashed))
    named = [value for part in parts if isinstance(part, ast.Name) for value in source.assigned.get(part.id, ())]
    parts += [part for value in named for part in ast.walk(value)]
    return any(isinstance(part, ast.Call) and "dumps" in source.names(part.func) for part in parts)


def sentences(source: Source) -> Found:
    """The rules give reasons; what a reason says stands in the data file."""
    if not source.within("app/measures") or source.within(*_NAMES):
        return
    # What an error of the programmer says is for programmers.
    raised = {part for item in ast.walk(source.tree) if isinstance(item, ast.Raise) for part in ast.walk(item)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in source.told:
            continue
        if _CHINESE.search(node.value) or (node not in raised and _ENGLISH.search(node.value)):
            yield node.lineno, "what people read stands in app/measures/data/reasons.toml"


def anything(source: Source) -> Found:
    """What may be anything is checked by nobody: whoever writes `Any` says why, on the line or just above."""
    if not source.within("app"):
        return
    told: set[int] = set()
    for node in ast.walk(source.tree):
        part = node if isinstance(node, ast.Import | ast.ImportFrom) else docstring(node)
        if isinstance(part, ast.Import | ast.ImportFrom) or (
            isinstance(part, ast.Constant) and isinstance(part.value, str)
        ):
            told.update(range(part.lineno, (part.end_lineno or part.lineno) + 1))
    for node in ast.walk(source.tree):
        # Under another name nobody counts it.
        if isinstance(node, ast.ImportFrom) and any(item.name == "Any" and item.asname for item in node.names):
            yield node.lineno, "`Any` under another name"
    above = ""
    for number, line in enumerate(source.lines, 1):
        written = _ANY.search(line) and not line.lstrip().startswith("#") and number not in told
        if written and not _ANY_REASON.search(line) and not _ANY_REASON.match(above.lstrip()):
            yield number, "`Any` without its reason: `# Any: …` on the line or just above"
        above = line


def any_lines(texts: Iterable[str]) -> int:
    """How many lines hold the word `Any`."""
    return sum(bool(_ANY.search(line)) for text in texts for line in text.splitlines())


RULES: tuple[Rule, ...] = (
    state,
    machine,
    kinds,
    validity,
    ranking,
    clock,
    jwt,
    sql,
    http,
    law,
    apart,
    dynamic,
    length,
    unfinished,
    commit,
    future,
    sample,
    codes,
    canonical,
    sentences,
    anything,
)


def check(path: str, text: str) -> list[Fault]:
    """The faults of one file; `path` is relative to the root."""
    lines = text.splitlines()
    source = Source(PurePosixPath(path), lines, ast.parse(text, path))
    faults = []
    for rule in RULES:
        for line, message in rule(source):
            excepted = _EXCEPTION.findall(lines[line - 1]) if lines else []
            # A state has no exception: every object that has one has its machine.
            if rule is state or rule.__name__ not in excepted:
                faults.append(Fault(path, line, rule.__name__, message))
    return sorted(faults)


def main(root: Path) -> int:
    """Print every fault under `FOLDERS` of the root; the number of them."""
    files = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}
    faults = [fault for path, text in texts.items() for fault in check(path, text)]
    written = any_lines(text for path, text in texts.items() if path.startswith("app/"))
    if written > MAX_ANY_LINES:
        message = f"{written} lines hold the word `Any`; there are {MAX_ANY_LINES} at most"
        faults.append(Fault("app", 1, "anything", message))
    for fault in faults:
        print(fault)
    print(f"House rules: {len(files)} files, {len(faults)} faults")
    return len(faults)


if __name__ == "__main__":
    sys.exit(1 if main(Path(__file__).resolve().parent.parent) else 0)
