"""The vocabularies: what comes with the release, and the lists of units and departments as they stand."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from anyio import to_thread

from app.kernel.file_types import EXTENSIONS, file_type
from app.kernel.settings import Settings
from app.measures.review_rules import FileType
from app.measures.sectors import divisions, sections
from app.schemas.labels import labels_of, shown_label
from app.schemas.portal import (
    DocumentKindOut,
    EnumerationOut,
    LabelledWord,
    PublicRecommendingUnit,
    SectorSectionOut,
    VocabulariesOut,
)
from app.services.recommendations.upload_stamped_opinion import TAKEN
from app.store import units
from app.store.readers import Reader
from app.store.units import DepartmentLine, RecommendingUnitLine
from app.web.contract_layout import CONTRACT
from app.web.frozen import Frozen, frozen_answer
from app.web.reference import meaning

# Where each kind of file is uploaded; what of its types is taken (none: every one that the service knows).
_UPLOADS = {
    "attachment": ("/v1/applications/{application_id}/attachments", ()),
    "objection_file": ("/v1/objections/{objection_id}/files", ()),
    "stamped_opinion": ("/v1/stamped-opinions", TAKEN),
    "statement_file": ("/v1/revocations/{revocation_id}/files", ()),
    "withdrawal_letter_file": ("/v1/conferral-doubts/{doubt_id}/files", ()),
}
# Their fields are keywords of JSON Schema, and facts, whose sentences say them.
UNNAMED = frozenset({"FormNode", "FindingFacts"})
_VERSION_DIGITS = 16


class Vocabularies:
    """The answer of one worker, kept with the lists for which it was made: they are read each time."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[list[RecommendingUnitLine], list[DepartmentLine]], Frozen] | None = None

    async def answer(self, reader: Reader, settings: Settings) -> Frozen:
        """All vocabularies as they stand now."""
        lists = (await units.public_recommending_units(reader), await units.public_departments(reader))
        if self._kept is None or self._kept[0] != lists:
            # The first time the contract is read: a tenth of a second, which nobody else has to wait for.
            self._kept = (lists, await to_thread.run_sync(lambda: frozen_answer(_told(*lists, settings))))
        return self._kept[1]


def _told(asked: list[RecommendingUnitLine], consulted: list[DepartmentLine], settings: Settings) -> VocabulariesOut:
    told = VocabulariesOut(
        version="",
        enumerations=_enumerations(),
        fields=_fields(),
        sectors=_sectors(),
        areas=list(dict.fromkeys(unit.area for unit in asked if unit.area is not None)),
        recommending_units=[PublicRecommendingUnit(**unit._asdict()) for unit in asked],
        departments=[LabelledWord(value=str(item.id), zh=item.name, en=item.name_en) for item in consulted],
        document_kinds=_document_kinds(settings),
    )
    told.version = hashlib.sha256(told.model_dump_json().encode()).hexdigest()[:_VERSION_DIGITS]
    return told


@cache
def _enumerations() -> list[EnumerationOut]:
    schemas = json.loads(CONTRACT.read_bytes())["components"]["schemas"]
    return [
        EnumerationOut(name=name, words=words_of(name, schema["enum"]))
        for name, schema in schemas.items()
        if "enum" in schema
    ]


@cache
def _fields() -> list[LabelledWord]:
    """Every name of a field or a parameter, with what people call it."""
    document = json.loads(CONTRACT.read_bytes())
    parts = document["components"]
    asked = [item for methods in document["paths"].values() for item in methods.values()]
    own = [item["name"] for operation in asked for item in operation.get("parameters", []) if "name" in item]
    shared = [item["name"] for item in parts["parameters"].values()]
    held = [
        name for key, schema in parts["schemas"].items() if key not in UNNAMED for name in schema.get("properties", {})
    ]
    named = {name: shown_label(name) or meaning("", name) for name in sorted({*own, *shared, *held})}
    return [LabelledWord(value=name, zh=text.zh, en=text.en) for name, text in named.items() if text is not None]


def words_of(enumeration: str, words: list[str]) -> list[LabelledWord]:
    """These words of an enumeration, each with its labels."""
    return [LabelledWord(value=word, zh=text.zh, en=text.en) for word, text in labels_of(enumeration, words).items()]


@cache
def _sectors() -> list[SectorSectionOut]:
    return [
        SectorSectionOut(
            letter=section.letter,
            zh=section.name.zh,
            en=section.name.en,
            seat_category=section.seat_category,
            divisions=[
                LabelledWord(value=code, zh=name.zh, en=name.en)
                for code, name in divisions().items()
                if section.first_division <= int(code) <= section.last_division
            ],
        )
        for section in sections().values()
    ]


def _document_kinds(settings: Settings) -> list[DocumentKindOut]:
    names = labels_of("OwnFileKind", _UPLOADS)
    return [
        DocumentKindOut(
            code=kind,
            zh=names[kind].zh,
            en=names[kind].en,
            asked=False,
            file_types=[file_type(media_type, "") for media_type in taken] or list(FileType),
            media_types=list(taken or EXTENSIONS),
            max_bytes=settings.max_file_bytes,
            files_at_most=None,
            method="POST",
            path=path,
        )
        for kind, (path, taken) in _UPLOADS.items()
    ]
