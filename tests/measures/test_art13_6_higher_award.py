"""Art. 13(6): a holder of the mayor's or a higher government quality award stays out while that award is valid."""

from datetime import date

import pytest

from app.measures.facts import Honour, HonourKind, HonourLevel
from app.measures.record import no_higher_award
from tests.measures.eligibility_samples import TEST_DATE, one, said

RULE = "art13.6.higher_award"
HIGHER = (HonourLevel.MUNICIPAL_MAYOR, HonourLevel.PROVINCIAL_JINGGANG, HonourLevel.NATIONAL_CHINA)
AWARDED, LAST = date(2022, 5, 1), date(2025, 5, 1)


@pytest.mark.parametrize("level", HIGHER)
@pytest.mark.parametrize(
    ("test_date", "outcome"),
    [
        (date(2022, 4, 30), "pass"),
        (AWARDED, "fail"),
        (LAST, "fail"),
        (date(2025, 5, 2), "pass"),
    ],
)
def test_it_bars_from_the_day_of_the_award_through_its_last_day(
    level: HonourLevel, test_date: date, outcome: str
) -> None:
    found = no_higher_award(honours=[Honour(level, HonourKind.AWARD, AWARDED, LAST)], test_date=test_date)
    if outcome == "fail":
        refusal = one(
            found,
            RULE,
            "fail",
            "within its validity",
            level=level.value,
            kind="award",
            awarded_on="2022-05-01",
            valid_to="2025-05-01",
            test_date=test_date.isoformat(),
        )
        assert refusal.remedy is not None
    else:
        one(found, RULE, "pass", "No higher award", test_date=test_date.isoformat())


@pytest.mark.parametrize("level", [HonourLevel.COUNTY, HonourLevel.OTHER])
def test_the_countys_own_and_other_awards_do_not_bar(level: HonourLevel) -> None:
    one(no_higher_award(honours=[Honour(level, HonourKind.AWARD, AWARDED, LAST)], test_date=TEST_DATE), RULE, "pass")


def test_an_award_without_a_stated_end_is_taken_as_valid() -> None:
    honour = Honour(HonourLevel.NATIONAL_CHINA, HonourKind.AWARD, AWARDED, None)
    one(no_higher_award(honours=[honour], test_date=TEST_DATE), RULE, "fail", valid_to=None)


@pytest.mark.parametrize("level", list(HonourLevel))
@pytest.mark.parametrize("kind", [HonourKind.NOMINATION, HonourKind.ASSOCIATION])
def test_nominations_and_association_prizes_are_flagged_and_not_barred(level: HonourLevel, kind: HonourKind) -> None:
    found = no_higher_award(honours=[Honour(level, kind, AWARDED, LAST)], test_date=TEST_DATE)
    said(found, (RULE, "pass"), (RULE, "pass"))
    assert found[0].facts["flagged"] is True
    assert (found[0].facts["kind"], found[0].facts["level"]) == (kind.value, level.value)
    assert "flagged" not in found[1].facts


def test_a_flag_beside_a_barring_award_leaves_no_pass_at_the_end() -> None:
    found = no_higher_award(
        honours=[
            Honour(HonourLevel.MUNICIPAL_MAYOR, HonourKind.NOMINATION, AWARDED, LAST),
            Honour(HonourLevel.MUNICIPAL_MAYOR, HonourKind.AWARD, AWARDED, LAST),
            Honour(HonourLevel.PROVINCIAL_JINGGANG, HonourKind.AWARD, AWARDED, None),
        ],
        test_date=TEST_DATE,
    )
    said(found, (RULE, "pass"), (RULE, "fail"), (RULE, "fail"))


def test_without_honours_it_passes() -> None:
    one(no_higher_award(honours=[], test_date=TEST_DATE), RULE, "pass")
