"""The page on the ASVS cites files that are there, judges each line by a word of its set, and counts its own lines."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_PAGE = _ROOT / "docs" / "security-asvs.md"
_VERDICTS = ("met", "partly", "not met", "left to the county", "does not apply")
_NONE = "—"
# Requirements of levels 1 and 2 in ASVS 5.0, by chapter.
_REQUIREMENTS = (27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7)
_TOP_LEVEL = ("Dockerfile", ".dockerignore")


@dataclass(frozen=True)
class _Line:
    number: str
    level: str
    asked: str
    verdict: str
    code: str
    tests: str
    why: str

    @property
    def chapter(self) -> int:
        return int(self.number.partition(".")[0])


def _rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines() if row.startswith("| ")]


def _page() -> tuple[list[list[str]], list[_Line]]:
    """The table of counts, without its head, and the lines of all chapters."""
    top, *chapters = _PAGE.read_text(encoding="utf-8").split("\n## V")
    lines = [_Line(*row) for chapter in chapters for row in _rows(chapter) if row[0] != "no."]
    return _rows(top)[1:], lines


def _cited(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _counts(lines: list[_Line]) -> list[str]:
    found = Counter(line.verdict for line in lines)
    return [str(number) for number in (len(lines), *(found[verdict] for verdict in _VERDICTS))]


def test_every_requirement_of_both_levels_has_one_line_in_order() -> None:
    lines = _page()[1]
    numbers = [tuple(int(part) for part in line.number.split(".")) for line in lines]
    assert numbers == sorted(set(numbers))
    assert {line.level for line in lines} == {"1", "2"}
    by_chapter = Counter(line.chapter for line in lines)
    assert tuple(by_chapter[chapter] for chapter in range(1, 18)) == _REQUIREMENTS


def test_every_line_has_a_verdict_of_the_set_with_what_it_rests_on() -> None:
    for line in _page()[1]:
        assert line.verdict in _VERDICTS, line
        assert line.asked, line
        assert line.verdict != "met" or _cited(line.code), line
        # What is met is shown by a test, or it is said why there is none.
        assert (line.verdict == "met" and _cited(line.tests)) or line.why != _NONE, line


def test_every_file_that_is_cited_is_there() -> None:
    for line in _page()[1]:
        for path in (*_cited(line.code), *_cited(line.tests)):
            assert (_ROOT / path).is_file(), (line.number, path)
        assert all(path.startswith("tests/") for path in _cited(line.tests)), line
        assert not any(path.startswith("tests/") for path in _cited(line.code)), line
    for path in _cited(_PAGE.read_text(encoding="utf-8")):
        if " " not in path and ("/" in path or path in _TOP_LEVEL):
            assert (_ROOT / path).exists(), path


def test_the_counts_are_those_of_the_lines() -> None:
    counts, lines = _page()
    chapters, (whole, *levels) = counts[:-3], counts[-3:]
    assert [row[1:] for row in chapters] == [
        _counts([line for line in lines if line.chapter == chapter]) for chapter in range(1, len(_REQUIREMENTS) + 1)
    ]
    assert whole == ["all", *_counts(lines)]
    assert levels == [
        [f"of level {level}", *_counts([line for line in lines if line.level == level])] for level in ("1", "2")
    ]
