"""Amounts of money as banks write them out (Art. 9)."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LARGEST_FEN = 10**18 - 1


def amount_in_words(fen: int) -> str:
    """The amount in capital Chinese numerals, as cheques have it: 10 000 000 fen is 人民币壹拾万元整.

    `fen` lies between 0 and 10**18 - 1; `ValueError` otherwise. One 零 stands for places that are empty between others;
    整 follows where there are no 分.
    """
    if not 0 <= fen <= _LARGEST_FEN:
        raise ValueError(f"no amount that can be written out: {fen}")
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif rest and yuan:
        words += "零"
    if rest:
        return f"人民币{words}{_DIGITS[rest]}分"
    return f"人民币{words or '零元'}整"


def _whole(yuan: int) -> str:
    for unit, size, one_below in (("亿", 10**8, 10**7), ("万", 10**4, 10**3)):
        if yuan >= size:
            high, low = divmod(yuan, size)
            return _whole(high) + unit + ("零" if 0 < low < one_below else "") + (_whole(low) if low else "")
    return _group(yuan)


def _group(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0 and bool(words)
    return words
