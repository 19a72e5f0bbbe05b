"""Why a rule answered as it did: short predicates in the field's words, one for each meaning under whatever rule.

Rule and reason together name the case. What a reason says to people stands in `data/reasons.toml`.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reasons of all findings, by the module that gives them first; passing findings have theirs too."""

    # acts
    # credentials
    # deliberation
    # eligibility
    # hearing
    # interpretations
    DOCUMENT_MISSING = "document_missing"
    OPTION_UNKNOWN = "option_unknown"
    EFFECTIVE_DAY_TAKEN = "effective_day_taken"
    READING_REGISTRABLE = "reading_registrable"
    # interval
    # judgement
    # organisation
    # organs
    # parameters
    # payment
    # performance
    # prize
    # procedure
    # publicity
    # qualification
    # recommendation
    # record
    # review_rules
    # reviewers
    # sanctions
    # scoring
    # seats
    # sectors
    # services
    # stages
    # validity
    # working_days
    # end
