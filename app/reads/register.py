"""The register of awards (Arts. 22, 23, 31)."""

from __future__ import annotations

from datetime import date

from app.kernel.paging import Key, PageRequest, text_value
from app.measures.validity import CertificateStatus
from app.reads.wire import Answer, dumps
from app.services.awards.register import printed_in_register, status_of
from app.store import awards as store
from app.store.readers import Reader
from app.store.sorting import Place, Sort


def _place(request: PageRequest, sort: Sort, filters: dict[str, object]) -> Place:
    if sort is Sort.NAME:
        return request.after_value(text_value, **filters)
    return request.after_value(date.fromisoformat, **filters) if sort is Sort.EXPIRY else request.after(**filters)


def _key(row: store.RegisterLine, sort: Sort) -> Key:
    value = store.register_value(row, sort)
    return row.id if value is None else (value, row.id)


async def page(
    reader: Reader,
    *,
    request: PageRequest,
    year: int | None,
    status: CertificateStatus | None,
    name: str | None = None,
    sort: Sort = Sort.NEWEST,
    today: date,
) -> Answer:
    """A page of the register in the order of `sort`; `status` is that of `today` (Shanghai), `name` part of one of the
    holder's. `Invalid` for a cursor of another query."""
    filters: dict[str, object] = {"year": year, "status": status, "name": name, "sort": sort}
    rows = await store.register_page(
        reader,
        sort=sort,
        after=_place(request, sort, filters),
        limit=request.limit,
        year=year,
        status=status,
        name=name,
        today=today,
    )
    found = request.page(rows, key=lambda row: _key(row, sort), **filters)
    lines = [
        {
            "id": row.id,
            "award_year": row.award_year,
            "round_ordinal": row.round_ordinal,
            "awarded_name": row.awarded_name,
            "printed_name": printed_in_register(row),
            "repeat_award": row.repeat_award,
            "status": status_of(row, today),
            "conferred_on": row.conferred_on,
            "valid_until": row.valid_until,
            "revoked_on": row.revoked_on,
            "revoked_under": row.revoked_under,
            "revocation_annulled_on": row.revocation_annulled_on,
            "holder_dissolved_on": row.holder_dissolved_on,
            "certificate_number": row.certificate_number,
            "decree_number": row.decree_number,
            "is_sample": row.is_sample,
        }
        for row in found.items
    ]
    return Answer(dumps({"items": lines, "next_cursor": found.next_cursor}))
