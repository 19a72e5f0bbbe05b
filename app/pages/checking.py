"""The open eligibility check as a form: what somebody knows without a lawyer, findings and remedies as the gate tells
them (Arts. 4 to 6, 13). Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from fastapi import Request, Response

from app.measures.facts import HonourLevel, LegalForm, RecordCategory
from app.measures.findings import Outcome
from app.measures.sectors import sections
from app.measures.text import Text
from app.pages.asking import ask, items_of, read
from app.pages.forms import Form, new_ticket, sent_form, ticket_of, typed_in, wrong
from app.pages.rendering import is_english, page, today
from app.pages.route import Pages

pages = Pages()
_YEARS = 3
# How many of each the form has room for; the API takes more.
ROWS = {"certificates": 2, "licences": 2, "adverse_records": 2, "honours": 1}
# What people state in ten thousand yuan.
_MONEY = frozenset({"revenue_fen", "net_profit_fen", "tax_fen"})
_FEN = Decimal(1_000_000)
_MOST_DIGITS = 18
_NUMBERS = frozenset({"year", "level", "round_ordinal"})
_YES_OR_NO = frozenset({"operating", "attributable", "revoked"})
# What is chosen or filled in beforehand, and says nothing where the rest of its row is empty.
_BEFOREHAND = frozenset({"year", "attributable", "revoked", "level", "category"})
_COUNTY = "360733"
_CHOSEN = ("organisation/operating",)
_NO_AMOUNT = Text(
    "请填写数字，单位万元，至多六位小数", "A number in ten thousand yuan, with six decimal places at most"
)


@pages.page("/check")
async def show_check(request: Request) -> Response:
    """The form."""
    return await _form(request, Form({"organisation/county_code": _COUNTY}))


@pages.page("/check", posted=True)
async def send_check(request: Request) -> Response:
    """The findings to what was stated, above the form with all of it."""
    form = await sent_form(request)
    ticket_of(request, form)
    typed = typed_in(form)
    said, back, unread = stated(typed)
    if unread:
        told = _NO_AMOUNT.en if is_english(request) else _NO_AMOUNT.zh
        return await _form(request, Form(typed, dict.fromkeys(unread, told)), status=422)
    answer = await ask(request, "/v1/eligibility-checks", said=said)
    if answer.is_done:
        return await _form(request, Form(typed), answer=answer.body)
    return await _form(request, wrong(answer, typed, fields=_CHOSEN, back=back), status=answer.status)


def stated(typed: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str], list[str]]:
    """What was typed as the operation takes it. Rows that were left empty are left out: with it, which place of the
    form each row of what is sent comes from, and the amounts that cannot be read."""
    said: dict[str, object] = {"organisation": {}, "content": {}}
    back: dict[str, str] = {}
    unread: list[str] = []
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for name, value in sorted(typed.items()):
        *where, last = name.split("/")
        if not value.strip() or not where:
            if value.strip():
                said[name] = value.strip()
            continue
        row = rows.setdefault(("/".join(where[:-1]), where[-1]) if where[-1].isdigit() else ("/".join(where), ""), {})
        read = _read(last, value.strip())
        if read is None:
            unread.append(name)
        row[last] = read
    for (place, number), row in rows.items():
        if not row.keys() - _BEFOREHAND:
            continue
        *outer, last = place.split("/")
        holder = said.setdefault(outer[0], {}) if outer else said
        if not isinstance(holder, dict):
            continue
        if not number:
            holder[last] = row | dict(known) if isinstance(known := holder.get(last), dict) else row
            continue
        listed = holder.setdefault(last, [])
        back[f"{place}/{len(listed)}"] = f"{place}/{number}"
        listed.append(row)
    return said, back, unread


def _read(name: str, value: str) -> object:
    """A value as JSON has it; None for an amount that is none. What else cannot be read is for the operation to say."""
    if name in _MONEY:
        try:
            amount = Decimal(value.replace(",", "").replace("，", "")) * _FEN
        except ArithmeticError:
            return None
        # Before anything is made of it: a short text may stand for a number without end.
        if not amount.is_finite() or amount.adjusted() > _MOST_DIGITS or amount != amount.to_integral_value():
            return None
        return int(amount)
    if name in _NUMBERS and value.isascii() and value.isdigit() and len(value) < 7:
        return int(value)
    if name in _YES_OR_NO:
        return value == "yes" if value in ("yes", "no") else value
    return value


async def _words(request: Request) -> dict[str, dict[str, object]]:
    """What the contract's words are called, in the language of the page, by enumeration."""
    told = await read(request, "/v1/vocabularies")
    language = "en" if is_english(request) else "zh"
    return {
        str(item["name"]): {str(word["value"]): word[language] for word in items_of(item, "words")}
        for item in items_of(told, "enumerations")
    }


async def _form(
    request: Request, form: Form, *, status: int = 200, answer: Mapping[str, object] | None = None
) -> Response:
    form.ticket = new_ticket(request)
    year = today(request).year
    findings = items_of(answer or {}, "findings")
    call = items_of(answer or {}, "call")
    words = await _words(request)
    return page(
        request,
        "check.html",
        status=status,
        private=True,
        form=form,
        answer=answer,
        open=[item for item in [*call, *findings] if item["outcome"] == Outcome.FAIL],
        decided=[item for item in findings if item["outcome"] == Outcome.NEEDS_DECISION],
        met=[item for item in [*call, *findings] if item["outcome"] == Outcome.PASS],
        later=items_of(answer or {}, "decided_later"),
        years=[year - before for before in range(_YEARS, 0, -1)],
        legal_forms=[(item.value, words["LegalForm"][item]) for item in LegalForm],
        sections=list(sections().values()),
        categories=[(item.value, words["RecordCategory"][item]) for item in RecordCategory],
        levels=[(item.value, words["HonourLevel"][item]) for item in HonourLevel],
        rows=ROWS,
    )
