"""The schemas of everything that is sent to the service as JSON, to be walked over."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from app.web.contract import routes_of


def bodies_of(app: FastAPI) -> list[type[BaseModel]]:
    """Every schema of a JSON body, those within others included."""
    found: dict[str, type[BaseModel]] = {}
    for route in routes_of(app):
        for field in _bodies(route.dependant):
            if type(field.field_info).__name__ != "Form":
                for model in _models(field._type_adapter.core_schema):
                    found[model.__name__] = model
    return list(found.values())


def fields_of(model: type[BaseModel]) -> dict[str, Any]:
    """By name: the library's schema of each field, with the definitions that it refers to."""
    node: Any = model.__pydantic_core_schema__
    definitions = {item["ref"]: item for item in node.get("definitions", ())}
    while node["type"] != "model-fields":
        node = definitions[node["schema_ref"]] if node["type"] == "definition-ref" else node["schema"]
    return {name: (field["schema"], definitions) for name, field in node["fields"].items()}


def _bodies(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.body_params
    for child in dependant.dependencies:
        yield from _bodies(child)


def _models(node: Any) -> Iterator[type[BaseModel]]:
    if isinstance(node, dict):
        if node.get("type") == "model":
            yield node["cls"]
        for part in node.values():
            yield from _models(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _models(part)
