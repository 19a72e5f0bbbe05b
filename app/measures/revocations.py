"""Revocation (Arts. 26, 28): what must be found, and how the two go together. What follows is in `consequences`.

The office submits, the government revokes; who acts is for `organs`. The measures state no sanction on recommending
units: there is none here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from app.measures.dates import add_years
from app.measures.document_numbers import document_number
from app.measures.facts import AdverseRecord, RecordCategory, RecordedDecision, RecordFinding
from app.measures.findings import Finding, fails, needs_decision, passes, under
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.judgement import verified
from app.measures.losses import LossFacts, losses_met
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.shipped import shipped_json
from app.measures.validity import AwardFacts, RevokedUnder, begun, last_valid_day, not_past


class RevocationKind(StrEnum):
    """fraud: Art. 26. grounds: Art. 28."""

    FRAUD = "fraud"
    GROUNDS = "grounds"

    @property
    def rule_id(self) -> str:
        """The rule of its grounds (Art. 26, 28)."""
        return "art26.fraud" if self is RevocationKind.FRAUD else "art28.grounds"


class Ground(StrEnum):
    """The five grounds of Art. 28, by their numbers."""

    ACCIDENT = "1"
    QUALITY = "2"
    LOSSES = "3"
    TAX_OR_VIOLATION = "4"
    OTHER = "5"


# The adverse records of Art. 13(6) that may tell the same matter as an item of Art. 28; the fifth is of any kind.
_SAME_MATTER: Mapping[Ground, frozenset[RecordCategory]] = {
    Ground.ACCIDENT: frozenset({RecordCategory.FATAL_ACCIDENT}),
    Ground.QUALITY: frozenset(
        {RecordCategory.QUALITY_COMPLAINT, RecordCategory.ATTRIBUTABLE_RETURN, RecordCategory.FAILED_INSPECTION}
    ),
    Ground.TAX_OR_VIOLATION: frozenset(
        {
            RecordCategory.TAX_DISHONESTY,
            RecordCategory.LABOUR_DISHONESTY,
            RecordCategory.FALSE_STATISTICS,
            RecordCategory.OTHER_VIOLATION,
        }
    ),
    Ground.OTHER: frozenset(RecordCategory),
}


class AccidentGrade(StrEnum):
    """The competent department's grading, from the lowest class up."""

    ORDINARY = "ordinary"
    LARGER = "larger"
    MAJOR = "major"
    ESPECIALLY_MAJOR = "especially_major"


@dataclass(frozen=True, slots=True)
class Accident:
    """Casualties in persons, direct loss in fen. `responsible`: the organisation's own responsibility (None: open).
    `grade`: the official grading, None without one."""

    responsible: bool | None
    dead: int = 0
    seriously_injured: int = 0
    direct_loss_fen: int = 0
    grade: AccidentGrade | None = None


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """One event under Art. 28, and the day on which it was found. `event_on` None only for ground 3, which looks at
    `net_profit_fen` by calendar year and at what a person found on it. `penalised_or_proven`: an authority has acted,
    or a complaint is verified (ground 2)."""

    ground: Ground
    event_on: date | None
    found_on: date
    accident: Accident | None = None
    penalised_or_proven: bool = False
    operating: bool = True
    net_profit_fen: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    losses_serious: RecordedDecision | None = None
    losses_by_mismanagement: RecordedDecision | None = None


@cache
def larger_accident() -> Mapping[str, int]:
    """Where the larger class begins: any one of these reached (fen for the loss)."""
    return MappingProxyType(shipped_json("accident-classes.json")["larger"])


@rule("art28.grounds")
def event_verified(
    *,
    organisation: str,
    facts: GroundFacts,
    records: Sequence[AdverseRecord],
    decision: RecordedDecision | None,
    test_date: date,
    parameters: Parameters,
    readings: Readings,
) -> list[Finding]:
    """An event of Art. 28 that comes to light between approval and decree: the tests of its item as in a case of
    revocation, and a recorded, verified finding (H). There is no validity yet: losses in two of its years (item 3)
    cannot be, the event lies within the years before `test_date` that Art. 13(6) looks at, both ends included, the
    award does not come to be, nobody is excluded (fact `before_award`). What stands on `records` as the same matter,
    still undecided, is decided first: its hearing is not passed over."""
    base: Facts = {"organisation": organisation, "ground": facts.ground.value, "before_award": True}
    if facts.ground is Ground.LOSSES:
        return [fails("art28.grounds", Reason.NO_VALIDITY_YET, **base)]
    undecided = sorted(
        {
            item.category.value
            for item in records
            if item.finding is RecordFinding.OPEN and item.category in _SAME_MATTER[facts.ground]
        }
    )
    findings = [needs_decision("art28.grounds", Reason.RECORD_UNDECIDED, category=item, **base) for item in undecided]
    first_day = add_years(test_date, -parameters.record_years)
    window: Facts = {"window_from": first_day.isoformat(), "window_to": test_date.isoformat(), **base}
    event_on = facts.event_on
    if event_on is None or not first_day <= event_on <= test_date:
        told = None if event_on is None else event_on.isoformat()
        findings.append(fails("art28.grounds", Reason.EVENT_OUTSIDE_RECORD_YEARS, event_on=told, **window))
    else:
        findings += _found_later(event_on, facts.found_on, base)
    found: Facts = {"found_on": facts.found_on.isoformat(), **base}
    return [*findings, *_of_its_item(facts, readings, base), verified("art28.grounds", decision, found)]


@rule("art28.grounds")
def ground_met(
    *,
    facts: GroundFacts,
    award: AwardFacts,
    decision: RecordedDecision | None,
    parameters: Parameters,
    readings: Readings,
) -> list[Finding]:
    """Whether the event is a ground of Art. 28: in validity (both ends included), found in validity unless the register
    reads otherwise, the ground's own tests, a person's recorded finding. `parameters`: those of the decree's date."""
    last_day = last_valid_day(award=award, parameters=parameters)
    base: Facts = {
        "organisation": award.organisation,
        "ground": facts.ground.value,
        "valid_from": award.decree_date.isoformat(),
        "last_day": last_day.isoformat(),
    }
    if facts.ground is Ground.LOSSES:
        losses = LossFacts(
            net_profit_fen=facts.net_profit_fen,
            found_on=facts.found_on,
            valid_from=award.decree_date,
            last_day=last_day,
            operating=facts.operating,
            serious=facts.losses_serious,
            mismanaged=facts.losses_by_mismanagement,
        )
        findings = losses_met(facts=losses, readings=readings, told=base)
    else:
        findings = _outside_validity(facts.event_on, award.decree_date, last_day, base)
    if not findings and facts.event_on is not None:
        findings += _found_later(facts.event_on, facts.found_on, base)
    if facts.found_on > last_day and readings["late_found_event"] == "no_revocation":
        findings.append(
            fails(
                "art28.grounds",
                Reason.FOUND_AFTER_EXPIRY,
                found_on=facts.found_on.isoformat(),
                reading=readings.cite("late_found_event"),
                **base,
            )
        )
    return [*findings, *_of_its_item(facts, readings, base), verified("art28.grounds", decision, base)]


@rule("art26_28.together")
def revocation_admissible(*, kind: RevocationKind, earlier: Collection[RevocationKind]) -> list[Finding]:
    """Against the award's `earlier` decisions: the first is admissible; fraud found after a revocation under Art. 28 is
    a supplementary decision (fact `supplementary`); after Art. 26, or Art. 28 twice, nothing is left to revoke."""
    facts: Facts = {"kind": kind.value, "earlier": sorted(item.value for item in earlier)}
    supplementary = kind is RevocationKind.FRAUD and bool(earlier)
    if RevocationKind.FRAUD in earlier or (earlier and not supplementary):
        # Art. 26 prevails: after it, nothing is left under either article.
        article = "26" if RevocationKind.FRAUD in earlier else "28"
        return [under(fails("art26_28.together", Reason.AWARD_REVOKED, **facts), article)]
    if supplementary:
        return [
            passes(
                "art26_28.together",
                Reason.SUPPLEMENTARY_DECISION,
                supplementary=True,
                **facts,
            )
        ]
    return [passes("art26_28.together", Reason.SUBMITTABLE, supplementary=False, **facts)]


@rule("art26_28.together")
def prevailing_kind(*, kinds: Collection[RevocationKind]) -> RevocationKind:
    """Where fraud and other grounds are found together, fraud prevails (Art. 26, 28)."""
    return RevocationKind.FRAUD if RevocationKind.FRAUD in kinds else RevocationKind.GROUNDS


@rule("art26_28.together")
def prevailing_end(*, ends: Collection[RevokedUnder]) -> RevokedUnder:
    """What is told of an award that several decisions have ended, at least one: of its fraud in any case (Art. 26); of
    one that was taken back no event in its validity, which it did not have (Arts. 22, 28)."""
    order = (RevokedUnder.FRAUD, RevokedUnder.TAKEN_BACK, RevokedUnder.GROUNDS)
    return next(item for item in order if item in ends)


@rule("art26.fraud", "art28.grounds")
def revocation_decided(
    *, kind: RevocationKind, submitted_on: date | None, decided_on: date, number: str, reason: str, readings: Readings
) -> list[Finding]:
    """The government's decision: on the office's submission, with number, date and reason (Arts. 26, 28)."""
    findings = document_number(number=number, day=decided_on, readings=readings, rule_id=kind.rule_id)
    if submitted_on is None or decided_on < submitted_on:
        findings.append(
            fails(
                kind.rule_id,
                Reason.DECIDED_BEFORE_SUBMISSION,
                decided_on=decided_on.isoformat(),
                submitted_on=None if submitted_on is None else submitted_on.isoformat(),
            )
        )
    if not reason.strip():
        findings.append(fails(kind.rule_id, Reason.REVOCATION_REASON_MISSING))
    return findings


@rule("art26.fraud", "art28.grounds")
def notice_valid(*, kind: RevocationKind, decided_on: date, published_on: date, channel: str) -> list[Finding]:
    """The public notice of a revocation: a channel, and a day not before the decision (Arts. 26, 28)."""
    findings: list[Finding] = []
    facts: Facts = {"decided_on": decided_on.isoformat(), "published_on": published_on.isoformat()}
    if published_on < decided_on:
        findings.append(fails(kind.rule_id, Reason.NOTICE_BEFORE_DECISION, **facts))
    if not channel.strip():
        findings.append(fails(kind.rule_id, Reason.NOTICE_CHANNEL_MISSING, **facts))
    return findings or [passes(kind.rule_id, Reason.NOTICE_GIVEN, channel=channel, **facts)]


def _found_later(event_on: date, found_on: date, base: Mapping[str, Fact]) -> list[Finding]:
    """Nothing is found before it happened."""
    if found_on >= event_on:
        return []
    days = {"event_on": event_on.isoformat(), "found_on": found_on.isoformat()}
    return [fails("art28.grounds", Reason.FOUND_BEFORE_EVENT, **days, **base)]


def _of_its_item(facts: GroundFacts, readings: Readings, base: Mapping[str, Fact]) -> list[Finding]:
    """What Art. 28 asks of an accident (1) and of a quality problem (2) beside their day."""
    if facts.ground is Ground.ACCIDENT:
        return _accident(facts.accident, readings, base)
    if facts.ground is Ground.QUALITY and not facts.penalised_or_proven:
        return [fails("art28.grounds", Reason.NEITHER_PENALISED_NOR_PROVEN, **base)]
    return []


def _outside_validity(
    event_on: date | None, valid_from: date, last_day: date, base: Mapping[str, Fact]
) -> list[Finding]:
    if event_on is not None and begun(valid_from, event_on) and not_past(last_day, event_on):
        return []
    told: Facts = {"event_on": None if event_on is None else event_on.isoformat(), **base}
    if event_on is not None and not begun(valid_from, event_on):
        # What stood before the decree is no event of Art. 28: it puts in doubt that the award was to be conferred.
        return [fails("art28.grounds", Reason.EVENT_BEFORE_CONFERRAL, **told)]
    return [fails("art28.grounds", Reason.OUTSIDE_VALIDITY, **told)]


def _accident(accident: Accident | None, readings: Readings, base: Mapping[str, Fact]) -> list[Finding]:
    if accident is None:
        return [fails("art28.grounds", Reason.ACCIDENT_FACTS_MISSING, **base)]
    findings: list[Finding] = []
    if accident.responsible is None:
        findings.append(
            needs_decision(
                "art28.grounds",
                Reason.RESPONSIBILITY_OPEN,
                **base,
            )
        )
    elif not accident.responsible:
        findings.append(fails("art28.grounds", Reason.NOT_RESPONSIBLE, **base))
    reached = {name: getattr(accident, name) >= limit for name, limit in larger_accident().items()}
    larger = any(reached.values()) if accident.grade is None else accident.grade is not AccidentGrade.ORDINARY
    if not larger:
        findings.append(
            fails(
                "art28.grounds",
                Reason.BELOW_LARGER_CLASS,
                dead=accident.dead,
                seriously_injured=accident.seriously_injured,
                direct_loss_fen=accident.direct_loss_fen,
                grade=None if accident.grade is None else accident.grade.value,
                reading=readings.cite("larger_incidents"),
                **base,
            )
        )
    return findings
