"""Whatever the facts, the bounds of the measures hold: seats, interval, publicity, money, exclusions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.measures.approval import ApprovalFacts, approval_valid
from app.measures.consequences import SanctionedAward, consequences
from app.measures.dates import add_years, shanghai_date
from app.measures.evaluation import EvaluationInput, evaluation
from app.measures.exclusions import exclusion_last_day
from app.measures.facts import PastAward
from app.measures.findings import Outcome, failures
from app.measures.interval import interval_over
from app.measures.prize import prize_due
from app.measures.proposed import PublicisedEntry, proposed_allowed
from app.measures.publicity import publicity_period
from app.measures.reviews import Stage
from app.measures.revocations import RevocationKind
from app.measures.scoring import MaterialResult, Sheet, combine, shortlist
from app.measures.seats import seats_available, seats_taken
from app.measures.sectors import SeatCategory
from app.measures.state_machines import DisbursementState
from app.measures.validity import AwardFacts, CertificateStatus, certificate_status
from app.measures.working_days import HolidayYear, WorkingCalendar
from tests.measures.procedure_samples import PARAMETERS, READINGS, RULES

DAYS = st.dates(date(2023, 7, 1), date(2034, 12, 31))
BUCKETS = st.sampled_from(list(SeatCategory))
SCORES = st.decimals(0, 1000, places=2)
NAMES = st.sampled_from("甲乙丙丁戊己庚辛")


@given(st.lists(st.tuples(BUCKETS, st.booleans()), max_size=8))
def test_seats_are_never_exceeded_and_never_move(winners: list[tuple[SeatCategory, bool]]) -> None:
    refused = failures(seats_available(facts=seats_taken(winners), parameters=PARAMETERS, readings=READINGS))
    manufacturing = sum(seat_category is SeatCategory.MANUFACTURING and seat for seat_category, seat in winners)
    other = sum(seat_category is SeatCategory.OTHER and seat for seat_category, seat in winners)
    assert bool(refused) is (manufacturing > 2 or other > 1)
    if not refused:
        assert manufacturing + other <= 3


@given(st.lists(st.integers(1, 30), max_size=5), st.integers(1, 40), st.booleans())
def test_two_whole_rounds_lie_between_two_awards(ordinals: list[int], new: int, revoked: bool) -> None:
    past = [PastAward(ordinal, date(2024, 1, 1), first=False, revoked=revoked) for ordinal in ordinals]
    refused = failures(interval_over(past_awards=past, round_ordinal=new, parameters=PARAMETERS, readings=READINGS))
    assert bool(refused) is any(new - ordinal < 3 for ordinal in ordinals)


@given(st.lists(st.booleans(), max_size=4))
def test_the_prize_is_paid_for_the_first_award_alone(revocations: list[bool]) -> None:
    past = [
        PastAward(3 * index + 1, date(2024, 1, 1), first=index == 0, revoked=revoked)
        for index, revoked in enumerate(revocations)
    ]
    due = prize_due(past_awards=past, parameters=PARAMETERS, readings=READINGS)
    assert due.prize_fen == (0 if past else PARAMETERS.prize_fen)
    assert due.plaque is (not past)


@given(st.lists(DAYS, min_size=1, max_size=4), st.sets(DAYS, max_size=40), st.integers(0, 30))
def test_a_publicity_has_at_least_its_ten_days_and_ends_on_a_working_day(
    published_on: list[date], holidays: set[date], longer: int
) -> None:
    calendar = WorkingCalendar(
        {
            year: HolidayYear(frozenset(day for day in holidays if day.year == year), frozenset(), "x")
            for year in range(2023, 2036)
        }
    )
    latest = max(published_on)
    announced = latest + timedelta(days=longer)
    for last_day in (None, announced):
        answer = publicity_period(
            published_on=published_on,
            announced_last_day=last_day,
            calendar=calendar,
            parameters=PARAMETERS,
            readings=READINGS,
        )
        if answer.period is None:
            assert last_day == announced
            assert failures(answer.findings)
            continue
        assert (answer.period.last_day - latest).days >= PARAMETERS.publicity_days
        assert last_day == announced or calendar.is_working_day(answer.period.last_day)
        assert shanghai_date(answer.period.ends_at) == answer.period.last_day + timedelta(days=1)
        entries = [PublicisedEntry("甲", answer.period)]
        almost = answer.period.ends_at - timedelta(microseconds=1)
        assert shanghai_date(almost) == answer.period.last_day
        assert failures(proposed_allowed(names=["甲"], entries=entries, at=almost))
        assert not failures(proposed_allowed(names=["甲"], entries=entries, at=answer.period.ends_at))


@given(st.lists(NAMES, unique=True), st.lists(NAMES))
def test_an_approval_never_adds_a_name(proposed: list[str], approved: list[str]) -> None:
    facts = ApprovalFacts("第1次", date(2024, 10, 9), tuple(proposed), tuple(approved), date(2024, 10, 8), None)
    if not failures(approval_valid(facts=facts)):
        assert set(approved) <= set(proposed)
        assert len(approved) == len(set(approved))


@given(st.lists(st.tuples(BUCKETS, SCORES), max_size=12))
def test_nobody_on_the_shortlist_is_below_the_line_or_below_one_left_out(
    rows: list[tuple[SeatCategory, Decimal]],
) -> None:
    results = [
        MaterialResult(f"o{index}", seat_category, True, score) for index, (seat_category, score) in enumerate(rows)
    ]
    found = shortlist(results=results, rules=RULES)
    assert sorted([*found.included, *found.left_out]) == sorted(item.organisation for item in results)
    for inside in results:
        if inside.organisation not in found.included:
            continue
        assert inside.score is not None
        assert inside.score >= RULES.pass_line_material
        for outside in results:
            if outside.organisation in found.left_out and outside.seat_category is inside.seat_category:
                assert outside.score is not None
                assert outside.score < inside.score


@given(st.lists(SCORES, max_size=6), st.none() | SCORES)
def test_a_panels_score_lies_within_its_sheets(totals: list[Decimal], consensus: Decimal | None) -> None:
    sheets = [Sheet(f"r{index}", total) for index, total in enumerate(totals)]
    result = combine(sheets=sheets, rules=RULES, stage=Stage.MATERIAL, consensus=consensus)
    assert (result.score is None) is bool(failures(result.findings))
    if result.score is not None:
        assert len(totals) >= RULES.panel_size_material
        assert min(totals) <= result.score <= max(totals)


@given(st.lists(st.tuples(BUCKETS, st.none() | SCORES, st.none() | SCORES), max_size=8))
def test_none_is_ranked_without_both_reports_and_ranks_follow_scores(
    rows: list[tuple[SeatCategory, Decimal | None, Decimal | None]],
) -> None:
    inputs = [EvaluationInput(f"o{index}", *row) for index, row in enumerate(rows)]
    report = evaluation(inputs=inputs, rules=RULES)
    complete = {item.organisation for item in inputs if item.material is not None and item.onsite is not None}
    assert {line.organisation for line in report.ranking} == complete
    assert len(report.findings) == len(inputs)
    for one in report.ranking:
        for other in report.ranking:
            if one.seat_category is other.seat_category:
                assert (one.rank < other.rank) is (one.overall > other.overall)
                assert one is other or one.tied or one.rank != other.rank


@given(DAYS, DAYS, st.none() | DAYS)
def test_a_certificate_has_one_status_each_day(decree: date, on: date, revoked_on: date | None) -> None:
    award = AwardFacts("甲", decree, decree.year, revoked_on)
    status = certificate_status(award=award, on=on, parameters=PARAMETERS).status
    expected = (
        CertificateStatus.REVOKED
        if revoked_on is not None and revoked_on <= on
        else CertificateStatus.NOT_YET_VALID
        if on < decree
        else CertificateStatus.EXPIRED
        if on > add_years(decree, 3)
        else CertificateStatus.VALID
    )
    assert status is expected


@given(
    st.sampled_from(list(RevocationKind)),
    DAYS,
    st.booleans(),
    st.sampled_from([0, 10_000_000]),
    st.sampled_from([None, *DisbursementState]),
)
def test_nothing_is_recovered_under_28_and_no_more_than_was_due_under_26(
    kind: RevocationKind, decided_on: date, plaque: bool, prize_fen: int, state: DisbursementState | None
) -> None:
    award = SanctionedAward(decided_on, plaque, prize_fen, state)
    found = consequences(kind=kind, award=award, parameters=PARAMETERS)
    assert found.amount_fen in (0, prize_fen)
    if kind is RevocationKind.GROUNDS:
        assert not found.recover_plaque
        assert not found.recover_certificate
        assert found.prize.value in ("none", "suspend")
    assert found.exclusion_last_day == exclusion_last_day(kind=kind, decided_on=decided_on, parameters=PARAMETERS)


def test_outcomes_are_three() -> None:
    assert [outcome.value for outcome in Outcome] == ["pass", "fail", "needs_decision"]
