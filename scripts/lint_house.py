"""The rules of the house that no ready-made tool knows: `python scripts/lint_house.py`.

An exception stands in the line itself, where `grep "# house:"` finds it: `# house: clock`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

FOLDERS = ("app", "sandbox", "demo", "benchmarks", "tests")
MAX_FILE_LINES = 450
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
_SQL = {"delete", "exists", "func", "insert", "literal_column", "select", "text", "union", "union_all", "update"}
_OPEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
# Names of acts, rules, states and articles: one word each, no sentences.
_NAMES = (
    *(f"app/measures/{name}.py" for name in ("acts", "amounts", "registration", "articles", "catalogue")),
    "app/measures/state_machines",
)
# What each folder imports nothing of: the product knows nobody who tries it, nor do those who try it know the tests.
_UNKNOWN_TO = {
    "app": {"sandbox", "demo", "benchmarks", "tests"},
    "sandbox": {"demo", "benchmarks", "tests"},
    "demo": {"benchmarks", "tests"},
    "benchmarks": {"demo", "tests"},
}
_ANY = re.compile(r"\bAny\b")
_ANY_REASON = re.compile(r"# Any: \w")
_EXCEPTION = re.compile(r"# house: ([a-z]+)")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path from the root, its lines, its tree."""

    path: PurePosixPath
    lines: list[str]
    tree: ast.Module

    def within(self, *folders: str) -> bool:
        """Whether it lies in one of these folders, or is one of these files."""
        return any(self.path.is_relative_to(folder) for folder in folders)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and where."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


Found = Iterator[tuple[int, str]]
Rule = Callable[[Source], Found]


def state(source: Source) -> Found:
    """Only the state machines change a state, and an object begins in the state that its machine says."""
    if not source.within("app") or source.within("app/services/lifecycle.py"):
        return
    message = "only app/services/lifecycle.py changes a state"
    for node in ast.walk(source.tree):
        if (isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)) or (
            isinstance(node, ast.Call) and (_changes_state(node) or _begins_in_state(node))
        ):
            yield node.lineno, message


def _changes_state(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name) and call.func.id == "setattr" and len(call.args) > 1:
        return isinstance(call.args[1], ast.Constant) and call.args[1].value == "state"
    if isinstance(call.func, ast.Attribute) and call.func.attr == "values":
        updates = any(isinstance(part, ast.Name) and part.id == "update" for part in ast.walk(call.func))
        # The store writes down the state that a service has from the machine and hands to it.
        return updates and any(
            keyword.arg == "state" and not (isinstance(keyword.value, ast.Name) and keyword.value.id == "state")
            for keyword in call.keywords
        )
    return False


def _begins_in_state(call: ast.Call) -> bool:
    """A class called with a word for its state, where `create` gives it."""
    name = _last_name(call.func) or ""
    return name[:1].isupper() and any(
        keyword.arg == "state" and isinstance(keyword.value, ast.Constant | ast.IfExp) for keyword in call.keywords
    )


def clock(source: Source) -> Found:
    """Only the clock reads time."""
    if not source.within("app") or source.within("app/kernel/clock.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in _READS_OF_TIME:
            yield node.lineno, "only app/kernel/clock.py reads time"
    for line, module, names in _imports(source):
        if any((module, name) in _READS_OF_TIME for name in names):
            yield line, "only app/kernel/clock.py reads time"


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def jwt(source: Source) -> Found:
    """One module imports the JWT library."""
    if source.within("app") and not source.within("app/kernel/security/tokens.py"):
        for line, module, _ in _imports(source):
            if _top(module) == "jose":
                yield line, "only app/kernel/security/tokens.py imports jose"


def sql(source: Source) -> Found:
    """SQL is written in the store."""
    if not source.within("app") or source.within("app/store"):
        return
    for line, module, names in _imports(source):
        if _top(module) == "sqlalchemy" and (not names or names & _SQL):
            yield line, "SQL is written under app/store only"


def http(source: Source) -> Found:
    """Services, store and measures know no HTTP."""
    if source.within("app/services", "app/store", "app/measures"):
        for line, module, _ in _imports(source):
            if _top(module) in ("fastapi", "starlette"):
                yield line, "services, store and measures know no HTTP"


def law(source: Source) -> Found:
    """The measures stand on the standard library alone."""
    if not source.within("app/measures"):
        return
    for line, module, names in _imports(source):
        own = module.startswith("app.measures") or (module == "app" and names == {"measures"})
        if not own and _top(module) not in sys.stdlib_module_names:
            yield line, f"the measures import the standard library only, not {module}"


def apart(source: Source) -> Found:
    """The product stands alone; what demonstration and benchmarks share with the tests is in the sandbox."""
    folder = source.path.parts[0]
    for line, module, _ in _imports(source):
        if _top(module) in _UNKNOWN_TO.get(folder, ()):
            yield line, f"{folder} imports nothing of {_top(module)}"


def length(source: Source) -> Found:
    """What is long holds two things."""
    if source.within(*FOLDERS) and len(source.lines) >= MAX_FILE_LINES:
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


def codes(source: Source) -> Found:
    """An error's code is a member of its enumeration, never a word written where it is raised."""
    if not source.within("app"):
        return
    message = "a code is a member of ProblemCode or FieldCode, see app/kernel/error_codes.py"
    for node in ast.walk(source.tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            if _last_name(node.func) == "FieldError":
                given += node.args[1:2]
        elif isinstance(node, ast.ClassDef):
            given = [
                item.value
                for item in node.body
                if isinstance(item, ast.Assign) and "code" in {_last_name(target) for target in item.targets}
            ]
        for value in given:
            if any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in _choices(value)):
                yield value.lineno, message


def _choices(value: ast.expr) -> list[ast.expr]:
    """What an expression may come to: itself, the parts of a condition, the pieces of a formatted text."""
    if isinstance(value, ast.IfExp):
        return [*_choices(value.body), *_choices(value.orelse)]
    return value.values if isinstance(value, ast.JoinedStr) else [value]


def canonical(source: Source) -> Found:
    """JSON that is hashed has one spelling, made in one place."""
    if not source.within("app") or source.within("app/measures/hashes.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and any(keyword.arg == "sort_keys" for keyword in node.keywords):
            yield node.lineno, "canonical JSON is made by canonical_json of app/measures/hashes.py"


def sentences(source: Source) -> Found:
    """The rules give reasons; what a reason says stands in the data file."""
    if not source.within("app/measures") or source.within(*_NAMES):
        return
    told = {_docstring(item) for item in ast.walk(source.tree)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in told:
            continue
        if _CHINESE.search(node.value):
            yield node.lineno, "what people read stands in app/measures/data/reasons.toml"


def anything(source: Source) -> Found:
    """What may be anything is checked by nobody: whoever writes `Any` says why, on the line or just above."""
    if not source.within("app"):
        return
    told: set[int] = set()
    for node in ast.walk(source.tree):
        part = node if isinstance(node, ast.Import | ast.ImportFrom) else _docstring(node)
        if isinstance(part, ast.Import | ast.ImportFrom) or (
            isinstance(part, ast.Constant) and isinstance(part.value, str)
        ):
            told.update(range(part.lineno, (part.end_lineno or part.lineno) + 1))
    above = ""
    for number, line in enumerate(source.lines, 1):
        written = _ANY.search(line) and not line.lstrip().startswith("#") and number not in told
        if written and not _ANY_REASON.search(line) and not _ANY_REASON.match(above.lstrip()):
            yield number, "`Any` without its reason: `# Any: …` on the line or just above"
        above = line


def any_lines(texts: Iterable[str]) -> int:
    """How many lines hold the word `Any`."""
    return sum(bool(_ANY.search(line)) for text in texts for line in text.splitlines())


def _docstring(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
        first = node.body[0]
        return first.value if isinstance(first, ast.Expr) else None
    return None


RULES: tuple[Rule, ...] = (
    state,
    clock,
    jwt,
    sql,
    http,
    law,
    apart,
    length,
    unfinished,
    commit,
    codes,
    canonical,
    sentences,
    anything,
)


def _imports(source: Source) -> Iterator[tuple[int, str, set[str]]]:
    """Line, module and, for `from … import`, the names."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name, set()
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or ""), {name.name for name in node.names}


def _top(module: str) -> str:
    return module.split(".")[0]


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
