"""A portal's day, with httpx: sign an applicant in, find the open round, draw the form that it describes, save what was
filled in, upload a file, try the request for the recommendation and make it, show how far it is; then what anybody may
read.

    API=https://award.example.org LOGIN=… PASSWORD=… ANSWERS=form.json FILE=report.pdf python portal_day.py

`ANSWERS` stands for the person before the form: the content of `edit_application`, as JSON. See portal.md beside it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

LANGUAGE = os.environ.get("LANGUAGE", "zh")


class Refused(Exception):
    """The service refused; what it says is for the person before the form, in the portal's language."""

    def __init__(self, response: httpx.Response) -> None:
        problem = response.json()
        lines = [f"  {item['pointer']}: {item['message']}" for item in problem["errors"]]
        lines += [f"  {item['message']}" for item in problem["violations"]]
        head = f"{response.request.method} {response.request.url.path}: {response.status_code} {problem['detail']}"
        super().__init__("\n".join([head, *lines]))


class Portal:
    """The service as a portal uses it: with nobody's token, or with that of whoever has signed in."""

    def __init__(self, api: str) -> None:
        self._client = httpx.Client(base_url=api, timeout=30, headers={"Accept-Language": LANGUAGE})
        self._known: dict[str, httpx.Response] = {}

    def sign_in(self, login: str, password: str) -> None:
        """By password (RFC 6749, 4.3). The token is kept in memory and goes with each call."""
        form = {"grant_type": "password", "username": login, "password": password}
        answer = self._client.post("/v1/tokens", data=form)
        if answer.is_error:
            raise Refused(answer)
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str, **query: str) -> Any:
        """What is read, kept with its tag: what is still the same is not sent again (304)."""
        known = self._known.get(f"{path}{query}")
        headers = {} if known is None else {"If-None-Match": known.headers["ETag"]}
        answer = self._client.get(path, params=query or None, headers=headers)
        if answer.status_code == 304 and known is not None:
            return known.json()
        if answer.is_error:
            raise Refused(answer)
        if "ETag" in answer.headers:
            self._known[f"{path}{query}"] = answer
        return answer.json()

    def act(self, offered: dict[str, Any], body: dict[str, Any] | None = None, *, dry_run: bool = False) -> Any:
        """What a button does: the act as it was offered. What is changed is named by the version that was read."""
        headers = {"Idempotency-Key": str(uuid4())}
        if offered["method"] == "PATCH":
            headers["If-Match"] = self._client.get(offered["path"]).headers["ETag"]
        query = {"dry_run": "true"} if dry_run else {}
        return self._sent(offered["method"], offered["path"], json=body or {}, headers=headers, params=query)

    def upload(self, file: dict[str, Any], application_id: str, path: Path) -> Any:
        """A file that the form wants, as bytes."""
        target = file["path"].replace("{application_id}", application_id)
        query = {"material": file["code"], "filename": path.name}
        return self._sent(file["method"], target, content=path.read_bytes(), params=query)

    def begin(self, round_id: str) -> Any:
        """The applicant's application to the round: the one that there is, or a new one."""
        for item in self.get("/v1/applications", round_id=round_id)["items"]:
            return self.get(f"/v1/applications/{item['id']}")
        headers = {"Idempotency-Key": f"begin-{round_id}"}
        return self._sent("POST", "/v1/applications", json={"round_id": round_id}, headers=headers)

    def _sent(self, method: str, path: str, **options: Any) -> Any:
        answer = self._client.request(method, path, **options)
        if answer.is_error:
            raise Refused(answer)
        return answer.json()


def wanted(node: dict[str, Any]) -> list[str]:
    """The labels of what a form requires, or the round asks for, in the order of the form."""
    fields = sorted(node.get("properties", {}).items(), key=lambda item: item[1]["order"])
    must = node.get("required", [])
    return [part[f"label_{LANGUAGE}"] for name, part in fields if part.get("asked") or name in must]


def fill_in(portal: Portal, answers: dict[str, Any], file: Path) -> dict[str, Any]:
    """The form of the open round, filled in and saved; the application as it is then."""
    called = next(item for item in portal.get("/v1/rounds")["items"] if item["state"] == "called")
    application = portal.begin(called["id"])
    # Whatever is not offered has no button.
    editing = next(item for item in application["available_actions"] if item["act"] == "edit")
    form = portal.get(editing["form"])
    print(f"{form[f'title_{LANGUAGE}']}: {', '.join(wanted(form['body']['properties']['content']))}")
    saved: dict[str, Any] = portal.act(editing, {"content": answers})
    for item in form["files"]:
        if item["asked"]:
            taken = portal.upload(item, saved["id"], file)
            print(f"{item[LANGUAGE]}: {taken['filename']}, {taken['size']} bytes, {taken['sha256'][:12]}…")
    return saved


def ask(portal: Portal, application_id: str) -> None:
    """The request for the recommendation, of the unit of the organisation's area: tried first, then made."""
    application = portal.get(f"/v1/applications/{application_id}")
    asking = next(item for item in application["available_actions"] if item["act"] == "request_recommendation")
    if not asking["allowed"]:
        # All that stands in the way, each with what would cure it.
        standing = [f"  {item['message']}" for item in asking["blocked_by"]]
        sys.exit("\n".join([f"{asking[f'name_{LANGUAGE}']}: {asking['reason']}", *standing]))
    area = application["organisation"]["area"]
    unit = next(item for item in portal.get("/v1/vocabularies")["recommending_units"] if item["area"] == area)
    portal.act(asking, {"unit_id": unit["id"]}, dry_run=True)
    portal.act(asking, {"unit_id": unit["id"]})
    print(f"{asking[f'name_{LANGUAGE}']}: {unit['name']}")


def show(portal: Portal, application_id: str) -> None:
    """How far the application is."""
    told = portal.get(f"/v1/applications/{application_id}/timeline")
    for stage in told["stages"]:
        marks = {"done": "x", "current": ">", "upcoming": " ", "ended": "-"}
        print(f"[{marks[stage['state']]}] {stage[f'name_{LANGUAGE}']}")
    print(told[f"next_{LANGUAGE}"])


def main() -> None:
    """One day, from the sign-in to the public pages."""
    portal = Portal(os.environ.get("API", "http://127.0.0.1:8000"))
    portal.sign_in(os.environ["LOGIN"], os.environ["PASSWORD"])
    answers = json.loads(Path(os.environ["ANSWERS"]).read_text(encoding="utf-8"))
    saved = fill_in(portal, answers, Path(os.environ["FILE"]))
    ask(portal, saved["id"])
    show(portal, saved["id"])
    # Anybody's: a page of a portal asks without a token, and again only whether it is still the same.
    anybody = Portal(os.environ.get("API", "http://127.0.0.1:8000"))
    for path in ("/v1/notices", "/v1/awards", "/v1/exclusions"):
        print(f"{path}: {len(anybody.get(path)['items'])}, {len(anybody.get(path)['items'])} again")


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(str(refusal))
