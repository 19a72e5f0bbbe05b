"""Preparing a round: its year and its review rules (Art. 10, 11(1))."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import Misshapen, existing
from app.kernel.stored import Unreadable, read_rules
from app.measures.review_rules import ReviewRules, default_review_rules, review_rules_complete
from app.measures.state_machines import ROUND
from app.measures.text import Text
from app.services.lifecycle import act, create, enter
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


async def revise_round(
    context: WriteContext,
    *,
    round_id: UUID,
    year: int | None,
    title: str | None,
    review_rules: Mapping[str, object] | None,
) -> store.Round:
    """Change a round in preparation. After the call its rules are frozen (Art. 10) and this is refused."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "revise_rules") as doing:
        rules = read_rules(row.review_rules) if review_rules is None else parse_rules(review_rules)
        doing.hear(review_rules_complete(rules=rules))
        row.year = row.year if year is None else year
        row.title = row.title if title is None else title
        row.review_rules, row.review_rules_hash = rules.to_mapping(), rules.content_hash
        doing.tell(rules_hash=rules.content_hash)
    return row


async def locked(context: WriteContext, round_id: UUID) -> store.Round:
    """The round, locked for an act that closes a list or counts seats."""
    return existing(await store.lock(context.session, round_id), "没有此届评审", "No such round")


def parse_rules(raw: Mapping[str, object]) -> ReviewRules:
    """Rules from the wire; `Misshapen` names everything that cannot be read, where and why."""
    try:
        return read_rules(raw)
    except Unreadable as error:
        raise Misshapen(Text("评审规则无法解析", "The review rules cannot be read"), error.found) from error
