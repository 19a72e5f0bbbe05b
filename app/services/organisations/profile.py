"""What can be told of a profile as it is written: at the registration and whenever it changes (Arts. 12, 13(1))."""

from __future__ import annotations

from datetime import date

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.text import Text
from app.measures.units import known_area
from app.services.days import not_in_future
from app.services.instruments import in_force
from app.store import units


def check_founded(day: date, today: date, pointer: str) -> None:
    """`Invalid` for an organisation that does not exist yet."""
    not_in_future(day, today, pointer)


async def check_area(context: WriteContext, area: str | None, county_code: str, pointer: str) -> None:
    """`Invalid`, with the names that are valid, for an area within the county that no unit has: they are public, and no
    township could recommend it (Art. 12). How another county calls its areas is not known here."""
    if area is None:
        return
    areas = await units.areas(context.session)
    if not areas or known_area(area, areas):
        return
    instruments = await in_force.instruments(context.session)
    if county_code != in_force.nearest_parameters(context.today, instruments).county_code:
        return
    names = "、".join(sorted(areas))
    text = Text(
        f"没有推荐单位以“{area}”为辖区；请填以下之一，或者留空：{names}",
        f"No recommending unit has the area “{area}”; give one of these, or none: {names}",
    )
    raise Invalid(text, errors=[FieldError(pointer, FieldCode.NOT_ALLOWED, text)])
