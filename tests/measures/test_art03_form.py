"""Art. 3: a unit recommends what it has verified, so there is something to verify before it is asked."""

import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from app.measures.form import filled_in
from app.measures.recommendations import ShownForm, form_to_verify
from app.measures.review_rules import FormPart
from tests.measures.eligibility_samples import one, said
from tests.measures.procedure_samples import RULES

RULE = "art03.recommendation"
CODES = [item.code for item in RULES.required_sections]
MATERIALS = [item.code for item in RULES.required_materials]
WHOLE = ShownForm(sections={*CODES, "more"}, materials={*MATERIALS, "renewal"}, figures=1, certificates=1)


def judge(wanted: Collection[FormPart] = tuple(FormPart), **changes: Any) -> Any:
    rules = replace(RULES, before_recommendation=tuple(wanted))
    return form_to_verify(form=replace(WHOLE, **changes), rules=rules)


def test_a_form_with_everything_that_is_wanted_may_be_shown() -> None:
    found = one(judge(), RULE, "pass")
    assert found.facts["sections"] == sorted([*CODES, "more"])


@pytest.mark.parametrize("missing", [CODES, CODES[:1], CODES[-2:]])
def test_what_is_missing_is_told(missing: list[str]) -> None:
    found = judge(sections=set(CODES) - set(missing))
    refusal = one(found, RULE, "fail", missing=missing)
    assert refusal.reason == "sections_missing" and refusal.remedy is not None
    assert all(item.zh in refusal.message.zh for item in RULES.required_sections if item.code in missing)


def test_a_missing_material_is_told() -> None:
    refusal = one(judge(materials=MATERIALS[1:]), RULE, "fail", missing=MATERIALS[:1])
    assert refusal.reason == "materials_to_verify_missing" and refusal.remedy is not None
    assert RULES.required_materials[0].zh in refusal.message.zh
    assert RULES.required_materials[0].en in refusal.message.en


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"figures": 0}, ["figures"]),
        ({"certificates": 0}, ["certificates"]),
        ({"figures": 0, "certificates": 0}, ["figures", "certificates"]),
    ],
)
def test_a_part_that_states_nothing_is_told(changes: dict[str, Any], parts: list[str]) -> None:
    refusal = one(judge(**changes), RULE, "fail", parts=parts)
    assert refusal.reason == "parts_to_verify_missing" and refusal.remedy is not None


def test_everything_that_is_missing_is_told_at_once_and_only_what_the_rules_want() -> None:
    nothing: dict[str, Any] = {"sections": (), "materials": (), "figures": 0, "certificates": 0}
    found = said(judge(**nothing), (RULE, "fail"), (RULE, "fail"), (RULE, "fail"))
    assert [item.reason.value for item in found] == [
        "sections_missing",
        "materials_to_verify_missing",
        "parts_to_verify_missing",
    ]
    one(judge((), **nothing), RULE, "pass")
    one(judge((FormPart.MATERIALS,), **nothing), RULE, "fail", missing=MATERIALS)
    one(judge((FormPart.SECTIONS,), **nothing), RULE, "fail", missing=CODES)
    one(judge((FormPart.CERTIFICATES,), **nothing), RULE, "fail", parts=["certificates"])


def test_the_default_wants_sections_materials_and_figures() -> None:
    assert RULES.before_recommendation == (FormPart.SECTIONS, FormPart.MATERIALS, FormPart.FIGURES)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("本公司建立了质量管理体系。", True),
        ("详见自评报告第三章所述的质量管理体系。", True),
        ("待补充的设备已于2023年到位。", True),
        ("见证了行业的发展", True),
        ("待补", False),
        ("（待补充）", False),
        ("待补，待完善", False),
        ("详见自评报告", False),
        ("见附件。", False),
        ("请见附件材料", False),
        ("见附件一", False),
        ("详见《自评报告》第3页", False),
        ("如上所述。", False),
        ("同自评报告", False),
        ("见电子版", False),
        ("稍后补充", False),
        ("将另行提交", False),
        ("尚未填写", False),
        ("【请在此处填写】", False),
        ("点击此处输入文字", False),
        ("（空白）", False),
        ("略略略", False),
        ("aaaa", False),
        ("See the attached report.", False),
        ("To be completed", False),
        ("未更新设备的产线已停用", True),
        ("同行评议第一", True),
        ("见电子版本的管理办法", True),
        ("See the attached report for what our staff does.", True),
        ("暂无", False),
        ("Todo", False),
        ("tbd", False),
        ("-", False),
        ("无", False),
        ("", False),
    ],
)
def test_a_text_that_is_to_come_or_stands_elsewhere_is_not_filled_in(text: str, filled: bool) -> None:
    assert filled_in(text) is filled


@contextmanager
def _answered_at_all() -> Iterator[None]:
    """Fails where an answer would take longer than anybody waits: what is built to cost takes years, not seconds."""

    def over(_signal: int, _frame: object) -> None:
        raise AssertionError("a text is built so that to read it takes longer than anybody waits")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(20)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "piece",
    [
        *("见", "同见", "如", "见附件一", "待补充"),
        *("请", "请在此处", "在此处填写文字", "点击此处", "seethe", "seeabove", "pleasesee"),
    ],
)
def test_a_text_that_is_built_to_cost_is_read(piece: str) -> None:
    with _answered_at_all():
        assert filled_in(piece * 2_000 + "甲")
