"""Who objects, and what is said (Art. 21): what a name is, how somebody is reached, what is a text."""

from __future__ import annotations

import re
import unicodedata

from app.measures.text import readable

# What stands where a name or a text is not given.
_NOBODY = frozenset(
    [
        *("匿名", "匿名者", "匿名人", "无", "无名", "无名氏", "没有"),  # house: sentences
        *("不详", "保密", "佚名", "未知"),  # house: sentences
        *("不便透露", "不愿透露", "某", "某某", "某人"),  # house: sentences
        *("群众", "热心群众", "知情人", "知情者"),  # house: sentences
        *("市民", "网友", "略", "同上", "测试"),  # house: sentences
        *("anonymous", "anon", "none", "nobody", "unknown", "na", "null", "nil", "noname", "test", "xxx"),
    ]
)
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
# The shortest telephone number without an area code that the county knows has seven digits.
_TELEPHONE_DIGITS = 7


def is_name(text: str) -> bool:
    """Whether it can be somebody's name: two letters or more that show, and no word for nobody."""
    letters = letters_of(text)
    return len(letters) >= 2 and letters not in _NOBODY and len(set(letters) - {"某"}) > 0  # house: sentences


def is_contact(text: str) -> bool:
    """Whether somebody can be reached by it: a mail address, or the digits of a telephone number."""
    plain = unicodedata.normalize("NFKC", text)
    digits = [char for char in plain if char.isdigit()]
    return _MAIL.search(plain) is not None or (len(digits) >= _TELEPHONE_DIGITS and len(set(digits)) > 1)


def says_something(text: str) -> bool:
    """Whether it states anything: two letters or more that show, and no word for nothing."""
    letters = letters_of(text)
    return len(letters) >= 2 and letters not in _NOBODY


def letters_of(text: str) -> str:
    """The letters of a text that show, in one writing and without case: what is between and around them says
    nothing."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if unicodedata.category(char)[0] == "L" and readable(char)).casefold()
