"""A reading is cited where it decides (Art. 32)."""

import pytest

from app.commands.pages import ROOT
from app.measures.interpretations import interpretations

# What is decided on money and on revocations says on which reading it rests; names, those before the decree and records
# of no round belong to other subjects.
_OF_OTHER_SUBJECTS = (
    "names_before_the_decree",
    "records_of_no_round",
    "same_name",
    "objection_upheld_after_the_decree",
)
_OF_MONEY = sorted(
    key
    for key, item in interpretations().items()
    if {"8", "9", "26", "28"} & set(item.articles) and key not in _OF_OTHER_SUBJECTS
)


@pytest.mark.parametrize("key", _OF_MONEY)
def test_a_reading_of_money_or_revocation_is_cited_where_it_decides(key: str) -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    assert any(f'"{key}"' in source for source in sources)
