"""Rounds and winners in time (Art. 6): the cycle, the interval between two awards, the repeat award.

Everything is counted in ordinals of rounds, save the cycle, which is counted in years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.facts import PastAward
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """A new round's year beside the last concluded one's (None: there was none; a cancelled round does not count, one
    concluded without any award does). `called_on` is the day of its call (Shanghai). `live_round` names another round
    that is running."""

    year: int
    called_on: date
    last_concluded_year: int | None
    live_round: str | None = None


@rule("art06.cycle")
def round_may_open(*, facts: CycleFacts, parameters: Parameters, readings: Readings) -> list[Finding]:
    """A round every second year: the cycle after the last concluded one or later; one at a time (Art. 6).

    Its year is that of its call: another one would get round the cycle, and ask for figures of years that are not over
    or long past (Art. 5).
    """
    findings: list[Finding] = []
    last = facts.last_concluded_year
    earliest = None if last is None else last + parameters.cycle_years
    told: Facts = {"year": facts.year, "last_concluded_year": last, "earliest_year": earliest}
    if earliest is not None and facts.year < earliest:
        findings.append(fails("art06.cycle", Reason.CYCLE_NOT_OVER, **told))
    if facts.year != facts.called_on.year:
        findings.append(
            fails(
                "art06.cycle",
                Reason.YEAR_NOT_OF_CALL,
                called_on=facts.called_on.isoformat(),
                reading=readings.cite("round_year"),
                **told,
            )
        )
    if facts.live_round is not None:
        findings.append(
            fails(
                "art06.cycle",
                Reason.ANOTHER_ROUND_RUNNING,
                live_round=facts.live_round,
                reading=readings.cite("one_round_at_a_time"),
                **told,
            )
        )
    return findings or [passes("art06.cycle", Reason.CYCLE_KEPT, **told)]


@rule("art06.interval")
def interval_over(
    *, past_awards: Sequence[PastAward], round_ordinal: int, parameters: Parameters, readings: Readings
) -> list[Finding]:
    """A winner of round n applies again from round n + interval + 1 on, unless the register reads n + interval
    (Art. 6).

    Every award counts, first or repeat. A revoked one counts too: a revocation must not bring a winner back sooner.
    """
    facts: Facts = {"round_ordinal": round_ordinal, "reading": readings.cite("interval_of_two_rounds")}
    if not past_awards:
        return [passes("art06.interval", Reason.NO_EARLIER_AWARD, last_award_ordinal=None, **facts)]
    last = max(award.round_ordinal for award in past_awards)
    after_interval = 1 if readings["interval_of_two_rounds"] == "n_plus_3" else 0
    earliest = last + parameters.interval_rounds + after_interval
    facts |= {"last_award_ordinal": last, "earliest_ordinal": earliest}
    if round_ordinal < earliest:
        return [fails("art06.interval", Reason.INTERVAL_NOT_OVER, **facts)]
    return [passes("art06.interval", Reason.INTERVAL_OVER, **facts)]


def is_first(past_awards: Sequence[PastAward]) -> bool:
    """No award yet, not even one that was revoked (Art. 8)."""
    return not past_awards


def is_repeat_award(past_awards: Sequence[PastAward]) -> bool:
    """An award stands from an earlier round: the new one is a repeat award (复评). Where every earlier one was
    revoked it is not, and takes a seat."""
    return any(not award.revoked for award in past_awards)


@rule("art06.repeat_award")
def repeat_award(*, past_awards: Sequence[PastAward], readings: Readings) -> list[Finding]:
    """Whether the award would be a repeat award (fact `repeat_award`): certificate and title only, no prize, no plaque,
    no seat (Art. 6). The procedure is the same either way."""
    standing = [award.round_ordinal for award in past_awards if not award.revoked]
    revoked = [award.round_ordinal for award in past_awards if award.revoked]
    facts: Facts = {
        "repeat_award": is_repeat_award(past_awards),
        "first": is_first(past_awards),
        "standing_rounds": standing,
        "revoked_rounds": revoked,
        "reading": readings.cite("first_award"),
    }
    if standing:
        return [passes("art06.repeat_award", Reason.IS_A_REPEAT_AWARD, **facts)]
    return [passes("art06.repeat_award", Reason.NOT_A_REPEAT_AWARD, **facts)]
