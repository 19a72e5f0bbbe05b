"""Every code is a word of its enumeration, is raised somewhere, stands in `docs/errors.md`, and has one status."""

import ast
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import pytest

from app.commands.pages import ROOT
from app.kernel import errors
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.field_texts import FIELDS
from app.measures.findings import fails, passes
from app.measures.reasons import Reason
from app.measures.text import Text

# Here the words are listed, told and shown; nothing is refused.
_NOT_RAISING = ("error_codes.py", "error_texts.py", "contract_problems.py", "docs_pages.py")
# Their code is named where they are raised.
_BY_THE_PROCEDURE, _COLLIDING = ("Conflict", "WrongState"), "Collision"
_STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Refused: 422,
    errors.Invalid: 422,
    errors.NotGranted: 400,
    errors.Ambiguous: 400,
    errors.Unparsable: 400,
    errors.Stale: 412,
    errors.PreconditionMissing: 428,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


@pytest.fixture(scope="module")
def sources() -> list[str]:
    paths = [path for path in sorted((ROOT / "app").rglob("*.py")) if path.name not in _NOT_RAISING]
    return [path.read_text(encoding="utf-8") for path in paths]


def unused(words: type[StrEnum], sources: Iterable[str]) -> set[str]:
    """The members that no source names."""
    named = {
        node.attr
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == words.__name__
    }
    return set(words.__members__) - named


def undocumented(words: Iterable[str], page: str) -> set[str]:
    """The words that have no row in the page."""
    return set(words) - set(re.findall(r"^\| `([a-z_]+)` \|", page, flags=re.MULTILINE))


def misplaced(source: str) -> Iterator[str]:
    """Errors raised with a code whose status is not that of their class; a refusal by the procedure that needs no
    finding."""
    statuses = {
        kind.__name__: PROBLEMS[kind.code].status for kind in _kinds(errors.DomainError) if hasattr(kind, "code")
    }
    statuses |= dict.fromkeys((*_BY_THE_PROCEDURE, _COLLIDING), 409)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for keyword in node.keywords:
            if name in statuses and keyword.arg == "code" and isinstance(keyword.value, ast.Attribute):
                code = ProblemCode[keyword.value.attr]
                if PROBLEMS[code].status != statuses[name]:
                    yield f"{name}: {code}"
                elif name == _COLLIDING and code not in errors.COLLISIONS:
                    yield f"{name}: {code} needs a finding"
                elif name in _BY_THE_PROCEDURE and code in errors.COLLISIONS:
                    yield f"{name}: {code} has no finding"


def _kinds(base: type[errors.DomainError]) -> Iterator[type[errors.DomainError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


@pytest.mark.parametrize("words", [ProblemCode, FieldCode])
def test_every_code_is_raised_somewhere(words: type[StrEnum], sources: list[str]) -> None:
    assert unused(words, sources) == set()


def test_a_code_that_nothing_raises_is_found() -> None:
    source = "FieldError(pointer, FieldCode.REQUIRED, text)\nraise Conflict(text, code=ProblemCode.CONFLICT)\n"
    assert unused(FieldCode, [source]) == set(FieldCode.__members__) - {"REQUIRED"}
    assert unused(ProblemCode, [source]) == set(ProblemCode.__members__) - {"CONFLICT"}


def test_every_code_stands_in_the_page() -> None:
    whole = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    problems, _, fields = whole.partition("## Faults of fields")
    assert undocumented(ProblemCode, problems) == set()
    assert undocumented(FieldCode, fields) == set()
    without = re.sub(r"^\| `already_paid` .*\n", "", problems, flags=re.MULTILINE)
    assert undocumented(ProblemCode, without) == {"already_paid"}


def test_every_code_has_its_sentences_in_both_languages() -> None:
    assert set(PROBLEMS) == set(ProblemCode) and set(FIELDS) == set(FieldCode)
    texts: list[Text] = [part for known in PROBLEMS.values() for part in (known.title, known.remedy)]
    for text in [*texts, *FIELDS.values()]:
        assert re.search("[\u4e00-\u9fff]", text.zh) and not re.search("[\u4e00-\u9fff]", text.en), text
        assert text.en[0].isupper() or text.en[0] == "`", text


def test_the_status_of_a_code_is_that_of_the_error_that_bears_it(sources: list[str]) -> None:
    assert [PROBLEMS[kind.code].status for kind in _STATUS] == [*_STATUS.values()]
    for kind in (kind for kind in _kinds(errors.DomainError) if hasattr(kind, "code")):
        (status,) = {known for parent, known in _STATUS.items() if issubclass(kind, parent)}
        assert PROBLEMS[kind.code].status == status, kind
    assert [fault for source in sources for fault in misplaced(source)] == []
    assert list(misplaced("raise Invalid(text, code=ProblemCode.NAME_TAKEN)\n")) == ["Invalid: name_taken"]


def test_a_refusal_by_the_procedure_is_not_raised_without_its_finding(sources: list[str]) -> None:
    slipped = "raise Collision(text, code=ProblemCode.NOT_ACKNOWLEDGED)\n"
    assert list(misplaced(slipped)) == ["Collision: not_acknowledged needs a finding"]
    assert list(misplaced("raise Conflict(found, code=ProblemCode.NAME_TAKEN)\n")) == [
        "Conflict: name_taken has no finding"
    ]
    assert {code for code in errors.COLLISIONS if PROBLEMS[code].status != 409} == set()
    text = Text("尚未接收", "Not acknowledged")
    with pytest.raises(ValueError, match="needs a finding"):
        errors.Collision(text, code=ProblemCode.NOT_ACKNOWLEDGED)
    for wrong in (
        passes("art09.disbursement", Reason.CONFIRMATION_FITS, next_act=None),
        fails("art09.disbursement", Reason.DISBURSED_ALREADY),
    ):
        with pytest.raises(ValueError, match="refuses nothing, or does not say what comes next"):
            errors.Conflict(wrong, code=ProblemCode.NOT_ACKNOWLEDGED, message=text)


def test_the_contract_names_both_enumerations(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    assert schemas["ProblemCode"]["enum"] == list(ProblemCode)
    assert schemas["FieldCode"]["enum"] == list(FieldCode)
    assert schemas["Problem"]["properties"]["code"]["$ref"] == "#/components/schemas/ProblemCode"
    assert schemas["FieldFault"]["properties"]["code"]["$ref"] == "#/components/schemas/FieldCode"
