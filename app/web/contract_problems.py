"""The problem documents of the contract: each one as the translator itself makes it, from an error that can happen."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi import Request

from app.kernel import errors
from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.measures import order
from app.measures.findings import failures
from app.measures.instruments import shipped_instruments
from app.measures.interpretations import readings_on
from app.measures.seats import SeatFacts, seats_available
from app.measures.state_machines import ROUND, RoundState
from app.measures.text import Text
from app.web.contract_examples import Part
from app.web.contract_parts import headers_of_problem, references
from app.web.problems import MEDIA_TYPE, OF_STATUS, domain_problem, problem

_REQUEST_ID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"


# Status → name of the response in the contract, and what it means.
RESPONSES: dict[str, tuple[str, str]] = {
    "400": ("BadRequest", "The request cannot be parsed"),
    "401": ("Unauthenticated", "No valid token"),
    "403": ("Forbidden", "This role or party may not"),
    "404": ("NotFound", "Not found, or not this caller's to see"),
    "405": ("MethodNotAllowed", "The method is not supported here"),
    "409": ("Conflict", "Wrong state, or somebody was faster"),
    "412": ("Stale", "Not the present version"),
    "413": ("TooLarge", "The body is too large"),
    "415": ("UnsupportedMedia", "The media type is not taken"),
    "422": ("Refused", "Invalid input, or refused by a rule of the measures"),
    "428": ("PreconditionMissing", "`If-Match` is missing"),
    "429": ("TooMany", "Too many requests"),
    "500": ("InternalError", "A defect of the service, recorded"),
    "503": ("Unavailable", "The database is busy or away"),
}


def reference(status: str) -> dict[str, str]:
    """What stands at an operation for an error that it can answer."""
    return {"$ref": f"#/components/responses/{RESPONSES[status][0]}"}


def responses() -> Part:
    """`components.responses` of the contract: every error of the service, with examples."""
    unchanged = {
        "description": "It is still what the `ETag` in `If-None-Match` names.",
        "headers": references({"ETag", "RateLimit", "RateLimit-Policy", "X-Request-ID"}),
    }
    return {"NotModified": unchanged} | {name: _response(status, told) for status, (name, told) in RESPONSES.items()}


def _response(status: str, meaning: str) -> Part:
    examples = {body["code"]: {"value": body} for body in _bodies(status)}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    headers = headers_of_problem(status)
    return {"description": meaning, "headers": headers, "content": {MEDIA_TYPE: content}}


def _bodies(status: str) -> Iterator[Part]:
    request = Request({"type": "http", "headers": [], "state": {"request_id": _REQUEST_ID}})
    for error in _ERRORS.get(status, ()):
        yield json.loads(bytes(domain_problem(request, error).body))
    if status not in _ERRORS:
        yield json.loads(bytes(problem(request, OF_STATUS[int(status)]).body))


def _third_manufacturer() -> errors.DomainError:
    instrument = shipped_instruments()[0]
    if instrument.parameters is None:
        raise LookupError("the shipped instrument has parameters")
    found = seats_available(
        facts=SeatFacts(manufacturing=3, other=1),
        parameters=instrument.parameters,
        readings=readings_on(instrument.in_force_from),
    )
    try:
        errors.refuse(failures(found))
    except errors.Refused as refused:
        return refused
    raise LookupError("three names for two seats are refused")


_FAULT = Text("须为 YYYY-MM-DD 格式的日期", "Must be a day, YYYY-MM-DD")


_ERRORS: dict[str, list[errors.DomainError]] = {
    "401": [
        errors.Unauthenticated(Text("请先登录", "Sign in first")),
        errors.Unauthenticated(
            Text("令牌无效或已过期，请重新登录", "The token is invalid or has expired; sign in again"),
            code=ProblemCode.INVALID_TOKEN,
        ),
        errors.CodeWanted(PROBLEMS[ProblemCode.SECOND_FACTOR_REQUIRED].whole, challenge="sample-challenge"),
    ],
    "403": [errors.Forbidden(Text("您的角色不能执行此操作", "Your role may not do this"))],
    "404": [errors.NotFound()],
    "409": [
        errors.WrongState(
            order.act_out_of_order(ROUND, RoundState.DRAFT, "add_candidate"),
            message=Text(
                "当前状态为“筹备”，此操作只能在“公示”时进行",
                "The state is “In preparation”; this is possible only in “Public notice period”",
            ),
        ),
        errors.Collision(
            Text(
                "此 Idempotency-Key 已用于另一请求，请换用新值",
                "This Idempotency-Key belongs to another request; use a new one",
            ),
            code=ProblemCode.IDEMPOTENCY_KEY_REUSED,
        ),
    ],
    "412": [
        errors.Stale(Text("内容已被更新，请重新读取后再提交", "It has changed meanwhile; read it again and repeat"))
    ],
    "422": [
        _third_manufacturer(),
        errors.Invalid(
            Text("请按 errors 所列逐项改正后重新提交", "Correct each field named in `errors` and send it again"),
            errors=[errors.FieldError("/deadline", FieldCode.NOT_A_DATE, _FAULT)],
        ),
    ],
    "428": [
        errors.PreconditionMissing(
            Text("请在 If-Match 中给出所读取版本的 ETag", "Name the ETag of the version you read in `If-Match`")
        )
    ],
    "429": [errors.TooMany(Text("请求过于频繁，请一分钟后再试", "Too many requests; try again in a minute"))],
    "503": [errors.Unavailable(Text("数据库暂时繁忙，请稍后重试", "The database is busy or away; try again shortly"))],
}
