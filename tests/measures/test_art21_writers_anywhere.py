"""Arts. 21, 31: what of an original is its writer's own in whatever is said, and what is everybody's."""

from __future__ import annotations

import pytest

from app.measures.writers import names_anywhere, reaches_anywhere, telephones_in, text_anywhere


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("欧阳修竹", True),
        ("隐名异议人", True),
        ("Ouyang Xiuzhu", True),
        ("样例同行有限公司", False),
        ("样例 同行（有限公司）", False),
        # What the service itself says.
        ("企业", False),
        ("公 示", False),
        ("newspaper", False),
    ],
)
def test_a_name_is_its_writers_unless_an_organisation_or_everybody_says_it(name: str, own: bool) -> None:
    assert names_anywhere(name, organisations={"样例同行有限公司"}) is own


@pytest.mark.parametrize(
    ("contact", "left"),
    [
        ("13907971234", "13907971234"),
        ("微信 yiyi_1988，会昌县文武坝镇", " yiyi_1988,"),
        ("文武坝镇幸福路3号", "文武坝镇幸福路3号"),
        ("一三九零七九七一二三四", "一三九零七九七一二三四"),
        ("会昌县文武坝镇", ""),
        ("138、139 00001111", "138、139 00001111"),
    ],
)
def test_a_place_where_many_are_reached_reaches_nobody(contact: str, left: str) -> None:
    assert reaches_anywhere(contact) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("本人手机13907971234可查", "本人手机13907971234可查"),
        ("本人手机１３９－０７９７－１２３４可查", "本人手机139-0797-1234可查"),
        ("拨打0797-5612345无人接听", "拨打\n无人接听"),
        ("宣传单电话138-0000-1111有假", "宣传单电话\n有假"),
        ("身份证360733198001010011在此", "身份证360733198001010011在此"),
        ("货值5612345元", "货值5612345元"),
    ],
)
def test_a_number_of_a_house_or_an_organisation_reaches_no_writer(text: str, left: str) -> None:
    assert text_anywhere(text, telephones=telephones_in("138 0000 1111")) == left
