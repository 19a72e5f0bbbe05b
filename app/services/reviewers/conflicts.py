"""Interests, on record and detected, held against the cases that a reviewer would judge (Art. 29)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext
from app.measures.findings import Finding
from app.measures.review_rules import ReviewRules
from app.measures.reviewers import Case, ConflictKind, ConflictOfInterest, PoolEntry, conflicts
from app.measures.state_machines import ReviewerState
from app.measures.text import plain_name
from app.store import recommendations, reviewers, reviews
from app.store import reviewers as reviewers_store
from app.store.applications import Application
from app.store.reviews.judged import Judged


@dataclass(frozen=True, slots=True)
class KnownConflict:
    """A conflict of interest and its first day, None where it is not known: what was judged before it began is not
    tainted."""

    conflict: ConflictOfInterest
    since: date | None


@dataclass(frozen=True, slots=True)
class Bias:
    """Everything that must be known to say whether one of these reviewers is barred from one of these cases."""

    cases: Mapping[UUID, Case]
    known: Mapping[UUID, Sequence[KnownConflict]]
    recused: Collection[tuple[UUID, UUID]]

    def findings(self, *, application_id: UUID, reviewer_id: UUID, on: date, rules: ReviewRules) -> list[Finding]:
        """What bars the reviewer from the case on this day, or that nothing does."""
        begun = [item.conflict for item in self.known[reviewer_id] if item.since is None or item.since <= on]
        return conflicts(
            reviewer=str(reviewer_id),
            known=begun,
            case=self.cases[application_id],
            on=on,
            rules=rules,
            recused=(application_id, reviewer_id) in self.recused,
        )


async def bias(
    context: ReadContext, *, applications: Iterable[Application | Judged], pool: Iterable[reviewers_store.Reviewer]
) -> Bias:
    """The conflicts of interest of these reviewers beside these cases: a bounded number of queries, however many of
    either."""
    found, entries = list(applications), list(pool)
    known = await _known(context, entries)
    parties = {item.conflict.party for of_one in known.values() for item in of_one}
    return Bias(
        await _cases(context, found, parties),
        known,
        await reviews.recused_from(context.session, [row.id for row in found]),
    )


async def concerned(context: ReadContext, round_id: UUID) -> set[UUID]:
    """The reviewers who have to do with an applicant of the round, a rival of it or a unit that has recommended one,
    and those who have withdrawn from a case: of all others no sheet of the round is tainted. A bounded number of
    queries, whose cost goes by the pool and not by the applications."""
    known = await _known(context, await reviewers.pool(context.session))
    parties = {item.conflict.party for of_one in known.values() for item in of_one}
    recused = await reviews.recused_in(context.session, round_id)
    if not parties:
        return recused
    competing = await reviewers.competing(context.session, round_ids=[round_id], codes=parties)
    here = {line.uscc for line in competing}
    here |= {str(unit_id) for unit_id in await recommendations.recommending_units_of_round(context.session, round_id)}
    return recused | {key for key, of_one in known.items() if any(item.conflict.party in here for item in of_one)}


def pool_entry(row: reviewers_store.Reviewer) -> PoolEntry:
    """The pool's entry as the measures see it."""
    left = row.state_changed_at if row.state == ReviewerState.DISQUALIFIED else None
    return PoolEntry(
        str(row.id),
        row.state == ReviewerState.ACTIVE,
        row.qualified_from,
        row.qualified_until,
        None if left is None else shanghai_day(left),
    )


async def _cases(
    context: ReadContext, applications: Sequence[Application | Judged], parties: Collection[str]
) -> dict[UUID, Case]:
    """The cases; of their rivals only those that one of the reviewers has to do with."""
    codes: defaultdict[UUID, set[str]] = defaultdict(set)
    for organisation_id, uscc in await reviewers.lineage_codes(
        context.session, {row.organisation_id for row in applications}
    ):
        codes[organisation_id].add(uscc)
    units = await recommendations.recommending_units_asked(context.session, [row.id for row in applications])
    rivals: defaultdict[tuple[UUID, str | None], set[str]] = defaultdict(set)
    if parties:
        rounds = {row.round_id for row in applications}
        for line in await reviewers.competing(context.session, round_ids=rounds, codes=parties):
            rivals[line.round_id, line.seat_category].add(line.uscc)
    return {
        row.id: Case(
            frozenset(codes[row.organisation_id]),
            str(units[row.id]) if row.id in units else "",
            frozenset(rivals[row.round_id, row.seat_category] - codes[row.organisation_id]),
        )
        for row in applications
    }


async def _known(context: ReadContext, pool: Sequence[reviewers_store.Reviewer]) -> dict[UUID, list[KnownConflict]]:
    known: dict[UUID, list[KnownConflict]] = {row.id: [] for row in pool}
    for row in await reviewers.conflicts_of(context.session, list(known)):
        party = row.uscc if row.uscc is not None else str(row.unit_id)
        known[row.reviewer_id].append(
            KnownConflict(ConflictOfInterest(ConflictKind(row.kind), party, row.ended_on), row.started_on)
        )
    employers = {row.employer_uscc for row in pool if row.employer_uscc is not None}
    # A unit that has a code of its own may be the reviewer's employer without the pool saying that it is the unit.
    units = await reviewers.units_by_code(context.session, employers) if employers else {}
    # An employer of whom the pool has no code is known by its name.
    employers_named = [row.employer for row in pool if row.employer is not None and row.employer_uscc is None]
    names = {written for employer in employers_named for written in writings(employer)}
    named = await reviewers.codes_by_name(context.session, names) if names else {}
    named_units = await reviewers.units_by_name(context.session, names) if names else {}
    for entry in pool:
        code, written = entry.employer_uscc, writings(entry.employer or "")
        codes = {found for name in written for found in named.get(name, ())} if code is None else {code}
        known[entry.id] += [_detected(ConflictKind.EMPLOYMENT, item, entry) for item in sorted(codes)]
        by_name = {named_units.get(name) for name in written}
        staff_of = ({entry.unit_id, units.get(code)} if code else {entry.unit_id, *by_name}) - {None}
        for unit_id in sorted(staff_of, key=str):
            known[entry.id].append(_detected(ConflictKind.RECOMMENDING_UNIT_STAFF, str(unit_id), entry))
    return known


def writings(name: str) -> frozenset[str]:
    """A name as it is compared, as it is written and in simplified characters, in which organisations are registered;
    none for a name that says nothing."""
    return frozenset({plain_name(name), plain_name(simplified(name))} - {""})


def _detected(kind: ConflictKind, party: str, entry: reviewers_store.Reviewer) -> KnownConflict:
    return KnownConflict(ConflictOfInterest(kind, party, detected=True), entry.employed_since)
