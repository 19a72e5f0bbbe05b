"""The lint of words reads the glossary and can fail."""

from pathlib import Path

import pytest

from scripts import lint_words
from scripts.lint_words import (
    all_names,
    chinese_faults,
    code_sentences,
    contract_names,
    contract_sentences,
    data_sentences,
    faults,
    main,
    messages,
    page_sentences,
    prose_faults,
    python_names,
    refused_chinese,
    refused_words,
    served,
    spoken,
    told,
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
    for page in ("README.md", "README.zh.md", "CONTRIBUTING.md", "SECURITY.md"):
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
        if not any(faults(names, glossary)):
            idle.append(left_out)
    assert idle == []


CHINESE = """
| 中文 | English | in the API and in code | not |
|---|---|---|---|
| 征询部门意见 | consultation | `consultations` | 征求 |
| 账号 | account | `accounts` | accounting, 账户、帐号 |
| 收款账户 | bank account | `bank_account` | |
"""


def test_the_chinese_words_of_the_glossary_are_read() -> None:
    assert refused_chinese(CHINESE) == (["帐号", "征求", "账户"], ["收款账户"])
    assert refused_words(CHINESE)[0] == [("accounting",)]


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("由质量强县办征求意见", ["征求"]),
        ("停用该账户和帐号", ["帐号", "账户"]),
        ("更正收款账户，停用账号", []),
        ("收款账户由该账户更正", ["账户"]),
        ("征询部门意见", []),
    ],
)
def test_a_chinese_word_is_refused_outside_the_words_of_the_glossary(sentence: str, refused: list[str]) -> None:
    found = list(chinese_faults([("docs/a.md", sentence)], CHINESE))
    assert [line.split("'")[1] for line in found] == refused


def test_chinese_is_read_where_the_service_tells_something(tmp_path: Path) -> None:
    document = {"tags": [{"description": "征求"}], "info": {"x-zh": "账户", "examples": ["账户"]}}
    assert sorted(told(document, "contract")) == [("contract/info/x-zh", "账户"), ("contract/tags/description", "征求")]
    data = tmp_path / "app" / "measures" / "data"
    data.mkdir(parents=True)
    (data / "a.toml").write_text('[b]\nzh = "征求"\n', encoding="utf-8")
    (data / "c.json").write_text('[{"zh": "帐号"}]', encoding="utf-8")
    assert [text for _, text in data_sentences(tmp_path)] == ["征求", "帐号"]
    code = 'A = Text("账户", "account")\nB = "帐号"  # house: sentences\nC = Field(examples=["征求"])\nD = f"征求{A}"\n'
    (tmp_path / "app" / "a.py").write_text(code, encoding="utf-8")
    faults_found = list(chinese_faults(code_sentences(tmp_path), CHINESE))
    assert [line.partition(",")[0] for line in faults_found] == ["app/a.py:1: says '账户'", "app/a.py:4: says '征求'"]


def test_a_deviation_in_what_the_service_says_is_found() -> None:
    glossary = (lint_words.ROOT / lint_words.GLOSSARY).read_text("utf-8")
    sentences = [*data_sentences(lint_words.ROOT), *code_sentences(lint_words.ROOT), *page_sentences(lint_words.ROOT)]
    assert list(chinese_faults(sentences, glossary)) == []
    turned = glossary.replace("| 推荐单位 | recommending unit |", "| 推荐方 | recommending unit |").replace(
        "推荐部门", "推荐单位"
    )
    places = {line.partition(":")[0].split("/")[0] for line in chinese_faults(sentences, turned)}
    assert places == {"app", "docs", "README.zh.md"}
