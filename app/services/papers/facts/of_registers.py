"""The lists of a round that an office keeps (Arts. 17, 21): as tables to work with."""

from __future__ import annotations

from app.kernel.context import ReadContext
from app.kernel.printing.document import table
from app.measures.objections import ObjectionClass
from app.measures.state_machines import APPLICATION, OBJECTION
from app.services.papers.facts.told import NotYet, category, instant, of_round
from app.services.papers.wording import Filling
from app.store import objections
from app.store.applications import listing
from app.store.rounds import Round
from app.store.sorting import Sort

# More than any round has had; a spreadsheet holds them.
_MOST = 20_000


async def application_register(context: ReadContext, row: Round) -> Filling:
    """Every application of the round with its state (Art. 17)."""
    if row.called_at is None:
        raise NotYet("本届评审尚未发布通知", "The call is not published yet")
    found = await listing.page(
        context.session,
        sort=Sort.OLDEST,
        after=None,
        limit=_MOST,
        round_id=row.id,
        state=None,
        organisation_id=None,
        unit_id=None,
        name=None,
    )
    lines = [
        (
            item.number or "（未提交）",
            item.organisation_name,
            item.uscc,
            item.sector or "",
            category(item.seat_category) or "",
            APPLICATION.states[item.state].zh,
            instant(item.submitted_at) or "",
        )
        for item in found
    ]
    columns = [("申报编号", 4), ("组织名称", 6), ("统一社会信用代码", 5), ("行业代码", 2), ("类别", 3), ("状态", 3)]
    return Filling(
        {**of_round(row), "申报数": str(len(lines))},
        {"申报登记": table("申报登记表", [*columns, ("提交时间", 4)], lines)},
    )


async def objection_register(context: ReadContext, row: Round) -> Filling:
    """Every objection of the round with its state and outcome (Art. 21): by its summary; who objected is no part of
    it."""
    found = await objections.objections_page(
        context.session, after=None, limit=_MOST, round_id=row.id, state=None, classification=None
    )
    if not found:
        raise NotYet("本届没有异议", "There is no objection in this round")
    lines = [
        (
            str(place),
            name,
            instant(item.received_at),
            "实名" if item.classification is ObjectionClass.FORMAL else "匿名或者逾期",
            OBJECTION.states[item.state].zh,
            item.summary or "",
            instant(item.closed_at) or "",
            item.outcome_public or "",
        )
        for place, (item, name) in enumerate(found, 1)
    ]
    columns = [("序号", 1), ("被异议名称", 4), ("收到时间", 3), ("类别", 2), ("状态", 2), ("摘要", 5), ("办结时间", 3)]
    return Filling(
        {**of_round(row), "异议数": str(len(lines))},
        {"异议登记": table("异议登记表", [*columns, ("公开答复", 5)], lines)},
    )
