"""Art. 33: from when, on trial until when, and what carries the measures on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from app.measures.instruments import (
    Instrument,
    InstrumentKind,
    Parameters,
    _read_instrument,
    approval_in_force,
    call_in_force,
    head_of,
    instrument_on,
    instrument_registrable,
    parameter_articles,
    parameters_on,
    shipped_instruments,
)
from app.measures.shipped import read_as
from tests.measures.procedure_samples import PARAMETERS, only, outcomes, refused

RULE = "art33.in_force"
TRIAL = shipped_instruments()[0]
EXTENSION = Instrument(
    "会府办发〔2025〕9号",
    "延长试行的通知",
    "Notice of extension",
    InstrumentKind.EXTENSION,
    TRIAL.number,
    date(2025, 7, 1),
    date(2026, 6, 30),
    None,
)
SUCCESSOR = Instrument(
    "会府办发〔2026〕5号",
    "管理办法",
    "Measures",
    InstrumentKind.SUCCESSOR,
    None,
    date(2026, 1, 1),
    None,
    replace(PARAMETERS, prize_fen=20_000_000),
)
ORIGINAL = replace(SUCCESSOR, kind=InstrumentKind.ORIGINAL, number="会府办发〔2027〕1号")


def every_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def test_the_shipped_instrument_is_the_trial_of_2023_with_every_parameter_and_its_article() -> None:
    assert (TRIAL.number, TRIAL.kind, TRIAL.extends) == ("会府办发〔2023〕10号", InstrumentKind.ORIGINAL, None)
    assert (TRIAL.in_force_from, TRIAL.in_force_to) == (date(2023, 7, 1), date(2025, 6, 30))
    assert TRIAL.title_zh
    assert TRIAL.title_en
    assert (
        Parameters(
            cycle_years=2,
            seats_manufacturing=2,
            seats_other=1,
            interval_rounds=2,
            prize_fen=10_000_000,
            publicity_days=10,
            validity_years=3,
            exclusion_years_fraud=10,
            exclusion_years_grounds=5,
            lookback_years=3,
            record_years=3,
            operating_age_years=3,
            profitable_years=2,
            safety_level_max=3,
            county_code="360733",
        )
        == PARAMETERS
    )
    assert set(parameter_articles()) == {field.name for field in fields(Parameters)}
    assert (parameter_articles()["prize_fen"], parameter_articles()["seats_other"]) == ("8", "6")


def test_parameters_are_read_all_of_them_and_no_others() -> None:
    plain = {field.name: getattr(PARAMETERS, field.name) for field in fields(Parameters)}
    assert read_as(Parameters, plain) == PARAMETERS
    with pytest.raises(TypeError, match="seats_third"):
        read_as(Parameters, plain | {"seats_third": 1})
    del plain["prize_fen"]
    with pytest.raises(KeyError, match="prize_fen"):
        read_as(Parameters, plain)


def test_a_data_file_may_hold_an_extension_or_an_instrument_without_end() -> None:
    data: dict[str, Any] = {
        "number": EXTENSION.number,
        "title_zh": EXTENSION.title_zh,
        "title_en": EXTENSION.title_en,
        "kind": "extension",
        "extends": TRIAL.number,
        "in_force_from": "2025-07-01",
        "in_force_to": None,
        "parameters": {
            field.name: {"value": getattr(PARAMETERS, field.name), "article": "6"} for field in fields(Parameters)
        },
    }
    assert _read_instrument(cast(Any, data)) == replace(EXTENSION, in_force_to=None, parameters=PARAMETERS)
    assert _read_instrument(cast(Any, {**data, "in_force_to": "2026-06-30"})).in_force_to == date(2026, 6, 30)


def test_every_date_finds_one_value_or_a_stated_lapse() -> None:
    # What this does not prove: that the numbers are those of the document. The test above states them.
    for day in every_day(date(2023, 1, 1), date(2030, 12, 31)):
        for instruments in ([TRIAL], [TRIAL, EXTENSION], [TRIAL, EXTENSION, SUCCESSOR], [SUCCESSOR, EXTENSION, TRIAL]):
            found = parameters_on(day, instruments)
            in_trial = date(2023, 7, 1) <= day <= date(2025, 6, 30)
            extended = EXTENSION in instruments and date(2025, 7, 1) <= day <= date(2026, 6, 30)
            if SUCCESSOR in instruments and day >= date(2026, 1, 1):
                assert found == SUCCESSOR.parameters
            elif in_trial or extended:
                assert found == PARAMETERS
            else:
                assert found is None
                finding = only(call_in_force(day=day, instruments=instruments), RULE, "fail")
                assert ("lapsed_on" in finding.facts) is (day >= date(2023, 7, 1))


@pytest.mark.parametrize(
    ("day", "outcome"),
    [
        (date(2023, 6, 30), "fail"),
        (date(2023, 7, 1), "pass"),
        (date(2025, 6, 30), "pass"),
        (date(2025, 7, 1), "fail"),
    ],
)
def test_a_call_needs_an_instrument_in_force_on_its_date(day: date, outcome: str) -> None:
    finding = only(call_in_force(day=day, instruments=[TRIAL]), RULE, outcome)
    assert finding.facts["day"] == day.isoformat()


def test_a_call_in_force_names_the_instrument_and_its_period() -> None:
    finding = only(call_in_force(day=date(2024, 1, 1), instruments=[TRIAL]), RULE, "pass")
    assert dict(finding.facts) == {
        "day": "2024-01-01",
        "instrument": TRIAL.number,
        "kind": "original",
        "in_force_from": "2023-07-01",
        "in_force_to": "2025-06-30",
    }


def test_a_call_after_the_lapse_is_told_the_last_day_and_the_cure() -> None:
    finding = only(call_in_force(day=date(2026, 7, 1), instruments=[TRIAL, EXTENSION]), RULE, "fail")
    assert finding.facts["lapsed_on"] == "2026-06-30"
    assert "2026年6月30日" in finding.message.zh
    assert finding.remedy is not None


def test_a_call_before_anything_is_in_force_has_no_lapse_and_waits() -> None:
    finding = only(call_in_force(day=date(2023, 6, 30), instruments=[TRIAL]), RULE, "fail")
    assert "lapsed_on" not in finding.facts
    assert finding.remedy is not None and "管理办法施行" in finding.remedy.zh


def test_an_open_ended_instrument_has_no_last_day() -> None:
    finding = only(call_in_force(day=date(2030, 1, 1), instruments=[TRIAL, SUCCESSOR]), RULE, "pass")
    assert finding.facts["in_force_to"] is None


@pytest.mark.parametrize(
    ("day", "basis", "outcome"),
    [
        (date(2025, 6, 30), None, "pass"),
        (date(2025, 7, 1), None, "fail"),
        (date(2025, 7, 1), "  ", "fail"),
        (date(2025, 7, 1), "县政府常务会议纪要〔2025〕3号", "pass"),
        (date(2023, 6, 30), "县政府常务会议纪要〔2023〕3号", "fail"),
    ],
)
def test_an_approval_after_the_lapse_needs_a_recorded_transitional_basis(
    day: date, basis: str | None, outcome: str
) -> None:
    findings = approval_in_force(day=day, instruments=[TRIAL], transitional_basis=basis)
    finding = only(findings, RULE, outcome)
    used = outcome == "pass" and day > date(2025, 6, 30)
    assert finding.facts.get("transitional_basis") == (basis if used else None)
    assert (finding.remedy is not None) is (outcome == "fail")


def test_an_extension_carries_the_extended_ones_numbers_and_keeps_its_own_name() -> None:
    found = instrument_on(date(2025, 7, 1), [TRIAL, EXTENSION])
    assert found == replace(EXTENSION, parameters=PARAMETERS)
    assert instrument_on(date(2025, 6, 30), [TRIAL, EXTENSION]) == TRIAL


def test_an_extension_names_what_it_extends_in_whatever_writing() -> None:
    written = replace(EXTENSION, extends="会府办发【２０２３】十号")
    assert (
        only(instrument_registrable(new=written, registered=[TRIAL]), RULE, "pass").reason == "instrument_registrable"
    )
    assert refused(
        instrument_registrable(new=replace(EXTENSION, extends="会府办发〔2023〕1号"), registered=[TRIAL]), RULE
    ) == ["extended_instrument_unknown"]


def test_an_extension_of_an_extension_goes_back_to_the_first() -> None:
    second = replace(
        EXTENSION,
        number="会府办发〔2026〕8号",
        extends=EXTENSION.number,
        in_force_from=date(2026, 7, 1),
        in_force_to=date(2027, 6, 30),
    )
    assert parameters_on(date(2027, 6, 30), [second, EXTENSION, TRIAL]) == PARAMETERS
    assert parameters_on(date(2027, 7, 1), [second, EXTENSION, TRIAL]) is None
    overlapping = replace(second, in_force_from=date(2026, 1, 1))
    found = instrument_on(date(2026, 2, 1), [TRIAL, EXTENSION, overlapping])
    assert found is not None
    assert found.number == overlapping.number


@pytest.mark.parametrize("extends", [None, "会府办发〔1999〕1号", "会府办发〔2025〕9号"])
def test_an_extension_of_nothing_or_of_itself_is_in_force_never(extends: str | None) -> None:
    assert instrument_on(date(2025, 8, 1), [TRIAL, replace(EXTENSION, extends=extends)]) is None


def test_the_head_of_a_line_is_the_original_or_the_successor_of_its_extensions() -> None:
    extension = replace(TRIAL, number="样例〔2025〕1号", kind=InstrumentKind.EXTENSION, extends=TRIAL.number)
    further = replace(extension, number="样例〔2026〕1号", extends=extension.number)
    successor = replace(TRIAL, number="样例〔2027〕1号", kind=InstrumentKind.SUCCESSOR)
    known = [TRIAL, extension, further, successor]
    for item in (TRIAL, extension, further):
        assert head_of(item.number, known) is TRIAL
    assert head_of(successor.number, known) is successor
    # However it is written; and nothing of what nobody has registered, or extends nothing.
    assert head_of(further.number.replace("〔", "[").replace("〕", "]"), known) is TRIAL
    assert head_of("样例〔2028〕1号", known) is None
    assert head_of(extension.number, [extension]) is None


def test_a_successor_ends_the_line_before_it_for_good() -> None:
    short = replace(SUCCESSOR, in_force_to=date(2026, 3, 31))
    assert parameters_on(date(2026, 3, 31), [TRIAL, EXTENSION, short]) == short.parameters
    # The extension ran to 2026-06-30 on paper; it does not come back.
    assert parameters_on(date(2026, 4, 1), [TRIAL, EXTENSION, short]) is None
    assert parameters_on(date(2025, 12, 31), [TRIAL, EXTENSION, short]) == PARAMETERS
    for day in (date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1)):
        finding = only(call_in_force(day=day, instruments=[TRIAL, EXTENSION, short]), RULE, "fail")
        assert finding.facts["lapsed_on"] == "2026-03-31"


def test_an_instrument_is_named_before_an_extension_that_begins_within_it() -> None:
    early = replace(EXTENSION, in_force_from=date(2025, 1, 1))
    for day, number in ((date(2025, 6, 30), TRIAL.number), (date(2025, 7, 1), EXTENSION.number)):
        found = instrument_on(day, [TRIAL, early])
        assert found is not None
        assert found.number == number


@pytest.mark.parametrize(
    ("new", "registered"),
    [
        (TRIAL, []),
        (EXTENSION, [TRIAL]),
        (replace(EXTENSION, in_force_from=date(2025, 1, 1)), [TRIAL]),
        (replace(EXTENSION, in_force_from=TRIAL.in_force_from), [TRIAL]),
        (replace(EXTENSION, in_force_to=None), [TRIAL]),
        (replace(EXTENSION, in_force_to=date(2025, 12, 31)), [TRIAL, SUCCESSOR]),
        (SUCCESSOR, [TRIAL]),
        (SUCCESSOR, [TRIAL, EXTENSION]),
        (replace(SUCCESSOR, in_force_from=date(2024, 1, 1), in_force_to=date(2025, 12, 31)), [TRIAL, ORIGINAL]),
        (replace(SUCCESSOR, in_force_to=SUCCESSOR.in_force_from), [TRIAL]),
        (ORIGINAL, [TRIAL, replace(EXTENSION, in_force_to=date(2025, 12, 31))]),
        (TRIAL, [SUCCESSOR]),
    ],
)
def test_an_instrument_that_leaves_one_value_a_day_can_be_registered(
    new: Instrument, registered: list[Instrument]
) -> None:
    finding = only(instrument_registrable(new=new, registered=registered), RULE, "pass")
    assert finding.facts["instrument"] == new.number


@pytest.mark.parametrize(
    ("new", "registered", "message"),
    [
        (replace(SUCCESSOR, number=TRIAL.number), [TRIAL], "instrument_number_unusable"),
        (replace(SUCCESSOR, number="会府办发[２０２３] 10 号"), [TRIAL], "instrument_number_unusable"),
        (replace(SUCCESSOR, number="会府办发〔二〇二三〕十号"), [TRIAL], "instrument_number_unusable"),
        (replace(SUCCESSOR, number=" "), [], "instrument_number_unusable"),
        (replace(SUCCESSOR, in_force_to=date(2025, 12, 31)), [TRIAL], "end_before_start"),
        (replace(SUCCESSOR, parameters=None), [TRIAL], "parameters_missing"),
        (replace(SUCCESSOR, extends=TRIAL.number), [TRIAL], "extended_instrument_without_extension"),
        (replace(EXTENSION, parameters=PARAMETERS), [TRIAL], "extension_with_parameters"),
        (EXTENSION, [], "extended_instrument_unknown"),
        (replace(EXTENSION, in_force_from=date(2023, 6, 30)), [TRIAL], "extension_before_start"),
        (
            replace(EXTENSION, in_force_to=date(2026, 1, 1)),
            [TRIAL, SUCCESSOR],
            "extension_past_successor",
        ),
        (
            replace(EXTENSION, in_force_to=None),
            [TRIAL, SUCCESSOR],
            "extension_past_successor",
        ),
        (
            replace(SUCCESSOR, number="x", in_force_from=TRIAL.in_force_from),
            [TRIAL],
            "instruments_overlap",
        ),
        (
            replace(SUCCESSOR, number="x", in_force_from=date(2025, 1, 1)),
            [TRIAL, SUCCESSOR],
            "instruments_overlap",
        ),
        (
            replace(SUCCESSOR, number="x", in_force_from=date(2025, 1, 1), in_force_to=date(2026, 1, 1)),
            [TRIAL, SUCCESSOR],
            "instruments_overlap",
        ),
        (replace(ORIGINAL, in_force_from=date(2025, 6, 30)), [TRIAL], "instruments_overlap"),
        (
            replace(SUCCESSOR, number="x", in_force_from=date(2025, 1, 1)),
            [EXTENSION, TRIAL, SUCCESSOR],
            "instruments_overlap",
        ),
        # Its days are between the trial and an extension with a gap: the extension would be dead.
        (
            replace(ORIGINAL, in_force_from=date(2025, 7, 1), in_force_to=date(2025, 7, 31)),
            [TRIAL, replace(EXTENSION, in_force_from=date(2025, 9, 1))],
            "instruments_overlap",
        ),
        (replace(ORIGINAL, in_force_from=date(2027, 1, 1)), [SUCCESSOR], "instruments_overlap"),
    ],
)
def test_an_instrument_that_would_give_a_day_two_values_or_none_stated_is_refused(
    new: Instrument, registered: list[Instrument], message: str
) -> None:
    findings = instrument_registrable(new=new, registered=registered)
    assert refused(findings, RULE) == [message]
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seats_other", 0),
        ("prize_fen", -1),
        ("publicity_days", True),
        ("validity_years", 1.5),
        ("county_code", "36073"),
        ("county_code", "36073x"),
    ],
)
def test_numbers_that_are_none_are_refused_and_named(name: str, value: Any) -> None:
    new = replace(SUCCESSOR, parameters=replace(PARAMETERS, **{name: value}))
    finding = only(instrument_registrable(new=new, registered=[TRIAL]), RULE, "fail")
    assert finding.facts["names"] == [name]


def test_a_number_of_one_is_accepted() -> None:
    new = replace(SUCCESSOR, parameters=replace(PARAMETERS, seats_other=1, cycle_years=1))
    assert outcomes(instrument_registrable(new=new, registered=[TRIAL])) == [(RULE, "pass")]


def test_every_defect_is_told_at_once() -> None:
    new = replace(SUCCESSOR, number="", parameters=None, in_force_to=date(2020, 1, 1), extends="x")
    assert len(refused(instrument_registrable(new=new, registered=[]), RULE)) == 4
    assert new.covers(date(2026, 1, 1)) is False
    extension = replace(EXTENSION, number="", parameters=PARAMETERS, extends="x")
    assert len(refused(instrument_registrable(new=extension, registered=[]), RULE)) == 3
