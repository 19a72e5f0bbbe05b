"""All 33 articles: each is enforced by rules with functions and tests, or says why it is declaratory."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from app.measures.articles import Article, articles, traceability
from app.measures.catalogue import CATALOGUE, Kind
from app.measures.qualification import QUALIFICATION_CONDITIONS

FUNCTIONS = traceability()
TESTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in Path(__file__).parent.glob("test_*.py")
    if path.name != Path(__file__).name
}
CODED = sorted(rule_id for rule_id, functions in FUNCTIONS.items() if functions)


def test_there_are_33_articles_in_eight_chapters() -> None:
    assert [article.number for article in articles()] == list(range(1, 34))
    last = {article.chapter: article.number for article in articles()}
    assert last == {1: 5, 2: 9, 3: 12, 4: 15, 5: 22, 6: 25, 7: 31, 8: 33}
    assert all(one.chapter <= other.chapter for one, other in pairwise(articles()))


@pytest.mark.parametrize("article", articles(), ids=lambda article: f"art{article.number:02}")
def test_an_article_has_rules_with_functions_or_a_stated_reason(article: Article) -> None:
    for text in (article.title, article.gist):
        assert text.zh
        assert text.en
    coded = [entry.id for entry in article.rules if FUNCTIONS[entry.id]]
    if article.declaratory is None:
        assert coded
    else:
        assert article.declaratory.zh
        assert article.declaratory.en
        assert not coded
    assert article.rules


@pytest.mark.parametrize("rule_id", sorted(CATALOGUE))
def test_what_the_service_or_a_person_decides_has_a_function_and_what_is_declaratory_none(rule_id: str) -> None:
    kind = CATALOGUE[rule_id].kind
    if kind in (Kind.E, Kind.EH, Kind.H):
        assert FUNCTIONS[rule_id]
    if kind is Kind.N:
        assert not FUNCTIONS[rule_id]


def test_the_declaratory_articles_are_these() -> None:
    assert [article.number for article in articles() if article.declaratory] == [1, 14, 15, 24]


@pytest.mark.parametrize("rule_id", CODED)
def test_a_rule_with_a_function_is_named_by_a_test(rule_id: str) -> None:
    assert any(rule_id in text for text in TESTS.values())


@pytest.mark.parametrize("rule_id", CODED)
def test_a_function_of_a_rule_says_what_it_takes_and_cites_its_article(rule_id: str) -> None:
    for function in FUNCTIONS[rule_id]:
        cited = " ".join(re.findall(r"Arts?\.\s[^a-zA-Z]*", function.__doc__ or ""))
        assert re.search(rf"\b{CATALOGUE[rule_id].number}\b", cited), function.__qualname__


def test_every_rule_belongs_to_an_article_and_is_named_in_both_languages() -> None:
    assert [entry for article in articles() for entry in article.rules] == sorted(
        CATALOGUE.values(),
        key=lambda entry: entry.number,
    )
    for entry in CATALOGUE.values():
        assert entry.zh
        assert entry.en


def test_the_conditions_of_qualification_are_rules_with_functions() -> None:
    assert all(FUNCTIONS[rule_id] for rule_id in QUALIFICATION_CONDITIONS)
    assert {rule_id for rule_id in CATALOGUE if rule_id.startswith("art13.")} < set(QUALIFICATION_CONDITIONS)
