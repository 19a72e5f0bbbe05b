"""The OpenAPI document: what FastAPI derives, with roles, errors and articles added to every operation."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute, iter_route_contexts

from app.measures.roles import Role
from app.schemas.common import Problem
from app.web import contract_labels, contract_parts, contract_problems, contract_schemas, contract_webhooks
from app.web.contract_examples import Part, Recorded, example_of, recordings
from app.web.links import LOCATIONS
from app.web.oauth import TOKENS
from app.web.observability import COUNTED_POSTS
from app.web.policy import Acting, Policy
from app.web.streaming import Staging, Uploading
from app.web.table_types import TYPES, is_table
from app.web.versions import ENDINGS

_DESCRIPTION = """\
“会昌独好”质量奖: the service that administers the county's quality award, as its measures of 2023 oblige (33 articles).
Every refusal by a rule is a problem document whose `violations` cite rule and article. Writes take `Idempotency-Key`,
`If-Match` and `dry_run` where these parameters stand. `Accept-Language: en` asks for messages in English. Amounts are
fen; days are those of Asia/Shanghai; instants carry their zone. Wherever there is GET there is HEAD. A list that
answers `text/csv` or an XLSX workbook beside JSON gives it to who asks for that alone in `Accept`: all its pages with
the same filters, 10,000 rows at most; where there is more, the last line says so and `Link` names what is `next`. Of an
answer with several lists each that has anything is a table of its own, with its name above it.
"""


# In the order of a round.
_TAGS = {
    "identity": "登录与账号：令牌、公钥、账号。 Signing in and accounts.",
    "organisations": "申报组织、成员、名称与承继。 Organisations, members, history (Art. 4, 8, 13).",
    "recommending-units": "推荐单位、部门、培育。 Recommending units, departments, cultivation (Art. 3, 12, 17).",
    "instruments": "规范性文件、条款、规则、解释口径、节假日。 Instruments and interpretations (Art. 32, 33).",
    "rounds": "届次与公告。 Rounds and their call (Art. 6, 10, 16).",
    "notices": "公告文本。 Public notices (Art. 17, 21, 26, 28).",
    "applications": "申报、材料、条件自查。 Applications, materials, eligibility (Art. 5, 13, 16, 17).",
    "recommendations": "推荐、批量处理、变更通知。 Recommendations, in bulk and by webhook (Art. 3, 12).",
    "consultations": "征询部门意见。 Asking the departments (Art. 13(6), 17).",
    "qualification": "资格审查。 Qualification review (Art. 13, 17, 26).",
    "reviewers": "评审员专家库、承诺、回避。 The pool, undertakings, recusal (Art. 11, 29, 30).",
    "reviews": "材料评审、现场评审、综合评价。 Material and on-site review, evaluation (Art. 18 to 20).",
    "deliberation": "业绩核实与评委会审议。 Verification and deliberation (Art. 11).",
    "publicity": "候选名单公示。 Publicity of the candidates (Art. 21).",
    "objections": "异议与线索。 Objections (Art. 21).",
    "approval": "拟奖名单、审定、通报表彰。 The proposed list, approval, decree (Art. 2, 21, 22).",
    "awards": "获奖登记与证书查验。 The register and the verification of certificates (Art. 8, 22, 23, 31).",
    "disbursements": "奖金拨付。 The prize (Art. 8, 9).",
    "supervision": "巡访、称号使用、经验推广、举报。 Visits, use of the title, sharing, reports (Art. 23 to 27, 31).",
    "papers": "文书：草稿、印发、核验、扫描件、措辞。 Papers: drafts, issued ones, scans, words (Art. 16 to 28).",
    "revocations": "撤销、追缴、不得申报期。 Revocation, recovery, exclusions (Art. 26, 28).",
    "audit": "审计日志。 The audit log (Art. 2, 29).",
    "privacy": "个人信息：保存期限、告知、查阅与更正。 Personal data: how long, what for, one's own.",
    "portal": "词表与表单说明，供门户使用。 Vocabularies and descriptions of forms, for portals.",
    "system": "健康检查与指标。 Health and metrics.",
}


# Said once for the whole document; an operation that is open to the public says otherwise.
_SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"oauth2": []}]
# Where a token comes from, so that a page or a client made of the contract can fetch it. Who may call what is a matter
# of the account's role (`x-roles`), not of scopes: there are none.
_OAUTH2: Part = {
    "type": "oauth2",
    "description": "People sign in with `password`, machines with `client_credentials` (RFC 6749). Access tokens are "
    "JWTs of one algorithm, checked as RFC8725 advises.",
    "flows": {
        "password": {"tokenUrl": TOKENS, "refreshUrl": TOKENS, "scopes": {}},
        "clientCredentials": {"tokenUrl": TOKENS, "scopes": {}},
    },
}


_TABLE = {"type": "string", "format": "binary"}
_COMPONENTS = ("securitySchemes", "parameters", "headers", "responses", "schemas", "examples")


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


def build(app: FastAPI) -> Part:
    """The whole document."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=_DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": told} for name, told in _TAGS.items()],
    )
    # Wherever the contract was fetched from: a service has the name that its operator gives it.
    document["servers"] = [{"url": "/", "x-internal": False}]
    document["security"] = _SIGNED_IN
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    schemas.update(contract_webhooks.schemas())
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["responses"] = contract_problems.responses()
    components["securitySchemes"]["oauth2"] = _OAUTH2
    by_id = {route.name: route for route in routes_of(app)}
    real = recordings()
    for methods in document["paths"].values():
        for method, operation in methods.items():
            name = operation["operationId"]
            _complete(operation, by_id[name])
            _exemplify(operation, schemas, real.get(name, Recorded()), reading=method == "get")
    document["webhooks"] = contract_webhooks.webhooks()
    contract_schemas.tidy(document)
    contract_labels.label(document)
    contract_parts.share(document)
    document["components"] = {name: components[name] for name in _COMPONENTS if name in components}
    return document


def _complete(operation: Part, route: APIRoute) -> None:
    policy = policy_of(route)
    operation["x-roles"] = roles_of(route)
    # The page shows no extensions: who may call is told in words as well.
    operation["description"] += f"\n\n**{', '.join(operation['x-roles'])}**"
    public = policy is None or policy.public
    operation.pop("security", None)
    if public:
        # A token is looked at where there is one, and not needed; where one is fetched there is none yet.
        fetched = isinstance(policy, Staging) and policy.of_clients
        looked_at = policy is not None and not _anonymous(policy) and not fetched
        operation["security"] = [{}, *_SIGNED_IN] if looked_at else []
    if isinstance(policy, Acting):
        acting = contract_parts.parameters_of(
            operation.pop("parameters", []),
            rehearsed=not policy.plain,
            versioned=looks_at_version(route, policy),
            needs_version=policy.needs_version,
        )
        operation |= {"parameters": acting} if acting else {}
    succeeded = {status: told for status, told in operation["responses"].items() if status < "400"}
    if "GET" in (route.methods or ()) and _whole(route):
        succeeded["304"] = {"$ref": "#/components/responses/NotModified"}
    if is_table(route):
        succeeded["200"]["content"] |= {media: {"schema": dict(_TABLE)} for media in TYPES}
    if route.name in ENDINGS:
        operation["deprecated"] = True
    failed = {status: contract_problems.reference(status) for status in _statuses(operation, route, policy)}
    operation["responses"] = succeeded | failed


def looks_at_version(route: APIRoute, policy: Acting) -> bool:
    """Whether `If-Match` can do anything: not in a read, nor where nothing is named that could have a version."""
    return "GET" not in (route.methods or ()) and "{" in route.path and not policy.plain and not policy.anonymous


def _anonymous(policy: Policy) -> bool:
    return isinstance(policy, Acting) and policy.anonymous


def _whole(route: APIRoute) -> bool:
    """Whether what is read is sent as a whole, and so by its tag: a stream has none, and each opening of a file is on
    record."""
    kind = route.response_class
    return not (isinstance(kind, type) and issubclass(kind, StreamingResponse))


def _kinds(operation: Part, response: Part, *, reading: bool) -> frozenset[str]:
    """What is told of a read beside its body: its tag, how many are left; of a page where the next one is; of a table
    its name as a file; of what the public posts how many there may be."""
    content = response.get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    paged = schema.get("$ref", "").rpartition("/")[2].startswith("PageOut")
    tagged = {"ETag"} if reading and "304" in operation["responses"] else set()
    counted = {"RateLimit-Policy"} if operation["operationId"] in COUNTED_POSTS else set()
    limits = {"RateLimit", "RateLimit-Policy"} if reading else counted
    named = {"Content-Disposition"} if content.keys() & TYPES.keys() else set()
    return frozenset(tagged | limits | named | ({"Link"} if paged else set()))


def _exemplify(operation: Part, schemas: Part, real: Recorded, *, reading: bool) -> None:
    _give(operation.get("requestBody", {}), schemas, real.request)
    for status, response in operation["responses"].items():
        if status < "300":
            _give(response, schemas, real.response)
            named = contract_parts.named(operation.get("parameters", []))
            named |= {"Location"} if status == "201" and operation["operationId"] in LOCATIONS else set()
            kinds = _kinds(operation, response, reading=reading)
            response["headers"] = contract_parts.headers_of(real.headers, named, kinds)


def _give(part: Part, schemas: Part, real: object) -> None:
    for media, content in part.get("content", {}).items():
        if "example" not in content and "schema" in content:
            spoken = media in ("application/json", "application/x-www-form-urlencoded")
            content["example"] = real if spoken and real is not None else example_of(content["schema"], schemas)


def _statuses(operation: Part, route: APIRoute, policy: Policy | None) -> list[str]:
    found = {"500", "400", "405", "429"}
    # What a route itself names beside what follows from its policy.
    found |= {status for status in operation["responses"] if status == "409"}
    if policy is not None:
        found |= {"401", "503"}
        if not policy.public:
            found.add("403")
    if "{" in route.path:
        found.add("404")
    if operation.get("parameters") or "requestBody" in operation or route.path.startswith("/v1/"):
        # Also for a query that there is none of.
        found.add("422")
    if "requestBody" in operation:
        found |= {"413", "415"}
    if isinstance(policy, Acting | Uploading):
        # 415 also where there is no body: one that is compressed is none.
        found |= {"409", "413", "415", "429", "403", "404"}
    if isinstance(policy, Acting):
        found |= {"412"} if looks_at_version(route, policy) else set()
        found |= {"428"} if policy.needs_version else set()
    if route.path == "/readyz":
        found.add("503")
    return sorted(found)
