"""The OpenAPI document: what FastAPI derives, with roles, errors and articles added to every operation."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.contract_examples import example_of, problem_example
from app.measures.roles import Role
from app.problems import MEDIA_TYPE
from app.routers.policy import Acting, Policy
from app.routers.streaming import Uploading
from app.schemas.common import Problem

_DESCRIPTION = """\
The service that administers the county's quality award, as its measures of 2023 oblige (33 articles).
Every refusal by a rule is a problem document whose `violations` cite rule and article. Writes take `Idempotency-Key`,
`If-Match` and `dry_run`. Amounts are fen; days are those of Asia/Shanghai; instants carry their zone.
"""

_ERRORS = {
    "400": "The request cannot be parsed",
    "401": "No valid token",
    "403": "This role or party may not",
    "404": "Not found, or not this caller's to see",
    "405": "The method is not supported here",
    "409": "Wrong state, or somebody was faster",
    "412": "Not the present version",
    "413": "The body is too large",
    "415": "The media type is not taken",
    "422": "Invalid input, or refused by a rule of the measures",
    "428": "`If-Match` is missing",
    "429": "Too many requests",
    "500": "A defect of the service, recorded",
    "503": "The database is busy or away",
}


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """The service's routes that the contract shows."""
    for found in iter_route_contexts(app.routes):
        route = getattr(found, "original_route", found)
        if isinstance(route, APIRoute) and route.include_in_schema:
            yield route


def policy_of(route: APIRoute) -> Policy | None:
    """The policy in a route's signature; None for health and documentation."""
    return next(_policies(route.dependant), None)


def _policies(dependant: Dependant) -> Iterator[Policy]:
    for child in dependant.dependencies:
        if isinstance(child.call, Policy):
            yield child.call
        yield from _policies(child)


def roles_of(route: APIRoute) -> list[str]:
    """Roles that may call the route, `public` among them where no account is needed."""
    policy = policy_of(route)
    return [Role.PUBLIC.value] if policy is None else sorted(role.value for role in policy.roles)


def customise(app: FastAPI) -> None:
    """Replace the generated document by ours."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = build(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def build(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=_DESCRIPTION,
        routes=app.routes,
        license_info=None,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    by_id = {route.name: route for route in routes_of(app)}
    for methods in document["paths"].values():
        for operation in methods.values():
            _complete(operation, by_id[operation["operationId"]])
            _exemplify(operation, schemas)
    return document


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    policy = policy_of(route)
    operation["x-roles"] = roles_of(route)
    public = policy is None or policy.public
    operation["security"] = [] if policy is None else [{}, {"bearer": []}] if public else [{"bearer": []}]
    for status in _statuses(operation, route, policy):
        operation["responses"].setdefault(status, {})
        operation["responses"][status] = {
            "description": _ERRORS[status],
            "headers": _headers(status),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": problem_example(int(status), _ERRORS[status]),
                }
            },
        }


# What a caller may count on beside the document itself.
_HEADERS = {
    "401": {"WWW-Authenticate": "How to sign in: `Bearer`."},
    "405": {"Allow": "The methods that there are."},
    "429": {"Retry-After": "Seconds to wait."},
    "503": {"Retry-After": "Seconds to wait."},
}


def _headers(status: str) -> dict[str, Any]:
    told = {"X-Request-ID": "The id under which this request is logged.", **_HEADERS.get(status, {})}
    return {name: {"description": text, "required": True, "schema": {"type": "string"}} for name, text in told.items()}


def _exemplify(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for content in body.get("content", {}).values():
            if "example" not in content and "schema" in content:
                content["example"] = example_of(content["schema"], schemas)


def _statuses(operation: dict[str, Any], route: APIRoute, policy: Policy | None) -> list[str]:
    found = {"500", "400", "405"}
    if policy is not None:
        found |= {"401", "503"}
        if not policy.public:
            found.add("403")
    if "{" in route.path:
        found.add("404")
    if operation.get("parameters") or "requestBody" in operation:
        found.add("422")
    if "requestBody" in operation:
        found |= {"413", "415"}
    if isinstance(policy, Acting | Uploading):
        found |= {"409", "412", "413", "429", "403", "404"}
        if isinstance(policy, Acting) and policy.needs_version:
            found.add("428")
    if route.path == "/readyz":
        found.add("503")
    return sorted(found)
