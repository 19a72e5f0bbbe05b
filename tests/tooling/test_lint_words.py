"""The lint of words reads the glossary and can fail."""

import pytest

from scripts.lint_words import contract_names, faults, refused_words

GLOSSARY = """
| 中文 | English | in the API and in code | not |
|---|---|---|---|
| 推荐单位 | recommending unit | `/v1/recommending-units` | units |
| 名额类别 | seat category | `seat_category` | bucket, receipt for five things |
"""


def test_an_entry_that_needs_a_context_is_left_to_a_person() -> None:
    assert refused_words(GLOSSARY)[0] == [("bucket",), ("unit",)]


@pytest.mark.parametrize(
    ("name", "refused"),
    [("seat_bucket", True), ("BucketName", True), ("units", True), ("recommending-units", False), ("bucketed", False)],
)
def test_whole_words_are_refused_and_prescribed_terms_are_not(name: str, refused: bool) -> None:
    assert bool(list(faults([("contract", name)], GLOSSARY))) is refused


def test_the_contract_is_read_in_all_its_names() -> None:
    schema = {"type": "object", "properties": {"bucket": {"type": "string", "enum": ["struck"]}}}
    document = {
        "paths": {"/v1/desk": {"get": {"operationId": "read_desk"}}},
        "components": {"schemas": {"Life": schema}},
    }
    found = {name for _, name in contract_names(document)}
    assert {"desk", "read_desk", "Life", "bucket", "struck"} <= found
