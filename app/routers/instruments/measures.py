"""The measures as the service keeps them: articles, rules, state machines, the default review rules."""

from typing import Annotated

from fastapi import APIRouter

from app.kernel.context import ReadContext
from app.measures.articles import articles
from app.measures.asks import shipped_indicators
from app.measures.catalogue import CATALOGUE
from app.measures.review_rules import default_note, default_review_rules
from app.measures.roles import Role
from app.measures.state_machines import STATE_MACHINES, StateMachine
from app.schemas.instruments import (
    ArticleOut,
    ArticlesOut,
    ReviewRulesOut,
    RuleOut,
    RulesOut,
    StateMachineOut,
    StateMachinesOut,
    StateOut,
    TransitionOut,
)
from app.schemas.rounds import IndicatorOut, IndicatorsOut
from app.web.policy import Route, reading

router = APIRouter(prefix="/v1/measures", route_class=Route, tags=["instruments"])


@router.get("/articles", summary="The articles")
async def list_articles(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> ArticlesOut:
    """All 33 articles (Art. 1 to 33): gist, rules that enforce them, or why nothing is coded."""
    return ArticlesOut(
        items=[
            ArticleOut(
                number=item.number,
                chapter=item.chapter,
                title_zh=item.title.zh,
                title_en=item.title.en,
                gist_zh=item.gist.zh,
                gist_en=item.gist.en,
                declaratory_zh=item.declaratory.zh if item.declaratory else None,
                declaratory_en=item.declaratory.en if item.declaratory else None,
                rules=[entry.id for entry in item.rules],
            )
            for item in articles()
        ]
    )


@router.get("/rules", summary="The rules")
async def list_rules(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> RulesOut:
    """Every rule by the stable id that refusals cite (Art. 1 to 33)."""
    return RulesOut(items=[RuleOut.model_validate(entry) for entry in CATALOGUE.values()])


@router.get("/state-machines", summary="The state machines of the objects")
async def list_state_machines(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> StateMachinesOut:
    """States and acts of rounds, applications, awards, disbursements and the rest: who may, which rules are asked
    (Art. 16 to 22, 26, 28)."""
    return StateMachinesOut(items=[_machine(machine) for machine in STATE_MACHINES.values()])


@router.get("/review-rules-default", summary="The default review rules")
async def read_default_review_rules(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> ReviewRulesOut:
    """The review rules that a round begins with, for the office to adapt before the call (Art. 10, 11): not law."""
    rules, note = default_review_rules(), default_note()
    return ReviewRulesOut(
        note_zh=note.zh, note_en=note.en, review_rules=rules.to_mapping(), review_rules_hash=rules.content_hash
    )


@router.get("/indicators", summary="The shipped indicators")
async def list_indicators(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> IndicatorsOut:
    """Yearly indicators that rounds commonly ask for beside the figures of Art. 5. The office takes those that it wants
    into `asks.indicators` of the round's rules (Art. 10), or writes others there."""
    return IndicatorsOut(items=[IndicatorOut.model_validate(item) for item in shipped_indicators()])


def _machine(machine: StateMachine) -> StateMachineOut:
    return StateMachineOut(
        name=machine.name,
        states=[
            StateOut(
                name=state, zh=text.zh, en=text.en, initial=state in machine.initial, terminal=state in machine.terminal
            )
            for state, text in machine.states.items()
        ],
        transitions=[
            TransitionOut(
                act=item.act,
                sources=list(item.sources),
                target=item.target,
                roles=sorted(role.value for role in item.roles),
                rules=list(item.guards),
            )
            for item in machine.transitions
        ],
    )
