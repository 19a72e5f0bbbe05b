"""How papers say days, instants, amounts and lists; and why a paper cannot be made yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.kernel.clock import SHANGHAI
from app.kernel.context import ReadContext
from app.kernel.printing.document import BLANK
from app.measures import sentences
from app.measures.amounts import amount_in_words
from app.measures.instruments import Parameters
from app.measures.sectors import SeatCategory
from app.measures.text import Text
from app.measures.working_days import UnknownYear
from app.services.instruments.in_force import round_parameters, working_calendar
from app.services.notices.publish_notice import period_of
from app.store.notices import Notice
from app.store.rounds import Round

_DIGITS = "零一二三四五六七八九"


class NotYet(Exception):
    """The paper cannot be made yet; `why` says what is missing."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = Text(zh, en)


def day(found: date | str | None) -> str | None:
    """A day as papers have it."""
    if found is None:
        return None
    on = date.fromisoformat(found) if isinstance(found, str) else found
    return f"{on.year}年{on.month}月{on.day}日"


def instant(found: datetime | None) -> str | None:
    """An instant in Huichang, to the minute."""
    if found is None:
        return None
    here = found.astimezone(SHANGHAI)
    return f"{day(here.date())}{here.hour:02d}:{here.minute:02d}"


def day_of(found: datetime | None) -> str | None:
    """The day of an instant in Huichang."""
    return None if found is None else day(found.astimezone(SHANGHAI).date())


def figures(fen: int) -> str:
    """An amount in yuan to the fen, as a column of a table has it; a loss has its sign."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def yuan(fen: int) -> str:
    """An amount with its unit."""
    return f"{figures(fen)}元"


def in_words(fen: int) -> str:
    """An amount as cheques have it."""
    return amount_in_words(fen)


def ordinal(number: int | None) -> str | None:
    """The number of a round in Chinese numerals; a blank before its call."""
    if number is None:
        return None
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def article(cited: str) -> str:
    """An article as papers cite it: "13(6)" is 第十三条第六项."""
    number, _, item = cited.partition("(")
    return f"第{ordinal(int(number))}条" + (f"第{ordinal(int(item.rstrip(')')))}项" if item else "")


def listed(items: Iterable[str] | None) -> str | None:
    """Items one after the other; a blank where there are none."""
    found = "、".join(items or ())
    return found or None


def category(found: str | None) -> str | None:
    """What a seat category is called."""
    return None if found is None else sentences.label("seat_category", SeatCategory(found).value, "zh")


def repeat(repeated: bool) -> str:
    """First award or repeat award, in a word."""
    return "复评获奖" if repeated else "首次获奖"


def of_round(row: Round) -> dict[str, str | None]:
    """What every paper of a round can name."""
    return {
        "届次": ordinal(row.ordinal),
        "年度": str(row.year),
        "活动名称": row.title,
        "办法文号": row.instrument_number,
    }


def parameters_of(row: Round) -> Parameters:
    """The numbers of a round; `NotYet` before its call has frozen them."""
    if row.parameters is None:
        raise NotYet("本届评审尚未发布通知", "The call is not published yet")
    return round_parameters(row)


async def period_told(context: ReadContext, row: Notice | None) -> dict[str, str | None]:
    """The period that a notice opened (Art. 21), as pages have it: its days, and how many of them are working days;
    blanks where there is none."""
    period = None if row is None else period_of(row)
    if period is None:
        return {"公示起始": None, "公示截止": None, "公示天数": None, "公示工作日": None}
    days = [period.first_day + timedelta(days=after) for after in range((period.last_day - period.first_day).days + 1)]
    calendar = await working_calendar(context.session)
    try:
        working = str(sum(calendar.is_working_day(found) for found in days))
    except UnknownYear:
        working = None
    return {
        "公示起始": day(period.first_day),
        "公示截止": day(period.last_day),
        "公示天数": str(len(days)),
        "公示工作日": working,
    }


def reached(context: ReadContext) -> dict[str, str | None]:
    """How the office is reached, by paper and on the web; what no setting says is a blank."""
    settings = context.settings
    base = settings.public_base_url.rstrip("/")
    return {
        "通讯地址": settings.office_address,
        "邮政编码": settings.office_postcode,
        "联系电话": settings.office_phone,
        "电子邮箱": settings.office_email,
        "监督电话": settings.supervision_phone,
        "异议网址": f"{base}/candidates",
        "申报网址": f"{base}/desk",
    }


def or_blank(words: str | None) -> str:
    """What is said within a sentence, or its blank."""
    return BLANK if words is None else words
