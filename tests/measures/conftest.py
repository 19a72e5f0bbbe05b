"""Every finding that any test of the measures brings about is held to the same shape."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from app.measures import findings
from app.measures.findings import Finding
from app.measures.text import Text
from tests.support.fact_kinds import untold_facts

# How fast the machine is decides no property, and the mutation test must find tomorrow what it found today.
settings.register_profile("law", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("law")

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")
# A value that is not there, or a mark of something yet to be written.
_UNFILLED = re.compile(r"XX|None")


def assert_both_languages(text: Text) -> None:
    """Chinese with Chinese in it; English with a sentence's beginning, and not shouted; nothing left open."""
    assert _CHINESE.search(text.zh), f"no Chinese: {text}"
    assert _LATIN.search(text.en), f"no English: {text}"
    assert not text.en[0].islower(), f"no beginning of a sentence: {text}"
    assert text.en != text.en.upper(), f"in capitals: {text}"
    assert not _UNFILLED.search(text.zh + text.en), f"left open: {text}"


@cache
def told_pairs() -> frozenset[tuple[str, str]]:
    """Rule and reason of every case whose sentences somebody has approved."""
    cases = json.loads(Path(__file__).with_name("reasons_told.json").read_text(encoding="utf-8"))
    return frozenset((case["rule"], case["reason"]) for case in cases)


def assert_approved(finding: Finding, maker: FrameType | None) -> None:
    """What the product says under a rule was read before, also where the rule's id stands in a variable. `maker`: who
    has called `fails` or its like; what a test makes up by itself is not held to it."""
    if maker is not None and _by_the_product(maker):
        pair = (finding.rule, str(finding.reason))
        assert pair in told_pairs(), f"nobody has read what it says: {pair}, see reasons_told.json"


def _by_the_product(maker: FrameType) -> bool:
    return str(maker.f_globals.get("__name__", "")).startswith("app.")


@pytest.fixture(autouse=True)
def _every_finding_speaks_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages and remedies in Chinese and English, as approved; facts ready for JSON."""
    make = findings._finding

    def checked(*args: Any) -> Finding:
        finding = make(*args)
        assert_approved(finding, sys._getframe(2))
        assert_both_languages(finding.message)
        if finding.remedy is not None:
            assert_both_languages(finding.remedy)
        json.dumps(dict(finding.facts))
        if _by_the_product(sys._getframe(2)):
            assert untold_facts(finding.reason, finding.facts) == [], "see app/measures/data/facts.toml"
        return finding

    monkeypatch.setattr(findings, "_finding", checked)
