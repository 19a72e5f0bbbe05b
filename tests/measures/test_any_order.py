"""Under any order of acts no round exceeds its seats, no organisation has two prizes, no name is approved without its
own full publicity.

Walks of random acts, every other one whatever comes, the others such that the walk gets on. Each act asks the table of
its state machine and the rules, and is done unless they refuse, as the services do it. What holds afterwards is counted
by hand, from a diary of what was done: not by the rules that are tested here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from app.measures.approval import ApprovalFacts, approval_valid, decree_valid
from app.measures.dates import shanghai_date
from app.measures.disbursements import DisbursementFacts, disbursement_payable
from app.measures.facts import PastAward
from app.measures.findings import Finding, obstacles
from app.measures.interval import CycleFacts, interval_over, round_may_open
from app.measures.objections import ObjectionRecord, open_objections_block
from app.measures.prize import PrizeDecision, prize_due
from app.measures.proposed import PublicisedEntry, proposed_allowed
from app.measures.publicity import nothing_to_publicise, publication_dated, publicity_period
from app.measures.revocations import RevocationKind, revocation_admissible
from app.measures.seats import seats_available, seats_taken
from app.measures.sectors import SeatCategory
from app.measures.state_machines import AWARD, DISBURSEMENT, OBJECTION, ROUND, AwardState, ObjectionState, StateMachine
from tests.measures.procedure_samples import PARAMETERS, READINGS, calendar, shanghai

TRADES = {
    "甲厂": SeatCategory.MANUFACTURING,
    "乙厂": SeatCategory.MANUFACTURING,
    "丙厂": SeatCategory.MANUFACTURING,
    "丁厂": SeatCategory.MANUFACTURING,
    "医院": SeatCategory.OTHER,
    "物流": SeatCategory.OTHER,
}
NAMES = sorted(TRADES)
CALENDAR = calendar(*range(2024, 2062))
MOMENT = timedelta(microseconds=1)


@dataclass
class Award:
    """`stood_before`: an earlier award of the organisation stood when this one was approved."""

    organisation: str
    ordinal: int
    due: PrizeDecision
    stood_before: bool
    state: str = "approved"
    decree: date | None = None
    revoked_as: set[RevocationKind] = field(default_factory=set)


@dataclass
class Payment:
    organisation: str
    award: Award
    state: str = "payable"


@dataclass
class Round:
    year: int
    ordinal: int
    state: str = "deliberated"
    list_made_on: date = date.min
    entries: dict[str, PublicisedEntry] = field(default_factory=dict)
    proposed: tuple[str, ...] = ()
    proposed_on: date | None = None
    approved_on: date = date.min


@dataclass(frozen=True)
class Approval:
    """The diary: a name, and every day that counts for its publicity."""

    organisation: str
    published_on: date | None
    standing: bool
    open_objections: int
    approved_at: datetime
    meeting_on: date


class County:
    """The county through some rounds; the review before the committee's meeting is left out, as all may pass it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.done: list[str] = []
        self.now = shanghai(2024, 3, 1, 10)
        self.round: Round | None = None
        self.concluded: list[Round] = []
        self.awards: list[Award] = []
        self.payments: list[Payment] = []
        self.diary: list[Approval] = []
        self.proposals: list[tuple[date, date | None]] = []
        self.transfers: Counter[str] = Counter()
        self.published: dict[tuple[int, str], date] = {}

    @property
    def today(self) -> date:
        return shanghai_date(self.now)

    def may(self, machine: StateMachine, act: str, state: str, findings: Iterable[Finding] = ()) -> bool:
        """Whether the act is done: from its states only, and only if nothing stands in the way."""
        done = state in machine.transition(act).sources and not obstacles(findings)
        if done:
            self.done.append(act)
        return done

    def names(self) -> list[str]:
        return self.random.sample(NAMES, self.random.randint(0, 4))

    def media(self) -> list[date]:
        return [
            self.today - timedelta(days=self.random.choice((-1, 0, 0, 0, 1, 3)))
            for _ in range(self.random.randint(0, 3))
        ]

    def past(self, organisation: str) -> list[PastAward]:
        return [
            PastAward(item.ordinal, item.decree, item.due.first, item.state == "revoked")
            for item in self.awards
            if item.organisation == organisation and item.decree is not None
        ]

    def due(self, organisation: str) -> PrizeDecision:
        return prize_due(past_awards=self.past(organisation), parameters=PARAMETERS, readings=READINGS)

    def seats(self, names: Iterable[str]) -> list[Finding]:
        taken = seats_taken((TRADES[name], self.due(name).takes_seat) for name in names)
        return seats_available(facts=taken, parameters=PARAMETERS, readings=READINGS)

    def eligible(self, names: Iterable[str], ordinal: int) -> list[Finding]:
        return [
            finding
            for name in names
            for finding in interval_over(
                past_awards=self.past(name), round_ordinal=ordinal, parameters=PARAMETERS, readings=READINGS
            )
        ]

    def wait(self) -> None:
        self.now += timedelta(days=self.random.randint(0, 12), hours=self.random.randint(0, 23))

    def wait_for_the_publicity(self) -> None:
        early = self.random.choice((timedelta(0), MOMENT, timedelta(days=1), timedelta(days=4)))
        if self.round is not None:
            ends = [item.period.ends_at for item in self.round.entries.values() if item.period is not None]
            self.now = max([self.now, *(end - early for end in ends)])

    def wait_for_years(self) -> None:
        if self.now.year < 2055:
            self.now += timedelta(days=366 * self.random.randint(1, 2))

    def call(self) -> None:
        last = self.concluded[-1] if self.concluded else None
        facts = CycleFacts(
            self.today.year - self.random.choice((0, 0, 0, 1)),
            self.today,
            last.year if last else None,
            "本届" if self.round is not None else None,
        )
        if self.may(
            ROUND, "publish_call", "draft", round_may_open(facts=facts, parameters=PARAMETERS, readings=READINGS)
        ):
            self.round = Round(facts.year, last.ordinal + 1 if last else 1, list_made_on=self.today)

    def cancel(self) -> None:
        if self.random.random() < 0.2 and self.round and self.may(ROUND, "cancel_round", self.round.state):
            self.round = None

    def publicise(self, running: Round, act: str, names: list[str], listed: list[str]) -> None:
        media = self.media()
        answer = publicity_period(
            published_on=media, announced_last_day=None, calendar=CALENDAR, parameters=PARAMETERS, readings=READINGS
        )
        findings = [
            *(answer.findings if names else nothing_to_publicise(names=names, readings=READINGS)),
            *publication_dated(published_on=media, not_before=running.list_made_on, today=self.today),
            *self.seats(listed),
            *self.eligible(names, running.ordinal),
        ]
        if not self.may(ROUND, act, running.state, findings):
            return
        for name in names:
            running.entries[name] = PublicisedEntry(name, answer.period)
            self.published[running.ordinal, name] = max(media)
        running.state = ROUND.transition(act).next_state(running.state)

    def publish(self) -> None:
        if self.round is not None:
            names = self.names()
            self.publicise(self.round, "publish_candidates", names, names)

    def add_or_correct(self) -> None:
        name = self.random.choice(NAMES)
        if self.round is None or (name in self.round.entries and self.round.entries[name].removed):
            return
        act = "correct_candidate" if name in self.round.entries else "add_candidate"
        listed = {entry for entry, item in self.round.entries.items() if not item.removed} | {name}
        self.publicise(self.round, act, [name], sorted(listed))

    def remove(self) -> None:
        name = self.random.choice(NAMES)
        if self.round is None or name not in self.round.entries:
            return
        if self.may(ROUND, "remove_candidate", self.round.state):
            self.round.entries[name] = replace(self.round.entries[name], removed=True)

    def object(self) -> None:
        act = self.random.choice(("receive", "start_verification", "uphold", "dismiss", "dismiss"))
        if self.round is None or not self.round.entries:
            return
        name = self.random.choice(sorted(self.round.entries))
        entry = self.round.entries[name]
        if act == "receive":
            files = (*entry.objections, ObjectionRecord(f"o{len(entry.objections)}", name, ObjectionState.RECEIVED))
        else:
            files = tuple(
                replace(item, state=ObjectionState(OBJECTION.transition(act).next_state(item.state)), reason="经核实")
                if self.may(OBJECTION, act, item.state)
                else item
                for item in entry.objections
            )
        self.round.entries[name] = replace(entry, objections=files)

    def propose(self) -> None:
        if self.round is None:
            return
        names = [name for name, item in self.round.entries.items() if not item.removed]
        if self.random.random() < 0.3:
            names = self.names()
        findings = [
            *proposed_allowed(names=names, entries=list(self.round.entries.values()), at=self.now),
            *self.seats(names),
            *self.eligible(names, self.round.ordinal),
        ]
        if self.may(ROUND, "fix_proposed_list", self.round.state, findings):
            self.round.state, self.round.proposed, self.round.proposed_on = "proposed", tuple(names), self.today
            self.proposals += [(self.today, self.published.get((self.round.ordinal, name))) for name in names]

    def approve(self) -> None:
        if self.round is None:
            return
        running = self.round
        approved = running.proposed if self.random.random() < 0.7 else tuple(self.names())
        meeting = self.today - timedelta(days=self.random.choice((0, 0, 1, 2, 12)))
        periods = [running.entries[name].period for name in running.proposed]
        last_days = [item.last_day for item in periods if item is not None]
        facts = ApprovalFacts(
            meeting_number="第1次",
            meeting_date=meeting,
            proposed=running.proposed,
            approved=approved,
            publicity_last_day=max(last_days, default=None),
            proposed_on=running.proposed_on,
            taken_out=tuple(name for name in running.proposed if running.entries[name].removed),
        )
        objections = [item for entry in running.entries.values() for item in entry.objections]
        findings = [
            *approval_valid(facts=facts),
            *self.seats(approved),
            *self.eligible(approved, running.ordinal),
            *(f for name in approved for f in open_objections_block(organisation=name, objections=objections)),
        ]
        if not self.may(ROUND, "approve_awards", running.state, findings):
            return
        for name in approved:
            entry = running.entries.get(name)
            unsettled = [item for item in entry.objections if item.state != "dismissed"] if entry else []
            self.diary.append(
                Approval(
                    name,
                    self.published.get((running.ordinal, name)),
                    entry is not None and not entry.removed,
                    len(unsettled),
                    self.now,
                    meeting,
                )
            )
            stood = any(item.organisation == name and item.state == "conferred" for item in self.awards)
            self.awards.append(Award(name, running.ordinal, self.due(name), stood))
        running.state, running.approved_on = "approved", meeting

    def decree(self) -> None:
        if self.round is None:
            return
        day = self.today - timedelta(days=self.random.choice((0, 0, 1, 3)))
        findings = decree_valid(
            number=f"会府字〔{day.year}〕1号", decree_date=day, meeting_date=self.round.approved_on, readings=READINGS
        )
        if self.may(ROUND, "issue_decree", self.round.state, findings):
            for award in self.awards:
                if award.state == "approved" and award.ordinal == self.round.ordinal:
                    award.state, award.decree = "conferred", day
            self.concluded.append(self.round)
            self.round = None

    def order_the_prize(self) -> None:
        if not self.awards:
            return
        award = self.random.choice(self.awards)
        name = award.organisation
        facts = DisbursementFacts(
            decree_number="会府字〔2024〕1号" if award.decree else None,
            decree_date=award.decree,
            award_state=AwardState(award.state),
            payee_name=name,
            organisation_name=name,
            amount_fen=self.random.choice((PARAMETERS.prize_fen, PARAMETERS.prize_fen, 1)),
            budget_year=self.today.year,
            earlier_disbursement=any(item.organisation == name for item in self.payments),
            first=award.due.first,
        )
        if not obstacles(disbursement_payable(facts=facts, parameters=PARAMETERS)):
            self.payments.append(Payment(name, award))

    def pay(self) -> None:
        name = self.random.choice([item.organisation for item in self.payments] or NAMES)
        act = self.random.choice([item.act for item in DISBURSEMENT.transitions] + ["acknowledge", "report_paid"] * 2)
        for payment in (item for item in self.payments if item.organisation == name):
            if self.may(DISBURSEMENT, act, payment.state):
                payment.state = DISBURSEMENT.transition(act).next_state(payment.state)
                # What the bank sent back has not arrived.
                self.transfers[name] += (act == "report_paid") - (act == "report_returned")

    def revoke(self) -> None:
        name, kind = self.random.choice(NAMES), self.random.choice(list(RevocationKind))
        for award in (item for item in self.awards if item.organisation == name):
            if obstacles(revocation_admissible(kind=kind, earlier=award.revoked_as)):
                continue
            if self.may(AWARD, "revoke", award.state) or award.state == "revoked":
                award.state = "revoked"
                award.revoked_as.add(kind)

    def no_round_exceeds_its_seats(self) -> None:
        taken = Counter((item.ordinal, TRADES[item.organisation]) for item in self.awards if not item.stood_before)
        for (ordinal, seat_category), count in taken.items():
            assert count <= (2 if seat_category is SeatCategory.MANUFACTURING else 1), (
                f"round {ordinal}: {count} in {seat_category}"
            )

    def no_organisation_has_two_prizes(self) -> None:
        for name in TRADES:
            assert sum(item.organisation == name for item in self.payments) <= 1
            assert self.transfers[name] <= 1
            won = [item for item in self.awards if item.organisation == name]
            assert all(item.award is won[0] and won[0].decree for item in self.payments if item.organisation == name)
            assert sum(item.due.prize_fen for item in self.awards if item.organisation == name) <= 10_000_000

    def no_name_is_approved_without_its_own_full_publicity(self) -> None:
        for proposed_on, published_on in self.proposals:
            assert published_on is not None
            assert proposed_on > published_on + timedelta(days=10)
        for item in self.diary:
            assert item.published_on is not None
            assert item.standing
            assert item.open_objections == 0
            # Ten whole days lie between the day of publication and the meeting; the act was not before the meeting.
            assert item.meeting_on > item.published_on + timedelta(days=10)
            assert item.meeting_on <= shanghai_date(item.approved_at)

    def two_rounds_lie_between_two_awards_and_two_years_between_two_rounds(self) -> None:
        for name in TRADES:
            ordinals = [item.ordinal for item in self.awards if item.organisation == name]
            assert all(later - earlier >= 3 for earlier, later in pairwise(ordinals))
        years = [item.year for item in self.concluded]
        assert all(later - earlier >= 2 for earlier, later in pairwise(years))


ACTS: tuple[Callable[[County], None], ...] = (
    County.wait,
    County.wait_for_the_publicity,
    County.wait_for_years,
    County.call,
    County.cancel,
    County.publish,
    County.add_or_correct,
    County.remove,
    County.object,
    County.propose,
    County.approve,
    County.decree,
    County.order_the_prize,
    County.pay,
    County.revoke,
)
GETS_ON: dict[str | None, tuple[Callable[[County], None], ...]] = {
    None: (County.wait_for_years, County.call, *(County.order_the_prize, County.pay, County.pay) * 2),
    "deliberated": (County.publish,),
    "publicity": (County.wait_for_the_publicity, County.add_or_correct, *(County.object, County.propose) * 2),
    "proposed": (County.wait, County.approve),
    "approved": (County.decree,),
}


def walk(seed: int) -> County:
    county = County(Random(seed))
    for _ in range(250):
        state = None if county.round is None else county.round.state
        getting_on = county.random.random() < 0.7
        county.random.choice(GETS_ON[state] if getting_on else ACTS)(county)
        county.no_round_exceeds_its_seats()
        county.no_organisation_has_two_prizes()
        county.no_name_is_approved_without_its_own_full_publicity()
        county.two_rounds_lie_between_two_awards_and_two_years_between_two_rounds()
    return county


def test_under_any_order_of_acts_the_bounds_of_the_measures_hold() -> None:
    walked = [walk(seed) for seed in range(50)]
    # Walks that never came so far would have shown nothing.
    reached = Counter(act for county in walked for act in county.done)
    for act in ("add_candidate", "correct_candidate", "uphold", "report_paid", "revoke"):
        assert reached[act], f"never came to {act}: {reached}"
    assert any(award.stood_before for county in walked for award in county.awards)
    assert any(len(county.concluded) > 4 for county in walked)
