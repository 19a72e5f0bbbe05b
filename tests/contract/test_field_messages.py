"""A fault of a field is told in the caller's language, with our bounds and without what was sent."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, Field, HttpUrl, TypeAdapter, ValidationError

from app.field_messages import field_message
from app.schemas.common import In, Line, Uscc
from tests.support.problems import refused
from tests.support.world import World


class Thing(In):
    """A body with one field."""

    name: Line


def faults(kind: Any, value: Any) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return [dict(item) for item in caught.value.errors()]


@pytest.mark.parametrize(
    ("kind", "value", "zh"),
    [
        (Thing, {}, "必填"),
        (Thing, {"name": "x", "secret": "y"}, "不认识的字段"),
        (Thing, "x", "须为对象"),
        (Line, 7, "须为文本"),
        (Line, "", "至少 1 个字符"),
        (Line, "字" * 201, "至多 200 个字符"),
        (Line, "   ", "不得为空白"),
        (Line, "a\x00b", "不得含控制字符"),
        (Uscc, "91360733", "格式不符：^[0-9A-HJ-NP-RT-UW-Y]{18}$"),
        (Literal["edit", "submit"], "delete", "不在允许的取值之中：'edit' or 'submit'"),
        (int, "many", "须为整数"),
        (int, 1.5, "须为整数"),
        (Annotated[int, Field(ge=1)], 0, "不得小于 1"),
        (Annotated[int, Field(le=100)], 101, "不得大于 100"),
        (Annotated[int, Field(gt=0)], 0, "须大于 0"),
        (Annotated[int, Field(lt=9)], 9, "须小于 9"),
        (Annotated[int, Field(multiple_of=5)], 7, "须为 5 的倍数"),
        (bool, "perhaps", "须为 true 或 false"),
        (date, "2024-13-01", "须为日期，格式 YYYY-MM-DD"),
        (date, [], "须为日期，格式 YYYY-MM-DD"),
        (date, "2024-03-01T12:00:00", "须为日期，不得带时刻"),
        (AwareDatetime, "noon", "须为时刻，格式 YYYY-MM-DDThh:mm:ss+08:00"),
        (AwareDatetime, "2024-03-01T12:00:00", "时刻须带时区"),
        (UUID, "nowhere", "须为 UUID"),
        (HttpUrl, "nowhere", "须为网址"),
        (HttpUrl, "ftp://example.org", "网址须以 'http' or 'https' 开头"),
        (Annotated[list[int], Field(min_length=1)], [], "至少 1 项"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "至多 1 项"),
        (list[int], 5, "须为数组"),
        (dict[str, int], 5, "须为对象"),
        (Decimal, "many", "须为十进制数"),
        (Annotated[Decimal, Field(decimal_places=2)], "1.234", "至多 2 位小数"),
        (Annotated[Decimal, Field(max_digits=2)], "123", "至多 2 位数字"),
        (Annotated[float, Field(allow_inf_nan=False)], float("nan"), "须为有限数"),
    ],
)
def test_each_kind_of_fault_in_chinese(kind: Any, value: Any, zh: str) -> None:
    (item,) = faults(kind, value)
    assert field_message(item, english=False) == zh
    english = field_message(item, english=True)
    assert english and not re.search("[\u4e00-\u9fff]", english)


def test_a_kind_that_nobody_thought_of_is_told_all_the_same() -> None:
    unknown = {"type": "frozen_set_type", "msg": "Input should be a valid frozenset", "ctx": {}}
    assert field_message(unknown, english=False) == "不符合要求"
    without_context = {"type": "too_long", "msg": "Too long"}
    assert field_message(without_context, english=False) == "不符合要求"


def test_a_form_is_refused_in_the_callers_language(world: World) -> None:
    body = {"year": 1900, "title": "", "cost": 5}
    chinese = refused(world.office.post("/v1/rounds", body), 422)["errors"]
    assert {fault["pointer"]: fault["message"] for fault in chinese} == {
        "/year": "不得小于 2023",
        "/title": "至少 1 个字符",
        "/cost": "不认识的字段",
    }
    english = refused(world.office.post("/v1/rounds", body, headers={"Accept-Language": "en"}), 422)["errors"]
    assert {fault["pointer"]: fault["message"] for fault in english} == {
        "/year": "Input should be greater than or equal to 2023",
        "/title": "String should have at least 1 character",
        "/cost": "Extra inputs are not permitted",
    }
