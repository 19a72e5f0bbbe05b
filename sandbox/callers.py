"""Somebody who calls the API with a token of his own, made as the service makes it, at the clock's present instant."""

from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from app.measures.roles import Role
from sandbox.clock import MovableClock


class Caller:
    """`get`, `post`, `patch`, … with the token of one account; a fresh token for every call, as clocks move."""

    def __init__(self, client: TestClient, clock: MovableClock, account_id: UUID | None, role: Role) -> None:
        self.client, self.clock, self.account_id, self.role = client, clock, account_id, role

    def __repr__(self) -> str:
        return f"Caller({self.role.value}, {self.account_id})"

    def headers(self) -> dict[str, str]:
        if self.account_id is None:
            return {}
        issuer = self.client.app.state.tokens  # type: ignore[attr-defined]
        return {"Authorization": f"Bearer {issuer.issue(self.account_id, role=self.role, now=self.clock.now())}"}

    def request(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self.headers(), **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.request("POST", path, json={} if json is None and "content" not in options else json, **options)

    def patch(self, path: str, json: Any, *, version: int | None = None, **options: Any) -> Any:
        headers = dict(options.pop("headers", {}))
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.request("PATCH", path, json=json, headers=headers, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.request("DELETE", path, **options)
