"""The office enters a department that is consulted (Art. 17)."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.facts import RecordCategory
from app.measures.text import Text
from app.store import units as store


async def create_department(
    context: WriteContext, *, name: str, name_en: str, categories: Sequence[RecordCategory]
) -> store.Department:
    """A department and the categories of Art. 13(6) that it can answer for."""
    if await store.department_named(context.session, name) is not None:
        raise Collision(Text("该部门已登记", "A department of this name is registered"), code=ProblemCode.NAME_TAKEN)
    row = store.Department(
        created_at=context.now,
        name=name,
        name_en=name_en,
        categories=sorted({category.value for category in categories}),
        active=True,
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(context, "create_department", "department", row.id, name=name, categories=row.categories)
    return row
