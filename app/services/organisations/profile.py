"""What can be told of a profile as it is written: at the registration and whenever it changes (Arts. 12, 13(1))."""

from __future__ import annotations

from app.kernel.chinese import simplified
from app.kernel.context import ReadContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.kernel.stored import read_parameters
from app.measures.instruments import shipped_instruments
from app.measures.text import Text
from app.measures.units import known_area
from app.store import instruments, units
from app.store.database import ReadSession


async def check_area(context: ReadContext, area: str | None, county_code: str, pointer: str) -> None:
    """`Invalid`, with the names that are valid, for an area within the county that no unit has: they are public, and no
    township could recommend it (Art. 12). How another county calls its areas is not known here."""
    if area is None:
        return
    areas = await units.areas(context.session)
    if not areas or known_area(simplified(area), [simplified(item) for item in areas]):
        return
    if county_code not in await _own_county(context.session):
        return
    names = "、".join(sorted(areas))
    text = Text(
        f"没有推荐单位以“{area}”为辖区；请填以下之一，或者留空：{names}",
        f"No recommending unit has the area “{area}”; give one of these, or none: {names}",
    )
    raise Invalid(text, errors=[FieldError(pointer, FieldCode.NOT_ALLOWED, text)])


async def _own_county(session: ReadSession) -> set[str]:
    """The county's own code, as the measures have it; more than one where a later instrument has another."""
    registered = [row.parameters for row in await instruments.instruments(session)]
    numbers = [item.parameters for item in shipped_instruments()] + [
        None if stored is None else read_parameters(stored) for stored in registered
    ]
    return {item.county_code for item in numbers if item is not None}
