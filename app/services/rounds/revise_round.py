"""A round in preparation is changed (Art. 10)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.stored import read_rules
from app.measures.review_rules import review_rules_complete
from app.measures.state_machines import ROUND
from app.services.lifecycle import act
from app.services.rounds.create_round import parse_rules
from app.services.rounds.read_rounds import locked
from app.store import rounds as store


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
