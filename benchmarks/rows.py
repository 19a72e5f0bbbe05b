"""The rows that a database is filled with, as the service itself would have written them. All of it is sample data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.measures.instruments import Parameters, shipped_instruments
from app.measures.review_rules import default_review_rules
from app.services.applications.content import organisation_record
from app.store.applications import Application
from app.store.audit import AuditEntry
from app.store.awards import Award
from app.store.base import Base, new_id
from app.store.disbursements import Disbursement
from app.store.feeds import FeedEvent
from app.store.identity import Account
from app.store.objections import Objection, ObjectionOriginal
from app.store.organisations import Organisation
from app.store.publicity import Candidate
from app.store.recommendations import Recommendation
from app.store.rounds import RoundSeat
from sandbox.seed import PASSWORD_HASH, known

_BEFORE = datetime(2024, 6, 3, 2, tzinfo=UTC)
_DECREED = date(2024, 6, 3)
_HASH = "0" * 64

Values = dict[str, Any]


def _shipped_parameters() -> Parameters:
    parameters = shipped_instruments()[0].parameters
    if parameters is None:
        raise RuntimeError("the shipped instrument has parameters")
    return parameters


_PARAMETERS = _shipped_parameters()


class Line:
    """One row of everything, with the ids that its parts know each other by."""

    def __init__(self, number: int, of_round: Values, notice: Values, seat: int) -> None:
        self.number, self.seat = number, seat
        self.round, self.notice = of_round["id"], notice["id"]
        self.ordinal = of_round["ordinal"]
        self.name = f"样例获奖企业{number:06d}有限公司"
        self.organisation, self.account, self.application, self.candidate = new_id(), new_id(), new_id(), new_id()
        self.award, self.disbursement, self.objection = new_id(), new_id(), new_id()


def _organisation(line: Line) -> Values:
    return {
        "id": line.organisation,
        "created_at": _BEFORE,
        "lineage_id": line.organisation,
        "state": "verified",
        "changed_since_verified": [],
        "uscc": f"91360733SA{line.number:08d}",
        "uscc_checksum_ok": True,
        "name": line.name,
        "legal_form": "limited_company",
        "registered_address": "江西省赣州市会昌县文武坝镇样例路1号",
        "county_code": "360733",
        "area": "文武坝镇",
        "established_on": date(2010, 1, 1),
        "sector": "3011",
        "operating": True,
        "is_sample": True,
        "version": 1,
    }


def _account(line: Line) -> Values:
    return {
        "id": line.account,
        "created_at": _BEFORE,
        "login": f"applicant{line.number:06d}",
        "kind": "person",
        "role": "applicant",
        "display_name": "样例联系人",
        "secret_hash": PASSWORD_HASH,
        "organisation_id": line.organisation,
        "membership": "submit",
        "tokens_valid_from": _BEFORE,
    }


def _application(line: Line) -> Values:
    content = _form(line)
    organisation = organisation_record(Organisation(**_organisation(line)))
    return {
        "id": line.application,
        "created_at": _BEFORE,
        "round_id": line.round,
        "organisation_id": line.organisation,
        "state": "evaluated",
        "content": content,
        "number": f"{line.ordinal:03d}-{line.seat:06d}",
        "snapshot": {"organisation": organisation, "content": content},
        "snapshot_hash": _HASH,
        "submitted_at": _BEFORE,
        "seat_category": "manufacturing",
        "sector": "3011",
        "confirmed_at": _BEFORE,
        "version": 1,
    }


def _form(line: Line) -> Values:
    sections = ("profile", "leadership", "strategy", "customers", "resources", "processes", "improvement", "results")
    figures = [
        {
            "year": year,
            "revenue_fen": 12_000_000_000,
            "net_profit_fen": 800_000_000,
            "tax_fen": 300_000_000,
            "rd_fen": 400_000_000,
            "export_fen": 0,
        }
        for year in (2021, 2022, 2023)
    ]
    return {
        "size_class": "medium",
        "staff": 260,
        "main_products": [{"name": "样例产品"}],
        "figures": figures,
        "certificates": [
            {
                "kind": "management_system",
                "standard": "GB/T 19001-2016",
                "number": f"SAMPLE-Q-{line.number:06d}",
                "issuer": "样例认证中心",
                "valid_from": "2023-01-10",
                "valid_to": "2029-01-09",
            }
        ],
        "licences": [{"kind": "排污许可证", "number": "SAMPLE-L-1", "valid_to": "2029-06-30", "required": True}],
        "adverse_records": [],
        "honours": [],
        "market_position": {"description": "样例：省内同行业前三。", "scope": "province", "rank": 3},
        "sections": dict.fromkeys(sections, "样例文本。"),
        "contact": {"name": "样例联系人", "phone": "0797-5600000"},
        "safety": {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": "2029-06-30"},
        "truthfulness": {"agreed": True, "signatory": "样例法定代表人", "signed_on": "2024-02-01"},
    }


def _recommendation(line: Line) -> Values:
    return {
        "id": new_id(),
        "created_at": _BEFORE,
        "application_id": line.application,
        "unit_id": known("unit:wenwuba"),
        "state": "endorsed",
        "content_hash": _HASH,
        "facts_verified": ["登记信息"],
        "opinion": "样例：同意推荐。",
        "signatory": "样例负责人",
        "signed_on": _DECREED,
        "answered_at": _BEFORE,
        "version": 1,
    }


def _candidate(line: Line) -> Values:
    return {
        "id": line.candidate,
        "created_at": _BEFORE,
        "round_id": line.round,
        "application_id": line.application,
        "organisation_id": line.organisation,
        "notice_id": line.notice,
        "published_name": line.name,
        "seat_category": "manufacturing",
        "repeat_award": False,
        "rank": line.seat,
        "state": "listed",
    }


def _seat(line: Line) -> Values:
    return {"round_id": line.round, "seat_category": "manufacturing", "number": line.seat}


def _award(line: Line) -> Values:
    return {
        "id": line.award,
        "created_at": _BEFORE,
        "round_id": line.round,
        "candidate_id": line.candidate,
        "application_id": line.application,
        "organisation_id": line.organisation,
        "awarded_name": line.name,
        "award_year": 2023,
        "state": "conferred",
        "first_award": True,
        "repeat_award": False,
        "seat_category": "manufacturing",
        "seat_number": line.seat,
        "prize_fen": _PARAMETERS.prize_fen,
        "operating": True,
        "approval_id": _of(line.round, "approvals"),
        "decree_id": _of(line.round, "decrees"),
        "conferred_on": _DECREED,
        "valid_until": date(2027, 6, 3),
        "certificate_number": f"S{line.ordinal:03d}-{line.seat:06d}",
        "certificate_issued_on": _DECREED,
        "plaque_number": f"P{line.ordinal:03d}-{line.seat:06d}",
        "version": 1,
    }


def _disbursement(line: Line) -> Values:
    return {
        "id": line.disbursement,
        "created_at": _BEFORE,
        "award_id": line.award,
        "organisation_id": line.organisation,
        "lineage_id": line.organisation,
        "amount_fen": _PARAMETERS.prize_fen,
        "budget_year": 2024,
        "decree_number": f"会府字〔2024〕{line.ordinal}号",
        "decree_dated": _DECREED,
        "award_year": 2024,
        "payee_name": line.name,
        "payee_uscc": f"91360733SA{line.number:08d}",
        "bank_name": "样例银行会昌支行",
        "bank_number": "104428050019",
        "bank_account": f"6222{line.number:015d}",
        "state": "payable",
        "attempt": 1,
        "ordered_by": known("account:office"),
        "version": 1,
    }


def _feed_event(line: Line) -> Values:
    return {
        "id": new_id(),
        "created_at": _BEFORE,
        "feed": "disbursements",
        "audience": "payment_platform",
        "kind": "payable",
        "subject_id": line.disbursement,
        "data": {"attempt": 1},
        "position": line.number + 1,
    }


def _objection(line: Line) -> Values:
    return {
        "id": line.objection,
        "created_at": _BEFORE,
        "round_id": line.round,
        "candidate_id": line.candidate,
        "class": "formal",
        "classified_because": "",
        "state": "dismissed",
        "received_at": _BEFORE,
        "tracking_hash": f"{line.number:064x}",
        "outcome_reason": "样例：查无此事。",
        "closed_at": _BEFORE,
        "version": 1,
    }


def _original(line: Line) -> Values:
    return {
        "id": new_id(),
        "created_at": _BEFORE,
        "objection_id": line.objection,
        "name": "样例异议人",
        "contact": "0797-0000000",
        "facts": "样例：事实与理由。",
        "evidence": "样例：材料。",
    }


def _audit_entry(line: Line) -> Values:
    return {
        "seq": line.number + 1,
        "at": _BEFORE,
        "act": "take_objection",
        "actor_role": "public",
        "subject_type": "objection",
        "subject_id": line.objection,
        "round_id": line.round,
        "request_id": str(line.objection),
        "outcome": "done",
        "details": {"classification": "formal"},
        "previous_hash": chained(line.number),
        "hash": chained(line.number + 1),
    }


def chained(seq: int) -> str:
    # Nobody verifies this chain; what counts is that its index has the usual size and order.
    return f"{seq * 2654435761 % 2**32:08x}{seq:056x}"


# In an order in which every foreign key finds its row.
TABLES: tuple[tuple[type[Base], Callable[[Line], Values]], ...] = (
    (Organisation, _organisation),
    (Account, _account),
    (Application, _application),
    (Recommendation, _recommendation),
    (Candidate, _candidate),
    (RoundSeat, _seat),
    (Award, _award),
    (Disbursement, _disbursement),
    (FeedEvent, _feed_event),
    (Objection, _objection),
    (ObjectionOriginal, _original),
    (AuditEntry, _audit_entry),
)


def round_row(ordinal: int, state: str = "concluded") -> Values:
    rules = default_review_rules()
    return {
        "id": new_id(),
        "created_at": _BEFORE,
        "year": 2024,
        "title": f"样例第{ordinal}届",
        "state": state,
        "ordinal": ordinal,
        "instrument_number": "会府办发〔2023〕10号",
        "parameters": asdict(_PARAMETERS),
        "review_rules": rules.to_mapping(),
        "review_rules_hash": rules.content_hash,
        "call": {"title": "样例通知", "channels": ["县政府网站"], "url": None},
        "called_at": _BEFORE,
        "deadline": _DECREED,
        "concluded_at": _BEFORE if state == "concluded" else None,
        "is_sample": True,
        "version": 1,
    }


# Of each round the one of its kind, by the table.
_OF_ROUND: dict[tuple[str, UUID], UUID] = {}


def _of(round_id: UUID, table: str) -> UUID:
    return _OF_ROUND.setdefault((table, round_id), new_id())


def approval_row(of_round: Values) -> Values:
    return {
        "id": _of(of_round["id"], "approvals"),
        "created_at": _BEFORE,
        "round_id": of_round["id"],
        "number": 1,
        "meeting_number": f"样例第{of_round['ordinal']}次会议",
        "meeting_on": _DECREED,
        "not_approved": [],
        "warnings": [],
        "recorded_by": known("account:government"),
    }


def decree_row(of_round: Values) -> Values:
    return {
        "id": _of(of_round["id"], "decrees"),
        "created_at": _BEFORE,
        "round_id": of_round["id"],
        "number": f"会府字〔2024〕{of_round['ordinal']}号",
        "dated": _DECREED,
        "warnings": [],
        "recorded_by": known("account:government"),
    }


def notice_row(of_round: Values) -> Values:
    return {
        "id": new_id(),
        "created_at": _BEFORE,
        "round_id": of_round["id"],
        "kind": "candidates",
        "title": "样例公示",
        "media": [{"name": "样例日报", "published_on": "2024-07-01", "url": None}],
        "published_on": date(2024, 7, 1),
        "last_day": date(2024, 7, 8),
        "ends_at": datetime(2024, 7, 8, 16, tzinfo=UTC),
        "body": {},
        "body_hash": _HASH,
    }
