"""What is a recommending unit's own (Art. 12): its area, its industry, its work for quality."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.measures.facts import Endorsement, OrganisationFacts, RecordedDecision, UnitKind
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.interpretations import Readings
from app.measures.judgement import decided
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.sectors import in_industry
from app.measures.text import same_name


class CultivationKind(StrEnum):
    """What a unit did for quality among its organisations (Art. 12)."""

    CULTIVATION = "cultivation"
    PROMOTION = "promotion"


AREA_UNITS = frozenset({UnitKind.TOWNSHIP, UnitKind.URBAN_COMMUNITY_COMMITTEE})


@rule("art12.jurisdiction")
def jurisdiction(
    *, endorsement: Endorsement, organisation: OrganisationFacts, areas: Collection[str] = ()
) -> list[Finding]:
    """A township or community committee recommends its own area only; no reason helps. A department or association its
    own industry or system: by its codes, else by a recorded reason (Art. 12). `areas`: those that units have, where the
    caller knows them: an area that none has is told with their names."""
    facts: Facts = {"unit": endorsement.unit_id, "unit_kind": endorsement.unit_kind.value}
    if endorsement.unit_kind in AREA_UNITS:
        return [_own_area(endorsement.unit_area, organisation.area, areas, facts)]
    reason = (endorsement.industry_justification or "").strip()
    facts |= {"unit_industry": endorsement.unit_industry, "sector": organisation.sector}
    if endorsement.unit_industry is not None and in_industry(
        industry=endorsement.unit_industry, code=organisation.sector
    ):
        return [passes("art12.jurisdiction", Reason.OWN_INDUSTRY, **facts)]
    if reason:
        return [
            passes("art12.jurisdiction", Reason.INDUSTRY_JUSTIFICATION_RECORDED, industry_justification=reason, **facts)
        ]
    return [needs_decision("art12.jurisdiction", Reason.INDUSTRY_JUSTIFICATION_MISSING, **facts)]


@rule("art12.jurisdiction")
def industry_decided(
    *,
    endorsement: Endorsement,
    organisation: OrganisationFacts,
    decisions: Mapping[str, RecordedDecision],
    readings: Readings,
) -> list[Finding]:
    """Whether the reason holds that a department or association has given for an organisation beyond its own industry
    is the office's to decide before the list is confirmed (Art. 12); fact `industry_justification` has the unit's
    words. A decision covers the sector and the words that it saw. None asked of a unit of an area: it recommended its
    own."""
    if endorsement.unit_kind in AREA_UNITS:
        return []
    facts: Facts = {
        "unit": endorsement.unit_id,
        "unit_name": endorsement.unit_name,
        "unit_kind": endorsement.unit_kind.value,
        "unit_industry": endorsement.unit_industry,
        "sector": organisation.sector,
    }
    own = endorsement.unit_industry
    if own is not None and in_industry(industry=own, code=organisation.sector):
        return [passes("art12.jurisdiction", Reason.OWN_INDUSTRY, **facts)]
    facts["industry_justification"] = endorsement.industry_justification or ""
    facts["reading"] = readings.cite("reason_beyond_the_industry")
    about = f"{endorsement.unit_id}: {organisation.sector}, {endorsement.industry_justification or ''}"
    facts["about"] = about
    decision = decisions.get("art12.jurisdiction")
    if decision is None or about not in decision.about:
        asked: Facts = {"decides": "office", "before": "confirm_qualified_list"}
        return [needs_decision("art12.jurisdiction", Reason.INDUSTRY_JUSTIFICATION_OPEN, **asked, **facts)]
    return [decided("art12.jurisdiction", "industry", decisions, **facts)]


@rule("art12.jurisdiction")
def reason_stands(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Whether the reason that was decided before the list still holds: it may be found false since, and every gate that
    follows asks the last decision (Art. 12). Nothing is found where none was decided: the unit recommended its own."""
    if "art12.jurisdiction" not in decisions:
        return []
    return [decided("art12.jurisdiction", "industry", decisions)]


def known_area(area: str, areas: Collection[str]) -> bool:
    """Whether a unit has this area, as names are compared."""
    return any(same_name(known, area) for known in areas)


def _own_area(unit_area: str | None, area: str | None, areas: Collection[str], base: Facts) -> Finding:
    facts = {**base, "unit_area": unit_area, "organisation_area": area}
    if unit_area is not None and area is not None and same_name(unit_area, area):
        return passes("art12.jurisdiction", Reason.OWN_AREA, **facts)
    if area is not None and areas and not known_area(area, areas):
        return fails("art12.jurisdiction", Reason.AREA_UNKNOWN, areas=sorted(areas), **facts)
    return fails("art12.jurisdiction", Reason.OUTSIDE_AREA, **facts)
