"""What a round adds to a form: what it asks for, its sections, materials, indicators, scoring items (Arts. 5, 10, 17,
18). Marks and names only: what is accepted stays what the operation accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.kernel.file_types import EXTENSIONS
from app.kernel.settings import Settings
from app.measures.asks import Indicator
from app.measures.files import RENEWED
from app.measures.instruments import Parameters
from app.measures.performance import years_before
from app.measures.review_rules import FormPart, Named, ReviewRules
from app.schemas.labels import labels_of
from app.web.contract_examples import Part as Node


@dataclass(frozen=True, slots=True)
class RoundOfForm:
    """What of a round a form is described by."""

    year: int
    rules: ReviewRules
    parameters: Parameters

    @property
    def years(self) -> list[int]:
        """The complete years before the round's (Art. 5)."""
        return years_before(self.year, self.parameters.lookback_years)


def asked_of_round(operation: str, schema: Node, found: RoundOfForm) -> None:
    """Mark in the form's schema what the round asks for."""
    mark = MARKS.get(operation)
    if mark is not None:
        mark(schema["properties"], found)


def files_of(operation: str, found: RoundOfForm, settings: Settings) -> list[Node]:
    """The files that the round takes beside the form; none of a form that goes without."""
    if operation != "edit_application":
        return []
    rules = found.rules
    endings = {ending: media_type for media_type, endings in EXTENSIONS.items() for ending in endings}
    media_types = dict.fromkeys(endings[item] for item in rules.file_types)
    required = {item.code for item in rules.required_materials}
    return [
        {
            "code": item.code,
            "zh": item.zh,
            "en": item.en,
            "asked": item.code in required,
            "file_types": list(rules.file_types),
            "media_types": list(media_types),
            "max_bytes": min(rules.max_file_bytes, settings.max_file_bytes),
            "files_at_most": rules.files_per_material,
            "method": "POST",
            "path": "/v1/applications/{application_id}/attachments",
        }
        for item in (*rules.required_materials, *rules.further_materials, RENEWED)
    ]


def _application(body: Mapping[str, Node], found: RoundOfForm) -> None:
    content, asks = body["content"]["properties"], found.rules.asks
    wanted = {item.value for item in asks.form_fields} | {"truthfulness"}
    wanted |= {part.value for part in found.rules.before_recommendation if part is not FormPart.MATERIALS}
    wanted |= {"sections"} if found.rules.required_sections else set()
    wanted |= {"indicators"} if asks.indicators else set()
    wanted |= {"internal_notice"} if asks.internal_notice is not None else set()
    _ask(content, wanted)
    _ask(content["main_products"]["items"]["properties"], asks.product_details)
    lengths = {item.code: item for item in asks.section_lengths}
    _named(content["sections"], found.rules.required_sections)
    for code, part in content["sections"]["properties"].items():
        part["asked"] = True
        for bound in ("at_least", "at_most"):
            if code in lengths and getattr(lengths[code], bound) is not None:
                part[bound] = getattr(lengths[code], bound)
    years = [{"value": str(year), "zh": f"{year}年", "en": str(year)} for year in found.years]  # house: sentences
    for name in ("figures", "indicators"):
        content[name]["items"]["properties"]["year"]["options"] = years
    indicator = content["indicators"]["items"]["properties"]["code"]
    indicator["options"] = [_indicator(item) for item in asks.indicators]
    content["tables"]["items"]["properties"]["section"]["options"] = [
        {"value": item.code, "zh": item.zh, "en": item.en} for item in found.rules.required_sections
    ]


def _indicator(item: Indicator) -> Node:
    counted = labels_of("IndicatorUnit", [item.counted_in])[item.counted_in]
    return {"value": item.code, "zh": f"{item.zh}（{counted.zh}）", "en": f"{item.en} ({counted.en})"}


def _recommendation(body: Mapping[str, Node], found: RoundOfForm) -> None:
    _ask(body, found.rules.asks.recommendation)


def _reply(body: Mapping[str, Node], found: RoundOfForm) -> None:
    _ask(body, found.rules.asks.opinions)


def _sheet(body: Mapping[str, Node], found: RoundOfForm) -> None:
    items = found.rules.items
    categories = {item.category: (item.category_zh, item.category_en) for item in items}
    for name in ("scores", "comments"):
        _named(body[name], [Named(item.code, item.zh, item.en) for item in items])
        body[name]["groups"] = [
            {"code": code, "zh": zh, "en": en, "fields": [item.code for item in items if item.category == code]}
            for code, (zh, en) in categories.items()
        ]
    body["scores"]["asked"] = True
    for part in body["scores"]["properties"].values():
        part |= {"asked": True, "step": found.rules.score_step, "counted_in": body["scores"]["counted_in"]}


def _ask(fields: Mapping[str, Node], names: Iterable[str]) -> None:
    for name in names:
        # What is asked of others than this form holds is asked elsewhere.
        if name in fields:
            fields[name]["asked"] = True


def _named(entries: Node, names: Iterable[Named]) -> None:
    """The entries of a map that the round names, each as any of them is."""
    entries["properties"] = {
        item.code: {**entries["additionalProperties"], "label_zh": item.zh, "label_en": item.en, "order": place}
        for place, item in enumerate(names)
    }


MARKS: Mapping[str, Callable[[Mapping[str, Node], RoundOfForm], None]] = {
    "edit_application": _application,
    "edit_score_sheet": _sheet,
    "endorse_application": _recommendation,
    "reply_to_consultation": _reply,
}
