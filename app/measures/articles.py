"""The 33 articles: number, chapter, title, gist in our own words, its rules or why it is declaratory."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import app.measures
from app.measures.catalogue import CATALOGUE, RuleEntry
from app.measures.registry import functions_of
from app.measures.shipped import shipped_json
from app.measures.text import Text


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `declaratory` says why nothing of it is coded; None where rules enforce it."""

    number: int
    chapter: int
    title: Text
    gist: Text
    declaratory: Text | None

    @property
    def rules(self) -> tuple[RuleEntry, ...]:
        """The catalogue's rules of this article, in its order."""
        return tuple(entry for entry in CATALOGUE.values() if entry.number == self.number)


@cache
def articles() -> tuple[Article, ...]:
    """All articles in order."""
    return tuple(
        Article(
            number=item["number"],
            chapter=item["chapter"],
            title=Text(item["title_zh"], item["title_en"]),
            gist=Text(item["gist_zh"], item["gist_en"]),
            declaratory=Text(item["declaratory_zh"], item["declaratory_en"]) if "declaratory_zh" in item else None,
        )
        for item in shipped_json("articles.json")
    )


def traceability() -> dict[str, tuple[Callable[..., object], ...]]:
    """Every rule id of the catalogue with the functions that decide it, from all modules of the measures."""
    for module in pkgutil.iter_modules(app.measures.__path__):
        # Whatever there is of the law, and nothing else.
        import_module(f"app.measures.{module.name}")  # house: dynamic
    return {rule_id: functions_of(rule_id) for rule_id in CATALOGUE}
