"""A round is prepared: its year and its review rules (Art. 10, 11(1))."""

from __future__ import annotations

from collections.abc import Mapping

from app.kernel.context import WriteContext
from app.kernel.errors import Misshapen
from app.kernel.stored import Unreadable, read_rules
from app.measures.review_rules import ReviewRules, default_review_rules
from app.measures.state_machines import ROUND
from app.measures.text import Text
from app.services.lifecycle import create, enter
from app.store import rounds as store


async def create_round(
    context: WriteContext, *, year: int, title: str, review_rules: Mapping[str, object] | None
) -> store.Round:
    """A round in preparation, with the shipped default rules where none are given."""
    rules = default_review_rules() if review_rules is None else parse_rules(review_rules)
    row = store.Round(
        created_at=context.now,
        year=year,
        title=title,
        state=create(ROUND),
        review_rules=rules.to_mapping(),
        review_rules_hash=rules.content_hash,
        is_sample=context.settings.marks_samples,
    )
    await enter(context, row, "create_round", "round", round_id=row.id, year=year, rules_hash=rules.content_hash)
    return row


def parse_rules(raw: Mapping[str, object]) -> ReviewRules:
    """Rules from the wire; `Misshapen` names everything that cannot be read, where and why."""
    try:
        return read_rules(raw)
    except Unreadable as error:
        raise Misshapen(Text("评审规则无法解析", "The review rules cannot be read"), error.found) from error
