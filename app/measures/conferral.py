"""What turns out after a decree to have stood against one of its awards on its own day (Arts. 3, 13, 22, 26, 28): a
withdrawal that had come in, an exclusion that had begun, a condition that was not met. The award is the government's
to take back or to uphold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from app.measures.document_numbers import document_number
from app.measures.findings import Finding, fails, needs_decision, next_step, passes
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.removal import WithdrawalGround
from app.measures.state_machines import AwardState
from app.measures.validity import begun


class DoubtGround(StrEnum):
    """withdrawal: it had withdrawn before the decree (Art. 3). exclusion: a decision that is dated back excluded it on
    its day (Arts. 26, 28). finding: what else stood against it on its day, and was found since (Arts. 4 to 6, 13)."""

    WITHDRAWAL = "withdrawal"
    EXCLUSION = "exclusion"
    FINDING = "finding"


class ConferralOutcome(StrEnum):
    """What the government decides. void: the award is taken back, and nobody is excluded. uphold: it stands."""

    VOID = "void"
    UPHOLD = "uphold"


@rule("art03.recommendation")
def withdrawn_in_time(*, received_on: date, conferred_on: date, readings: Readings) -> list[Finding]:
    """Whether a withdrawal that came on paper and is entered after the decree had come before the day of it: then the
    organisation took part no more on that day (Art. 3). From that day on it renounces an award that stands."""
    facts: Facts = {"received_on": received_on.isoformat(), "conferred_on": conferred_on.isoformat()}
    reading = readings.cite("withdrawal_entered_after_the_decree")
    if not begun(conferred_on, received_on):
        return [passes("art03.recommendation", Reason.WITHDRAWN_IN_TIME, reading=reading, **facts)]
    return [fails("art03.recommendation", Reason.RENOUNCED, reading=reading, next_act=None, **facts)]


@rule("art22.approval")
def found_since(*, ground: WithdrawalGround, stood_on: date, conferred_on: date, readings: Readings) -> list[Finding]:
    """Whether what the office has found since the decree stood against the award on its day (Arts. 4 to 6, 13, 22): by
    `stood_on`, a day on or before it. What came up later is a case under Art. 28, and a fraud one under Art. 26 on
    whatever day it was committed. Whether it stands is decided under Art. 22."""
    if ground is WithdrawalGround.FRAUD:
        return [fails("art22.approval", Reason.FRAUD_HEARD_AS_A_CASE, next_act="open_revocation")]
    facts: Facts = {"stood_on": stood_on.isoformat(), "conferred_on": conferred_on.isoformat()}
    if not begun(stood_on, conferred_on):
        return [fails("art22.approval", Reason.STOOD_AFTER_THE_DECREE, next_act="open_revocation", **facts)]
    facts |= {"condition": ground.value, "reading": readings.cite("conferral_in_doubt")}
    return [passes("art22.approval", Reason.STOOD_AT_THE_DECREE, **facts)]


def stood_when_withdrawn(*, dated: date, withdrawn_on: date) -> bool:
    """Whether a name that withdrew on that day still stood on the day of a meeting or a decree (Arts. 3, 22): a letter
    of that day itself comes too late to end what the day decides, in whichever order the two are entered."""
    return begun(dated, withdrawn_on)


@rule("art03.recommendation")
def withdrawn_meanwhile(
    *, dated: date, withdrawn: Mapping[str, date], left_out: Collection[str] = (), readings: Readings
) -> list[Finding]:
    """Who has `withdrawn`, by its name and on which day, on the day of a decree or later, and was entered before the
    decree was: it is commended by it, as it would be were the decree entered first, and has renounced an award that
    stands; unless the decree itself leaves it out (`left_out`), which says so (Arts. 3, 22)."""
    reading = readings.cite("decree_entered_after_a_withdrawal")
    return [
        passes(
            "art03.recommendation",
            Reason.LEFT_OUT_AS_WITHDRAWN if name in left_out else Reason.WITHDRAWN_MEANWHILE,
            organisation=name,
            withdrawn_on=day.isoformat(),
            dated=dated.isoformat(),
            reading=reading,
        )
        for name, day in withdrawn.items()
        if stood_when_withdrawn(dated=dated, withdrawn_on=day)
    ]


@rule("art22.approval")
def award_concerned(
    *,
    condition: WithdrawalGround,
    stood_on: date,
    award_id: str,
    organisation: str,
    conferred_on: date | None,
    readings: Readings,
) -> list[Finding]:
    """What whoever records a fact of the day `stood_on`, by which a `condition` may not have been met, is told of an
    award that stands (Arts. 6, 13, 22, 26, 28): one that was conferred on that day or later can be entered as in doubt,
    one that was approved and is not yet commended (`conferred_on` None) can be withdrawn. Nothing is found where the
    fact came up after the decree."""
    facts: Facts = {
        "award_id": award_id,
        "organisation": organisation,
        "condition": condition.value,
        "stood_on": stood_on.isoformat(),
        "reading": readings.cite("conferral_in_doubt"),
    }
    reason, facts["next_act"] = Reason.APPROVAL_CONCERNED, "withdraw_award"
    if conferred_on is not None:
        if not begun(stood_on, conferred_on):
            return []
        reason, facts["next_act"] = Reason.AWARD_CONCERNED, "raise_conferral_doubt"
        facts["conferred_on"] = conferred_on.isoformat()
    return [passes("art22.approval", reason, **next_step("art22.approval", reason, facts))]


# What is heard as a case, on whatever day it was, or because it came up after the award.
_HEARD = frozenset({WithdrawalGround.FRAUD, WithdrawalGround.OBJECTION})


@rule("art22.approval")
def after_the_decree(
    *, ground: WithdrawalGround, event_on: date | None, conferred_on: date, state: AwardState
) -> list[Finding]:
    """What takes the place of a withdrawal once the decree is issued (Arts. 13, 22, 26, 28): of a condition, the doubt
    about the conferral; of a fraud or of an objection that was upheld, a case; of an event of Art. 28 a case where it
    came up on the day of the decree or later (`event_on`; None: not stated), else the doubt as well."""
    case = ground in _HEARD
    # In validity from the day of the decree on (Art. 23).
    if ground is WithdrawalGround.GROUNDS:
        case = event_on is None or begun(conferred_on, event_on)
    facts: Facts = {"object": "award", "act": "withdraw_award", "state": state.value}
    ahead = "open_revocation" if case else "raise_conferral_doubt"
    return [fails(ground.value, Reason.ACT_REPLACED, next_act=ahead, **facts)]


@rule("exclusions")
def conferred_meanwhile(
    *, decided_on: date, later: Mapping[str, date], stated: bool, readings: Readings
) -> list[Finding]:
    """Whether a decision of revocation that is dated back excludes its legal person from a day on or before that on
    which a later award was conferred on it (Arts. 26, 28). It is taken where the decision states that it does
    (`stated`): the later award is in doubt then. `later`: the days of the decrees by the award's id. Nothing is found
    where there is none."""
    if not later:
        return []
    facts: Facts = {
        "decided_on": decided_on.isoformat(),
        "conferred_on": min(later.values()).isoformat(),
        "awards": list(later),
        "reading": readings.cite("revocation_before_a_later_decree"),
    }
    if stated:
        return [passes("exclusions", Reason.LATER_AWARD_IN_DOUBT, **facts)]
    return [fails("exclusions", Reason.CONFERRED_MEANWHILE, **facts)]


@rule("art09.disbursement")
def conferral_undoubted(*, doubted: bool) -> list[Finding]:
    """Whether nothing that turned out later stood against the award on the day of its decree: its prize waits for the
    government's decision on that (Arts. 3, 9, 22). Nothing is found where nothing did."""
    return [fails("art09.disbursement", Reason.CONFERRAL_IN_DOUBT)] if doubted else []


@rule("art22.approval")
def conferral_decided(
    *,
    outcome: ConferralOutcome,
    ground: DoubtGround,
    scanned: bool,
    conferred_on: date,
    decided_on: date,
    number: str,
    readings: Readings,
) -> list[Finding]:
    """The government's decision on an award that is in doubt (Arts. 2, 22): a number of its year, a day not before the
    decree; nothing is taken back for a letter whose scan is not with the case (`scanned`)."""
    findings = document_number(number=number, day=decided_on, readings=readings)
    days: Facts = {"decided_on": decided_on.isoformat(), "conferred_on": conferred_on.isoformat()}
    if not begun(conferred_on, decided_on):
        findings.append(fails("art22.approval", Reason.BEFORE_CONFERRAL, **days))
    if outcome is ConferralOutcome.VOID and ground is DoubtGround.WITHDRAWAL and not scanned:
        findings.append(fails("art22.approval", Reason.WITHDRAWAL_NOT_SCANNED, next_act="upload_withdrawal_letter"))
    return findings


@rule("art22.approval")
def conferral_to_decide(*, is_open: bool, ground: DoubtGround, scanned: bool) -> list[Finding]:
    """What is to be done next on an award that is in doubt (Arts. 2, 3, 22): the office puts the scan of the letter to
    it, the government decides. Nothing is found once it has."""
    if not is_open:
        return []
    if ground is DoubtGround.WITHDRAWAL and not scanned:
        waits: Facts = {"decides": "office", "next_act": "upload_withdrawal_letter"}
        return [needs_decision("art22.approval", Reason.WITHDRAWAL_NOT_SCANNED, **waits)]
    due: Facts = {"decides": "government", "next_act": "void_conferral"}
    return [needs_decision("art22.approval", Reason.CONFERRAL_UNDECIDED, **due)]
