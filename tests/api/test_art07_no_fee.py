"""Art. 7: a call whose rules ask for the receipt of a fee is not published."""

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.world import World, ok
from tests.support.problems import refused


def drafted(world: World, zh: str, en: str, code: str = "another") -> str:
    """A round in preparation whose rules require this material beside the shipped ones; answers its path."""
    rules = default_review_rules().to_mapping()
    materials = rules["required_materials"]
    assert isinstance(materials, list)
    rules["required_materials"] = [*materials, {"code": code, "zh": zh, "en": en}]
    body = {"year": 2024, "title": "样例届", "review_rules": rules}
    return f"/v1/rounds/{ok(world.office.post('/v1/rounds', body), 201)['id']}"


CALL = {"title": "样例公告", "channels": ["县政府网站"], "deadline": "2024-04-30"}


@pytest.mark.parametrize(
    ("zh", "en", "code"),
    [
        ("缴费凭证", "Receipt", "another"),
        ("评审费用收据", "Receipt", "another"),
        ("收费票据", "Receipt", "another"),
        ("服务费发票", "Invoice", "another"),
        ("凭证", "Fee receipt", "another"),
        ("凭证", "Voucher", "fee_receipt"),
    ],
)
def test_art07_a_fee_receipt_among_the_materials_refuses_the_call(world: World, zh: str, en: str, code: str) -> None:
    path = drafted(world, zh, en, code)
    body = refused(world.office.post(f"{path}/call", CALL), 422, "rule_refused", "art07.no_fee")
    assert [item["reason"] for item in body["violations"]] == ["fee_receipt_asked"]
    assert body["violations"][0]["facts"]["names"] == [zh]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("研发费用证明", "Proof of research expenses"),
        ("安全生产费用凭证", "Vouchers of safety expenses"),
        ("收费许可", "Permit"),
        ("纳税证明", "Proof of taxes paid"),
    ],
)
def test_art07_the_applicants_own_expenses_are_no_fee(world: World, zh: str, en: str) -> None:
    ok(world.office.post(f"{drafted(world, zh, en)}/call", CALL))
