"""What is wrong with a field, in the caller's language. The validation library speaks English only; its kinds of faults
are told here in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The bounds in braces are the library's own context: ours, never what the caller has sent.
_CHINESE: dict[str, str] = {
    "missing": "必填",
    "extra_forbidden": "不认识的字段",
    "enum": "不在允许的取值之中：{expected}",
    "literal_error": "不在允许的取值之中：{expected}",
    "string_type": "须为文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "至多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符：{pattern}",
    "string_unicode": "不是有效的 Unicode 文本",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_parsing_size": "数值过大",
    "int_from_float": "须为整数",
    "float_type": "须为数字",
    "float_parsing": "须为数字",
    "finite_number": "须为有限数",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "multiple_of": "须为 {multiple_of} 的倍数",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "date_type": "须为日期，格式 YYYY-MM-DD",
    "date_parsing": "须为日期，格式 YYYY-MM-DD",
    "date_from_datetime_parsing": "须为日期，格式 YYYY-MM-DD",
    "date_from_datetime_inexact": "须为日期，不得带时刻",
    "datetime_type": "须为时刻，格式 YYYY-MM-DDThh:mm:ss+08:00",
    "datetime_parsing": "须为时刻，格式 YYYY-MM-DDThh:mm:ss+08:00",
    "datetime_from_date_parsing": "须为时刻，格式 YYYY-MM-DDThh:mm:ss+08:00",
    "datetime_object_invalid": "须为时刻，格式 YYYY-MM-DDThh:mm:ss+08:00",
    "timezone_aware": "时刻须带时区",
    "uuid_type": "须为 UUID",
    "uuid_parsing": "须为 UUID",
    "url_type": "须为网址",
    "url_parsing": "须为网址",
    "url_syntax_violation": "须为网址",
    "url_scheme": "网址须以 {expected_schemes} 开头",
    "url_too_long": "网址至多 {max_length} 个字符",
    "list_type": "须为数组",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "dict_type": "须为对象",
    "model_type": "须为对象",
    "model_attributes_type": "须为对象",
    "decimal_type": "须为十进制数",
    "decimal_parsing": "须为十进制数",
    "decimal_max_digits": "至多 {max_digits} 位数字",
    "decimal_max_places": "至多 {decimal_places} 位小数",
    "decimal_whole_digits": "整数部分至多 {whole_digits} 位",
}
_OTHERWISE = "不符合要求"


def field_message(item: Mapping[str, Any], *, english: bool) -> str:
    """The sentence for one fault as the library reports it: `type`, `msg`, `ctx`. Never quotes what was sent."""
    context = item.get("ctx") or {}
    if english:
        # Of an identifier the library quotes what it stumbled over.
        return "Input should be a valid UUID" if item["type"] == "uuid_parsing" else str(item["msg"])
    if "zh" in context:
        return str(context["zh"])
    sentence = _CHINESE.get(item["type"], _OTHERWISE)
    try:
        return sentence.format_map(context)
    except KeyError:
        return _OTHERWISE
