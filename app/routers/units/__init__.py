"""Recommending units and consulted departments (Arts. 3, 12, 17)."""

from typing import Annotated

from fastapi import APIRouter

from app.kernel.context import ReadContext, WriteContext
from app.measures.roles import Role
from app.schemas.common import PageOut, page_view
from app.schemas.units import DepartmentIn, DepartmentOut, UnitIn, UnitOut
from app.services.units import create_department as establish
from app.services.units import create_recommending_unit as create
from app.services.units import read_departments, read_recommending_units
from app.web.policy import EVERYONE, Paging, Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["recommending-units"])


_SEEN_BY = (Role.APPLICANT, Role.OFFICE, Role.AUDITOR)


@router.get("/recommending-units", summary="Recommending units")
async def list_recommending_units(
    paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> PageOut[UnitOut]:
    """Townships, the urban community committee, departments and associations that recommend (Art. 3, 12), public: an
    organisation names its area as `area` has it here."""
    return page_view(
        await read_recommending_units.list_recommending_units(context, request=paging), UnitOut.model_validate
    )


@router.post("/recommending-units", summary="Add a recommending unit", status_code=201)
async def create_recommending_unit(body: UnitIn, context: Annotated[WriteContext, acting(Role.OFFICE)]) -> UnitOut:
    """The office adds a unit (Art. 3): an area for townships and committees, an industry for the others (Art. 12)."""
    row = await create.create_recommending_unit(
        context, name=body.name, kind=body.kind, area=body.area, industry=body.industry, uscc=body.uscc
    )
    return UnitOut.model_validate(row)


@router.get("/departments", summary="Consulted departments")
async def list_departments(
    paging: Paging, context: Annotated[ReadContext, reading(*EVERYONE)]
) -> PageOut[DepartmentOut]:
    """The departments and the categories of Art. 13(6) that each answers for (Art. 17)."""
    return page_view(await read_departments.list_departments(context, request=paging), DepartmentOut.model_validate)


@router.post("/departments", summary="Add a consulted department", status_code=201)
async def create_department(body: DepartmentIn, context: Annotated[WriteContext, acting(Role.OFFICE)]) -> DepartmentOut:
    """The office adds a department with the categories of Art. 13(6) that it answers for (Art. 17)."""
    row = await establish.create_department(context, name=body.name, name_en=body.name_en, categories=body.categories)
    return DepartmentOut.model_validate(row)
