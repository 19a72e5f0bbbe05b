"""Art. 10: what the guide to the review rules shows is what the service takes and tells."""

import json
import re
from pathlib import Path
from typing import Any

from app.measures.asks import (
    Asks,
    CommitteeDetail,
    DecreeDetail,
    FormField,
    OpinionDetail,
    ProductDetail,
    RecommendationDetail,
    ReviewDetail,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

GUIDE = Path(__file__).parents[2] / "docs" / "review-rules.md"


def example() -> dict[str, Any]:
    (block,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    return found


def test_a_round_with_the_rules_of_the_guide_is_called(world: World) -> None:
    asks = example()
    told = ok(world.public.get(f"/v1/rounds/{open_round(world, asks=asks)}"))["asks"]
    assert set(told) == set(asks) == set(Asks.__dataclass_fields__)
    for name in ("form_fields", "product_details", "internal_notice", "recommendation", "opinions", "review"):
        assert told[name] == asks[name]
    for name in ("indicators", "section_lengths"):
        assert [item["code"] for item in told[name]] == [item["code"] for item in asks[name]]


def test_the_guide_names_everything_that_can_be_asked() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in Asks.__dataclass_fields__ if f"| `{name}` |" not in text] == []
    words = (FormField, ProductDetail, RecommendationDetail, OpinionDetail, ReviewDetail, CommitteeDetail, DecreeDetail)
    assert [item.value for kind in words for item in kind if f"`{item.value}`" not in text] == []
