"""What Directus is told of the tables, through its own API: collections, relations, fields that it fills, policies, and
a user with a static token for each application that is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from benchmarks.peers.directus.asked import (
    APPLICATION_FIELDS,
    AWARD,
    RECOMMENDATION,
    REGISTER_PATH,
    Open,
    Owner,
    application_path,
    objection,
)

# The tables that it knows; all others are excluded, so that none costs it anything.
KNOWN = (
    "awards",
    "rounds",
    "decrees",
    "organisations",
    "applications",
    "recommendations",
    "recommending_units",
    "candidates",
    "objections",
    "objection_originals",
)
# Of an objection it keeps activity and revision, as of everything unless it is told otherwise: its audit
# record. Of the original, which comes with it, it need not keep them again.
_UNRECORDED = ("objection_originals",)
_FILLED = {
    ("objections", "id"): "uuid",
    ("objections", "created_at"): "date-created",
    ("objections", "received_at"): "date-created",
    ("objection_originals", "id"): "uuid",
    ("objection_originals", "created_at"): "date-created",
}
# The field of the one, and the column of the many.
_MANY = (
    ("applications", "recommendations", "recommendations", "application_id"),
    ("objections", "original", "objection_originals", "objection_id"),
)
_OWN = {"owner": {"_eq": "$CURRENT_USER"}}
_SEALED = ("sealed_name", "sealed_contact", "sealed_facts", "sealed_evidence")
_ENTERED = {"class": "formal", "classified_because": "", "state": "received", "version": 1}
_PATIENCE = 300.0

# Any: JSON, as it is sent and answered.
Told = Mapping[str, Any]


def register(address: str, admin: str, owners: Sequence[Owner]) -> None:
    """Tell it everything; `admin`: the token of its first user. Raises where it refuses something."""
    with _client(address, admin) as client:
        for collection in KNOWN:
            recorded = None if collection in _UNRECORDED else "all"
            _tell(client, "PATCH", f"/collections/{collection}", {"meta": {"accountability": recorded}})
        for (collection, field), special in _FILLED.items():
            _tell(client, "PATCH", f"/fields/{collection}/{field}", {"meta": {"special": [special]}})
        for one, field, many, column in _MANY:
            alias = {"field": field, "type": "alias", "meta": {"special": ["o2m"]}}
            _tell(client, "POST", f"/fields/{one}", alias)
            relation = {"collection": many, "field": column, "related_collection": one, "meta": {"one_field": field}}
            _tell(client, "PATCH", f"/relations/{many}/{column}", relation)
        key = {"field": "idempotency_key", "type": "uuid", "schema": {"is_unique": True}, "meta": {}}
        _tell(client, "POST", "/fields/objections", key)
        owner = {"field": "owner", "type": "uuid", "schema": {}, "meta": {}}
        _tell(client, "POST", "/fields/applications", owner)
        _permit(client, owners)


def _permit(client: httpx.Client, owners: Sequence[Owner]) -> None:
    everybody = "/access?filter[role][_null]=true&filter[user][_null]=true&fields=policy"
    (public,) = _tell(client, "GET", everybody)
    policy = _tell(client, "POST", "/policies", {"name": "applicants"})["id"]
    role = _tell(client, "POST", "/roles", {"name": "applicant"})["id"]
    _tell(client, "POST", "/access", {"role": role, "policy": policy})
    _tell(client, "POST", "/permissions", [*of_the_public(public["policy"]), *of_applicants(policy)])
    users = [{"id": str(one.user), "role": role, "token": one.token, "status": "active"} for one in owners]
    _tell(client, "POST", "/users", users)
    owned = [{"id": str(one.application), "owner": str(one.user)} for one in owners]
    _tell(client, "PATCH", "/items/applications?fields=id", owned)


def of_the_public(policy: str) -> list[Told]:
    published = {"state": {"_in": ["conferred", "revoked"]}}
    objection = {"candidate_id", "round_id", "idempotency_key", "tracking_hash", "original"}
    return [
        *_reading(policy, "awards", AWARD, published, ("state",)),
        {
            **_permission(policy, "objections", "create", [*objection, *_ENTERED]),
            "presets": _ENTERED,
        },
        _permission(policy, "objection_originals", "create", ["objection_id", *_SEALED]),
    ]


def of_applicants(policy: str) -> list[Told]:
    of_own = {"application_id": _OWN}
    return [
        *_reading(policy, "applications", (*APPLICATION_FIELDS, "recommendations"), _OWN, ("owner",)),
        *_reading(policy, "recommendations", RECOMMENDATION, of_own, ("application_id",)),
    ]


_RELATED = {
    "round_id": "rounds",
    "decree_id": "decrees",
    "organisation_id": "organisations",
    "unit_id": "recommending_units",
}


def _reading(policy: str, collection: str, paths: Sequence[str], rule: Told, more: Sequence[str] = ()) -> list[Told]:
    """Reading a collection, and as much of what it points at as the paths name."""
    own = {path.partition(".")[0] for path in paths} | set(more)
    related: dict[str, set[str]] = {}
    for path in paths:
        column, _, field = path.partition(".")
        if field:
            related.setdefault(_RELATED[column], {"id"}).add(field)
    return [
        _permission(policy, collection, "read", sorted(own), rule),
        *(_permission(policy, name, "read", sorted(fields)) for name, fields in related.items()),
    ]


def _permission(
    policy: str, collection: str, action: str, fields: Sequence[str], rule: Told | None = None
) -> dict[str, Any]:
    return {
        "policy": policy,
        "collection": collection,
        "action": action,
        "fields": list(fields),
        "permissions": rule or {},
        "validation": {},
    }


def hold(address: str, owners: Sequence[Owner], candidate: Open) -> None:
    """That it answers what the service would, and refuses what is another's, before anything is measured."""
    with _client(address) as client:
        page = _tell(client, "GET", REGISTER_PATH)
        _must(len(page) == 20 and all(row["round_id"]["ordinal"] and row["decree_id"]["number"] for row in page), page)
        first, second = owners[0], owners[1]
        paths = [application_path(owner.application) for owner in (first, second)]
        as_first = {"authorization": f"Bearer {first.token}"}
        shown = _said(client.get(paths[0], headers=as_first))
        _must(bool(shown["snapshot"]["content"]) and bool(shown["recommendations"][0]["unit_id"]["name"]), shown)
        for headers in ({}, {"authorization": f"Bearer {second.token}"}):
            _must(client.get(paths[0], headers=headers).status_code == 403, paths[0])
        body = objection(candidate, uuid.uuid4())
        for status in (204, 400):
            answer = client.post("/items/objections", content=body, headers={"content-type": "application/json"})
            _must(answer.status_code == status, answer.text)


def _client(address: str, token: str | None = None) -> httpx.Client:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=address, headers=headers, timeout=_PATIENCE, trust_env=False)


def _tell(client: httpx.Client, method: str, path: str, body: object = None) -> Any:
    return _said(client.request(method, path, json=body) if body is not None else client.request(method, path))


def _said(answer: httpx.Response) -> Any:
    if answer.status_code not in (200, 204):
        raise RuntimeError(f"Directus, {answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()["data"] if answer.content else None


def _must(held: bool, shown: object) -> None:
    if not held:
        raise RuntimeError(f"Directus does not do what it is measured for: {str(shown)[:500]}")
