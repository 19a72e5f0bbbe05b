"""The measures as the service keeps them: articles, rules, state machines, the default review rules. They change with a
release only."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

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
from app.web.frozen import NOT_MODIFIED, Frozen, frozen_answer, once
from app.web.policy import Route, reading

router = APIRouter(prefix="/v1/measures", route_class=Route, tags=["instruments"], responses=NOT_MODIFIED)


Public = Annotated[ReadContext, reading(Role.PUBLIC)]


@router.get("/articles", summary="The articles", response_model=ArticlesOut)
async def list_articles(request: Request, context: Public) -> Response:
    """All 33 articles (Art. 1 to 33): gist, rules that enforce them, or why nothing is coded."""
    return (await once(_articles)).answer(request)


@router.get("/rules", summary="The rules", response_model=RulesOut)
async def list_rules(request: Request, context: Public) -> Response:
    """Every rule by the stable id that refusals cite (Art. 1 to 33)."""
    return (await once(_rules)).answer(request)


@router.get("/state-machines", summary="The state machines of the objects", response_model=StateMachinesOut)
async def list_state_machines(request: Request, context: Public) -> Response:
    """States and acts of rounds, applications, awards, disbursements and the rest: who may, which rules are asked
    (Art. 16 to 22, 26, 28)."""
    return (await once(_state_machines)).answer(request)


@router.get("/review-rules-default", summary="The default review rules", response_model=ReviewRulesOut)
async def read_default_review_rules(request: Request, context: Public) -> Response:
    """The review rules that a round begins with, for the office to adapt before the call (Art. 10, 11): not law."""
    return (await once(_default_review_rules)).answer(request)


@router.get("/indicators", summary="The shipped indicators", response_model=IndicatorsOut)
async def list_indicators(request: Request, context: Public) -> Response:
    """Yearly indicators that rounds commonly ask for beside the figures of Art. 5. The office takes those that it wants
    into `asks.indicators` of the round's rules (Art. 10), or writes others there."""
    return (await once(_indicators)).answer(request)


def _articles() -> Frozen:
    items = [
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
    return frozen_answer(ArticlesOut(items=items))


def _rules() -> Frozen:
    return frozen_answer(RulesOut(items=[RuleOut.model_validate(entry) for entry in CATALOGUE.values()]))


def _state_machines() -> Frozen:
    return frozen_answer(StateMachinesOut(items=[_machine(machine) for machine in STATE_MACHINES.values()]))


def _default_review_rules() -> Frozen:
    rules, note = default_review_rules(), default_note()
    told = ReviewRulesOut(
        note_zh=note.zh, note_en=note.en, review_rules=rules.to_mapping(), review_rules_hash=rules.content_hash
    )
    return frozen_answer(told)


def _indicators() -> Frozen:
    return frozen_answer(IndicatorsOut(items=[IndicatorOut.model_validate(item) for item in shipped_indicators()]))


def _machine(machine: StateMachine) -> StateMachineOut:
    return StateMachineOut(
        name=machine.name,
        states=[
            StateOut(
                name=state,
                zh=text.zh,
                en=text.en,
                initial=state in machine.initial,
                terminal=state in machine.terminal,
                ahead=machine.ahead.get(state),
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
