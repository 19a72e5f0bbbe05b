"""Arts. 1 to 33: whatever refuses or waits says what can be done next, and by whom, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.measures import sentences
from app.measures.findings import Outcome, fails, needs_decision
from app.measures.reasons import Reason

_CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("reasons_told.json").read_text(encoding="utf-8"))
_REFUSING = [case for case in _CASES if case["outcome"] in ("fail", "needs_decision")]
_MAKERS = {Outcome.FAIL: fails, Outcome.NEEDS_DECISION: needs_decision}


def test_most_reasons_refuse_somewhere() -> None:
    """The list below is not empty by mistake."""
    assert len({case["reason"] for case in _REFUSING}) > 200


@pytest.mark.parametrize("case", _REFUSING, ids=lambda case: f"{case['reason']}-{case['rule']}")
def test_every_refusing_reason_has_its_remedy_in_both_languages(case: dict[str, Any]) -> None:
    finding = _MAKERS[Outcome(case["outcome"])](case["rule"], Reason(case["reason"]), **case["facts"])
    assert finding.remedy is not None
    assert finding.remedy.zh.strip() and finding.remedy.en.strip()
    assert finding.remedy.zh != finding.message.zh and finding.remedy.en != finding.message.en


@pytest.mark.parametrize(
    "case", [case for case in _CASES if case["outcome"] == "pass"], ids=lambda case: case["reason"]
)
def test_what_passes_needs_none(case: dict[str, Any]) -> None:
    assert "remedy_zh" not in case


def test_a_remedy_stands_in_both_languages_or_in_none() -> None:
    for reason, wording in sentences.shipped()["reasons"].items():
        tables = [set(wording), *(set(text) for text in wording.values() if isinstance(text, dict))]
        for table in tables:
            assert ("remedy_zh" in table) is ("remedy_en" in table), reason
