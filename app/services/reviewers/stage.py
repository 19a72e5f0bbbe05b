"""Which stage of the review a round is in, and what the round's frozen rules say of it."""

from __future__ import annotations

from decimal import Decimal

from app.kernel.context import ReadContext
from app.kernel.stored import read_rules
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage
from app.measures.state_machines import ROUND
from app.measures.text import Text
from app.services.lifecycle import out_of_order
from app.store.rounds import Round

# The round's state and the application's state in which a stage is worked on.
ROUND_STATE = {Stage.MATERIAL: "qualified", Stage.ONSITE: "onsite"}


APPLICATION_STATE = {Stage.MATERIAL: "qualified", Stage.ONSITE: "shortlisted"}


RULE_OF_STAGE = {Stage.MATERIAL: "art18.material", Stage.ONSITE: "art19.onsite"}


NAMES = {Stage.MATERIAL: Text("材料评审", "material review"), Stage.ONSITE: Text("现场评审", "on-site review")}


_CENT = Decimal("0.01")


def rules_of(row: Round) -> ReviewRules:
    """The review rules frozen at the round's call (Art. 10)."""
    return read_rules(row.review_rules)


def in_stage(context: ReadContext, row: Round, stage: Stage) -> None:
    """`WrongState` unless the round is in this stage."""
    if row.state != ROUND_STATE[stage]:
        here, name = ROUND.states[row.state], NAMES[stage]
        text = Text(f"本届为“{here.zh}”，不在{name.zh}阶段", f"The round is “{here.en}”: it is not in the {name.en}")
        rule = "art18.material" if stage is Stage.MATERIAL else "art19.onsite"
        raise out_of_order(context, ROUND, row, "edit_sheet", wanted=[ROUND_STATE[stage]], rule=rule, message=text)


def points(value: Decimal) -> Decimal:
    """A stored score as the measures count it: two places."""
    return value.quantize(_CENT)
