"""The acts during which processes are killed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

import httpx

from app.kernel.clock import SystemClock, shanghai_day
from app.kernel.settings import Settings
from sandbox.stages.applications import PDF, apply, begin, register_applicant
from sandbox.stages.awarded import Winner
from sandbox.stages.decision import (
    HOSPITAL,
    OBJECTION,
    Contender,
    approval,
    candidates,
    conclude_round,
    fix_proposed,
    in_publicity,
)
from sandbox.stages.money import order, order_body
from sandbox.stages.parties import PASSWORD as APPLICANTS_PASSWORD
from sandbox.stages.qualification import (
    DECIDED_BY_A_PERSON,
    answer_all,
    close_applications,
    consult,
    decide_conditions,
)
from sandbox.stages.reviews import light_rules
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from siege.chaos.work import Act, Rows, Work, whole_file

# A name is checked as of the meeting and as of today.
_CHECKED = "SELECT count(DISTINCT application_id) FROM eligibility_checks WHERE gate = 'approval'"


class Posted(NamedTuple):
    """One request that is the whole work: its path and body."""

    path: str
    body: dict[str, object]


class _Once(Work[Posted]):
    """An act that can be done once on a copy."""

    login: str

    def acts(self, _draw: Random) -> list[Act]:
        return [] if self.done else [Act(self.made.path, self.login, self.made.body)]


class Approvals(_Once):
    """The government approves three names (Art. 22)."""

    name = "approvals"
    login = "government"
    _NAMES = 3

    @staticmethod
    def build(world: World) -> Posted:
        made = in_publicity(world, Contender(), Contender(score="700"), Contender(sector=HOSPITAL))
        fix_proposed(world, made.round_id)
        return Posted(f"/v1/rounds/{made.round_id}/approval", approval(world))

    def parts(self, rows: Rows) -> dict[str, float]:
        return {
            "decisions": rows.count("SELECT count(*) FROM approvals"),
            "rounds": rows.count("SELECT count(*) FROM rounds WHERE state = 'approved'"),
            "awards": rows.count("SELECT count(*) FROM awards") / self._NAMES,
            "checks": rows.count(_CHECKED) / self._NAMES,
            "entries": rows.entries("approve_awards"),
            "answers": rows.answers(),
        }


class Confirmations(_Once):
    """The office confirms and publishes the list of the qualified (Art. 17)."""

    name = "confirmations"
    login = "office"
    _NAMES = 4

    @staticmethod
    def build(world: World) -> Posted:
        round_id = open_round(world, review_rules=light_rules())
        for _ in range(Confirmations._NAMES):
            apply(world, round_id)
        close_applications(world, round_id)
        consult(world, round_id)
        answer_all(world, round_id)
        for item in ok(world.office.get(f"/v1/rounds/{round_id}/qualification-worklist"))["items"]:
            ok(decide_conditions(world, item["application_id"], "pass", *DECIDED_BY_A_PERSON), 201)
        body: dict[str, object] = {"title": "资格审查合格名单（样例）", "channels": ["县政府网站"]}
        return Posted(f"/v1/rounds/{round_id}/qualified-list", body)

    def parts(self, rows: Rows) -> dict[str, float]:
        return {
            "lists": rows.count("SELECT count(*) FROM notices"),
            "rounds": rows.count("SELECT count(*) FROM rounds WHERE state = 'qualified'"),
            "applications": rows.count("SELECT count(*) FROM applications WHERE state = 'qualified'") / self._NAMES,
            "entries": rows.entries("confirm_qualified_list"),
            "answers": rows.answers(),
        }


class Objections(Work[str]):
    """The public objects, six at once (Art. 21)."""

    name = "objections"
    _AT_ONCE = 6

    def __init__(self, made: str, settings: Settings) -> None:
        super().__init__(made, settings)
        self._codes: list[str] = []

    @staticmethod
    def build(world: World) -> str:
        made = in_publicity(world, Contender())
        return str(candidates(world, made.round_id)[made.ids[0]]["id"])

    def acts(self, _draw: Random) -> list[Act]:
        return [Act(f"/v1/candidates/{self.made}/objections", None, OBJECTION) for _ in range(self._AT_ONCE)]

    def learn(self, act: Act, answer: httpx.Response) -> None:
        super().learn(act, answer)
        # Whose answer was lost is told at the repetition that it has been taken, without the code.
        if (code := answer.json()["tracking_code"]) is not None:
            self._codes.append(code)

    def parts(self, rows: Rows) -> dict[str, float]:
        return {
            "objections": rows.count("SELECT count(*) FROM objections"),
            "originals": rows.count("SELECT count(*) FROM objection_originals"),
            "entries": rows.entries("take_objection"),
            "answers": rows.answers(),
        }

    def missing(self, _rows: Rows, client: httpx.Client) -> int:
        codes, self._codes = self._codes, []
        return sum(client.get(f"/v1/objection-status/{code}").status_code != 200 for code in codes)


class Draft(NamedTuple):
    """An application that is begun, and the login of its applicant."""

    application_id: str
    login: str


class Uploads(Work[Draft]):
    """An applicant uploads three files at once (Art. 17)."""

    name = "uploads"
    _AT_ONCE = 3

    def __init__(self, made: Draft, settings: Settings) -> None:
        super().__init__(made, settings)
        self._told: set[str] = set()

    @staticmethod
    def build(world: World) -> Draft:
        _, applicant = register_applicant(world)
        return Draft(begin(world, open_round(world), applicant)["id"], ok(applicant.get("/v1/me"))["login"])

    def password(self, _login: str) -> str:
        return APPLICANTS_PASSWORD

    def acts(self, draw: Random) -> list[Act]:
        return [
            Act(
                f"/v1/applications/{self.made.application_id}/attachments",
                self.made.login,
                # No two are alike, and some are sent in several pieces.
                content=PDF + b"%" + draw.randbytes(draw.choice((16, 4_000, 600_000))).hex().encode() + b"\n",
                params={"material": "extra", "filename": "样例.pdf"},
            )
            for _ in range(self._AT_ONCE)
        ]

    def learn(self, act: Act, answer: httpx.Response) -> None:
        super().learn(act, answer)
        self._told.add(answer.json()["sha256"])

    def parts(self, rows: Rows) -> dict[str, float]:
        kept = rows.all("SELECT storage_key, sha256 FROM attachments")
        return {
            "records": len(kept),
            "files": sum(whole_file(self.settings, str(key), str(sha256)) for key, sha256 in kept),
            "entries": rows.entries("add_attachment"),
            "answers": rows.answers(),
        }

    def missing(self, rows: Rows, _client: httpx.Client) -> int:
        told, self._told = self._told, set()
        return len(told - {str(item) for (item,) in rows.all("SELECT sha256 FROM attachments")})


@dataclass(slots=True)
class _Order:
    """An order of a prize as the office and the platform were last told of it."""

    winner: Winner
    id: str
    amount_fen: int
    state: str = "payable"
    attempt: int = 1
    number: str = ""


class Money(Work[list[_Order]]):
    """The orders of two prizes go to and fro between the office and the platform: taken over, paid, failed, sent back,
    corrected (Art. 9)."""

    name = "money"

    def __init__(self, made: list[_Order], settings: Settings) -> None:
        super().__init__(made, settings)
        self._orders = {item.id: _Order(item.winner, item.id, item.amount_fen) for item in made}

    @staticmethod
    def build(world: World) -> list[_Order]:
        made = conclude_round(world, 2024, Contender(score="900"), Contender(score="800"))
        orders = []
        for place, line in enumerate(made.decree["awards"], 1):
            applied = next(item for item in made.applied if item.organisation_id == line["organisation_id"])
            names = line["id"], line["organisation_id"], "", line["awarded_name"]
            winner = Winner(*names, applied.applicant, place=place)
            ordered = order(world, winner)
            orders.append(_Order(winner, ordered["id"], ordered["amount_fen"]))
        return orders

    def acts(self, draw: Random) -> list[Act]:
        return [self._next(item, draw) for item in self._orders.values()]

    def _next(self, item: _Order, draw: Random) -> Act:
        path, attempt = f"/v1/disbursements/{item.id}", {"attempt": item.attempt}
        # What is paid is paid after it was taken over, which is today.
        day = shanghai_day(SystemClock().now()).isoformat()
        if item.state == "payable":
            return Act(f"{path}/acknowledgement", "payment_platform", attempt, status=200, subject=item.id)
        if item.state == "acknowledged" and draw.random() < 0.5:
            body = {**attempt, "reason": "样例：账号有误"}
            return Act(f"{path}/payment-failure", "payment_platform", body, status=200, subject=item.id)
        if item.state == "acknowledged":
            item.number = f"PAY-{item.id[-12:]}-{item.attempt}"
            paid = {"confirmation_number": item.number, "amount_fen": item.amount_fen, "paid_on": day}
            return Act(f"{path}/payment-confirmation", "payment_platform", attempt | paid, status=200, subject=item.id)
        if item.state == "paid":
            back = {"confirmation_number": item.number, "amount_fen": item.amount_fen, "returned_on": day}
            body = {**attempt, **back, "reason": "样例：账户已销户"}
            return Act(f"{path}/payment-return", "payment_platform", body, status=200, subject=item.id)
        account = f"62220000000{draw.randrange(10**5):05d}"
        body = {**order_body(item.winner, bank_account=account), "reason": "样例：更正账户"}
        return Act(f"{path}/reissue", "office", body, status=200, subject=item.id)

    def learn(self, act: Act, answer: httpx.Response) -> None:
        super().learn(act, answer)
        told = answer.json()
        item = self._orders[act.subject]
        item.state, item.attempt = told["state"], told["attempt"]

    def parts(self, rows: Rows) -> dict[str, float]:
        reports = rows.count("SELECT count(*) FROM payment_reports")
        moved = "SELECT sum(2 * (attempt - 1) + CASE state WHEN 'payable' THEN 0 ELSE 1 END) FROM disbursements"
        return {
            "moves": rows.count(moved) + reports,
            "entries": rows.entries("acknowledge", "report_paid", "report_failed", "report_returned", "reissue"),
            "answers": rows.answers(),
        }

    def missing(self, rows: Rows, _client: httpx.Client) -> int:
        kept = {
            str(id).replace("-", ""): (state, attempt)
            for id, state, attempt in rows.all("SELECT id, state, attempt FROM disbursements")
        }
        return sum(kept.get(item.id.replace("-", "")) != (item.state, item.attempt) for item in self._orders.values())


KINDS: tuple[type[Work[Any]], ...] = (
    Approvals,
    Confirmations,
    Objections,
    Uploads,
    Money,
)
