"""An act that states its own day (Arts. 13, 20 to 22): the facts as they stood on that day, beside what is known on the
day of its recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from app.measures.findings import Finding, fails, obstacles, passes
from app.measures.interpretations import Readings
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.validity import begun

Told = TypeVar("Told")

# What the register says of an organisation, by its own acts and from their own days: whoever moves, changes its form
# or ends after it was lawfully commended takes nothing from that. Whatever it no longer holds, or is found to have
# done, is asked on both days.
OF_THE_REGISTRATION = frozenset({"art04.recipient", "art13.1.local", "art13.1.legal_person", "art13.1.identity"})


@dataclass(frozen=True, slots=True)
class Until(Generic[Told]):
    """What was on record, and the day (Shanghai) on which something else took its place."""

    day: date
    was: Told


def stood_on(day: date, present: Told, former: Iterable[Until[Told]]) -> Told:
    """What stood at the end of a day: that which was first replaced on a later one; the present, where nothing was.
    `former`: in the order in which it was replaced. Whatever is replaced counts from the day of its replacement."""
    return next((item.was for item in former if item.day > day), present)


def begun_by(day: date, since: date | None) -> bool:
    """Whether what counts from the day `since` on counts on `day`; None: from no day."""
    return since is not None and begun(since, day)


@rule("art22.approval")
def on_both_days(
    *,
    stated: Sequence[Finding],
    by_present_facts: Sequence[Finding],
    recorded: Sequence[Finding],
    day: date,
    recorded_on: date,
    before: str,
    readings: Readings,
) -> list[Finding]:
    """What a meeting or a decree of the `day` finds that is put on record on `recorded_on` (Arts. 13, 22), on one name.
    `stated`: the findings on the facts as they stood on its day; `by_present_facts`: those of the same day on the facts
    of today; `recorded`: those of today.

    What stood in the way on that day and was settled since is refused: nobody was approved or commended while it stood
    (fact `condition`; it can be taken from the day of its settlement on). What the registration has become since is
    told and stops nothing. Whatever else has come up since stands in the way, with the day as `tested_on`.
    """
    reading = readings.cite("facts_on_a_stated_day")
    now = {(item.rule, item.reason) for item in obstacles([*by_present_facts, *recorded])}
    then = {(item.rule, item.reason) for item in obstacles(stated)}
    held_then = {item.rule for item in obstacles(stated)}
    findings: list[Finding] = []
    for item in stated:
        if (item.rule, item.reason) in then - now:
            settled = {"day": day.isoformat(), "condition": item.rule, "was": item.reason.value, "next_act": before}
            findings.append(fails("art22.approval", Reason.HELD_THAT_DAY, reading=reading, **settled))
        else:
            findings.append(item)
    for item in obstacles(recorded):
        if (item.rule, item.reason) in then:
            continue
        if item.rule in OF_THE_REGISTRATION - held_then:
            since = {"day": day.isoformat(), "condition": item.rule, "was": item.reason.value}
            told = {**since, "tested_on": recorded_on.isoformat()}
            findings.append(passes("art22.approval", Reason.CHANGED_SINCE, reading=reading, **told))
        else:
            findings.append(replace(item, facts={**item.facts, "tested_on": recorded_on.isoformat()}))
    return findings
