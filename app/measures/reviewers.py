"""Reviewers (Arts. 11(2), 29, 30): the pool, secrecy, recusal, misconduct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.measures.dates import add_years
from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.reviews import Stage


@dataclass(frozen=True, slots=True)
class PoolEntry:
    """A reviewer's entry in the expert pool; the qualification's last day None: no end."""

    reviewer: str
    active: bool
    qualified_from: date | None
    qualified_to: date | None
    disqualified_on: date | None = None


class ConflictKind(StrEnum):
    """What ties a reviewer to an applicant (Art. 29)."""

    EMPLOYMENT = "employment"
    SHARES = "shares"
    CONSULTING = "consulting"
    TRAINING = "training"
    CERTIFICATION = "certification"
    KINSHIP = "kinship"
    COMPETITOR = "competitor"
    RECOMMENDING_UNIT_STAFF = "recommending_unit_staff"


class ConflictOrigin(StrEnum):
    """How a conflict of interest came on record: declared by the reviewer, recorded by the office, or a former post
    that an entry of the pool no longer names."""

    DECLARED = "declared"
    RECORDED = "recorded"
    FORMER_POST = "former_post"


class UndertakingKind(StrEnum):
    """What a reviewer signs before opening a dossier (Art. 29)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"


class AppraisalGrade(StrEnum):
    """The office's appraisal of a reviewer's work in a round, from the best down."""

    EXCELLENT = "excellent"
    COMPETENT = "competent"
    BASICALLY_COMPETENT = "basically_competent"
    NOT_COMPETENT = "not_competent"


# Work that is over still bars for the rules' years; the other kinds bar as long as they last.
_WORK = frozenset(
    {
        ConflictKind.EMPLOYMENT,
        ConflictKind.CONSULTING,
        ConflictKind.TRAINING,
        ConflictKind.CERTIFICATION,
    }
)

# Whoever belongs to another applicant for the same seats is its competitor's judge.
_OF_A_RIVAL = frozenset({ConflictKind.EMPLOYMENT, ConflictKind.SHARES})


@dataclass(frozen=True, slots=True)
class ConflictOfInterest:
    """A conflict of interest of the reviewer in `party` (an organisation's code or a recommending unit's id), declared
    by the reviewer or detected by the service; `until` is its last day, None while it lasts."""

    kind: ConflictKind
    party: str
    until: date | None = None
    detected: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """The application to review: the codes the organisation has or had (successor links), its recommending unit, the
    codes of those that compete for the seats of its seat category in the round."""

    organisations: frozenset[str]
    recommending_unit: str
    rivals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileAccess:
    """One opening of an application's files at the aware instant `at`; the undertakings' instants None: not signed."""

    reviewer: str
    at: datetime
    assigned: bool
    confidentiality_signed_at: datetime | None
    integrity_signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MisconductAnswer:
    """Whose sheets are set aside, who remains, whether the panel re-opens."""

    set_aside: tuple[str, ...]
    remaining: tuple[str, ...]
    reopens: bool
    findings: list[Finding]


@rule("art11.pool")
def reviewer_in_pool(*, entry: PoolEntry | None, on: date) -> list[Finding]:
    """A reviewer comes from the expert pool, active and qualified on the day (Art. 11(2)); None: not in the pool."""
    if entry is None:
        return [fails("art11.pool", Reason.NOT_IN_POOL, on=on.isoformat())]
    facts: Facts = {"reviewer": entry.reviewer, "on": on.isoformat()}
    findings: list[Finding] = []
    if not entry.active:
        findings.append(fails("art11.pool", Reason.REVIEWER_INACTIVE, **facts))
    if entry.disqualified_on is not None and entry.disqualified_on <= on:
        findings.append(fails("art11.pool", Reason.REVIEWER_DISQUALIFIED, **facts))
    if entry.qualified_from is None or on < entry.qualified_from:
        findings.append(fails("art11.pool", Reason.REVIEWER_NOT_YET_QUALIFIED, **facts))
    if entry.qualified_to is not None and entry.qualified_to < on:
        findings.append(fails("art11.pool", Reason.QUALIFICATION_EXPIRED, **facts))
    return findings or [passes("art11.pool", Reason.IN_POOL, **facts)]


@rule("art11.pool")
def work_appraised(*, assigned: Sequence[str], appraised: Sequence[str]) -> list[Finding]:
    """Every reviewer who had work in the round has an appraisal of it (Art. 11(2))."""
    missing = sorted(set(assigned) - set(appraised))
    if missing:
        return [fails("art11.pool", Reason.NOT_APPRAISED, reviewers=missing)]
    return [passes("art11.pool", Reason.APPRAISED, reviewers=sorted(set(assigned)))]


@rule("art29.secrecy")
def file_may_open(*, access: FileAccess) -> list[Finding]:
    """Assigned files only, and not before both undertakings are signed (Art. 29)."""
    facts: Facts = {"reviewer": access.reviewer, "at": access.at.isoformat()}
    findings: list[Finding] = []
    if not access.assigned:
        findings.append(fails("art29.secrecy", Reason.NOT_ASSIGNED, **facts))
    for signed_at, undertaking in (
        (access.confidentiality_signed_at, "confidentiality"),
        (access.integrity_signed_at, "integrity"),
    ):
        if signed_at is None or access.at < signed_at:
            findings.append(fails("art29.secrecy", Reason.UNDERTAKING_MISSING, undertaking=undertaking, **facts))
    return findings or [passes("art29.secrecy", Reason.MAY_OPEN, **facts)]


@rule("art29.recusal")
def conflicts(
    *,
    reviewer: str,
    known: Sequence[ConflictOfInterest],
    case: Case,
    on: date,
    rules: ReviewRules,
    recused: bool = False,
) -> list[Finding]:
    """Interests, declared or detected, that bar the reviewer from assignment and scoring on the day (Art. 29).

    Work that is over bars for the rules' years from its last day, the anniversary included; any other kind while it
    lasts. A post at a rival of the case, or shares in one, bar as a competitor's while they last. Whoever has withdrawn
    from the case for bias (`recused`) does not come back to it, at either stage.
    """
    findings: list[Finding] = []
    if recused:
        findings.append(fails("art29.recusal", Reason.RECUSED, reviewer=reviewer, recused=True, on=on.isoformat()))
    for conflict in known:
        kind = _bars_as(conflict, case, on, rules.recusal_years)
        if kind is not None:
            findings.append(
                fails(
                    "art29.recusal",
                    Reason.CONFLICT_OF_INTEREST,
                    reviewer=reviewer,
                    kind=kind.value,
                    party=conflict.party,
                    detected=conflict.detected or kind is not conflict.kind,
                    until=None if conflict.until is None else conflict.until.isoformat(),
                    on=on.isoformat(),
                )
            )
    return findings or [passes("art29.recusal", Reason.NO_CONFLICT_OF_INTEREST, reviewer=reviewer, on=on.isoformat())]


@rule("art18.material", "art19.onsite")
def panel_room(*, assigned: int, added: int, rules: ReviewRules, stage: Stage) -> list[Finding]:
    """A panel has the size that the round's frozen rules give it, no more: every application is heard by as many
    (Art. 18, 19)."""
    size = rules.panel_size_material if stage is Stage.MATERIAL else rules.panel_size_onsite
    facts: Facts = {"required": size, "assigned": assigned, "added": added}
    if assigned + added > size:
        return [fails(stage.rule_id, Reason.PANEL_FULL, **facts)]
    return [passes(stage.rule_id, Reason.PANEL_HAS_ROOM, **facts)]


@rule("art30.misconduct")
def misconduct(
    *, panel: Sequence[str], disqualified: Sequence[str], rules: ReviewRules, stage: Stage
) -> MisconductAnswer:
    """What a disqualification does to one panel (Art. 30): scores are set aside; below its size the panel re-opens."""
    set_aside = tuple(reviewer for reviewer in panel if reviewer in disqualified)
    remaining = tuple(reviewer for reviewer in panel if reviewer not in disqualified)
    size = rules.panel_size_material if stage is Stage.MATERIAL else rules.panel_size_onsite
    facts: Facts = {
        "stage": stage.value,
        "set_aside": list(set_aside),
        "remaining": len(remaining),
        "required": size,
    }
    if set_aside and len(remaining) < size:
        return MisconductAnswer(
            set_aside,
            remaining,
            True,
            [fails("art30.misconduct", Reason.PANEL_INCOMPLETE, **facts)],
        )
    return MisconductAnswer(
        set_aside,
        remaining,
        False,
        [passes("art30.misconduct", Reason.PANEL_COMPLETE, **facts)],
    )


@rule("art30.misconduct")
def panels_reopened(*, reopened: Sequence[str]) -> list[Finding]:
    """A stage that is closed opens again only for panels whose scores were set aside (`reopened`: their cases;
    Art. 30)."""
    if not reopened:
        return [fails("art30.misconduct", Reason.NO_SCORES_SET_ASIDE, reopened=[])]
    return [passes("art30.misconduct", Reason.PANELS_REOPENED, reopened=sorted(reopened))]


def _bars_as(conflict: ConflictOfInterest, case: Case, on: date, years: int) -> ConflictKind | None:
    of_unit = conflict.kind is ConflictKind.RECOMMENDING_UNIT_STAFF
    if conflict.party in ({case.recommending_unit} if of_unit else case.organisations):
        return conflict.kind if _lasts(conflict, on, years) else None
    rival = conflict.kind in _OF_A_RIVAL and conflict.party in case.rivals
    return ConflictKind.COMPETITOR if rival and (conflict.until is None or on <= conflict.until) else None


def _lasts(conflict: ConflictOfInterest, on: date, years: int) -> bool:
    if conflict.until is None:
        return True
    last = add_years(conflict.until, years) if conflict.kind in _WORK else conflict.until
    return on <= last
