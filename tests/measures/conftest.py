"""Every finding that any test of the measures brings about is held to the same shape."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from app.measures import findings
from app.measures.findings import Finding
from app.measures.text import Text

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


@pytest.fixture(autouse=True)
def _every_finding_speaks_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages and remedies in Chinese and English, facts ready for JSON."""
    make = findings._finding

    def checked(*args: Any) -> Finding:
        finding = make(*args)
        assert_both_languages(finding.message)
        if finding.remedy is not None:
            assert_both_languages(finding.remedy)
        json.dumps(dict(finding.facts))
        return finding

    monkeypatch.setattr(findings, "_finding", checked)
