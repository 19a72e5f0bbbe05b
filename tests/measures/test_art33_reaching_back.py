"""Art. 33: an instrument reaches back before its own date only where it says so, and decisions cite it."""

from dataclasses import replace
from datetime import date

import pytest

from app.measures.instruments import (
    Instrument,
    InstrumentKind,
    approval_in_force,
    call_in_force,
    instrument_on,
    instrument_registrable,
    reaching_back,
    shipped_instruments,
)
from tests.measures.procedure_samples import only

TRIAL = shipped_instruments()[0]
EXTENSION = Instrument(
    number="会府办发〔2025〕8号",
    title_zh="延长",
    title_en="Extension",
    kind=InstrumentKind.EXTENSION,
    extends=TRIAL.number,
    in_force_from=date(2025, 7, 1),
    in_force_to=date(2027, 6, 30),
    parameters=None,
    dated=date(2025, 9, 10),
)
STATED = replace(EXTENSION, retroactive=True)
BASIS = "专题会议纪要"


@pytest.mark.parametrize(
    ("dated", "retroactive", "effective"),
    [
        (None, False, date(2025, 7, 1)),
        (date(2025, 6, 20), False, date(2025, 7, 1)),
        (date(2025, 7, 1), False, date(2025, 7, 1)),
        (date(2025, 7, 2), False, date(2025, 7, 2)),
        (date(2025, 9, 10), False, date(2025, 9, 10)),
        (date(2025, 9, 10), True, date(2025, 7, 1)),
        (date(2025, 6, 20), True, date(2025, 7, 1)),
    ],
)
def test_the_first_day_in_force(dated: date | None, retroactive: bool, effective: date) -> None:
    assert replace(EXTENSION, dated=dated, retroactive=retroactive).effective_from == effective


@pytest.mark.parametrize(
    ("day", "stated", "unstated"),
    [
        (date(2025, 6, 30), "instrument_in_force", "instrument_in_force"),
        (date(2025, 7, 1), "instrument_reaches_back", "transitional_basis_missing"),
        (date(2025, 9, 9), "instrument_reaches_back", "transitional_basis_missing"),
        (date(2025, 9, 10), "instrument_in_force", "instrument_in_force"),
        (date(2027, 7, 1), "transitional_basis_missing", "transitional_basis_missing"),
    ],
)
def test_a_decision_in_between_cites_it_or_needs_its_basis(day: date, stated: str, unstated: str) -> None:
    for item, reason in ((STATED, stated), (EXTENSION, unstated)):
        found = approval_in_force(day=day, instruments=[TRIAL, item])
        assert [finding.reason.value for finding in found] == [reason]
        assert reaching_back(found) == (item.number if reason == "instrument_reaches_back" else None)
        with_basis = approval_in_force(day=day, instruments=[TRIAL, item], transitional_basis=BASIS)
        assert with_basis[0].outcome.value == "pass"


def test_what_it_cites() -> None:
    found = only(call_in_force(day=date(2025, 8, 1), instruments=[TRIAL, STATED]), "art33.in_force", "pass")
    assert (found.facts["dated"], found.facts["in_force_from"]) == ("2025-09-10", "2025-07-01")
    assert (found.facts["instrument"], found.facts["day"]) == (STATED.number, "2025-08-01")


def test_a_successor_ends_the_line_before_it_from_its_effective_day() -> None:
    longer = replace(TRIAL, in_force_to=None)
    successor = replace(
        EXTENSION, kind=InstrumentKind.SUCCESSOR, extends=None, parameters=TRIAL.parameters, in_force_to=None
    )
    before = instrument_on(date(2025, 9, 9), [longer, successor])
    after = instrument_on(date(2025, 9, 10), [longer, successor])
    assert before is not None
    assert after is not None
    assert (before.number, after.number) == (TRIAL.number, successor.number)


@pytest.mark.parametrize(
    ("item", "reason"), [(STATED, "instrument_registrable"), (EXTENSION, "in_force_from_its_date")]
)
def test_its_registration_says_from_when_it_is_in_force(item: Instrument, reason: str) -> None:
    found = only(instrument_registrable(new=item, registered=[TRIAL]), "art33.in_force", "pass")
    assert found.reason.value == reason
    if item is EXTENSION:
        assert found.facts["effective_from"] == "2025-09-10"


@pytest.mark.parametrize(
    ("ends", "retroactive", "reason"),
    [
        (date(2025, 9, 9), False, "end_before_start"),
        (date(2025, 9, 10), False, "in_force_from_its_date"),
        (date(2025, 9, 9), True, "instrument_registrable"),
        (date(2025, 6, 30), True, "end_before_start"),
    ],
)
def test_one_that_would_never_be_in_force_is_not_registered(ends: date, retroactive: bool, reason: str) -> None:
    new = replace(EXTENSION, in_force_to=ends, retroactive=retroactive)
    (found,) = instrument_registrable(new=new, registered=[TRIAL])
    assert found.reason == reason
