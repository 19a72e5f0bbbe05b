"""Many opinions of a unit at once, all or none (Art. 3, 12).

Each opinion is judged on the rows as they are locked, and nothing reaches the database before all are judged: one that
is refused leaves nothing of the others, and the refusal names the fault of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import DomainError, FieldError, Forbidden, Invalid, NotFound, Refused, Stale, WrongState
from app.measures.findings import Finding
from app.measures.recommendations import RecommendationAnswer
from app.measures.text import Text
from app.services.recommendations.answers import Case, Opinion, answer_case, load_cases
from app.store import recommendations as store

# What an opinion of each outcome must say; the other fields of the form belong to the other outcome.
_NEEDED = {
    RecommendationAnswer.ENDORSED: ("facts_verified", "opinion", "signatory", "signed_on"),
    RecommendationAnswer.DECLINED: ("reason",),
    RecommendationAnswer.RETURNED: ("reason",),
}
_OF_AN_ENDORSEMENT = (
    "facts_verified",
    "opinion",
    "signed_on",
    "industry_justification",
    "stamped_opinion_id",
    "letter_number",
    "order",
)
_FOREIGN = {
    RecommendationAnswer.ENDORSED: ("reason",),
    RecommendationAnswer.DECLINED: _OF_AN_ENDORSEMENT,
    RecommendationAnswer.RETURNED: _OF_AN_ENDORSEMENT,
}


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One opinion. `version`: the version of the recommendation that the unit has read, where it names one."""

    recommendation_id: UUID
    opinion: Opinion
    version: int | None = None


async def answer_recommendations(context: WriteContext, *, items: Sequence[BatchItem]) -> list[store.Recommendation]:
    """Record every opinion, or none: `Invalid` then holds the errors of all items, by JSON pointer, and what the rules
    found. As many queries as for one."""
    _check_size(context, items)
    opinion_ids = [item.opinion.stamped_opinion_id for item in items if item.opinion.stamped_opinion_id is not None]
    ordered = any(item.opinion.order is not None for item in items)
    named = [item.recommendation_id for item in items]
    cases = await load_cases(context, named, opinion_ids=opinion_ids, ordered=ordered)
    errors: list[FieldError] = []
    findings: list[Finding] = []
    seen: set[UUID] = set()
    for number, item in enumerate(items):
        faults = _form_faults(number, item, repeated=item.recommendation_id in seen)
        seen.add(item.recommendation_id)
        if faults:
            errors += faults
            continue
        try:
            _answer(context, cases.get(item.recommendation_id), item)
        except DomainError as error:
            errors += _item_errors(number, error)
            findings += [_of_item(finding, item) for finding in error.findings]
    if errors:
        count = len({error.pointer.split("/")[2] for error in errors})
        raise Invalid(
            Text(
                f"{len(items)} 项中有 {count} 项不能接受，全部未予记录；请按 errors 逐项改正后重新提交",
                f"{count} of {len(items)} items cannot be taken, so none is; correct what `errors` names, repeat",
            ),
            code=ProblemCode.BATCH_REFUSED,
            errors=errors,
            findings=findings,
        )
    await context.session.flush()
    return [cases[item.recommendation_id].recommendation for item in items]


def _check_size(context: WriteContext, items: Sequence[BatchItem]) -> None:
    limit = context.settings.bulk_max_items
    if len(items) > limit:
        text = Text(f"一次最多 {limit} 项", f"At most {limit} items at once")
        raise Invalid(
            text, code=ProblemCode.TOO_MANY_ITEMS, errors=[FieldError("/items", FieldCode.TOO_MANY_ITEMS, text)]
        )


def _form_faults(number: int, item: BatchItem, *, repeated: bool) -> list[FieldError]:
    faults = []
    if repeated:
        text = Text("此推荐请求在本批中重复", "This recommendation is in the batch already")
        faults.append(FieldError(f"/items/{number}/recommendation_id", FieldCode.DUPLICATE, text))
    outcome = item.opinion.outcome
    for name in _NEEDED[outcome]:
        if not getattr(item.opinion, name):
            text = Text("此类意见必填", "An opinion of this outcome needs it")
            faults.append(FieldError(f"/items/{number}/{name}", FieldCode.REQUIRED, text))
    for name in _FOREIGN[outcome]:
        if getattr(item.opinion, name):
            text = Text("此类意见不应有此项", "An opinion of this outcome does not have it")
            faults.append(FieldError(f"/items/{number}/{name}", FieldCode.NOT_APPLICABLE, text))
    return faults


def _answer(context: WriteContext, case: Case | None, item: BatchItem) -> None:
    if case is None:
        raise NotFound("没有此推荐请求", "No such recommendation")
    if item.version is not None and case.recommendation.version != item.version:
        raise Stale(Text("内容已被更新，请重新读取后再提交", "It has changed meanwhile; read it again and repeat"))
    answer_case(context, case, item.opinion)


_OF_AN_ITEM: dict[type[DomainError], tuple[str, FieldCode]] = {
    NotFound: ("/recommendation_id", FieldCode.NOT_FOUND),
    Stale: ("/version", FieldCode.STALE_VERSION),
    WrongState: ("", FieldCode.WRONG_STATE),
    Forbidden: ("", FieldCode.FORBIDDEN),
}


def _item_errors(number: int, error: DomainError) -> list[FieldError]:
    """One item's refusal as faults of the batch: its fields, its rules, or the item as a whole."""
    base = f"/items/{number}"
    if error.errors:
        return [replace(fault, pointer=base + fault.pointer) for fault in error.errors]
    if isinstance(error, Refused):
        return [FieldError(base, FieldCode.RULE_REFUSED, item.message, item.rule) for item in error.findings]
    where, code = _OF_AN_ITEM.get(type(error), ("", FieldCode.INVALID))
    return [FieldError(base + where, code, error.message)]


def _of_item(finding: Finding, item: BatchItem) -> Finding:
    return replace(finding, facts={**finding.facts, "recommendation_id": str(item.recommendation_id)})
