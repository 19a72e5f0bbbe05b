"""What is wrong with a field, in our own words and in both languages. The validation library's kinds of faults, its
English and its regular expressions stay inside."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from app.kernel.error_codes import FieldCode
from app.kernel.field_formats import choices, expected
from app.kernel.field_texts import FIELDS
from app.measures.sentences import in_readers_form
from app.measures.text import Text


def _usual(code: FieldCode) -> tuple[FieldCode, Text]:
    return code, FIELDS[code]


def _told(code: FieldCode, zh: str, en: str) -> tuple[FieldCode, Text]:
    return code, Text(zh, en)


_TEXT = _usual(FieldCode.NOT_TEXT)


_INTEGER = _usual(FieldCode.NOT_AN_INTEGER)


_NUMBER = _usual(FieldCode.NOT_A_NUMBER)


_BOOLEAN = _usual(FieldCode.NOT_A_BOOLEAN)


_DATE = _usual(FieldCode.NOT_A_DATE)


_INSTANT = _usual(FieldCode.NOT_AN_INSTANT)


_UUID = _usual(FieldCode.NOT_A_UUID)


_URL = _usual(FieldCode.NOT_A_URL)


_FRACTION = _told(FieldCode.NOT_A_NUMBER, "须为分数，如 2/3", "Must be a fraction, as 2/3")


_OBJECT = _usual(FieldCode.NOT_AN_OBJECT)


_ONE_OF = _told(FieldCode.NOT_ALLOWED, "须为以下之一：{expected}", "Must be one of: {expected}")


# The bounds in braces are the library's own context: ours, never what the caller has sent.
KINDS: dict[str, tuple[FieldCode, Text]] = {
    "missing": _usual(FieldCode.REQUIRED),
    "extra_forbidden": _usual(FieldCode.UNKNOWN_FIELD),
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "string_type": _TEXT,
    "string_unicode": _told(FieldCode.NOT_TEXT, "不是有效的 Unicode 文本", "Must be valid Unicode text"),
    "string_too_short": _told(
        FieldCode.TOO_SHORT, "至少 {min_length} 个字符", "Must have at least {min_length} characters"
    ),
    "string_too_long": _told(
        FieldCode.TOO_LONG, "至多 {max_length} 个字符", "Must have at most {max_length} characters"
    ),
    "string_pattern_mismatch": _usual(FieldCode.WRONG_FORMAT),
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "int_parsing_size": _told(FieldCode.OUT_OF_RANGE, "数值过大", "The number is too large"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _told(FieldCode.NOT_A_NUMBER, "须为有限数", "Must be a finite number"),
    "decimal_type": _told(FieldCode.NOT_A_NUMBER, "须为十进制数", "Must be a decimal number"),
    "decimal_parsing": _told(FieldCode.NOT_A_NUMBER, "须为十进制数", "Must be a decimal number"),
    "decimal_max_digits": _told(
        FieldCode.TOO_MANY_DIGITS, "至多 {max_digits} 位数字", "Must have at most {max_digits} digits"
    ),
    "decimal_max_places": _told(
        FieldCode.TOO_MANY_DIGITS,
        "至多 {decimal_places} 位小数",
        "Must have at most {decimal_places} decimal places",
    ),
    "decimal_whole_digits": _told(
        FieldCode.TOO_MANY_DIGITS,
        "整数部分至多 {whole_digits} 位",
        "Must have at most {whole_digits} digits before the point",
    ),
    "greater_than": _told(FieldCode.OUT_OF_RANGE, "须大于 {gt}", "Must be greater than {gt}"),
    "greater_than_equal": _told(FieldCode.OUT_OF_RANGE, "不得小于 {ge}", "Must not be less than {ge}"),
    "less_than": _told(FieldCode.OUT_OF_RANGE, "须小于 {lt}", "Must be less than {lt}"),
    "less_than_equal": _told(FieldCode.OUT_OF_RANGE, "不得大于 {le}", "Must not be greater than {le}"),
    "multiple_of": _told(FieldCode.NOT_A_MULTIPLE, "须为 {multiple_of} 的倍数", "Must be a multiple of {multiple_of}"),
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _told(
        FieldCode.NOT_A_DATE, "须为日期，不得带时刻", "Must be a date without a time of day"
    ),
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "timezone_aware": _usual(FieldCode.NO_TIME_ZONE),
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "url_type": _URL,
    "url_parsing": _URL,
    "url_syntax_violation": _URL,
    "url_scheme": _told(
        FieldCode.NOT_A_URL,
        "网址须以下列之一开头：{expected_schemes}",
        "Must be a URL that begins with one of: {expected_schemes}",
    ),
    "url_too_long": _told(
        FieldCode.TOO_LONG,
        "网址至多 {max_length} 个字符",
        "Must be a URL of at most {max_length} characters",
    ),
    "fraction_type": _FRACTION,
    "fraction_parsing": _FRACTION,
    "list_type": _usual(FieldCode.NOT_A_LIST),
    "tuple_type": _usual(FieldCode.NOT_A_LIST),
    "too_short": _told(FieldCode.TOO_FEW_ITEMS, "至少 {min_length} 项", "Must have at least {min_length} items"),
    "too_long": _told(FieldCode.TOO_MANY_ITEMS, "至多 {max_length} 项", "Must have at most {max_length} items"),
    "unexpected_keyword_argument": _usual(FieldCode.UNKNOWN_FIELD),
    "dict_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}


_OTHERWISE = _usual(FieldCode.INVALID)


_PLURAL = re.compile(r"\b1 (character|item|digit|decimal place)s\b")


_QUOTED = re.compile(r"'([^']*)'")


# Contexts that list words as prose: 'a', 'b' or 'c'.
_LISTS = ("expected", "expected_schemes")


def field_fault(item: ErrorDetails) -> tuple[FieldCode, Text]:
    """Code and sentence of one fault as the library reports it: `type`, `msg`, `ctx`. Never quotes what was sent."""
    context = dict(item.get("ctx") or {})
    if "zh" in context:
        return FieldCode(item["type"]), Text(str(context["zh"]), str(item["msg"]))
    if item["type"] == "string_pattern_mismatch":
        return _of_a_pattern(str(context.get("pattern", "")))
    code, sentence = KINDS.get(item["type"], _OTHERWISE)
    for name in _LISTS:
        if name in context:
            context[name] = _QUOTED.findall(context[name]) or [context[name]]
    try:
        return code, _filled(sentence, context)
    except KeyError:
        return code, FIELDS[code]


def field_message(item: ErrorDetails, *, english: bool) -> str:
    """The sentence of `field_fault` in the caller's language."""
    _, text = field_fault(item)
    return text.en if english else text.zh


def _of_a_pattern(pattern: str) -> tuple[FieldCode, Text]:
    words = choices(pattern)
    if words is not None:
        code, sentence = _ONE_OF
        return code, _filled(sentence, {"expected": words})
    return FieldCode.WRONG_FORMAT, expected(pattern) or FIELDS[FieldCode.WRONG_FORMAT]


def _filled(sentence: Text, context: Mapping[str, object]) -> Text:
    """The sentence with its bounds, each as its readers write it; lists of words are joined as each language does."""
    zh, en = (
        part.format_map({name: _bound(given, language) for name, given in context.items()})
        for part, language in ((sentence.zh, "zh"), (sentence.en, "en"))
    )
    return Text(zh, _PLURAL.sub(r"1 \1", en))


def _bound(given: object, language: str) -> str:
    if isinstance(given, list):
        return ("、" if language == "zh" else ", ").join(given)  # house: sentences
    return in_readers_form(given, language)
