"""The rules of a round are read once as long as they stay the same, and what differs is never taken for the same."""

import json
from typing import Any

import pytest

from app.kernel.stored import Unreadable, read_rules
from app.measures.review_rules import default_review_rules


def shipped(**changes: Any) -> dict[str, Any]:
    """The shipped rules as the database keeps them, with these changes."""
    kept: dict[str, Any] = json.loads(json.dumps(default_review_rules().to_mapping()))
    return kept | changes


def test_the_same_rules_are_read_once() -> None:
    assert read_rules(shipped()) is read_rules(shipped())
    assert read_rules(shipped()) == default_review_rules()


def test_what_was_changed_in_place_is_read_anew() -> None:
    kept = shipped()
    before = read_rules(kept)
    kept["recusal_years"] = before.recusal_years + 1
    assert read_rules(kept).recusal_years == before.recusal_years + 1
    assert before.recusal_years == default_review_rules().recusal_years


@pytest.mark.parametrize("other", [True, "1", 1.5])
def test_what_python_holds_for_equal_or_near_is_read_for_itself(other: object) -> None:
    assert read_rules(shipped(recusal_years=1)).recusal_years == 1
    with pytest.raises(Unreadable):
        read_rules(shipped(recusal_years=other))


def test_what_cannot_be_read_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(Unreadable):
            read_rules(shipped(committee_size="many"))
