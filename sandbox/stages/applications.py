"""The applicant's and the unit's acts: an application from the draft to the receipt in one line."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.callers import Caller
from sandbox.seed import UNITS
from sandbox.stages.kept import stage
from sandbox.stages.parties import register
from sandbox.world import World, ok

# One blank page.
PDF = (
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000015 00000 n \n0000000064 00000 n \n0000000121 00000 n \n"
    b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n192\n%%EOF\n"
)
YUAN = 100
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Applied:
    """An application, who made it, and the number it got (None while it is not submitted)."""

    id: str
    organisation_id: str
    applicant: Caller
    number: str | None


def eligible_content(year: int, *, operating: bool = True) -> dict[str, Any]:
    """A complete form of an organisation that meets every condition of a round of this year."""
    figures = [
        {
            "year": year - back,
            "revenue_fen": 120_000_000 * YUAN,
            "net_profit_fen": 8_000_000 * YUAN,
            "tax_fen": 3_000_000 * YUAN,
            "rd_fen": 4_000_000 * YUAN,
            "export_fen": 0,
        }
        for back in (3, 2, 1)
    ]
    sections = ("profile", "leadership", "strategy", "customers", "resources", "processes", "improvement", "results")
    content: dict[str, Any] = {
        "size_class": "medium",
        "staff": 260,
        "main_products": [{"name": "样例产品"}],
        "figures": figures,
        "certificates": [
            {
                "kind": "management_system",
                "standard": "GB/T 19001-2016",
                "number": f"SAMPLE-Q-{next(_numbers):05d}",
                "issuer": "样例认证中心",
                "valid_from": f"{year - 1}-01-10",
                "valid_to": f"{year + 5}-01-09",
            }
        ],
        "licences": [{"kind": "排污许可证", "number": "SAMPLE-L-1", "valid_to": f"{year + 5}-06-30", "required": True}],
        "adverse_records": [],
        "honours": [],
        "market_position": {"description": "样例：省内同行业前三。", "scope": "province", "rank": 3},
        "sections": {code: f"样例文本：{code}。" for code in sections},
        "contact": {"name": "样例联系人", "phone": "0797-5600000"},
        "truthfulness": {"agreed": True, "signatory": "样例法定代表人", "signed_on": f"{year}-01-01"},
    }
    if operating:
        content["safety"] = {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": f"{year + 5}-06-30"}
    return content


def asked_content(world: World, round_: dict[str, Any]) -> dict[str, Any]:
    """The parts of a form that the round's rules ask for beyond the measures; nothing for a round that asks for
    nothing."""
    asks = round_["asks"]
    parts: dict[str, Any] = {
        "legal_representative": {"name": "样例法定代表人", "office": "董事长"},
        "registered_capital_fen": 50_000_000 * YUAN,
        "quality_officer": {"name": "样例质量负责人", "office": "首席质量官"},
    }
    content = {name: part for name, part in parts.items() if name in asks["form_fields"]}
    if asks["indicators"]:
        content["indicators"] = [
            {"code": item["code"], "year": round_["year"] - back, "value": item["at_most"] or "95"}
            for item in asks["indicators"]
            for back in (3, 2, 1)
        ]
    if asks["internal_notice"] is not None:
        days = [(world.clock.today - timedelta(days=back)).isoformat() for back in (14, 1)]
        content["internal_notice"] = {
            "from_day": days[0],
            "to_day": days[1],
            "place": "样例公告栏",
            "result": "样例：公示期间未收到异议。",
        }
    return content


@stage
def apply(
    world: World,
    round_id: str,
    *,
    organisation: tuple[str, Caller] | None = None,
    unit: str = "wenwuba",
    content_overrides: dict[str, Any] | None = None,
    submit: bool = True,
    **organisation_overrides: Any,
) -> Applied:
    """A manufacturer that meets every condition applies, is endorsed by the unit and, unless told otherwise, submits.

    `organisation`: an organisation registered before, with its applicant. `content_overrides`: sections of the form,
    None leaves one out. The rest goes to the registration, e.g. `sector="8411", operating=False`.
    """
    organisation_id, applicant = organisation or register_applicant(world, unit=unit, **organisation_overrides)
    draft = begin(world, round_id, applicant, content_overrides)
    recommend(world, draft["id"], applicant, unit)
    number = submit_application(applicant, draft["id"])["submission_receipt"]["number"] if submit else None
    return Applied(draft["id"], organisation_id, applicant, number)


@stage
def register_applicant(world: World, *, unit: str = "wenwuba", **overrides: Any) -> tuple[str, Caller]:
    """A new organisation of the unit's area, and the account that registered it."""
    return register(world, **{"area": UNITS[unit][2] or "文武坝镇", **overrides})


@stage
def begin(
    world: World, round_id: str, applicant: Caller, content_overrides: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A draft with a complete form and all required material."""
    round_ = ok(world.public.get(f"/v1/rounds/{round_id}"))
    draft = ok(applicant.post("/v1/applications", {"round_id": round_id}), 201)
    content = eligible_content(round_["year"], operating=draft["organisation"]["operating"])
    content["truthfulness"] |= {"signed_on": world.clock.today.isoformat()}
    content |= asked_content(world, round_) | (content_overrides or {})
    for material in round_["review_rules"]["required_materials"]:
        upload(applicant, draft["id"], material["code"])
    edited: dict[str, Any] = edit(applicant, draft["id"], content)
    return edited


def edit(applicant: Caller, application_id: str, content: dict[str, Any]) -> Any:
    """Fill in sections of the form, whatever its version."""
    version = ok(applicant.get(f"/v1/applications/{application_id}"))["version"]
    return ok(applicant.patch(f"/v1/applications/{application_id}", {"content": content}, version=version))


def upload(
    applicant: Caller,
    application_id: str,
    material: str,
    *,
    content: bytes = PDF,
    filename: str = "样例.pdf",
    trade_secret: bool = False,
) -> Any:
    """A file as the next version of a material."""
    params = {"material": material, "filename": filename, "trade_secret": str(trade_secret).lower()}
    return ok(applicant.post(f"/v1/applications/{application_id}/attachments", params=params, content=content), 201)


@stage
def recommend(world: World, application_id: str, applicant: Caller, unit: str = "wenwuba") -> Any:
    """The applicant asks the unit, and the unit endorses."""
    asked = request(world, application_id, applicant, unit)
    return ok(endorse(world, asked["id"], unit))


@stage
def request(world: World, application_id: str, applicant: Caller, unit: str = "wenwuba") -> Any:
    """The applicant asks the unit; answers the recommendation as the application shows it."""
    body = {"unit_id": world.id(f"unit:{unit}")}
    return ok(applicant.post(f"/v1/applications/{application_id}/recommendation-request", body))["recommendations"][-1]


def endorse(world: World, recommendation_id: str, unit: str = "wenwuba", **changes: Any) -> Any:
    """The unit endorses; answers the response."""
    body = {
        "facts_verified": ["登记信息", "经营地址"],
        "opinion": "经核实，同意推荐。",
        "signatory": "样例负责人",
        "signed_on": world.clock.today.isoformat(),
        **changes,
    }
    if UNITS[unit][1] in ("department", "association"):
        body.setdefault("industry_justification", "样例：属于本行业主管范围。")
    return world.by(f"unit-{unit}").post(f"/v1/recommendations/{recommendation_id}/endorsement", body)


def submit_application(applicant: Caller, application_id: str) -> Any:
    """The applicant submits; answers the application with its receipt."""
    return ok(applicant.post(f"/v1/applications/{application_id}/submission"))
