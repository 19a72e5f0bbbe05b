"""Every decision record has a date and a status, and the index lists it with both."""

import re
from datetime import date
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parent.parent.parent / "docs" / "decisions"
_RECORDS = sorted(_FOLDER.glob("[0-9]*.md"))
_HEAD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n- Date: (?P<day>\d{4}-\d\d-\d\d)\n"
    r"- Status: (?P<status>proposed|accepted|superseded by \d+)\n\n"
)


@pytest.mark.parametrize("record", _RECORDS, ids=lambda record: record.stem)
def test_a_record_has_its_date_and_status_and_is_in_the_index(record: Path) -> None:
    head = _HEAD.match(record.read_text(encoding="utf-8"))
    assert head, "A record begins as docs/decisions/template.md does"
    date.fromisoformat(head["day"])
    assert int(head["number"]) == int(record.name[:4])
    row = f"| {head['number']} | [{head['title']}]({record.name}) | {head['day']} | {head['status']} |"
    assert row in (_FOLDER / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_numbers_have_no_gap_and_the_index_no_stranger() -> None:
    assert [int(record.name[:4]) for record in _RECORDS] == list(range(1, len(_RECORDS) + 1))
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (_FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [record.name for record in _RECORDS]
