"""JSON that is hashed has one spelling (Arts. 10, 20)."""

from datetime import date

import pytest

from app.measures.hashes import canonical_json


def test_equal_content_is_spelled_alike() -> None:
    spelled = '{"a":"会昌 ü","b":[1,null,true,{"c":"\\"","d":"1.50"}]}'
    assert canonical_json({"b": [1, None, True, {"d": "1.50", "c": '"'}], "a": "会昌 ü"}) == spelled
    assert canonical_json({"a": "会昌 ü", "b": [1, None, True, {"c": '"', "d": "1.50"}]}) == spelled


def test_what_json_does_not_hold_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical_json({"day": date(2024, 6, 3)})
