"""The office enters an interpretation in the register (Art. 32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.context import WriteContext
from app.measures.findings import Finding
from app.measures.interpretations import RegisteredReading, reading_registrable
from app.measures.text import Text
from app.services.days import cited_in_time
from app.services.instruments import in_force
from app.services.lifecycle import enter
from app.store import instruments as store


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry of the register: the option chosen and the reading in words."""

    key: str
    value: str
    reading: Text
    document: str
    effective_on: date


async def register_interpretation(
    context: WriteContext, *, entry: Reading
) -> tuple[store.RegisteredInterpretation, Sequence[Finding]]:
    """An entry of the register. Rounds that are called already go on with the readings frozen at their call."""
    await store.alone(context.session)
    cited_in_time("/document", entry.document, latest=context.today)
    plain = RegisteredReading(entry.key, entry.value, entry.document, entry.effective_on)
    findings = reading_registrable(entry=plain, registered=await in_force.registered_readings(context.session))
    row = store.RegisteredInterpretation(
        created_at=context.now,
        key=entry.key,
        value=entry.value,
        reading_zh=entry.reading.zh,
        reading_en=entry.reading.en,
        document=entry.document,
        effective_on=entry.effective_on,
        registered_by=context.actor.known_id,
    )
    told = {name: getattr(row, name) for name in ("key", "value", "document", "effective_on")}
    await enter(context, row, "register_interpretation", "interpretation", findings=findings, **told)
    return row, findings
