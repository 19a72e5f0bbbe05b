"""The forms that a text may have to have: each regular expression has a name, and says in words what is expected.

A caller is answered with the words, never with the expression.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum, unique

from app.measures.text import Text


@unique
class Format(Enum):
    """The value is the regular expression, as the contract shows it. No two names have one expression: what is expected
    would be told of the other."""

    # GB 32100: 18 characters of digits and capitals without I, O, S, V, Z. The checksum is looked at separately.
    USCC = r"^[0-9A-HJ-NP-RT-UW-Y]{18}$"
    SIX_DIGITS = r"^[0-9]{6}$"
    # GB/T 2260: its first two digits are those of a province.
    COUNTY = r"^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{4}$"
    # Three digits are not taken: a class that lost its leading zero would look like a group of another section.
    INDUSTRY = r"^[0-9]{2}([0-9]{2})?$"
    # Where only the conditions are checked, the group is told as well.
    INDUSTRY_LOOSE = r"^[0-9]{2,4}$"
    LOGIN = r"^[A-Za-z0-9._@-]{3,80}$"
    # Digits with what people put between them, and an extension.
    PHONE = r"^[+() -]*[0-9]([+() -]*[0-9]){4,29}[+() -]*(转[0-9]{1,6})?$"
    EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{3,190}$"
    URL = r"^https?://\S+$"
    ACCOUNT_NUMBER = r"^[A-Z]{0,4}[0-9]{8,32}$"
    # 联行号 of the payment system.
    BANK_NUMBER = r"^[0-9]{12}$"
    # As banks and offices write them: 会财付〔2024〕0012号, 回单 第0012号. Letters and Chinese (between 一 and 鿿)
    # alone may be one; with blanks or other signs there is a digit in it.
    CONFIRMATION_NUMBER = r"^([一-鿿〔〕（）()\[\]/._-]*[A-Za-z][A-Za-z一-鿿〔〕（）()\[\]/._-]*|.*[0-9０-９].*)$"
    CERTIFICATE_NUMBER = r"^[0-9A-Za-z-]{1,60}$"
    PAPER_FILE = r"^[a-z_]{1,40}\.(pdf|docx|xlsx|csv|zip)$"
    TRACKING_CODE = r"^[A-Za-z0-9_-]+$"
    WORD = r"^[a-z][a-z0-9_]{0,59}$"
    KEY = r"^[a-z][a-z0-9_]{1,59}$"
    RULE_ID = r"^[a-z0-9_.]{3,60}$"
    ITEM_CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$"
    POINTS = r"^[0-9]{1,6}(\.[0-9]{1,2})?$"
    SHARE = r"^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$"
    DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"
    SHA256 = r"^[0-9a-f]{64}$"
    POINTER = r"^/[A-Za-z0-9_/.~-]{0,199}$"
    PRINTABLE_ASCII = r"^[\x21-\x7e]+$"


EXPECTED: dict[Format, Text] = {
    Format.USCC: Text(
        "须为 18 位统一社会信用代码（数字和大写字母，不含 I、O、S、V、Z）",
        "Must be a unified social credit code: 18 digits and capital letters, without I, O, S, V and Z",
    ),
    Format.SIX_DIGITS: Text("须为 6 位数字", "Must be 6 digits"),
    Format.COUNTY: Text(
        "须为 6 位行政区划代码（数字），如 360733", "Must be a division code of 6 digits, such as 360733"
    ),
    Format.INDUSTRY: Text(
        "须为国民经济行业分类代码：2 位大类或 4 位小类（数字）",
        "Must be an industry code of GB/T 4754: 2 digits for a division, 4 for a class",
    ),
    Format.INDUSTRY_LOOSE: Text(
        "须为国民经济行业分类代码：2 至 4 位数字", "Must be an industry code of GB/T 4754: 2 to 4 digits"
    ),
    Format.LOGIN: Text(
        "须为 3 至 80 个字符的登录名，只含字母、数字和 . _ @ -",
        "Must be a login of 3 to 80 characters: letters, digits and . _ @ -",
    ),
    Format.PHONE: Text(
        "须为电话号码：5 至 30 位数字，可含空格和 + ( ) -，分机如“转801”",
        "Must be a telephone number of 5 to 30 digits, with blanks and + ( ) - between them; an extension as ext. 801",
    ),
    Format.EMAIL: Text("须为电子邮箱地址，如 name@example.org", "Must be an e-mail address such as name@example.org"),
    Format.URL: Text(
        "须为以 http:// 或 https:// 开头的网址，不含空格",
        "Must be a URL that begins with http:// or https://, without blanks",
    ),
    Format.ACCOUNT_NUMBER: Text(
        "须为 8 至 32 位数字的收款账户号码，前面可有银行所加的字母（如 NRA）",
        "Must be an account number of 8 to 32 digits, before which a bank may put letters such as NRA",
    ),
    Format.BANK_NUMBER: Text("须为 12 位数字的联行号", "Must be a bank number of 12 digits"),
    Format.CONFIRMATION_NUMBER: Text(
        "须为 4 至 64 个字符的回单号，含有数字，或者含有字母而不含空格",
        "Must be a confirmation number of 4 to 64 characters with a digit in it, or with a letter and without blanks",
    ),
    Format.CERTIFICATE_NUMBER: Text(
        "须为证书编号：至多 60 个字符，只含字母、数字和 -",
        "Must be a certificate number of at most 60 characters: letters, digits and -",
    ),
    Format.PAPER_FILE: Text(
        "须为文件名：文书代号加 .pdf、.docx、.xlsx、.csv 或者 .zip",
        "Must be a paper's key with .pdf, .docx, .xlsx, .csv or .zip",
    ),
    Format.TRACKING_CODE: Text(
        "须为提交时所给的编码，只含字母、数字和 _ -",
        "Must be the code that was given at the submission: letters, digits and _ -",
    ),
    Format.WORD: Text(
        "须为 1 至 60 个字符，以小写字母开头，只含小写字母、数字和下划线",
        "Must be 1 to 60 characters: lower-case letters, digits and underscores, a letter first",
    ),
    Format.KEY: Text(
        "须为 2 至 60 个字符，以小写字母开头，只含小写字母、数字和下划线",
        "Must be 2 to 60 characters: lower-case letters, digits and underscores, a letter first",
    ),
    Format.RULE_ID: Text(
        "须为规则编号，如 art13.3.certified（3 至 60 个字符，只含小写字母、数字和 _ .）",
        "Must be a rule's id such as art13.3.certified: 3 to 60 lower-case letters, digits and _ .",
    ),
    Format.ITEM_CODE: Text(
        "须为 1 至 40 个字符，以字母或数字开头，只含字母、数字和 . _ -",
        "Must be 1 to 40 characters: letters, digits and . _ -, a letter or digit first",
    ),
    Format.POINTS: Text(
        "须为分值文本，整数部分至多 6 位，小数至多 2 位，如 652.5",
        "Must be points as text, at most 6 digits and 2 decimal places, such as 652.5",
    ),
    Format.SHARE: Text(
        "须为百分数文本，0 至 100，小数至多 2 位，如 93.4",
        "Must be a share of a hundred as text, 0 to 100 with at most 2 decimal places, such as 93.4",
    ),
    Format.DECIMAL: Text(
        "须为数值文本，整数部分至多 15 位，小数至多 4 位，如 62.5",
        "Must be a number as text, at most 15 digits and 4 decimal places, such as 62.5",
    ),
    Format.SHA256: Text(
        "须为 SHA-256 摘要：64 位十六进制小写字符", "Must be a SHA-256 digest: 64 lower-case hexadecimal characters"
    ),
    Format.POINTER: Text(
        "须为 JSON 指针，以 / 开头，至多 200 个字符，如 /content/figures",
        "Must be a JSON pointer of at most 200 characters that begins with /, such as /content/figures",
    ),
    Format.PRINTABLE_ASCII: Text(
        "只能含可打印的 ASCII 字符，不含空格", "Must be printable ASCII characters without blanks"
    ),
}

POSTCODE = Text("须为 6 位邮政编码（数字）", "Must be a postcode of 6 digits")


_ONE_OF = re.compile(r"\^\(([a-z_]+(?:\|[a-z_]+)*)\)\$")


def words_pattern(words: Iterable[str]) -> str:
    """The expression for one of these words, as `choices` reads it back."""
    return f"^({'|'.join(words)})$"


def choices(pattern: str) -> list[str] | None:
    """The words that an expression of `words_pattern` takes; None for every other."""
    found = _ONE_OF.fullmatch(pattern)
    return None if found is None else found.group(1).split("|")


def expected(pattern: str) -> Text | None:
    """What a value should look like, in words; None where the expression has no name."""
    try:
        return EXPECTED[Format(pattern)]
    except ValueError:
        return None


USCC_LENGTH = 18
_USCC_SIGNS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")


def plain_uscc(written: str) -> str:
    """A unified social credit code as GB 32100 writes it: people also type it small, in full width, in groups with
    blanks or hyphens between."""
    return plain_account(written).upper()


# What people write before an extension.
_EXTENSION = re.compile(r"(?:[转轉](?:分[机機])?|分[机機]|ext\.?|x|#)[ :]?([0-9]{1,6})$", re.IGNORECASE)


def plain_telephone(written: str) -> str:
    """A telephone number in half width, with one kind of dash and one word for an extension; signs of zero width are
    left out."""
    plain = unicodedata.normalize("NFKC", written).strip()
    shown = (char for char in plain if unicodedata.category(char) != "Cf")
    number = "".join("-" if char == "\u2212" or unicodedata.category(char) == "Pd" else char for char in shown)
    extension = _EXTENSION.search(number)
    return number if extension is None else f"{number[: extension.start()].rstrip()}转{extension[1]}"


def plain_account(written: str) -> str:
    """An account number, or another code of digits, without what people and banks put between its groups: blanks and
    hyphens; full width is read as meant."""
    plain = unicodedata.normalize("NFKC", written)
    # Zs are blanks, Pd are dashes, Cf are signs of zero width that come along when text is copied; U+2212 is a minus.
    return "".join(
        char
        for char in plain
        if not char.isspace() and unicodedata.category(char) not in ("Pd", "Cf") and char != "\u2212"
    )


def plain_decimal(written: str) -> str:
    """A number as text, as people type it: full width, blanks and the minus of a formula are read as meant."""
    plain = unicodedata.normalize("NFKC", written).replace("\u2212", "-")
    return "".join(char for char in plain if not char.isspace() and unicodedata.category(char) != "Cf")


def uscc_fault(code: str) -> Text | None:
    """What is wrong with the form of a code that `plain_uscc` has answered: a sign that no code has, or its length. The
    checksum is not looked at."""
    for place, sign in enumerate(code[:USCC_LENGTH], start=1):
        if sign not in _USCC_SIGNS:
            named = f"“{sign}”" if sign.isprintable() else ""
            return Text(
                f"统一社会信用代码第 {place} 位的字符{named}不得使用：只用数字和大写字母，不含 I、O、S、V、Z",
                f"Character {place} of the unified social credit code{f', {named},' if named else ''} is in no code: "
                "they consist of digits and capital letters without I, O, S, V and Z",
            )
    if len(code) != USCC_LENGTH:
        return Text(
            f"统一社会信用代码须为 {USCC_LENGTH} 位，所填为 {len(code)} 位",
            f"A unified social credit code has {USCC_LENGTH} characters; this one has {len(code)}",
        )
    return None
