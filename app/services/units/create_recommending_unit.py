"""The office enters a recommending unit (Art. 3)."""

from __future__ import annotations

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Collision, FieldError, Invalid
from app.measures.facts import UnitKind
from app.measures.sectors import industry_as_read
from app.measures.text import Text
from app.store import units as store

_OF_AN_AREA = frozenset({UnitKind.TOWNSHIP, UnitKind.URBAN_COMMUNITY_COMMITTEE})


async def create_recommending_unit(
    context: WriteContext, *, name: str, kind: UnitKind, area: str | None, industry: str | None, uscc: str | None
) -> store.RecommendingUnit:
    """A unit: a township or committee has its area, a department or association its industry (Art. 12)."""
    of_area = kind in _OF_AN_AREA
    wrong = []
    for field, value, wanted in (("area", area, of_area), ("industry", industry, not of_area)):
        if (value is not None) is not wanted:
            text = (
                Text("该类推荐单位须填写此项", "A unit of this kind needs it")
                if wanted
                else Text("该类推荐单位不填写此项", "A unit of this kind has none")
            )
            wrong.append(FieldError(f"/{field}", FieldCode.REQUIRED if wanted else FieldCode.NOT_APPLICABLE, text))
    if wrong:
        text = Text(
            "乡镇和社区管委会填写辖区，部门和协会填写行业",
            "An area for townships and committees, an industry for the others",
        )
        raise Invalid(text, errors=wrong)
    if industry is not None:
        industry, unknown = industry_as_read(industry)
        if unknown:
            what = "、".join(unknown)
            text = Text(f"国民经济行业分类中没有：{what}", f"Not in GB/T 4754: {what}")
            raise Invalid(text, errors=[FieldError("/industry", FieldCode.NOT_FOUND, text)])
    if await store.unit_named(context.session, name) is not None:
        raise Collision(Text("该推荐单位已登记", "A unit of this name is registered"), code=ProblemCode.NAME_TAKEN)
    row = store.RecommendingUnit(
        created_at=context.now, name=name, kind=kind, area=area, industry=industry, uscc=uscc, active=True
    )
    context.session.add(row)
    await context.session.flush()
    audit.record(
        context, "create_recommending_unit", "unit", row.id, name=name, kind=row.kind, area=area, industry=industry
    )
    return row
