"""Organisations that register themselves, over HTTP, with codes whose checksum is right."""

import itertools
from typing import Any, NamedTuple

from stdnum.cn.uscc import calc_check_digit

from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.stages.kept import stage
from sandbox.world import World, ok

_numbers = itertools.count(1)
# What the first two signs of a code say: who registered it, and as what (GB 32100).
_PREFIXES = {
    "public_institution": "12360733MB",
    "private_non_enterprise": "52360733MJ",
    "private_non_enterprise_unincorporated": "52360733MJ",
    "social_association": "51360733MJ",
    "party_or_state_organ": "11360733MB",
    "sole_trader": "92360733MA",
    "farmers_cooperative": "93360733MA",
}
# Of whoever registers or accepts an invitation here. Not one that a guide has printed: those are the sample's alone.
PASSWORD = "fern lantern harbour 47 quilt"


class Registered(NamedTuple):
    """An organisation and its first account, which may submit."""

    organisation_id: str
    account: Caller

    @property
    def applicant(self) -> Caller:
        return self.account


def uscc(number: int | None = None, *, prefix: str = "91360733MA") -> str:
    """A credit code with a right checksum, another one at each call. `prefix`: its first ten characters."""
    body = f"{prefix}{next(_numbers) if number is None else number:07d}"
    return body + calc_check_digit(body)


def registration(**overrides: Any) -> dict[str, Any]:
    """The body of a registration: a manufacturer of Wenwuba, founded in 2015, or with `operating=False` a public
    institution. `login` and `password` go to the account,
    the rest to the organisation."""
    number = next(_numbers)
    form = overrides.get("legal_form") or (
        "limited_company" if overrides.get("operating", True) else "public_institution"
    )
    account = {
        "login": overrides.pop("login", f"sample.applicant{number}"),
        "password": overrides.pop("password", PASSWORD),
        "display_name": "样例经办人",
    }
    organisation = {
        "name": f"样例制造有限公司{number}",
        "uscc": uscc(prefix=_PREFIXES.get(form, "91360733MA")),
        "legal_form": form,
        "registered_address": "江西省赣州市会昌县文武坝镇样例路1号",
        "county_code": "360733",
        "area": "文武坝镇",
        "established_on": "2015-05-20",
        "sector": "1392",
        "operating": True,
        **overrides,
    }
    return {"organisation": organisation, "account": account}


@stage
def register(world: World, *, verified: bool = True, **overrides: Any) -> Registered:
    """An organisation registers, and the office verifies it against its licence unless told otherwise:
    `register(world, name="样例医院", sector="8411", operating=False)`."""
    made = ok(world.public.post("/v1/registrations", registration(**overrides)), 201)
    account = made["account"]
    if verified:
        verify(world, made["organisation"])
    return Registered(made["organisation"]["id"], world.account(account["id"], Role.APPLICANT, account["login"]))


def verify(world: World, organisation: dict[str, Any], by: Caller | None = None, **document: Any) -> Any:
    """The office, or `by`, verifies a registration against its licence."""
    name = organisation.get("stated_name") or organisation["name"]
    seen = {"document": "样例营业执照", "name": name, "code": organisation["uscc"], **document}
    return ok((by or world.office).post(f"/v1/organisations/{organisation['id']}/verification", seen), 201)


def accept(world: World, made: dict[str, Any], password: str = PASSWORD) -> None:
    """Whoever was invited to the account that was made chooses a password."""
    body = {"invitation": made["invitation"], "password": password}
    ok(world.public.post("/v1/invitations/acceptance", body))


def member(world: World, organisation: Registered, membership: str = "edit", **account: Any) -> Caller:
    """Another account of the organisation, let in by its first one."""
    body = {
        "login": f"sample.member{next(_numbers)}",
        "display_name": "样例同事",
        "membership": membership,
        **account,
    }
    path = f"/v1/organisations/{organisation.organisation_id}/members"
    made = ok(organisation.account.post(path, body), 201)
    accept(world, made)
    return world.account(made["id"], Role.APPLICANT, made["login"])


def succeed(world: World, successor: Registered, predecessor: Registered, *, effective_on: str | None = None) -> Any:
    """The office records that one continues the other; answers the successor."""
    body = {
        "predecessor_id": predecessor.organisation_id,
        "reason": "吸收合并",
        "evidence": "样例合并协议",
        "effective_on": effective_on or world.clock.today.isoformat(),
    }
    return ok(world.office.post(f"/v1/organisations/{successor.organisation_id}/successor-links", body), 201)


def rename(
    world: World,
    organisation: Registered,
    name: str,
    *,
    effective_on: str | None = None,
    by: Caller | None = None,
    verified: bool = True,
) -> Any:
    """The organisation, or `by`, records another name, and the office compares one that was verified with its document
    again unless told otherwise; answers the organisation."""
    body = {
        "name": name,
        "effective_on": effective_on or world.clock.today.isoformat(),
        "evidence": "样例变更登记通知书",
    }
    caller = by or organisation.account
    path = f"/v1/organisations/{organisation.organisation_id}"
    told = ok(caller.post(f"{path}/name-changes", body), 201)
    if verified and told["state"] == "changed":
        verify(world, told)
        told = ok(caller.get(path))
    return told
