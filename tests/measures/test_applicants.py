"""Applicants are told apart by their keys and told of by their names."""

from dataclasses import replace
from decimal import Decimal

from app.measures.applicants import Applicant, name_of
from app.measures.evaluation import EvaluationInput, evaluation
from app.measures.findings import fails, passes
from app.measures.reasons import Reason
from app.measures.review_rules import default_review_rules
from app.measures.sectors import SeatCategory

FIRST, SECOND = Applicant("2", "样例甲"), Applicant("1", "样例甲")


def test_two_of_one_name_are_two() -> None:
    assert FIRST != SECOND and len({FIRST, SECOND}) == 2
    assert Applicant("2", "样例乙") == FIRST == "2" and hash(Applicant("2", "样例乙")) == hash(FIRST)
    assert (name_of(FIRST), name_of("样例丙")) == ("样例甲", "样例丙")


def test_they_are_ordered_by_name_and_then_by_key() -> None:
    other = Applicant("0", "样例乙")
    assert sorted([other, FIRST, SECOND]) == sorted([SECOND, other, FIRST]) == [other, SECOND, FIRST]
    assert FIRST > "样例乙"
    assert other < "样例甲"
    assert min(["样例甲", other]) is other


def test_a_finding_tells_their_names() -> None:
    told = fails("art21.proposed", Reason.LISTED_TWICE, organisation=FIRST)
    assert told.facts == {"organisation": "样例甲"}
    several = passes("art21.proposed", Reason.LIST_IN_ORDER, names=[FIRST, SECOND])
    assert several.facts == {"names": ["样例甲", "样例甲"]}


def test_both_of_one_name_are_ranked_with_their_own_scores() -> None:
    one = EvaluationInput(FIRST, SeatCategory.OTHER, Decimal(900), Decimal(900))
    made = evaluation(
        inputs=[one, replace(one, organisation=SECOND, onsite=Decimal(800))], rules=default_review_rules()
    )
    assert [(line.organisation, line.onsite) for line in made.ranking] == [("2", Decimal(900)), ("1", Decimal(800))]
    assert not any(line.tied for line in made.ranking)
