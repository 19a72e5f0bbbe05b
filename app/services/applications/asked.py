"""The form against what its round asks for (Arts. 10, 17), and amounts that somebody should look at (Art. 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.stored import read_rules
from app.measures.asks import IndicatorUnit, ProductDetail
from app.measures.facts import EligibilityFacts
from app.measures.findings import Finding
from app.measures.form import (
    Evidence,
    FormFacts,
    IndicatorValue,
    InternalNotice,
    Product,
    characters,
    form_as_asked,
    internal_notice_given,
)
from app.measures.interpretations import Readings, resting_on
from app.measures.operating import operates
from app.measures.performance import years_before, years_due
from app.measures.plausibility import Amounts, magnitudes_to_check
from app.measures.review_rules import ReviewRules
from app.measures.text import Text
from app.services.applications.content import declared
from app.services.instruments.in_force import round_parameters, round_readings, working_calendar
from app.store.applications.form import Form
from app.store.rounds import Round


async def asked_findings(
    context: ReadContext, content: Form, facts: EligibilityFacts, round_row: Round, *, files: Collection[UUID]
) -> list[Finding]:
    """Whether the form holds what the round asks for, and the internal notice is over. `files`: the application's."""
    rules, parameters = read_rules(round_row.review_rules), round_parameters(round_row)
    found = form_as_asked(
        facts=_form_facts(content, files),
        rules=rules,
        years=years_before(round_row.year, parameters.lookback_years),
        due=years_due(organisation=facts.organisation, round_year=round_row.year, parameters=parameters),
        operating=operates(facts.organisation, facts.decisions),
    )
    return [*found, *await notice_findings(context, content, round_row)]


async def notice_findings(context: ReadContext, content: Form, round_row: Round) -> list[Finding]:
    """Whether the applicant has published its application to its staff, where the round asks for it."""
    asked = read_rules(round_row.review_rules).asks.internal_notice
    if asked is None:
        return []
    stated = content.get("internal_notice")
    notice = None
    if stated is not None:
        notice = InternalNotice(date.fromisoformat(stated["from_day"]), date.fromisoformat(stated["to_day"]))
    return internal_notice_given(
        notice=notice,
        asked=asked,
        on=context.today,
        calendar=await working_calendar(context.session),
        readings=round_readings(round_row),
    )


def to_check(content: Form, rules: ReviewRules, readings: Readings) -> list[Finding]:
    """Amounts of the form whose order of magnitude does not go with the others. They refuse nothing."""
    series: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for item in content.get("indicators") or ():
        value = item.get("value")
        if value is not None:
            series[item["code"]][item["year"]] = int(Decimal(value))
    amounts = Amounts(
        figures=declared(content).figures,
        staff=content.get("staff"),
        capital_fen=content.get("registered_capital_fen"),
        indicators=tuple(
            (Text(item.zh, item.en), series[item.code])
            for item in rules.asks.indicators
            if item.counted_in is IndicatorUnit.FEN
        ),
    )
    return resting_on(magnitudes_to_check(amounts=amounts), readings, "implausible_amounts")


def _form_facts(content: Form, files: Collection[UUID]) -> FormFacts:
    products = content.get("main_products") or ()
    indicators = content.get("indicators") or ()
    evidence = content.get("evidence") or ()
    return FormFacts(
        # Nought is an answer; an empty list is none.
        given=frozenset(name for name, value in content.items() if value is not None and value not in ([], {})),
        products=tuple(
            Product(
                item["name"],
                frozenset(detail for detail in ProductDetail if cast(Mapping[str, object], item).get(detail.value)),
                f"/main_products/{number}",
            )
            for number, item in enumerate(products)
        ),
        indicators=tuple(
            IndicatorValue(item["code"], item["year"], _decimal(item.get("value")), f"/indicators/{number}")
            for number, item in enumerate(indicators)
        ),
        lengths={code: characters(text) for code, text in (content.get("sections") or {}).items()},
        evidence=tuple(
            Evidence(item["number"], item.get("attachment_id"), f"/evidence/{number}")
            for number, item in enumerate(evidence)
        ),
        files=frozenset(str(item) for item in files),
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
