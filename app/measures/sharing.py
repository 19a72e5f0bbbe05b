"""What winners share of their experience (Art. 25), trade secrets apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule


class SharingKind(StrEnum):
    """What a winner reports on the sharing of its experience (Art. 25): held, or declined to keep a trade secret."""

    HELD = "held"
    DECLINED_TRADE_SECRET = "declined_trade_secret"


@dataclass(frozen=True, slots=True)
class SharingItem:
    """One piece of what a winner shares; `trade_secret` is the winner's mark."""

    title: str
    trade_secret: bool
    published: bool


@rule("art25.sharing")
def sharing_publishable(*, items: Sequence[SharingItem]) -> list[Finding]:
    """What is marked a trade secret is never published (Art. 25)."""
    leaked = [item.title for item in items if item.trade_secret and item.published]
    if leaked:
        return [fails("art25.sharing", Reason.TRADE_SECRET_PUBLISHED, items=leaked)]
    return [
        passes(
            "art25.sharing",
            Reason.PUBLISHABLE,
            published=[item.title for item in items if item.published],
            withheld=[item.title for item in items if item.trade_secret],
        )
    ]


@rule("art25.sharing")
def declining_legitimate(*, on_trade_secret: bool, reason: str) -> list[Finding]:
    """A winner may decline to share what is a trade secret; on any other ground the duty to share stands (Art. 25)."""
    if on_trade_secret:
        return [passes("art25.sharing", Reason.TRADE_SECRET, reason=reason)]
    return [fails("art25.sharing", Reason.NOT_TRADE_SECRET, reason=reason)]
