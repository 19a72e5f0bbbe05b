"""What callers are offered, tried: every act that an object names as allowed is sent with a right body and
`dry_run=true`, and is taken; every other one is refused, for the reasons that were told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sandbox.callers import Caller
from sandbox.stages.applications import PDF
from sandbox.stages.decision import CLOSING, conclusion, evaluated_ids, meeting, publication, verify_record
from sandbox.stages.money import ACCOUNT, BANK_NUMBER
from sandbox.world import World, ok
from tests.support.addresses import misaddressed
from tests.support.asked import REASON, Asked, Maker, Sent, Thing, dated, plain


def _decided(path: str) -> Maker:
    return lambda asked: Sent(path, {"number": asked.number(), "decided_on": asked.today} | REASON)


def _media(asked: Asked) -> dict[str, Any]:
    return {"title": "样例公告", "media": [{"name": "县政府网站", "published_on": asked.today}]}


def _own_recommendation(asked: Asked) -> str:
    unit = ok(asked.caller.get("/v1/me"))["unit_id"]
    found = [item for item in asked.thing["recommendations"] if item["unit_id"] == unit]
    return f"/v1/recommendations/{found[-1]['id']}"


def _opinion(asked: Asked) -> dict[str, Any]:
    given = {"opinion": "经核实，同意推荐。", "signatory": "样例负责人", "signed_on": asked.today}
    return given | {"facts_verified": ["登记信息"], "industry_justification": "样例：属于本行业主管范围。"}


def _for_county(asked: Asked) -> Sent:
    opinion = {"opinion": "情况属实，同意推荐。", "signatory": "样例负责人", "signed_on": asked.today}
    return Sent("/county-endorsement", opinion | {"letter_number": f"会工信字〔{asked.year}〕9号"})


def _removal(asked: Asked) -> Sent:
    honour = {"level": "provincial_jinggang", "kind": "award", "awarded_on": "2023-01-01", "valid_to": "2040-05-01"}
    found = {"evidence": "样例查证材料", "found_on": asked.today, "honour": honour}
    return Sent("/removal", REASON | found | {"ground": "art13.6.higher_award"})


def _renewal(asked: Asked) -> Sent:
    files = f"/v1/applications/{asked.id}/attachments"
    file = ok(asked.caller.post(files, params={"material": "renewal", "filename": "新证.pdf"}, content=PDF), 201)
    renewed = asked.thing["content"]["certificates"][0] | {"valid_to": "2040-12-31", "number": "SAMPLE-Q-ANEW"}
    return Sent("/renewals", {"kind": "certificate", "attachment_id": file["id"], "certificate": renewed})


APPLICATION: Mapping[str, Maker] = {
    "edit": lambda asked: Sent("", {"content": {"staff": 260}}, "PATCH", version=asked.thing["version"]),
    "request_recommendation": lambda asked: Sent(
        "/recommendation-request", {"unit_id": asked.world.id("unit:wenwuba")}
    ),
    "endorse": lambda asked: Sent(f"{_own_recommendation(asked)}/endorsement", _opinion(asked)),
    "decline": lambda asked: Sent(f"{_own_recommendation(asked)}/decline", REASON),
    "return_for_correction": lambda asked: Sent(f"{_own_recommendation(asked)}/return", REASON),
    "return_to_draft": plain("/return-to-draft"),
    "submit": plain("/submission"),
    "request_correction": plain(
        "/correction-requests", items=[{"pointer": "/content/main_products", "request": "请补充主要产品。"}]
    ),
    "resubmit": plain("/resubmission"),
    "hand_in_renewal": _renewal,
    "withdraw": plain("/withdrawal", **REASON),
    "withdraw_on_paper": lambda asked: Sent(
        "/withdrawal-letter",
        REASON | {"received_on": asked.today, "letter_reference": f"收文〔{asked.year}〕41号"},
    ),
    "remove": _removal,
}
RECOMMENDATION: Mapping[str, Maker] = {
    "endorse": lambda asked: Sent("/endorsement", _opinion(asked)),
    "decline": plain("/decline", **REASON),
    "return_for_correction": plain("/return", **REASON),
    "endorse_for_county": _for_county,
    "decline_for_county": plain("/county-refusal", **REASON),
}


def _call(asked: Asked) -> Sent:
    deadline = asked.world.clock.today + timedelta(days=45)
    body = {"title": "样例评审通知", "channels": ["县政府网站"], "deadline": deadline.isoformat()}
    return Sent("/call", body)


def _extension(asked: Asked) -> Sent:
    later = date.fromisoformat(asked.thing["deadline"]) + timedelta(days=7)
    return Sent("/deadline-extensions", REASON | {"new_deadline": later.isoformat(), "channel": "县政府网站"})


def _deliberation(asked: Asked) -> Sent:
    evaluated = evaluated_ids(asked.world, asked.id)
    for one in evaluated:
        verify_record(asked.world, one)
    return Sent("/deliberation", meeting(asked.world, [conclusion(one) for one in evaluated]))


_CHOICE = {"reason": "样例：经集体研究", "evidence": "样例：会议纪要"}


def _listed(asked: Asked) -> list[Thing]:
    found = ok(asked.world.office.get(f"/v1/rounds/{asked.id}/candidate-list"))["candidates"]
    return [item for item in found if item["state"] == "listed"]


def _candidates(asked: Asked) -> Sent:
    ids = evaluated_ids(asked.world, asked.id)
    return Sent("/candidate-list", {"application_ids": ids, "publication": publication(asked.today), "choice": _CHOICE})


def _another(asked: Asked) -> Sent:
    known = {item["application_id"] for item in _listed(asked)}
    free = [one for one in evaluated_ids(asked.world, asked.id) if one not in known]
    return Sent("/candidates", {"application_id": free[0], "publication": publication(asked.today), "choice": _CHOICE})


def _corrected(asked: Asked) -> Sent | None:
    """There is something to correct where somebody is called otherwise by now."""
    for one in _listed(asked):
        name = ok(asked.world.office.get(f"/v1/organisations/{one['organisation_id']}"))["name"]
        if name != one["published_name"]:
            body = {"published_name": name, "reason": "样例", "publication": publication(asked.today)}
            return Sent(f"/v1/candidates/{one['id']}/correction", body)
    return None


def _removed(asked: Asked) -> Sent:
    return Sent(f"/v1/candidates/{_listed(asked)[0]['id']}/removal", REASON | {"publication": publication(asked.today)})


ROUND: Mapping[str, Maker] = {
    "revise_rules": lambda asked: Sent("", {"title": "样例改名"}, "PATCH", version=asked.thing["version"]),
    "publish_call": _call,
    "extend_deadline": _extension,
    "confirm_qualified_list": plain("/qualified-list", title="样例名单", channels=["县政府网站"]),
    "issue_material_report": plain("/material-report"),
    "issue_evaluation": plain("/evaluation", summary="样例综合评价"),
    "record_deliberation": _deliberation,
    "publish_candidates": _candidates,
    "add_candidate": _another,
    "correct_candidate": _corrected,
    "remove_candidate": _removed,
    "fix_proposed_list": plain("/proposed-list"),
    "approve_awards": lambda asked: Sent(
        "/approval",
        {"meeting_number": "样例第88次常务会议", "meeting_on": asked.today, "not_approved": []},
    ),
    "issue_decree": lambda asked: Sent("/decree", {"number": asked.number(), "dated": asked.today}),
    "cancel_round": plain("/cancellation", **REASON),
}
AWARD: Mapping[str, Maker] = {
    "withdraw_award": lambda asked: Sent(
        "/withdrawal",
        REASON
        | {"ground": "art28.grounds", "item": "2", "event_on": asked.today, "penalised_or_proven": True}
        | {"evidence": "样例查证材料", "found_on": asked.today},
    ),
}


def _paid(asked: Asked) -> Sent:
    number = f"PAY-{asked.id[-12:]}-{asked.thing['attempt']}"
    body = {"attempt": asked.thing["attempt"], "confirmation_number": number, "paid_on": asked.today}
    return Sent("/payment-confirmation", body | {"amount_fen": asked.thing["amount_fen"]})


def _failed(asked: Asked) -> Sent:
    return Sent("/payment-failure", REASON | {"attempt": asked.thing["attempt"]})


def _came_back(asked: Asked) -> Sent:
    told = {name: asked.thing[name] for name in ("attempt", "confirmation_number", "amount_fen")}
    return Sent("/payment-return", REASON | told | {"returned_on": asked.today})


def _reissued(asked: Asked) -> Sent:
    payee = {"payee_name": asked.thing["payee_name"], "bank_name": "样例银行", "bank_number": BANK_NUMBER}
    return Sent("/reissue", REASON | payee | {"bank_account": f"{ACCOUNT[:-2]}99"})


DISBURSEMENT: Mapping[str, Maker] = {
    "acknowledge": lambda asked: Sent("/acknowledgement", {"attempt": asked.thing["attempt"]}),
    "report_paid": _paid,
    "report_failed": _failed,
    "note_failure": _failed,
    "report_returned": _came_back,
    "reissue": _reissued,
    "cancel": lambda asked: Sent("/cancellation", REASON | {"decision": asked.number()}),
}


PLAQUE: Mapping[str, Maker] = {
    "accept_plaque": dated("/delivery", "delivered_on"),
    "hand_over_plaque": dated("/handover", "handed_over_on", received_by="样例", evidence="样例：签收单。"),
    "report_plaque_lost": dated("/loss", "lost_on", **REASON),
    "cancel_plaque": plain("/cancellation", **REASON),
    "take_plaque_back": dated("/recovery", "recovered_on", evidence="样例：收回登记表。"),
    "return_plaque": dated("/return", "returned_on", evidence="样例：签收单。"),
}


def _annulled(asked: Asked) -> Sent:
    body = {"body": "样例复议机关", "number": f"赣市府行复〔{asked.year}〕6号", "evidence": "样例：复议决定书存档"}
    return Sent("/annulment", REASON | body | {"decided_on": asked.today})


REVOCATION: Mapping[str, Maker] = {
    "make_statement": plain("/statement", statement="样例：补充整改情况。"),
    "enter_statement": lambda asked: Sent(
        "/letters",
        {
            "statement": "样例来函：没有异议。",
            "received_on": asked.thing["created_at"][:10],
            "letter_reference": f"收文〔{asked.year}〕58号",
        },
    ),
    "enter_statement_late": lambda asked: Sent(
        "/letters",
        {
            "statement": "样例来函：决定之后收到。",
            "received_on": asked.thing["created_at"][:10],
            "letter_reference": f"收文〔{asked.year}〕59号",
            "after_decision": True,
        },
    ),
    "submit_revocation": plain("/submission"),
    "decide": _decided("/decision"),
    "withdraw_revocation": plain("/withdrawal", **REASON),
    "reject": _decided("/rejection"),
    "publish_notice": lambda asked: Sent("/notice", _media(asked)),
    "annul_revocation": _annulled,
    "publish_annulment": lambda asked: Sent("/annulment-notice", _media(asked)),
}


def _investigated(asked: Asked) -> Sent:
    account = asked.world.id("account:office")
    return Sent("/investigator", REASON | {"account_id": account, "conflict_check": "样例：本人声明无利害关系"})


def _closed(outcome: str) -> Maker:
    return plain("/decision", **CLOSING, outcome=outcome)


OBJECTION: Mapping[str, Maker] = {
    "assign_investigator": _investigated,
    "recuse_investigator": plain("/investigator-recusal", reason="样例：配偶在该组织任职"),
    "summarise_objection": plain("/summary", summary="样例：有人反映该组织的产品。"),
    "upload_objection_file": lambda asked: Sent("/files", params={"filename": "来信.pdf"}, content=PDF),
    "start_verification": plain("/verification", plan="样例：函询有关部门"),
    "uphold": _closed("upheld"),
    "dismiss": _closed("dismissed"),
    "find_inadmissible": _closed("inadmissible"),
    "find_formal": plain("/classification", classification="formal", reason="样例：经电话核实，署名真实。"),
    "find_informal": plain(
        "/classification", classification="informal", lacking=["name"], reason="样例：经核实，署名不是真实姓名。"
    ),
    "close_informal_objection": plain("/closing", **CLOSING),
}
MARK_REPORT: Mapping[str, Maker] = {
    "assign_report_investigator": lambda asked: Sent(
        "/investigator",
        {"account_id": asked.world.id("account:office"), "conflict_check": "样例：本人声明无利害关系"},
    ),
    "recuse_report_investigator": plain("/investigator-recusal", reason="样例：配偶在被举报单位任职"),
    "summarise_mark_report": plain("/summary", summary="样例：反映某门店悬挂伪造奖牌。"),
    "follow_up_mark_report": plain("/follow-up", text="样例：已查处"),
}


def _document(organisation: Thing) -> dict[str, Any]:
    return {"document": "样例营业执照", "name": organisation["name"], "code": organisation["uscc"]}


def _upheld(asked: Asked) -> Sent:
    disputed = ok(asked.world.office.get(f"/v1/organisations/{asked.thing['against_id']}"))
    return Sent("/decision", REASON | {"outcome": "upheld", "document": _document(disputed)})


def _verified(asked: Asked) -> Sent:
    against = [item for item in asked.thing["claims"] if item["against_id"] == asked.id and item["evidence"]]
    refuted = {"claims_refuted": "样例：营业执照原件由本登记方持有。"} if against else {}
    return Sent("/verification", _document(asked.thing) | refuted)


ORGANISATION: Mapping[str, Maker] = {"verify_organisation": _verified}
CLAIM: Mapping[str, Maker] = {
    "hand_in_claim_evidence": plain("/evidence", evidence="样例：营业执照副本、法定代表人授权书。"),
    "reply_to_claim": plain("/reply", reply="样例：我单位经办人已换。"),
    "uphold_claim": _upheld,
    "dismiss_claim": plain("/decision", **REASON, outcome="dismissed"),
}


@dataclass(frozen=True)
class Kind:
    """Objects of a kind: where they are listed and found, and how each act is asked for."""

    machine: str
    path: str
    acts: Mapping[str, Maker]


KINDS = (
    Kind("application", "/v1/applications", APPLICATION),
    Kind("recommendation", "/v1/recommendations", RECOMMENDATION),
    Kind("round", "/v1/rounds", ROUND),
    Kind("award", "/v1/awards", AWARD),
    Kind("plaque", "/v1/plaques", PLAQUE),
    Kind("disbursement", "/v1/disbursements", DISBURSEMENT),
    Kind("revocation", "/v1/revocations", REVOCATION),
    Kind("objection", "/v1/objections", OBJECTION),
    Kind("mark_report", "/v1/mark-reports", MARK_REPORT),
    Kind("organisation", "/v1/organisations", ORGANISATION),
    Kind("registration_claim", "/v1/registration-claims", CLAIM),
)


class Sweep:
    """Tries what is offered in one world, and keeps what it has found: acts taken, acts refused, and what is wrong."""

    def __init__(self, world: World, *more: Caller, skipped: Mapping[tuple[str, str], str]) -> None:
        self._world, self._skipped = world, skipped
        seeded = ("unit-wenwuba", "unit-industry", "department-market")
        self._callers = [world.office, world.government, world.platform, world.auditor, *more]
        self._callers += [world.by(login) for login in seeded]
        self.taken = set[tuple[str, str]]()
        self.blocked = set[tuple[str, str]]()
        self.faults = set[str]()

    def also(self, *callers: Caller) -> None:
        """Somebody who has come since."""
        self._callers += callers

    def __call__(self, *machines: str) -> None:
        """Every act that anybody is offered on any object of these machines now, each sent dry."""
        for kind in KINDS:
            for caller in self._callers if kind.machine in machines else ():
                for path, thing in self._things(kind, caller):
                    for offered in thing["available_actions"]:
                        self._try(kind, caller, path, thing, offered)

    def _things(self, kind: Kind, caller: Caller) -> Iterator[tuple[str, Thing]]:
        # Whoever may not list them all may still look at one.
        listed = caller.get(kind.path, params={"limit": 100})
        known = listed if listed.status_code == 200 else self._world.office.get(kind.path, params={"limit": 100})
        items = known.json()["items"] if known.status_code == 200 else []
        for item in [*items, *(self._approved() if kind.machine == "award" else ())]:
            path = f"{kind.path}/{item['id']}"
            answer = caller.get(path)
            one = answer.json() if answer.status_code == 200 else item if listed.status_code == 200 else {}
            if "available_actions" in one:
                yield path, one
            if kind.machine == "round":
                of_list = caller.get(f"{path}/candidate-list")
                if of_list.status_code == 200:
                    yield path, one | {"available_actions": of_list.json()["available_actions"]}

    def _approved(self) -> list[Thing]:
        """Awards that the register does not show yet."""
        rounds = ok(self._world.office.get("/v1/rounds"))["items"]
        told = [self._world.government.get(f"/v1/rounds/{item['id']}/approval") for item in rounds]
        awards: list[Thing] = [
            award for answer in told if answer.status_code == 200 for award in answer.json()["awards"]
        ]
        return [award for award in awards if award["state"] == "approved"]

    def _try(self, kind: Kind, caller: Caller, path: str, thing: Thing, offered: Thing) -> None:
        here = (kind.machine, offered["act"])
        if here in self._skipped:
            return
        sent = kind.acts[offered["act"]](Asked(self._world, caller, thing))
        if sent is None:
            return
        target = sent.path if sent.path.startswith("/v1/") else path + sent.path
        who = f"{kind.machine}.{offered['act']} by {caller.role.value}"
        wrong = misaddressed(self._world, offered, method=sent.method, target=target, body=sent.body)
        self.faults |= {f"{who}: {fault}" for fault in wrong}
        answer = _send(caller, path, sent)
        told = {(item["rule"], item["reason"]) for item in offered["blocked_by"]}
        refused = _refused(answer)
        where = f"{here} by {caller.role.value}, {thing.get('state')}: {answer.status_code} {sorted(refused)}"
        if offered["allowed"]:
            self.taken.add(here)
            # Of an act on a whole round not everything is looked at beforehand, and it says so.
            if answer.status_code >= 300 and offered.get("in_full", True):
                self.faults.add(f"offered and refused: {where}")
            return
        self.blocked.add(here)
        if answer.status_code not in (403, 409, 422) or not told or not told <= refused:
            self.faults.add(f"not offered because of {sorted(told)}: {where}")


def _refused(answer: Any) -> set[tuple[str, str]]:
    """The rules with their reasons, or the faults of the input."""
    if answer.status_code < 300:
        return set()
    problem = answer.json()
    told = {(item["rule"], item["reason"]) for item in problem["violations"]}
    return told | {(item["pointer"], item["code"]) for item in problem["errors"]} or {(problem["code"], "")}


def _send(caller: Caller, path: str, sent: Sent) -> Any:
    target = sent.path if sent.path.startswith("/v1/") else path + sent.path
    options: dict[str, Any] = {"params": {**sent.params, "dry_run": "true"}}
    if sent.version is not None:
        options["headers"] = {"If-Match": f'"{sent.version}"'}
    if sent.content is not None:
        return caller.request(sent.method, target, content=sent.content, **options)
    return caller.request(sent.method, target, json=sent.body, **options)


def acts_of(machines: Sequence[str]) -> set[tuple[str, str]]:
    """The acts that there is a request for, of these kinds."""
    return {(kind.machine, act) for kind in KINDS if kind.machine in machines for act in kind.acts}
