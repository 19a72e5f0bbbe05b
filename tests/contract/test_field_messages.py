"""A fault of a field is told in the caller's language, with our bounds and without what was sent."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import pytest
from pydantic import AwareDatetime, Field, HttpUrl, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.schemas.common import Day, In, Line, Uscc
from app.schemas.field_messages import field_fault, field_message
from sandbox.world import World
from tests.support.problems import refused


class Thing(In):
    """A body with one field."""

    name: Line


def faults(kind: Any, value: Any) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return [dict(item) for item in caught.value.errors()]


@pytest.mark.parametrize(
    ("kind", "value", "code", "zh"),
    [
        (Thing, {}, "required", "必填"),
        (Thing, {"name": "x", "secret": "y"}, "unknown_field", "不认识的字段"),
        (Thing, "x", "not_an_object", "须为对象"),
        (Line, 7, "not_text", "须为文本"),
        (Line, "", "too_short", "至少 1 个字符"),
        (Line, "字" * 201, "too_long", "至多 200 个字符"),
        (Line, "   ", "blank", "不得为空白"),
        (Line, "a\x00b", "control_characters", "不得含控制字符"),
        (Uscc, "91360733", "wrong_format", "统一社会信用代码须为 18 位，所填为 8 位"),
        (Literal["edit", "submit"], "delete", "not_allowed", "须为以下之一：edit、submit"),
        (int, "many", "not_an_integer", "须为整数"),
        (int, 1.5, "not_an_integer", "须为整数"),
        (int, "9" * 5000, "out_of_range", "数值过大"),
        (Annotated[int, Field(ge=1)], 0, "out_of_range", "不得小于 1"),
        (Annotated[int, Field(le=100)], 101, "out_of_range", "不得大于 100"),
        (Annotated[int, Field(gt=0)], 0, "out_of_range", "须大于 0"),
        (Annotated[int, Field(lt=9)], 9, "out_of_range", "须小于 9"),
        (Annotated[int, Field(multiple_of=5)], 7, "not_a_multiple", "须为 5 的倍数"),
        (bool, "perhaps", "not_a_boolean", "须为 true 或 false"),
        (date, "2024-13-01", "not_a_date", "须为日期，格式 YYYY-MM-DD"),
        (date, [], "not_a_date", "须为日期，格式 YYYY-MM-DD"),
        (date, "2024-03-01T12:00:00", "not_a_date", "须为日期，不得带时刻"),
        (Day, "1899-12-31", "out_of_range", "不得小于 1900年1月1日"),
        (AwareDatetime, "noon", "not_an_instant", "须为时刻，格式 YYYY-MM-DDThh:mm:ss+08:00"),
        (AwareDatetime, "2024-03-01T12:00:00", "no_time_zone", "时刻须带时区"),
        (UUID, "nowhere", "not_a_uuid", "须为 UUID"),
        (HttpUrl, "nowhere", "not_a_url", "须为网址"),
        (HttpUrl, "ftp://example.org", "not_a_url", "网址须以下列之一开头：http、https"),
        (Annotated[list[int], Field(min_length=1)], [], "too_few_items", "至少 1 项"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "too_many_items", "至多 1 项"),
        (list[int], 5, "not_a_list", "须为数组"),
        (dict[str, int], 5, "not_an_object", "须为对象"),
        (Decimal, "many", "not_a_number", "须为十进制数"),
        (Annotated[Decimal, Field(decimal_places=2)], "1.234", "too_many_digits", "至多 2 位小数"),
        (Annotated[Decimal, Field(max_digits=2)], "123", "too_many_digits", "至多 2 位数字"),
        (Annotated[float, Field(allow_inf_nan=False)], float("nan"), "not_a_number", "须为有限数"),
    ],
)
def test_each_kind_of_fault_has_its_word_and_its_sentence(kind: Any, value: Any, code: str, zh: str) -> None:
    (item,) = faults(kind, value)
    assert field_fault(item)[0] == code
    assert field_message(item, english=False) == zh
    english = field_message(item, english=True)
    assert english and not re.search("[\u4e00-\u9fff{}]", english)


def test_one_is_one_in_english() -> None:
    told = {limit: faults(Annotated[str, Field(min_length=limit)], "")[0] for limit in (1, 21)}
    assert field_message(told[1], english=True) == "Must have at least 1 character"
    assert field_message(told[21], english=True) == "Must have at least 21 characters"


def _told(kind: str, message: str, **more: object) -> ErrorDetails:
    return cast(ErrorDetails, {"type": kind, "msg": message, **more})


def test_a_kind_that_nobody_thought_of_is_told_all_the_same() -> None:
    unknown = _told("frozen_set_type", "Input should be a valid frozenset", ctx={})
    assert field_message(unknown, english=False) == "不符合要求"
    without_context = _told("too_long", "Too long")
    assert field_message(without_context, english=False) == "项数过多"
    nameless = _told("string_pattern_mismatch", "String should match", ctx={"pattern": "^[x]$"})
    assert field_message(nameless, english=False) == "格式不符"


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
        "/year": "Must not be less than 2023",
        "/title": "Must have at least 1 character",
        "/cost": "There is no such field",
    }
