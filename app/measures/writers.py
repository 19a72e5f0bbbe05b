"""Whoever writes to the office and is named to nobody else (Arts. 21, 31): what others read of an objection or a
report, compared with what came in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from app.measures.shipped import shipped_bytes
from app.measures.text import is_digit, is_letter, readable

# What stands where a name or a text is not given.
NOBODY = frozenset(
    [
        *("匿名", "匿名者", "匿名人", "无", "无名", "无名氏", "没有"),  # house: sentences
        *("不详", "保密", "佚名", "未知"),  # house: sentences
        *("不便透露", "不愿透露", "某", "某某", "某人"),  # house: sentences
        *("群众", "热心群众", "知情人", "知情者"),  # house: sentences
        *("市民", "网友", "略", "同上", "测试"),  # house: sentences
        *("暂无", "待定", "待补", "待办", "办理中", "正在办理", "申请中", "审批中"),  # house: sentences
        *("anonymous", "anon", "none", "nobody", "unknown", "na", "null", "nil", "noname", "test", "xxx"),
    ]
)
# Digits in Chinese, as numbers are read out, and as they stand on cheques.
_READ_OUT = str.maketrans(
    "〇○零一幺二三四五六七八九壹贰貳叁參参肆伍陆陸柒捌玖",  # house: sentences
    "00011234567891223334566789",
)
# A number by which somebody is reached: seven digits at least, whatever stands between them but a sign that parts two
# numbers.
_NUMBER = re.compile(r"\d(?:[^\w、,;:。/|]|_)*(?:\d(?:[^\w、,;:。/|]|_)*){5,}\d")  # house: sentences
_SUBSCRIBER_DIGITS = 7
# Numbers that are somebody's, wherever they stand: a mobile telephone, one with an area code, an identity card (its
# last sign may be a letter, which is no digit).
_OWN_NUMBER = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{9,11}|\d{17,18}")
# Of these, whatever rings in a house rather than in a pocket.
_LANDLINE = re.compile(r"0\d{9,11}")
# Mail addresses as they stand in a running text, each looked for from its beginning alone.
_MAIL_IN_TEXT = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
# What says how somebody is reached, and is no part of where.
_LABELS = re.compile(
    "微信号?|电话|手机|座机|邮箱|电子邮件|地址|住址|家住|联系|方式|账号|扣扣|"  # house: sentences
    "wechat|weixin|wx|tel|phone|mobile|e?mail|qq|address"
)
_WORDS = re.compile(r"[^\s,，;；、:：/|()（）]+")  # house: sentences
_LATIN_OR_DIGIT = re.compile(r"[a-z0-9]", re.IGNORECASE)
_PIECES = re.compile(r"[\s,，;；、:：/|()（）]+")  # house: sentences
# So many signs of a contact are somebody's; fewer are anybody's, unless digits are among them.
_SIGNS_OF_SOMEBODY, _SIGNS_WITH_DIGITS = 6, 4
_SENTENCE_ENDS = re.compile(r"[。！？；!?;\n]")  # house: sentences
# A sentence of so many signs is its writer's; shorter ones everybody would write so.
_SIGNS_OF_A_SENTENCE = 12


def told_of_the_writer(*, said: str, name: str | None, contact: str | None, original: str) -> list[str]:
    """Which of `name` and `contact` of whoever wrote the `original` is told by what is `said` of it, however written;
    numbers and addresses in the original count as ways to reach the writer (Art. 21, 31)."""
    seen = _looked_through(said)
    shown = {
        "name": is_called(name or "") and letters_of(name or "") in seen.letters,
        "contact": bool(_ways_to_reach(contact or "", original) & seen.ways)
        or any(piece in seen.signs for piece in _pieces(contact or "")),
    }
    return [part for part, there in shown.items() if there]


def names_anywhere(name: str, *, organisations: Collection[str]) -> bool:
    """Whether a name is its writer's in whatever is said, be it of a matter that has nothing to do with the writing: it
    is no organisation's, and no word that the service itself says. Anybody can sign as anything."""
    letters = letters_of(name)
    return letters not in organisations and not any(letters in line for line in _own_words())


def reaches_anywhere(contact: str) -> str:
    """The contact without the places in it, where many can be reached: what has a number or Latin letters is left."""
    plain = unicodedata.normalize("NFKC", contact)
    return _WORDS.sub(
        lambda word: word.group() if _LATIN_OR_DIGIT.search(read_out(word.group())) else "",
        plain,
    )


def text_anywhere(text: str, *, telephones: Collection[str]) -> str:
    """An original's text without the numbers that are not its writer's in whatever is said: those of a house, and
    those of organisations."""

    def left(found: re.Match[str]) -> str:
        digits = re.sub(r"\W|_", "", found.group())
        public = _LANDLINE.fullmatch(digits) or _subscriber(digits) in telephones
        return "\n" if public else found.group()

    return _NUMBER.sub(left, unicodedata.normalize("NFKC", text))


def telephones_in(text: str) -> frozenset[str]:
    """Each number of the text, as numbers are compared."""
    return frozenset(map(_subscriber, _numbers(read_out(text))))


@cache
def _own_words() -> tuple[str, ...]:
    return tuple(letters_of(line) for line in shipped_bytes("reasons.toml").decode().splitlines())


def copied(*, said: str, original: str) -> bool:
    """Whether a sentence of the `original` is said again word for word: whoever knows the writer knows the words
    (Art. 21, 31). Signs between the letters make no other words."""
    own = _looked_through(said).signs
    sentences = map(_signs, _SENTENCE_ENDS.split(original))
    return any(len(sentence) >= _SIGNS_OF_A_SENTENCE and sentence in own for sentence in sentences)


class _Seen(NamedTuple):
    """What a text is looked through for."""

    letters: str
    signs: str
    ways: frozenset[str]


# A text is compared with each original that its writer has read: it is looked through once for all of them.
@lru_cache(maxsize=2)
def _looked_through(said: str) -> _Seen:
    return _Seen(letters_of(said), _signs(said), _ways_in(said))


def is_called(text: str) -> bool:
    """Whether somebody may be known by it, be it a name or not: whoever is, is not named to others."""
    letters = letters_of(text)
    return len(letters) >= 2 and letters not in NOBODY


def letters_of(text: str) -> str:
    """The letters that show, in one writing and without case: what is between and around them says nothing."""
    return "".join(filter(_is_letter, unicodedata.normalize("NFKC", text))).casefold()


# A list of ten thousand asks some million times, for some thousand signs.
@lru_cache(maxsize=8192)
def _is_letter(char: str) -> bool:
    return is_letter(char) and readable(char)


def _signs(text: str) -> str:
    """The letters and digits that show, in one writing and without case."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if (is_letter(char) or is_digit(char)) and readable(char)).casefold()


def _pieces(contact: str) -> Iterator[str]:
    """What of a contact leads to somebody, whatever kind of contact it is: the whole of it and each of its pieces,
    without the words that say what it is; of a mail address what stands before the sign."""
    plain = unicodedata.normalize("NFKC", contact).casefold()
    names = [mail.partition("@")[0] for mail in _MAIL_IN_TEXT.findall(plain)]
    for piece in (plain, *_PIECES.split(plain), *names):
        signs = _signs(_LABELS.sub("", piece))
        enough = _SIGNS_WITH_DIGITS if any(char.isdigit() for char in signs) else _SIGNS_OF_SOMEBODY
        # Long numbers are compared as numbers: there an area code makes no other one.
        if len(signs) >= enough and not (signs.isdigit() and len(signs) >= _SUBSCRIBER_DIGITS):
            yield signs


def _ways_to_reach(contact: str, original: str) -> frozenset[str]:
    """Every number and mail address of the contact, and those of a person in the text as it came."""
    of_contact, of_text = read_out(contact), read_out(original)
    personal = [number for number in _numbers(of_text) if _OWN_NUMBER.fullmatch(number)]
    mails = [*_MAIL_IN_TEXT.findall(of_contact), *_MAIL_IN_TEXT.findall(of_text)]
    return frozenset([*map(_subscriber, [*_numbers(of_contact), *personal]), *mails])


def _ways_in(said: str) -> frozenset[str]:
    plain = read_out(said)
    numbers = _numbers(plain)
    # A number may stand among other digits: every place where it could begin is looked at.
    parts = {
        number[at : at + _SUBSCRIBER_DIGITS] for number in numbers for at in range(len(number) - _SUBSCRIBER_DIGITS + 1)
    }
    return frozenset([*parts, *_MAIL_IN_TEXT.findall(plain)])


def _numbers(plain: str) -> list[str]:
    """The digits of each number, without whatever stands between them."""
    return [re.sub(r"\W|_", "", found) for found in _NUMBER.findall(plain)]


def _subscriber(number: str) -> str:
    """The last digits of a number: it is the same one with an area code and without."""
    return number[-_SUBSCRIBER_DIGITS:]


def read_out(text: str) -> str:
    """The text in one writing and without case, with the digits of numbers that are written in Chinese numerals."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_READ_OUT)
