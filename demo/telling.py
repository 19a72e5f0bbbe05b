"""How the demonstration speaks: stages, lines, refusals with their articles."""

import sys
import unicodedata
from typing import Any

_BOLD, _DIM, _RED, _GREEN, _END = "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[0m"


def _styled(text: str, style: str) -> str:
    return f"{style}{text}{_END}" if sys.stdout.isatty() else text


def stage(title: str, articles: str, day: object) -> None:
    """The head of a stage."""
    print(f"\n{_styled(f'■ {title}', _BOLD)}  {_styled(f'[Art. {articles}]  {day}', _DIM)}", flush=True)


def line(text: str) -> None:
    """One thing that happened."""
    print(f"  {text}", flush=True)


def good(text: str) -> None:
    """Something that went through."""
    print(f"  {_styled('✓', _GREEN)} {text}", flush=True)


def refusal(who: str, answer: Any) -> dict[str, Any]:
    """A refusal as the caller reads it; answers the problem. Fails the demonstration where there was none."""
    problem: dict[str, Any] = answer.json()
    if answer.status_code < 400:
        raise AssertionError(f"{who}: expected a refusal, got {answer.status_code}")
    print(f"  {_styled('✗', _RED)} {who}: {answer.status_code} {problem['code']}", flush=True)
    for told, names in _violations(problem).items():
        print(f"      {told}")
        if names:
            print(f"        {_styled('、'.join(names), _DIM)}")
    if not problem["violations"]:
        print(f"      {problem['detail']}")
    return problem


def _violations(problem: dict[str, Any]) -> dict[str, list[str]]:
    """What each rule said, once, with the organisations of a list that it said it of."""
    found: dict[str, list[str]] = {}
    for item in problem["violations"]:
        told = f"Art. {item['article']} ({item['rule']}): {item['message_zh']} / {item['message_en']}"
        if item["remedy_zh"]:
            told += f"\n        → {item['remedy_zh']} / {item['remedy_en']}"
        names = found.setdefault(told, [])
        if item["facts"].get("organisation"):
            names.append(str(item["facts"]["organisation"]))
    return found


def yes(value: bool) -> str:
    """A yes or a no for people."""
    return "是 yes" if value else "否 no"


def table(heads: list[str], rows: list[list[object]]) -> None:
    """Rows under heads; Chinese characters take two columns."""
    everything: list[list[object]] = [list(heads), *rows]
    cells = [[str(cell) for cell in row] for row in everything]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(heads))]
    for number, row in enumerate(cells):
        text = "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        print(f"    {_styled(text.rstrip(), _DIM) if number == 0 else text.rstrip()}", flush=True)


def yuan(fen: int) -> str:
    """An amount for people."""
    return f"{fen // 100:,}.{fen % 100:02d} yuan"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
