"""What people read, they read in one language: no words of the other, no pattern, and each day and amount as they write
it. Every sentence is asked, filled with what rules really answer."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.kernel.error_texts import PROBLEMS
from app.kernel.field_formats import EXPECTED
from app.kernel.field_texts import FIELDS
from app.measures.acts import ACTS
from app.measures.catalogue import CATALOGUE
from app.measures.findings import Outcome, fails, needs_decision, passes
from app.measures.reasons import Reason
from app.measures.state_machines import STATE_MACHINES
from app.measures.text import Text
from app.schemas.field_messages import KINDS

ROOT = Path(__file__).parent.parent.parent
TOLD: list[dict[str, Any]] = json.loads((ROOT / "tests" / "measures" / "reasons_told.json").read_text(encoding="utf-8"))
MAKERS = {Outcome.PASS: passes, Outcome.FAIL: fails, Outcome.NEEDS_DECISION: needs_decision}
CHINESE = re.compile("[\u4e00-\u9fff]")
# Words that join a sentence: none of them stands in one of the other language.
CONNECTIVES = re.compile(r"\b(?:and|or|of|to|the|in|is|are|for|with|by|not|must|be|on|at|from|than)\b", re.ASCII)
# A comma or a semicolon of Latin writing between Chinese words, or a Chinese one in a sentence without Chinese words.
MIXED = re.compile("[\u4e00-\u9fff”』】》）]\\s*[,;] |[,;] [\u4e00-\u9fff“《（]")
CHINESE_SIGNS = re.compile("[，。；、：！？]")
# Regular expressions, ISO days and instants, plain amounts.
PATTERNS = re.compile(r"\^|\\[dwsb]|\[[a-z]-[a-z]|\(\?|\{\d+,\d*\}|\.\*")
ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|T\d{2}:\d{2}", re.ASCII)
PLAIN_AMOUNTS = re.compile(r"\d\.\d{2} ?(?:元|yuan)|\d{6,} ?(?:元|yuan)")


def sentences() -> Iterator[tuple[str, Text]]:
    """Each sentence with where it stands."""
    for case in TOLD:
        found = MAKERS[Outcome(case["outcome"])](case["rule"], Reason(case["reason"]), **case["facts"])
        yield f"{case['reason']} under {case['rule']}", found.message
        if found.remedy is not None:
            yield f"remedy of {case['reason']} under {case['rule']}", found.remedy
    for code, problem in PROBLEMS.items():
        yield f"problem {code}", problem.title
        yield f"remedy of problem {code}", problem.remedy
    yield from ((f"field {code}", text) for code, text in FIELDS.items())
    yield from ((f"kind {kind}", text) for kind, (_, text) in KINDS.items())
    yield from ((f"format {form.name}", text) for form, text in EXPECTED.items())
    yield from ((f"act {name}", text) for name, text in ACTS.items())
    yield from ((f"rule {entry.id}", Text(entry.zh, entry.en)) for entry in CATALOGUE.values())
    for machine in STATE_MACHINES.values():
        yield from ((f"{machine.name} {state}", text) for state, text in machine.states.items())
    yield from written()


def written() -> Iterator[tuple[str, Text]]:
    """The pairs that stand in the code: in the order in which every call of the service has them."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                texts = [text for text in map(_constant, node.args) if text is not None]
                for zh, en in pairwise(texts):
                    if CHINESE.search(zh) and not CHINESE.search(en) and " " in en:
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", Text(zh, en)


def _constant(node: ast.expr) -> str | None:
    """A text, with a gap for each value that is put into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def faults(where: str, text: Text) -> Iterator[str]:
    # A name, a code or a format that is quoted is no word of the sentence.
    zh = re.sub(r"“[^”]*”|`[^`]*`", "…", text.zh)
    if CHINESE.search(zh) and CONNECTIVES.search(zh):
        yield f"{where}: English words in Chinese: {text.zh}"
    if MIXED.search(zh):
        yield f"{where}: an English comma in Chinese: {text.zh}"
    if CHINESE_SIGNS.search(text.en) and not CHINESE.search(text.en):
        yield f"{where}: a Chinese sign in English: {text.en}"
    for told in (text.zh, text.en):
        for name, wrong in (("a pattern", PATTERNS), ("a day as machines write it", ISO), ("an amount", PLAIN_AMOUNTS)):
            if wrong.search(told):
                yield f"{where}: {name}: {told}"


def test_what_people_read_is_in_their_language_and_form() -> None:
    found = list(sentences())
    assert len(found) > 2500 and sum(where.startswith("app/") for where, _ in found) > 300
    assert [fault for where, text in found for fault in faults(where, text)] == []


@pytest.mark.parametrize(
    ("zh", "en", "told"),
    [
        ("须为甲, 乙 or 丙", "Fine", "English words in Chinese"),
        ("须为甲, 乙", "Fine", "an English comma in Chinese"),
        ("好", "One， two", "a Chinese sign in English"),
        ("须符合 ^[0-9]{2,}$", "Fine", "a pattern"),
        ("好", r"Must match \d+", "a pattern"),
        ("已于2024-05-06撤销", "Fine", "a day"),
        ("好", "Until 2024-06-10T09:00:00+08:00", "a day"),
        ("奖金应为100000.00元", "Fine", "an amount"),
        ("好", "The prize is 100000 yuan", "an amount"),
    ],
)
def test_what_is_not_is_found(zh: str, en: str, told: str) -> None:
    assert any(told in fault for fault in faults("here", Text(zh, en)))
