"""The lint of words reads the glossary and can fail."""

from pathlib import Path

import pytest

from scripts import lint_words
from scripts.lint_words import (
    all_names,
    contract_names,
    contract_sentences,
    faults,
    main,
    messages,
    page_sentences,
    prose_faults,
    python_names,
    refused_words,
    served,
    spoken,
)

GLOSSARY = """
| 中文 | English | in the API and in code | not |
|---|---|---|---|
| 推荐单位 | recommending unit | `/v1/recommending-units` | units |
| 名额类别 | seat category | `seat_category` | bucket, receipt for five things |
| 撤下 | withdrawn | | struck, disable |
"""


def test_an_entry_that_needs_a_context_is_left_to_a_person() -> None:
    assert refused_words(GLOSSARY)[0] == [("bucket",), ("disable",), ("struck",), ("unit",)]


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


CODE = """
LIVE_UNITS = 1


class AwardState(State):
    STRUCK = "withdrawn"
    told: str


def _disable(bucket: str) -> None:
    life = 1
"""


def test_modules_members_parameters_and_private_functions_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "app" / "desk").mkdir(parents=True)
    (tmp_path / "app" / "desk" / "owe_back.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "app" / "desk" / "__init__.py").touch()
    names = {name for _, name in python_names(tmp_path)}
    assert names == {"desk", "owe_back", "LIVE_UNITS", "AwardState", "STRUCK", "told", "_disable", "bucket"}
    told = sorted(faults(python_names(tmp_path), GLOSSARY))
    assert [line.split(" says ")[0] for line in told] == [
        f"app/desk/owe_back.py: {name!r}" for name in ("LIVE_UNITS", "STRUCK", "_disable", "bucket")
    ]


@pytest.mark.parametrize(
    ("where", "name", "refused"),
    [
        ("/v1/units", "units", True),
        ("contract schemas", "UnitList", True),
        ("contract schemas", "UnitOut", False),
        ("contract properties", "unit_id", False),
        ("contract properties", "unit_price", True),
        ("app/services/units/create_department.py", "lock_unit", False),
        ("app/services/units/create_department.py", "unit_of_work", True),
    ],
)
def test_a_unit_in_short_is_the_recommending_unit_and_no_other(where: str, name: str, refused: bool) -> None:
    assert bool(list(faults([(where, name)], GLOSSARY))) is refused


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("Disable an endpoint that is not needed", True),
        ("Deactivate an endpoint that is not needed", False),
        ("What he has submitted stands", True),
        ("What the reviewer has submitted stands", False),
        ("The office, by its own decision", False),
        ("A reviewer declares his own.", True),
        ("`struck` was the word of version 0.2", False),
        ("The name is struck off the list", True),
        ("Free of charge, by a unit, while the text is silent", False),
    ],
)
def test_a_sentence_says_no_refused_word_and_calls_nobody_he(sentence: str, refused: bool) -> None:
    assert bool(list(prose_faults([("contract", sentence)], GLOSSARY))) is refused


def test_sentences_are_read_in_contract_messages_and_pages(tmp_path: Path) -> None:
    document = {
        "paths": {"/v1/a": {"get": {"summary": "One", "description": "Two"}}},
        "components": {"schemas": {"A": {"anyOf": [{"description": "Three"}], "example": {"description": "Four"}}}},
    }
    assert [text for _, text in contract_sentences(document)] == ["One", "Two", "Three"]
    (tmp_path / "app" / "measures" / "data").mkdir(parents=True)
    (tmp_path / "app" / "measures" / "data" / "reasons.toml").write_text(
        '[period_over]\nzh = "一"\nen = "Five"\nremedy_en = "Six"\n["period_over"."art16.call"]\nen = "Seven"\n',
        encoding="utf-8",
    )
    assert [text for _, text in messages(tmp_path)] == ["Five", "Six", "Seven"]
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("Eight\n```\nhe\n```\nNine\n", encoding="utf-8")
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        (tmp_path / page).write_text("Ten\n", encoding="utf-8")
    lines = [text for _, text in page_sentences(tmp_path)]
    assert {"Eight", "Nine", "Ten"} <= set(lines) and "he" not in lines


def test_what_the_service_says_in_english_is_read(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    source = 'Text("一", "One")\nText(f"{a}二", f"Two {a} three")\nText(a, b)\n'
    source += '_problem(409, ("三", "Title"), ("四", "Remedy"))\n'
    (tmp_path / "app" / "a.py").write_text(source, encoding="utf-8")
    assert [text for _, text in spoken(tmp_path)] == ["One", "Two | three", "Title", "Remedy"]
    told = [where for where, _ in spoken(lint_words.ROOT)]
    assert len(told) > 400 and any(where.startswith("app/kernel/error_texts.py") for where in told)
    assert list(prose_faults([("a.py:1", "The bucket is full of struck names")], GLOSSARY))


def test_the_service_says_none() -> None:
    assert main() == 0


def test_an_exception_that_excuses_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    names = list(all_names(served()))
    glossary = (lint_words.ROOT / lint_words.GLOSSARY).read_text(encoding="utf-8")
    idle = []
    for left_out in lint_words.EXCEPTIONS:
        rest = tuple(item for item in lint_words.EXCEPTIONS if item != left_out)
        monkeypatch.setattr(lint_words, "EXCEPTIONS", rest)
        if not any(list(faults([item], glossary)) for item in names):
            idle.append(left_out)
    assert idle == []
