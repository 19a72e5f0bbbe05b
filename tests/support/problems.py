"""One helper that says what a refusal must look like."""

from typing import Any

from app.kernel.errors import COLLISIONS


def refused(response: Any, status: int, code: str | None = None, rule: str | None = None) -> dict[str, Any]:
    """Assert the shape of a problem document; answer it. `rule` must be among the violations, with its article. A
    refusal by the procedure says under which rule, why, and what comes next."""
    body: dict[str, Any] = response.json() if response.content else {}
    assert response.status_code == status, f"{response.status_code}: {response.text[:2000]}"
    assert response.headers["content-type"] == "application/problem+json"
    at_tokens = "error" in body
    known = {"type", "title", "status", "detail", "code", "request_id", "errors", "violations"}
    # What comes back with the next step of a sign-in stands in this one alone; a proof has one step.
    known |= {"challenge"} if at_tokens and body["code"] == "second_factor_required" else set()
    # The token endpoint speaks RFC 6749 as well.
    known |= {"error", "error_description"} if at_tokens else set()
    assert known == set(body)
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["title"] and body["detail"]
    for violation in body["violations"]:
        assert violation["rule"] and violation["article"] and violation["message_zh"] and violation["message_en"]
    if status == 409 and body["code"] not in COLLISIONS:
        assert body["violations"], body
        for violation in body["violations"]:
            assert violation["reason"] and "next_act" in violation["facts"], violation
    if body["code"].startswith("file_") and status != 404:
        assert all(violation["remedy_zh"] and violation["remedy_en"] for violation in body["violations"] or [{}]), body
    if code is not None:
        assert body["code"] == code, body
    if rule is not None:
        assert rule in {violation["rule"] for violation in body["violations"]}, body["violations"]
    return body
