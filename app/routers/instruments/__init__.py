"""The law as the office keeps it up to date; everybody may read it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter

from app.kernel.context import ReadContext, WriteContext
from app.kernel.stored import read_parameters
from app.measures.findings import Finding
from app.measures.instruments import Instrument, InstrumentKind, parameter_articles
from app.measures.roles import Role
from app.measures.text import Text
from app.schemas.common import finding_view
from app.schemas.instruments import (
    HolidayYearIn,
    HolidayYearOut,
    HolidayYearsOut,
    InForceOut,
    InstrumentIn,
    InstrumentOut,
    InstrumentsOut,
    InterpretationEntry,
    InterpretationIn,
    InterpretationMade,
    InterpretationOut,
    InterpretationsOut,
    OptionOut,
)
from app.services.instruments import import_holiday_year as holidays
from app.services.instruments import in_force, read
from app.services.instruments import register_instrument as registration
from app.services.instruments import register_interpretation as interpretation
from app.store.instruments import RegisteredInstrument
from app.web.policy import Route, acting, reading

router = APIRouter(prefix="/v1", route_class=Route, tags=["instruments"])


@router.get("/instruments", summary="Instruments")
async def list_instruments(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> InstrumentsOut:
    """The normative documents with their periods and numbers, and the one in force today, if any (Art. 33)."""
    found = await read.list_instruments(context)
    current = found.today
    return InstrumentsOut(
        in_force=None
        if current is None or current.parameters is None
        else InForceOut(number=current.number, parameters=in_force.parameters_record(current.parameters)),
        parameter_articles=dict(parameter_articles()),
        items=[*map(_shipped, found.shipped), *(_registered(row) for row in found.registered)],
    )


@router.post("/instruments", summary="Register an instrument", status_code=201)
async def register_instrument(
    body: InstrumentIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> InstrumentOut:
    """An extension of the trial, or a successor with its own numbers (Art. 33). No day may find two sets of numbers. It
    reaches back before its own date only where the document says so (`retroactive`), and decisions cite that. A
    malformed document number is warned of; one whose year is not the document's is refused (Art. 22, 33)."""
    new = Instrument(
        number=body.number,
        title_zh=body.title_zh,
        title_en=body.title_en,
        kind=InstrumentKind(body.kind),
        extends=body.extends,
        in_force_from=body.in_force_from,
        in_force_to=body.in_force_to,
        parameters=None if body.parameters is None else read_parameters(body.parameters.model_dump()),
        dated=body.document_date,
        retroactive=body.retroactive,
    )
    row, findings = await registration.register_instrument(context, new=new, document_date=body.document_date)
    return _registered(row, findings)


@router.get("/interpretations", summary="The register of interpretations")
async def list_interpretations(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> InterpretationsOut:
    """Where the text is silent: the questions, how they are read today and by which document (Art. 32)."""
    today, questions = await read.list_interpretations(context)
    return InterpretationsOut(
        items=[
            InterpretationOut(
                key=item.key,
                articles=list(item.shipped.articles) if item.shipped else [],
                question_zh=item.shipped.question.zh if item.shipped else None,
                question_en=item.shipped.question.en if item.shipped else None,
                options=[
                    OptionOut(value=value, zh=text.zh, en=text.en)
                    for value, text in (item.shipped.options if item.shipped else {}).items()
                ],
                default=item.shipped.default if item.shipped else None,
                reading=today.values.get(item.key),
                document=today.documents.get(item.key),
                entries=[InterpretationEntry.model_validate(row) for row in item.entries],
            )
            for item in questions
        ]
    )


@router.post("/interpretations", summary="Register an interpretation", status_code=201)
async def register_interpretation(
    body: InterpretationIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> InterpretationMade:
    """The office reads a question in another way from a day on, by a document (Art. 32). Rounds that are called already
    go on with the readings frozen at their call (Art. 10, 16)."""
    entry = interpretation.Reading(
        body.key, body.value, Text(body.reading_zh, body.reading_en), body.document, body.effective_on
    )
    row, findings = await interpretation.register_interpretation(context, entry=entry)
    shown = InterpretationEntry.model_validate(row)
    return InterpretationMade(
        **shown.model_dump(), key=row.key, findings=[finding_view(finding) for finding in findings]
    )


@router.get("/holiday-years", summary="Holiday years")
async def list_holiday_years(context: Annotated[ReadContext, reading(Role.PUBLIC)]) -> HolidayYearsOut:
    """The years whose working days are known (Art. 21). No period can end in another year before it is imported."""
    return HolidayYearsOut(
        items=[
            HolidayYearOut(
                year=item.year,
                holidays=sorted(item.data.holidays),
                workdays=sorted(item.data.workdays),
                source=item.data.source,
                imported=item.imported,
            )
            for item in await read.list_holiday_years(context)
        ]
    )


@router.post("/holiday-years", summary="Import a holiday year", status_code=201)
async def import_holiday_year(
    body: HolidayYearIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> HolidayYearOut:
    """The days of a year's notice, by which the publicity is counted (Art. 21). An amended notice replaces the year as
    a whole; periods that were announced keep their last day."""
    row = await holidays.import_holiday_year(
        context, year=body.year, holidays=body.holidays, workdays=body.workdays, source=body.source
    )
    return HolidayYearOut.model_validate(
        {"year": row.year, "holidays": row.holidays, "workdays": row.workdays, "source": row.source, "imported": True}
    )


def _shipped(item: Instrument) -> InstrumentOut:
    return InstrumentOut(
        id=None,
        number=item.number,
        title_zh=item.title_zh,
        title_en=item.title_en,
        kind=item.kind.value,
        extends=item.extends,
        in_force_from=item.in_force_from,
        in_force_to=item.in_force_to,
        parameters=None if item.parameters is None else in_force.parameters_record(item.parameters),
        document_date=None,
        effective_from=item.effective_from,
        registered_at=None,
    )


def _registered(row: RegisteredInstrument, findings: Sequence[Finding] = ()) -> InstrumentOut:
    return InstrumentOut(
        id=row.id,
        number=row.number,
        title_zh=row.title_zh,
        title_en=row.title_en,
        kind=row.kind,
        extends=row.extends,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        parameters=row.parameters,
        document_date=row.document_date,
        retroactive=row.retroactive,
        effective_from=in_force.as_instrument(row).effective_from,
        registered_at=row.created_at,
        findings=[finding_view(finding) for finding in findings],
    )
