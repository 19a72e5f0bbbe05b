"""Every list that the contract answers is had as a table, or says here why not."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from app.web.table_columns import tables_of
from app.web.table_types import TYPES, lists_of

# Why a list is no table, by where it stands. An asterisk is whatever there is.
_FEED = "read on from where a program stands"
_PROGRAMS = "for programs alone"
_RULES = "an annex of the round's call, which is a paper that is had as tables"
_FORM = "a part of the application form, a paper that is had as tables"
_OWN = "of whoever reads it, on one page"
_ONE = "a sentence or two about one object, told where it is opened"
_BESIDE = "a few lines beside a list, whose table has one shape"
_BY_NAME = "a value or two beside the list, told where it is opened"
WITHOUT = {
    "list_appraisals.findings": _BESIDE,
    "list_instruments.parameter_articles": _BY_NAME,
    "list_retention_periods.kept_for_good": _BESIDE,
    "list_vocabularies.*": _PROGRAMS,
    "pull_disbursements.items": _FEED,
    "read_audit_checkpoint_keys.keys": _PROGRAMS,
    "read_candidates.vacancies": _BY_NAME,
    "read_default_review_rules.*": _RULES,
    "read_dossier.content.*": _FORM,
    "read_dossier.items": _RULES,
    "read_dossier.materials": _FORM,
    "read_evaluation.inputs.*": "what the ranking is computed of, to be computed again",
    "read_form.*": _PROGRAMS,
    "read_keys.keys": _PROGRAMS,
    "read_me.unconfirmed": _OWN,
    "read_own_data.*": "a copy for one person, whole as it is (JSON)",
    "read_privacy_notice.*": "a text, with a page of its own",
    "read_proposed_list.vacancies": _BY_NAME,
    "read_recommendation_changes.items": _FEED,
    "read_review_assignment.blocked_by": _ONE,
    "read_application.barred_by": _ONE,
    "read_application.content.*": _FORM,
    "read_application.recommendations": "the recommending units' own list has them",
    "read_revocation.event.*": _ONE,
    "read_round.review_rules.*": _RULES,
    "read_round.asks.*": _RULES,
    "read_round.readings.*": "the readings of the interpretations, a list of their own",
    "read_score_sheet.*": "one reviewer's own form; the panel's report is a paper that is had as tables",
    "read_snapshot.snapshot.*": _FORM,
    "list_documents.archives": "files to be downloaded, not lines",
    "verify_paper.scans": "files to be downloaded, not lines",
}
# Acts beside an object, not lines of a list.
_ACTS = frozenset({"available_actions", "next_steps"})


def resolved(contract: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        _, _, group, name = part["$ref"].split("/")
        part = contract["components"][group][name]
    options = [item for item in part.get("anyOf", ()) if item.get("type") != "null"]
    return resolved(contract, options[0]) if options else part


def listed(contract: dict[str, Any], schema: dict[str, Any], above: str = "") -> Iterator[str]:
    """Where in what a schema describes lists of objects, and values by their names, stand; beneath objects as well."""
    part = resolved(contract, schema)
    if part.get("additionalProperties") not in (None, True, False, {}):
        yield above
    if part.get("type") == "array" and resolved(contract, part["items"]).get("type") == "object":
        yield above
    for name, field in part.get("properties", {}).items():
        if name not in _ACTS and above.count(".") < 2:
            yield from listed(contract, field, f"{above}.{name}".lstrip("."))


def answers(contract: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every reading operation with the content of its answer."""
    for methods in contract["paths"].values():
        operation = methods.get("get")
        if operation is not None:
            content = resolved(contract, operation["responses"].get("200", {})).get("content", {})
            if "application/json" in content:
                yield operation, content


def test_every_list_is_a_table_or_says_why_not(contract: dict[str, Any]) -> None:
    missing, used = [], set[str]()
    for operation, content in answers(contract):
        name = operation["operationId"]
        tables = set(lists_of(name)) if "text/csv" in content else set[str]()
        assert set(TYPES) <= set(content) or "text/csv" not in content, name
        for place in listed(contract, content["application/json"]["schema"]):
            reasons = {pattern for pattern in WITHOUT if fnmatchcase(f"{name}.{place}", pattern)}
            used |= reasons
            if (place in tables) == bool(reasons):
                missing.append(f"{name}.{place}")
    assert missing == [], "a table, or a reason why not: one of both"
    assert used == set(WITHOUT), "a reason for what there is not"


@pytest.mark.parametrize("english", [False, True])
def test_every_table_has_headings_that_people_know_apart(contract: dict[str, Any], english: bool) -> None:
    named = 0
    for operation, content in answers(contract):
        if "text/csv" not in content:
            continue
        for table in tables_of(operation["operationId"], english=english):
            named += 1
            heads = [column.heading for column in table.columns]
            for half in ([head.partition(" / ")[part] for head in heads] for part in (0, 2)):
                assert half and len(set(half)) == len(half), (operation["operationId"], half)
            assert all("\u4e00" <= head[0] <= "\u9fff" for head in heads), heads
            assert table.title.zh and table.title.en and "_" not in table.title.zh + table.title.en, table
    assert named > 100


def test_a_list_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.web import table_columns

    for names in (("",), ("title",), ("nothing",)):
        monkeypatch.setattr(table_columns, "lists_of", lambda _, told=names: told)
        with pytest.raises(LookupError, match="read_qualified_list answers no list"):
            table_columns.tables_of.__wrapped__("read_qualified_list", english=False)
