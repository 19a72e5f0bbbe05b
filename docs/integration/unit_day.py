"""A recommending unit's day, with httpx: sign in, read what changed since the last time, read an application, try an
opinion, endorse one, decline one, answer the rest at once.

    API=https://award.example.org CLIENT_ID=… CLIENT_SECRET=… SIGNATORY=… python unit_day.py

What is endorsed or declined is decided by people: put their decisions where this example takes the first, the second
and the rest. See README.md beside it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx

SHANGHAI = timezone(timedelta(hours=8))
# Most opinions that one batch takes, unless the service is set otherwise.
BATCH = 500


class Refused(Exception):
    """The service refused; the problem document says why (RFC 9457)."""

    def __init__(self, response: httpx.Response) -> None:
        self.problem: dict[str, Any] = response.json()
        faults = [f"  {item['pointer']}: {item['message']}" for item in self.problem["errors"]]
        rules = [f"  {item['rule']}: {item['message']}" for item in self.problem["violations"]]
        head = f"{response.request.method} {response.request.url.path}: {response.status_code} {self.problem['detail']}"
        super().__init__("\n".join([head, *faults, *rules]))


class Credentials(httpx.Auth):
    """Signs in by client credentials, and again when the token has ended."""

    requires_response_body = True

    def __init__(self, api: str, client_id: str, client_secret: str) -> None:
        self._form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        self._url, self._token = f"{api}/v1/tokens", ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
            response = yield request
            if response.status_code != 401:
                return
        answer = yield httpx.Request("POST", self._url, data=self._form)
        if answer.is_error:
            raise Refused(answer)
        self._token = answer.json()["access_token"]
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Award:
    """The service as a unit uses it."""

    def __init__(self, api: str, client_id: str, client_secret: str) -> None:
        self._client = httpx.Client(
            base_url=api,
            timeout=30,
            headers={"Accept-Language": "zh-CN"},
            auth=Credentials(api, client_id, client_secret),
            transport=httpx.HTTPTransport(retries=3),
        )

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The answer's body. Busy (503) and too many (429) are tried again: every act carries an Idempotency-Key."""
        for left in (2, 1, 0):
            response = self._client.request(method, path, **options)
            if response.status_code not in (429, 503) or not left:
                break
            time.sleep(int(response.headers.get("Retry-After", "10")))
        if response.is_error:
            raise Refused(response)
        return response.json()

    def changes(self, after: int) -> Iterator[dict[str, Any]]:
        """Every change after a position, to the end."""
        while True:
            page = self.call("GET", "/v1/recommendation-changes", params={"after": after, "limit": 100})
            yield from page["items"]
            if page["next_after"] == after:
                return
            after = page["next_after"]

    def recommendation(self, key: str) -> dict[str, Any]:
        """A recommendation as it is now."""
        return self.call("GET", f"/v1/recommendations/{key}")  # type: ignore[no-any-return]

    def application(self, key: str) -> dict[str, Any]:
        """An application that the unit was asked to recommend."""
        return self.call("GET", f"/v1/applications/{key}")  # type: ignore[no-any-return]

    def act(self, path: str, body: dict[str, Any], *, key: str, dry_run: bool = False) -> Any:
        """An act, or with `dry_run` what would come of it."""
        query = {"dry_run": "true"} if dry_run else {}
        return self.call("POST", path, json=body, params=query, headers={"Idempotency-Key": key})


def work_through(
    award: Award, *, after: int, signatory: str, signed_on: str, industry_justification: str | None
) -> int:
    """The unit's day; answers the position to go on from tomorrow."""
    opinion = {
        "facts_verified": ["登记信息", "经营地址", "近三年主要指标"],
        "opinion": "经核实，同意推荐。",
        "signatory": signatory,
        "signed_on": signed_on,
        "industry_justification": industry_justification,
    }
    asked = []
    for change in award.changes(after):
        after = change["position"]
        if change["type"] == "recommendation.requested":
            asked.append(change["recommendation_id"])
    print(f"read the changes up to position {after}")

    # The feed tells that something changed, the recommendation tells how it is.
    waiting = [item for item in map(award.recommendation, asked) if item["state"] == "requested"]
    print(f"{len(waiting)} wait for an opinion")

    for item in waiting[:1]:
        application = award.application(item["application_id"])
        print(f"read application {application['id']} of {application['organisation']['name']}")
        path = f"/v1/recommendations/{item['id']}/endorsement"
        award.act(path, opinion, key=f"try-{item['id']}", dry_run=True)
        award.act(path, opinion, key=f"endorse-{signed_on}-{item['id']}")
        print(f"endorsed {item['id']}")

    for item in waiting[1:2]:
        reason = {"reason": "样例：近三年主要指标与统计数据不一致。", "signatory": signatory}
        award.act(f"/v1/recommendations/{item['id']}/decline", reason, key=f"decline-{signed_on}-{item['id']}")
        print(f"declined {item['id']}")

    rest = [
        # The version that was read: what another has answered meanwhile is not answered twice.
        {"recommendation_id": item["id"], "outcome": "endorsed", "version": item["version"], **opinion}
        for item in waiting[2:]
    ]
    for start in range(0, len(rest), BATCH):
        items = rest[start : start + BATCH]
        last = items[-1]["recommendation_id"]
        # Tried first: every fault of every item is known before anything is done.
        award.act("/v1/recommendation-batches", {"items": items}, key=f"try-batch-{last}", dry_run=True)
        award.act("/v1/recommendation-batches", {"items": items}, key=f"batch-{signed_on}-{last}")
        print(f"answered {len(items)} at once")
    return after


def main() -> int:
    """Settings from the environment; the position from a file, written only when the day is done."""
    missing = [name for name in ("CLIENT_ID", "CLIENT_SECRET", "SIGNATORY") if not os.environ.get(name)]
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
        return 2
    kept = Path(os.environ.get("POSITION_FILE", "unit_day.position"))
    award = Award(os.environ.get("API", "http://127.0.0.1:8000"), os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    try:
        position = work_through(
            award,
            after=int(kept.read_text()) if kept.exists() else 0,
            signatory=os.environ["SIGNATORY"],
            signed_on=os.environ.get("SIGNED_ON") or datetime.now(SHANGHAI).date().isoformat(),
            industry_justification=os.environ.get("INDUSTRY_JUSTIFICATION") or None,
        )
    except (Refused, httpx.HTTPError) as error:
        print(error, file=sys.stderr)
        return 1
    unfinished = kept.with_name(f"{kept.name}.new")
    unfinished.write_text(f"{position}\n")
    unfinished.replace(kept)
    print("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
