"""Art. 13(6): one matter is entered once on an organisation, heard once and decided once."""

from dataclasses import replace
from datetime import date

import pytest

from app.measures.facts import RecordCategory
from app.measures.record import RecordTold, record_entered_once

RULE = "art13.6.record"
TOLD = RecordTold(
    RecordCategory.FAILED_INSPECTION, date(2023, 6, 1), None, "市场监督管理局", "样例监抽〔2023〕8号", "L-1"
)


@pytest.mark.parametrize(
    "again", [TOLD, replace(TOLD, source=" 市场监督管理局 ", basis="样例监抽[2023]8号", credential_number="l-1")]
)
def test_the_same_matter_is_known(again: RecordTold) -> None:
    (found,) = record_entered_once(new=again, known={"other": replace(TOLD, basis="样例"), "r-1": TOLD})
    assert (found.rule, found.reason.value, found.facts["record_id"]) == (RULE, "record_known", "r-1")
    assert found.facts["category"] == "failed_inspection" and found.facts["basis"] == again.basis


@pytest.mark.parametrize(
    "other",
    [
        replace(TOLD, category=RecordCategory.QUALITY_COMPLAINT),
        replace(TOLD, occurred_on=date(2023, 6, 2)),
        replace(TOLD, determined_on=date(2023, 6, 1)),
        replace(TOLD, source="样例税务局"),
        replace(TOLD, basis="样例监抽〔2023〕9号"),
        replace(TOLD, basis=None),
        replace(TOLD, credential_number=None),
        replace(TOLD, credential_number="L-2"),
    ],
)
def test_another_matter_is_entered(other: RecordTold) -> None:
    assert record_entered_once(new=other, known={"r-1": TOLD}) == []
    assert record_entered_once(new=TOLD, known={"r-1": other}) == []


def test_without_a_paper_nobody_says_that_it_is_the_same() -> None:
    bare = replace(TOLD, basis=None)
    assert record_entered_once(new=bare, known={"r-1": bare}) == record_entered_once(new=TOLD, known={}) == []
