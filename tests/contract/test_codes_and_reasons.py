"""A problem, a fault of a field and a reason have one word for one meaning: what is told under two of them is spelled
alike, and a word that two of them have means the same."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

from app.commands.pages import ROOT
from app.kernel.error_codes import FieldCode, ProblemCode
from app.measures.reasons import Reason

# Words that are codes and reasons, read by a person: each means the same in both.
SHARED = {
    "already_appraised",
    "already_assigned",
    "already_awarded",
    "already_candidate",
    "already_ordered",
    "already_paid",
    "already_published",
    "already_signed",
    "application_exists",
    "attempt_already_failed",
    "attempt_mismatch",
    "claimed_by_another",
    "date_in_future",
    "date_in_past",
    "end_before_start",
    "file_empty",
    "file_infected",
    "file_locked",
    "file_too_costly",
    "file_too_large",
    "file_type_refused",
    "file_unreadable",
    "file_unsafe",
    "leader_assigned",
    "no_conflict_declared",
    "no_work_in_round",
    "reply_deadline_passed",
    "revocation_pending",
    "self_reference",
    "two_applications",
    "use_allowed",
}
# A code that is wider than the reasons told with it.
WIDER = {
    "not_acknowledged": {"act_missing", "state_passed", "revocation_pending"},
    "not_conferred": {"award_withdrawn", "not_conferred_yet"},
    # That it was heard is what the case says of the organisation; that its statement is made, what stops a second one.
    "statement_made": {"organisation_heard"},
    "use_allowed": {"use_is_no_misuse"},
}


def spelled_twice(words: Iterable[str]) -> list[set[str]]:
    """Words that consist of the same parts in another order."""
    found: defaultdict[frozenset[str], set[str]] = defaultdict(set)
    for word in words:
        found[frozenset(word.split("_"))].add(word)
    return [same for same in found.values() if len(same) > 1]


def told_together(source: str) -> Iterator[tuple[str, str]]:
    """Code and reason of each refusal by the procedure whose finding is made, or named, where it is raised."""
    for function in (
        item for item in ast.walk(ast.parse(source)) if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
    ):
        made = {
            target.id: item.value
            for item in ast.walk(function)
            if isinstance(item, ast.Assign)
            for target in item.targets
            if isinstance(target, ast.Name)
        }
        for node in (item for item in ast.walk(function) if isinstance(item, ast.Call)):
            if getattr(node.func, "id", "") not in ("Conflict", "stopped") or not node.args:
                continue
            codes = [*_members(node, "ProblemCode")]
            found = made.get(getattr(node.args[0], "id", ""), node)
            for reason in _members(found, "Reason"):
                yield from ((ProblemCode[code].value, Reason[reason].value) for code in codes)


def _members(node: ast.AST, of: str) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Attribute) and getattr(item.value, "id", "") == of:
            yield item.attr


def test_what_means_the_same_is_spelled_alike() -> None:
    assert spelled_twice([*ProblemCode, *FieldCode, *Reason]) == []
    assert spelled_twice(["already_paid", "paid_already", "paid"]) == [{"already_paid", "paid_already"}]


def test_a_word_that_is_a_code_and_a_reason_means_the_same() -> None:
    """Whoever adds one reads both sentences, and enters it here."""
    assert {*ProblemCode, *FieldCode} & {*map(str, Reason)} == SHARED


def test_what_is_told_together_has_one_word() -> None:
    pairs = {pair for path in (ROOT / "app").rglob("*.py") for pair in told_together(path.read_text(encoding="utf-8"))}
    assert len(pairs) > 15
    assert {(code, reason) for code, reason in pairs if code != reason and reason not in WIDER.get(code, ())} == set()


@pytest.mark.parametrize(
    "source",
    [
        "raise Conflict(fails(rule, Reason.STATE_FINAL), code=ProblemCode.ALREADY_PAID)",
        "found = fails(rule, Reason.STATE_FINAL)\n    raise Conflict(found, code=ProblemCode.ALREADY_PAID)",
    ],
)
def test_two_words_for_one_refusal_are_found(source: str) -> None:
    assert set(told_together(f"def act():\n    {source}\n")) == {("already_paid", "state_final")}
