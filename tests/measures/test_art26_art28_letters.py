"""Arts. 13(6), 26, 28: what is said on paper counts by the day of its receipt, once and with its scan."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.measures.hearings import letter_after_decision, letter_counts, said_already

LAST = date(2025, 6, 6)
RULES = ("art13.6.record", "art26.fraud", "art28.grounds")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["letter_in_time"]),
        ({"received_on": LAST}, ["letter_in_time"]),
        ({"received_on": date(2025, 6, 7)}, ["letter_too_late"]),
        ({"received_on": date(2025, 6, 7), "reply_last_day": None}, ["letter_in_time"]),
        ({"known": ["收文[2025]58号"]}, ["statement_entered_already"]),
        ({"known": ["收文〔2025〕5号"]}, ["letter_in_time"]),
        ({"scanned": False}, ["statement_not_scanned"]),
        (
            {"received_on": date(2025, 6, 7), "known": ["收文〔2025〕58号"], "scanned": False},
            ["letter_too_late", "statement_entered_already", "statement_not_scanned"],
        ),
    ],
)
def test_a_letter_is_taken_in_time_once_and_with_its_scan(rule: str, changes: dict[str, Any], found: list[str]) -> None:
    facts: dict[str, Any] = {"received_on": date(2025, 6, 4), "reply_last_day": LAST, "reference": "收文〔2025〕58号"}
    told = letter_counts(rule_id=rule, **{**facts, "known": ["收文〔2025〕57号"], "scanned": True, **changes})
    assert [item.reason for item in told] == found
    assert {item.rule for item in told} == {rule}
    assert all((item.outcome.value == "pass") is (item.reason == "letter_in_time") for item in told)


@pytest.mark.parametrize("rule", RULES[1:])
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["letter_filed_late"]),
        ({"known": ["收文[2025]58号"]}, ["statement_entered_already"]),
        ({"known": ["收文〔2025〕5号"]}, ["letter_filed_late"]),
        ({"scanned": False}, ["statement_not_scanned"]),
        ({"known": ["收文〔2025〕58号"], "scanned": False}, ["statement_entered_already", "statement_not_scanned"]),
    ],
)
def test_a_letter_after_the_decision_is_filed_once_and_with_its_scan(
    rule: str, changes: dict[str, Any], found: list[str]
) -> None:
    days = {"received_on": LAST, "decided_on": date(2025, 6, 10)}
    given: dict[str, Any] = {"reference": "收文〔2025〕58号", "known": [], "scanned": True, **days}
    told = letter_after_decision(rule_id=rule, **given | changes)
    assert [item.reason for item in told] == found
    assert {item.rule for item in told} == {rule}
    if found == ["letter_filed_late"]:
        assert told[0].outcome.value == "pass"
        assert (told[0].facts["received_on"], told[0].facts["decided_on"]) == ("2025-06-06", "2025-06-10")
    else:
        assert {item.outcome.value for item in told} == {"fail"}


@pytest.mark.parametrize(
    ("rule", "act"),
    [
        ("art13.6.record", "upload_reply_file"),
        ("art26.fraud", "upload_statement_file"),
        ("art28.grounds", "upload_statement_file"),
    ],
)
def test_a_letter_without_its_scan_names_what_comes_first(rule: str, act: str) -> None:
    facts: dict[str, Any] = {"received_on": LAST, "reply_last_day": LAST, "reference": "x", "known": []}
    (found,) = letter_counts(rule_id=rule, scanned=False, **facts)
    assert (found.facts["next_act"], found.facts["next_by"]) == (act, ["office"])


def test_the_very_words_are_said_once() -> None:
    at = datetime(2025, 6, 4, tzinfo=UTC)
    said = [("样例：已整改", at), ("样例：补充", datetime(2025, 6, 5, tzinfo=UTC))]
    assert said_already(words="样例： 已整改", said=said) == at
    assert said_already(words="样例：已整改完毕", said=said) is None
    assert said_already(words="样例", said=[]) is None
