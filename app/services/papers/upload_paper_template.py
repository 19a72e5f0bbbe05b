"""The office hands in its own words for a paper of an instrument's rounds: checked, and not in force before they are
put so."""

from __future__ import annotations

import hashlib

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.text import Text
from app.services.instruments.in_force import head_of_line
from app.services.papers.catalogue import KINDS, PaperKind, worded
from app.services.papers.drafts import no_such_paper
from app.services.papers.wording import Wording
from app.store import papers as store


async def upload_paper_template(
    context: WriteContext, *, kind: str, text_zh: str, instrument_number: str | None = None
) -> store.PaperTemplate:
    """Keep the words for the rounds of an instrument, of that in force where none is named: an extension's are those of
    what it extends (Art. 33). `Invalid` with every line that names what the paper does not have, or holds a script, for
    what they do not name and have to, and for an instrument that is not registered."""
    checked(kind_named(kind), text_zh)
    row = store.PaperTemplate(
        created_at=context.now,
        kind=kind,
        instrument_number=await instrument_named(context, instrument_number),
        text_zh=text_zh,
        text_hash=hashlib.sha256(text_zh.encode()).hexdigest(),
        uploaded_by=context.actor.known_id,
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(
        context,
        "upload_paper_template",
        "paper_template",
        row.id,
        kind=kind,
        instrument_number=row.instrument_number,
        text_hash=row.text_hash,
    )
    return row


async def instrument_named(context: ReadContext, number: str | None, pointer: str = "/instrument_number") -> str:
    """The number of the original or successor to which words belong; `Invalid` where none has this number, or none is
    in force today and none is named."""
    head = await head_of_line(context.session, number, context.today)
    if head is not None:
        return head
    if number is None:
        code, told = (
            FieldCode.REQUIRED,
            Text("今日没有施行中的办法，须写明办法文号", "No measures are in force: name them"),
        )
    else:
        code, told = FieldCode.NOT_FOUND, Text("没有登记此文号的办法", "No instrument with this number is registered")
    raise Invalid(told, errors=[FieldError(pointer, code, told)])


def checked(kind: PaperKind, text_zh: str) -> Wording:
    """The words as they are read; `Invalid` where something is wrong with them."""
    wording, faults = worded(kind, text_zh)
    if faults:
        errors = [
            FieldError(
                "/text_zh", FieldCode.INVALID, Text(f"第{item.number}行：{item.zh}", f"Line {item.number}: {item.en}")
            )
            for item in faults[:50]
        ]
        raise Invalid(Text("模板不能使用", "The words cannot be used"), errors=errors)
    return wording


def kind_named(kind: str) -> PaperKind:
    """The paper that is called so; `NotFound` where there is none."""
    if kind not in KINDS:
        raise no_such_paper()
    return KINDS[kind]
