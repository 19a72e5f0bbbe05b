"""Reasons and what they say: every reason has its sentences, every sentence its facts, in both languages."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from app.measures import sentences
from app.measures.catalogue import CATALOGUE
from app.measures.facts import RecordCategory
from app.measures.findings import Outcome, fails, needs_decision, passes
from app.measures.judgement import reasoned
from app.measures.reasons import Reason
from app.measures.sectors import SeatCategory
from app.measures.sentences import SentenceError

# One case of each reason under each rule that gives it, as rules really answer, with the sentences as approved.
_TOLD: list[dict[str, Any]] = json.loads(Path(__file__).with_name("reasons_told.json").read_text(encoding="utf-8"))
_MAKERS = {Outcome.PASS: passes, Outcome.FAIL: fails, Outcome.NEEDS_DECISION: needs_decision}
_TEXTS = {"zh", "en", "remedy_zh", "remedy_en", "next_act"}


def test_the_reasons_are_those_of_the_data_file() -> None:
    assert {reason.value for reason in Reason} == set(sentences.shipped()["reasons"])


def test_every_reason_has_its_approved_sentences() -> None:
    assert {reason.value for reason in Reason} - {case["reason"] for case in _TOLD} == set()


@pytest.mark.parametrize("case", _TOLD, ids=lambda case: f"{case['reason']}-{case['rule']}")
def test_a_reason_says_what_was_approved(case: dict[str, Any]) -> None:
    finding = _MAKERS[Outcome(case["outcome"])](case["rule"], Reason(case["reason"]), **case["facts"])
    assert (finding.message.zh, finding.message.en) == (case["zh"], case["en"])
    remedy = None if finding.remedy is None else (finding.remedy.zh, finding.remedy.en)
    assert remedy == ((case["remedy_zh"], case["remedy_en"]) if "remedy_zh" in case else None)


def test_the_data_file_holds_nothing_else() -> None:
    approved = {(case["reason"], case["rule"]) for case in _TOLD}
    for reason, wording in sentences.shipped()["reasons"].items():
        rules = {key for key, text in wording.items() if isinstance(text, dict)}
        assert set(wording) - rules <= _TEXTS, reason
        assert rules <= set(CATALOGUE), reason
        assert {(reason, rule) for rule in rules} <= approved, f"{reason}: nobody answers so"
        for texts in (wording, *(wording[rule] for rule in rules)):
            assert ("remedy_zh" in texts) == ("remedy_en" in texts), reason


def test_a_fact_that_is_not_there_is_found() -> None:
    with pytest.raises(SentenceError, match="earliest_year"):
        _ = fails("art06.cycle", Reason.CYCLE_NOT_OVER, last_concluded_year=2024).message


def test_a_word_without_a_label_is_found() -> None:
    with pytest.raises(SentenceError, match="no label for fame"):
        _ = fails("art04.merit", Reason.DECIDED_AGAINST, subject="fame").message


@pytest.mark.parametrize(("table", "values"), [("category", RecordCategory), ("seat_category", SeatCategory)])
def test_every_value_has_its_own_label_in_each_language(table: str, values: type[StrEnum]) -> None:
    for language in sentences.LANGUAGES:
        assert len({sentences.label(table, value, language) for value in values}) == len(values)


def test_a_language_without_sentences_is_found() -> None:
    with pytest.raises(SentenceError, match="no sentence in fr"):
        sentences.message(Reason.CYCLE_KEPT, "art06.cycle", {}, "fr")


def test_a_list_is_joined_as_the_language_does() -> None:
    told = fails("art05.lookback", Reason.FIGURES_MISSING, missing=[2021, 2022]).message
    assert (told.zh, told.en) == ("缺少2021、2022年度业绩数据", "Figures are missing for 2021, 2022")


def test_what_the_product_says_was_read_wherever_the_id_of_the_rule_stands() -> None:
    with pytest.raises(AssertionError, match="nobody has read what it says"):
        reasoned(rule_id="art06.seats", reason="", evidence="")
    # A test may say what it likes.
    assert fails("art06.seats", Reason.DECISION_SAYS_NOTHING, missing=["reason"]).rule == "art06.seats"
