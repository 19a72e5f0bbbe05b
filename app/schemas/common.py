"""Shapes that every resource uses: text without control characters, findings, problems, pages, actions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from app.kernel.audit import finding_record
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import FieldError
from app.kernel.field_formats import (
    EXPECTED,
    POSTCODE,
    Format,
    plain_account,
    plain_decimal,
    plain_telephone,
    plain_uscc,
    uscc_fault,
)
from app.kernel.paging import Page
from app.measures.acts import ACTS
from app.measures.document_numbers import number_to_check
from app.measures.findings import Finding, FindingRecord
from app.measures.objections import is_reference, says_something
from app.measures.sectors import in_industry, section_of
from app.measures.text import Text, readable, trimmed
from app.measures.validity import certificate_number
from app.schemas.held import SOMETIMES, FactsHeld
from app.schemas.held import Out as Out
from app.schemas.offered import offered
from app.schemas.strict import In as In
from app.schemas.strict import day_text, instant_text, usual_fault
from app.schemas.strict import fault as fault
from app.schemas.words import OutcomeName, ReasonName, SentBy
from app.services.lifecycle import AvailableAction

Item = TypeVar("Item")
Row = TypeVar("Row")
MAX_FEN = 10**15
# Signs of Unicode that turn the direction of writing (its Bidi_Control).
_TURNS = frozenset(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# Set by the route at the start of a request, which is a task of its own.
_english: ContextVar[bool] = ContextVar("english", default=False)


def _legible(value: str) -> str:
    # PostgreSQL cannot hold NUL, and nobody can read the others.
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in value):
        raise usual_fault(FieldCode.CONTROL_CHARACTERS)
    return value


def _clean(value: str) -> str:
    # What cannot be read at all is told so, rather than that nothing was sent.
    return trimmed(_legible(value)) or value.strip()


def _one_way(value: str) -> str:
    # Within a name they show another name than it is, and turn whatever is printed after it in the line.
    if not _TURNS.isdisjoint(trimmed(value)):
        raise usual_fault(FieldCode.CONTROL_CHARACTERS)
    return value


def _one_way_in_each_line(value: str) -> str:
    # Copied text brings such signs along at the ends of its lines; within one they show another text than it is.
    ends = "".join(_TURNS)
    lines = _clean(value.replace("\r\n", "\n")).split("\n")
    return _one_way("\n".join(line.strip(ends) for line in lines))


def _present(value: str) -> str:
    if not value:
        raise usual_fault(FieldCode.BLANK)
    if not readable(value):
        raise fault("只含看不见的字符，等于没有填写", "Has nothing in it that can be read", FieldCode.BLANK)
    return value


def _worded(value: str) -> str:
    if not says_something(value):
        said = "须写明具体内容；“-”“无”“略”等不算"
        raise fault(said, "State it in words: a dash, “none” or another placeholder says nothing", FieldCode.BLANK)
    return value


def _referring(value: str) -> str:
    if not is_reference(value):
        said = "须写明编号或者名称；“-”“无”等不算"
        raise fault(said, "Name it: a dash or a placeholder refers to nothing", FieldCode.BLANK)
    return value


def _named(value: str) -> str:
    if any(char in "\n\t" for char in value):
        raise usual_fault(FieldCode.CONTROL_CHARACTERS)
    return _referring(value)


_CLEAN, _PRESENT = AfterValidator(_one_way_in_each_line), AfterValidator(_present)
WORDED, REFERRING = AfterValidator(_worded), AfterValidator(_referring)
# Of one line; what turns the writing is dropped at its ends, where copied text brings it along, and refused within.
_LINE = AfterValidator(lambda value: _one_way(_clean(value)))
Line = Annotated[str, Field(min_length=1, max_length=200), _LINE, _PRESENT]
Paragraph = Annotated[str, Field(min_length=1, max_length=4000), _CLEAN, _PRESENT]
LongText = Annotated[str, Field(min_length=1, max_length=20000), _CLEAN, _PRESENT]
# A text on which a decision rests: it says something.
Worded = Annotated[Paragraph, WORDED]
WordedLine = Annotated[Line, WORDED]
WordedLong = Annotated[LongText, WORDED]
# The mark or the title of a paper.
Reference = Annotated[Line, REFERRING]
# The name of a file, each sign as it was given.
FileName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_legible), _PRESENT]
# A name, which is printed: in one line, and one that names.
Name = Annotated[Line, AfterValidator(_named)]
# A whole self-assessment may stand in one section: real ones have up to 60,000 characters.
ReportText = Annotated[str, Field(min_length=1, max_length=60000), _CLEAN, _PRESENT]


def _uscc(value: object) -> object:
    if not isinstance(value, str):
        return value
    code = plain_uscc(value)
    wrong = uscc_fault(code)
    if wrong is not None:
        raise fault(wrong.zh, wrong.en, FieldCode.WRONG_FORMAT)
    return code


def read_as_meant(form: Format, said: Text) -> BeforeValidator:
    """Codes of digits as people type them: full width, blanks and hyphens are read as meant, and the letter of an
    industry's section before its digits. One that is none is refused with what is said of this field, not of its
    expression."""
    expression = re.compile(form.value)

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        code = plain_account(value).upper()
        if form in _OF_INDUSTRIES and in_industry(industry=code[:1], code=code[1:]):
            code = code[1:]
        if expression.fullmatch(code) is None:
            wrong = _wrong_in(form, code)
            raise fault(f"{said.zh}{wrong.zh}", f"{said.en}{wrong.en}", FieldCode.WRONG_FORMAT)
        return code

    return BeforeValidator(read)


def _wrong_in(form: Format, code: str) -> Text:
    """What is wrong with a code of digits, beside what it must be."""
    foreign = "".join(dict.fromkeys(char for char in code if not (char.isascii() and char.isdigit())))
    if form in _OF_INDUSTRIES and code[:1].isalpha():
        section = section_of(code[1:])
        if section is not None:
            return Text(
                f"；{code[1:]} 属于 {section.letter} 门类，不是 {code[0]}",
                f"; {code[1:]} is of section {section.letter}, not {code[0]}",
            )
    if foreign:
        return Text(f"；其中有“{foreign[:20]}”", f"; it has “{foreign[:20]}” in it")
    if form is Format.COUNTY and len(code) == COUNTY_DIGITS:
        return Text(f"；没有以 {code[:2]} 开头的省级代码", f"; no province has the code {code[:2]}")
    return Text(f"；现为 {len(code)} 位", f"; it has {len(code)} digits")


COUNTY_DIGITS = 6
_OF_INDUSTRIES = (Format.INDUSTRY, Format.INDUSTRY_LOOSE)


def _county_of(value: object) -> object:
    """Of a division code of 12 digits, which township and village have too, the six that name the county."""
    code = plain_account(value) if isinstance(value, str) else ""
    return code[:COUNTY_DIGITS] if re.fullmatch("[0-9]{12}", code) else value


CountyCode = Annotated[
    str,
    StringConstraints(pattern=Format.COUNTY.value),
    read_as_meant(Format.COUNTY, EXPECTED[Format.COUNTY]),
    BeforeValidator(_county_of),
]
Postcode = Annotated[
    str, StringConstraints(pattern=Format.SIX_DIGITS.value), read_as_meant(Format.SIX_DIGITS, POSTCODE)
]
CertificateNumber = Annotated[
    str,
    StringConstraints(pattern=Format.CERTIFICATE_NUMBER.value),
    BeforeValidator(lambda value: certificate_number(value) if isinstance(value, str) else value),
]
# Three digits are not taken: a class that lost its leading zero would look like a group of another section.
Sector = Annotated[
    str,
    StringConstraints(pattern=Format.INDUSTRY.value),
    read_as_meant(Format.INDUSTRY, EXPECTED[Format.INDUSTRY]),
]
# Where only the conditions are checked, the group is told as well.
LooseSector = Annotated[
    str,
    StringConstraints(pattern=Format.INDUSTRY_LOOSE.value),
    read_as_meant(Format.INDUSTRY_LOOSE, EXPECTED[Format.INDUSTRY_LOOSE]),
]


def _decimal(value: object) -> object:
    return plain_decimal(value) if isinstance(value, str) else value


def _telephone(value: object) -> object:
    """A number in full width, or with another kind of dash, as it was meant."""
    return plain_telephone(value) if isinstance(value, str) else value


# Of a number that is sent as text; its format follows.
AS_TYPED = BeforeValidator(_decimal)
Phone = Annotated[str, StringConstraints(max_length=60, pattern=Format.PHONE.value), BeforeValidator(_telephone)]
Fen = Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN, description="Amount in fen (1 yuan = 100 fen).")]
NonNegativeFen = Annotated[int, Field(ge=0, le=MAX_FEN, description="Amount in fen (1 yuan = 100 fen).")]
Day = Annotated[
    date,
    Field(description="A calendar day, YYYY-MM-DD.", ge=date(1900, 1, 1), le=date(2199, 12, 31), strict=False),
    BeforeValidator(day_text),
]
InstantIn = Annotated[
    AwareDatetime, Field(description="An instant with its zone.", strict=False), BeforeValidator(instant_text)
]
DocumentNumber = Annotated[str, Field(min_length=1, max_length=60), _LINE, _PRESENT, REFERRING]
ConfirmationNumber = Annotated[
    str,
    Field(
        min_length=4,
        max_length=64,
        pattern=Format.CONFIRMATION_NUMBER.value,
        description="As it is written. Width, brackets, blanks, dashes and size of letters make no other number.",
        examples=["PAY-2024-000001"],
    ),
    _LINE,
    _PRESENT,
]
Uscc = Annotated[
    str,
    Field(
        pattern=Format.USCC.value,
        description="Unified social credit code (GB 32100-2015). Small letters, full width, blanks and hyphens are "
        "read as meant.",
        examples=["91360733MA35XXXX0X"],
    ),
    BeforeValidator(_uscc),
]


class Violation(Out):
    """One rule that refuses or that waits for a person's decision."""

    rule: str = Field(examples=["art06.seats"])
    article: str = Field(description="Article of the measures.", examples=["6"])
    outcome: OutcomeName = Field(description="`pass`, `fail` or `needs_decision`.", examples=["fail"])
    reason: ReasonName = Field(description="Why the rule answered so.", examples=["seat_cap_exceeded"])
    message: str = Field(description="In the language of the request.")
    message_zh: str
    message_en: str
    remedy_zh: str | None = None
    remedy_en: str | None = None
    facts: FactsHeld = Field(description="The facts that the rule used, each by its name.")


class FieldFault(Out):
    """One fault of the input."""

    pointer: str = Field(description="JSON pointer into the body, or `/query/…`, `/path/…`, `/header/…`.")
    code: FieldCode = Field(examples=["required"])
    message: str = Field(description="In the language of the request.")
    rule: str | None = Field(
        None,
        description="The rule that refuses, as in `violations`; null where none does.",
        examples=["art13.4.profit"],
    )


class Problem(Out):
    """RFC 9457 problem details. Every error of the service has this shape."""

    model_config = SOMETIMES

    type: str = Field(
        description="A URI reference that names the kind of problem.", examples=["/problems/rule_refused"]
    )
    title: str
    status: int
    detail: str
    code: ProblemCode = Field(examples=["rule_refused"])
    request_id: str
    errors: list[FieldFault]
    violations: list[Violation]
    challenge: str | None = Field(
        None, description="With `second_factor_required` alone: to be sent with the code, within five minutes."
    )
    error: str | None = Field(
        None, description="At the token endpoint alone: the error as RFC 6749 names it.", examples=["invalid_grant"]
    )
    error_description: str | None = Field(
        None, description="With `error`: what is wrong, in English and in ASCII, as RFC 6749 has it."
    )


class FindingView(Violation):
    """What a rule answered."""


WARNED = "What should be checked: a document's number that is malformed."
CONCERNED = (
    "In the answer to the act that records it, to the office and the government: the awards that it concerns since its "
    "day is not after their decree, and what follows (Art. 22)."
)


class Action(Out):
    """An act and whether this caller may do it now."""

    act: str = Field(examples=["submit"])
    name_zh: str | None = Field(None, description="What people call it, in Chinese.", examples=["提交申报"])
    name_en: str | None = Field(None, description="The same in English.", examples=["Submit"])
    allowed: bool
    method: SentBy
    path: str = Field(
        description="Where it is done. What stays in braces is the caller's to choose.",
        examples=["/v1/applications/018e0000-0000-7000-8000-000000000001/submission"],
    )
    form: str | None = Field(None, description="The form that it takes; null: it takes none, or a file.")
    reason: str | None = Field(None, description="Why not now, in the language of the request; null: it may be done.")
    blocked_by: list[FindingView] = Field(default_factory=list, description="What stands in the way.")


class PageOut(Out, Generic[Item]):
    """A keyset page."""

    items: list[Item]
    next_cursor: str | None = Field(description="Opaque; null on the last page.")


class Done(Out):
    """An act that brings nothing back but its instant."""

    done_at: datetime


def speak(*, english: bool) -> None:
    """In which language the findings of this request are told."""
    _english.set(english)


def finding_view(finding: Finding) -> FindingView:
    """A finding on the wire, in the language of the request."""
    return stored_finding_view(finding_record(finding))


def number_warnings(rule_id: str, *numbers: str | None) -> list[FindingView]:
    """What to check of these numbers of documents, under the rule by which they are sent; None is no number."""
    return [finding_view(item) for number in numbers for item in number_to_check(number=number, rule_id=rule_id)]


def stored_finding_view(plain: FindingRecord) -> FindingView:
    """A finding as it was stored in an eligibility check or an audit entry, in the language of the request."""
    return FindingView(message=plain["message_en" if _english.get() else "message_zh"], **plain)


def field_fault_view(fault: FieldError) -> FieldFault:
    """A fault of the input that refuses nothing else, in the language of the request."""
    text = fault.message.en if _english.get() else fault.message.zh
    return FieldFault(pointer=fault.pointer, code=fault.code, message=text, rule=fault.rule)


def action_views(actions: Sequence[AvailableAction], /, **known: object) -> list[Action]:
    """Available actions on the wire. `known`: ids that their addresses name and their object does not hold."""
    return [_action(item, known) for item in actions]


def _action(item: AvailableAction, known: Mapping[str, object]) -> Action:
    name, where = ACTS[item.act], offered(item, known)
    standing = [finding_view(finding) for finding in item.blocked_by]
    return Action(
        act=item.act,
        name_zh=name.zh,
        name_en=name.en,
        allowed=item.allowed,
        method=where.method,
        path=where.path,
        form=where.form,
        reason=standing[0].message if standing else None,
        blocked_by=standing,
    )


def page_view(page: Page[Row], view: Callable[[Row], Item]) -> PageOut[Item]:
    """A page on the wire."""
    return PageOut(items=[view(item) for item in page.items], next_cursor=page.next_cursor)


class ProfileChangeOut(Out):
    """A field of the organisation that has changed since the submission."""

    field: str = Field(examples=["county_code"])
    submitted: str | bool | None = Field(description="As it was handed in.")
    present: str | bool | None = Field(description="As the profile says now.")
