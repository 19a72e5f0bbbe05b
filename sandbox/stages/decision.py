"""From the deliberation to the awards, and a whole round in one line."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sandbox.callers import Caller
from sandbox.stages.applications import PDF, Applied, apply
from sandbox.stages.evaluated import put_evaluated
from sandbox.stages.kept import stage
from sandbox.stages.law import holiday_year, instrument, register_instrument
from sandbox.stages.qualification import qualify
from sandbox.stages.reviews import light_rules, review
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

COMMITTEE = [f"样例委员{number}" for number in range(1, 8)]
MANUFACTURING, HOSPITAL, LOGISTICS = "3011", "8411", "5821"
OBJECTION = {"name": "样例异议人甲", "contact": "0797-5611111", "facts": "样例：该组织去年有产品抽查不合格。"}
CLOSING = {
    "verification": "样例：已函询市场监督管理局。",
    "reason": "样例：所述情况已查明。",
    "public_statement": "样例：已核实。",
}


@dataclass(frozen=True, slots=True)
class Contender:
    """Who competes: its industry, its score, whether it is listed, an organisation that exists already, its form."""

    sector: str = MANUFACTURING
    score: str = "800"
    listed: bool = True
    organisation: tuple[str, Caller] | None = None
    content: dict[str, Any] | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A round after its evaluation, with its applications in the order of the contenders."""

    round_id: str
    applied: list[Applied]

    @property
    def ids(self) -> list[str]:
        return [item.id for item in self.applied]


@dataclass(frozen=True, slots=True)
class Concluded:
    """A round concluded by decree. `awards` as the decree tells them, by organisation."""

    round_id: str
    year: int
    applied: list[Applied]
    decree: dict[str, Any]

    @property
    def awards(self) -> dict[str, dict[str, Any]]:
        return {award["organisation_id"]: award for award in self.decree["awards"]}


@stage
def evaluated_round(world: World, *contenders: Contender, year: int = 2024) -> Evaluated:
    """A round of this year, called in March, evaluated on its 20th of May."""
    world.clock.go(f"{year}-03-01")
    round_id = open_round(world, year, deadline=f"{year}-04-30")
    applied = [
        apply(
            world,
            round_id,
            organisation=item.organisation,
            content_overrides=item.content,
            **({"sector": item.sector} | item.details),
        )
        for item in contenders
    ]
    world.clock.go(f"{year}-05-20")
    put_evaluated(world, round_id, {one.id: item.score for one, item in zip(applied, contenders, strict=True)})
    return Evaluated(round_id, applied)


def verify_record(world: World, application_id: str, outcome: str = "pass") -> Any:
    """The office records what the investigation found (Art. 11(4))."""
    body = {"outcome": outcome, "evidence": "样例：走访记录", "reason": "样例：社会反映良好"}
    return ok(world.office.post(f"/v1/applications/{application_id}/social-verification", body))


def conclusion(application_id: str, *, recommended: bool = True, **changes: Any) -> dict[str, Any]:
    """The committee's conclusion on one application: seven votes one way."""
    return {
        "application_id": application_id,
        "recommended": recommended,
        "reason": "样例：审议意见",
        "votes_for": 7 if recommended else 1,
        "votes_against": 0 if recommended else 6,
        "abstentions": 0,
        "merit": {"outcome": "pass", "reason": "样例：同行业领先", "evidence": "综合评价报告"},
    } | changes


def meeting(world: World, conclusions: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A whole meeting of the committee, today."""
    return {
        "meeting_on": world.clock.today.isoformat(),
        "members": COMMITTEE,
        "present": COMMITTEE,
        "minutes": "样例：会议纪要",
        "conclusions": list(conclusions),
    } | changes


def evaluated_ids(world: World, round_id: str) -> list[str]:
    """The ids of the round's evaluated applications."""
    page = ok(world.office.get("/v1/applications", params={"round_id": round_id, "state": "evaluated", "limit": 100}))
    return [item["id"] for item in page["items"]]


@stage
def deliberate(
    world: World, round_id: str, *, recommended: Collection[str] | None = None, verified: bool = True, **changes: Any
) -> Any:
    """The committee recommends these applications, all evaluated ones where none are named; verified before."""
    ids = evaluated_ids(world, round_id)
    chosen = set(ids if recommended is None else recommended)
    for application_id in ids if verified else ():
        verify_record(world, application_id)
    conclusions = [conclusion(item, recommended=item in chosen) for item in ids]
    body = meeting(world, conclusions, **changes)
    return ok(world.office.post(f"/v1/rounds/{round_id}/deliberation", body), 201)


def publication(*published_on: str | date, **changes: Any) -> dict[str, Any]:
    """A publication in one newspaper per day."""
    media = [
        {
            "name": f"样例媒体{number}",
            "kind": "newspaper",
            "published_on": str(day),
            "url": f"https://example.org/{number}",
        }
        for number, day in enumerate(published_on, 1)
    ]
    return {"title": "样例：候选名单公示", "media": media} | changes


@stage
def publish(
    world: World,
    round_id: str,
    application_ids: Iterable[str],
    *published_on: str | date,
    choice: dict[str, str] | None = None,
    **changes: Any,
) -> Any:
    """The candidates, published on these days, today where none are named; answers the list."""
    days = published_on or (world.clock.today,)
    ids = list(application_ids)
    body: dict[str, Any] = {"application_ids": ids}
    if ids:
        body["publication"] = publication(*days, **changes)
    if choice is not None:
        body["choice"] = choice
    return ok(world.office.post(f"/v1/rounds/{round_id}/candidate-list", body), 201)


def candidates(world: World, round_id: str) -> dict[str, dict[str, Any]]:
    """The list as the public sees it, by application."""
    listed = ok(world.public.get(f"/v1/rounds/{round_id}/candidate-list"))["candidates"]
    return {item["application_id"]: item for item in listed}


def after_publicity(world: World, round_id: str) -> None:
    """The morning after the last name's period."""
    days = [item["last_day"] for item in candidates(world, round_id).values() if item["state"] == "listed"]
    if days:
        world.clock.go(date.fromisoformat(max(days)) + timedelta(days=1))


def object_to(world: World, candidate_id: str, **changes: Any) -> Any:
    """Somebody objects formally; a change of None leaves the field out. Answers the receipt."""
    body = {key: value for key, value in (OBJECTION | changes).items() if value is not None}
    return ok(world.public.post(f"/v1/candidates/{candidate_id}/objections", body), 201)


def scan_letter(world: World, objection_id: str) -> None:
    """The scan of a letter is put to its case, which makes it formal where it lacks nothing else."""
    path = f"/v1/objections/{objection_id}/files"
    ok(world.office.post(path, params={"filename": "来信.pdf"}, content=PDF), 201)


def objections(world: World, **filters: Any) -> list[dict[str, Any]]:
    """Objections as the office lists them."""
    items: list[dict[str, Any]] = ok(world.office.get("/v1/objections", params=filters))["items"]
    return items


def assign_investigator(world: World, objection_id: str, account_id: str | None = None, **changes: Any) -> Any:
    """The office assigns an investigator: the seeded account, which then is the world's office."""
    body = {
        "account_id": account_id or world.id("account:office"),
        "conflict_check": "样例：本人声明无利害关系",
    } | changes
    return ok(world.office.post(f"/v1/objections/{objection_id}/investigator", body))


def release(world: World, path: str, reader: Caller | None = None, decider: Caller | None = None) -> Any:
    """The investigator of the objection or the report at `path` asks to read it as it came, the government releases
    it."""
    kind, matter_id = path.removeprefix("/v1/").split("/")
    subject = {"objections": "objection", "mark-reports": "mark_report"}[kind]
    body = {"matter": subject, "matter_id": matter_id, "reason": "样例：核实来件"}
    asked = ok((reader or world.office).post("/v1/disclosures", body), 201)
    decision = {"outcome": "released", "statement": "样例：理由成立，本人无利害关系"}
    return ok((decider or world.government).post(f"/v1/disclosures/{asked['id']}/decision", decision))


def read_original(world: World, path: str, reader: Caller | None = None, reason: str = "样例：核实来件") -> Any:
    """The investigator reads what is at `path` as it came, once it is released to him."""
    release(world, path, reader)
    return ok((reader or world.office).post(f"{path}/identity-disclosure", {"reason": reason}))


def start_verification(world: World, objection_id: str) -> Any:
    """An investigator is assigned, reads and summarises; the office begins to verify."""
    path = f"/v1/objections/{objection_id}"
    assign_investigator(world, objection_id)
    read_original(world, path)
    ok(world.office.post(f"{path}/summary", {"summary": "样例：反映该组织有抽查不合格记录。"}))
    return ok(world.office.post(f"{path}/verification", {"plan": "样例：函询有关部门"}))


def close_objection(world: World, objection_id: str, outcome: str) -> Any:
    """Verify and decide: `outcome` is "upheld" or "dismissed"."""
    start_verification(world, objection_id)
    return ok(world.office.post(f"/v1/objections/{objection_id}/decision", CLOSING | {"outcome": outcome}))


@stage
def fix_proposed(world: World, round_id: str) -> Any:
    """The office proposes every name still listed, after the publicity."""
    after_publicity(world, round_id)
    return ok(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 201)


def approval(world: World, not_approved: Iterable[str] = (), **changes: Any) -> dict[str, Any]:
    """A decision of the executive meeting, today."""
    return {
        "meeting_number": "样例第45次县政府常务会议",
        "meeting_on": world.clock.today.isoformat(),
        "not_approved": [{"candidate_id": item, "reason": "样例：会议决定空缺"} for item in not_approved],
    } | changes


@stage
def approve(world: World, round_id: str, not_approved: Iterable[str] = (), **changes: Any) -> Any:
    """The government approves what it does not leave out."""
    return ok(world.government.post(f"/v1/rounds/{round_id}/approval", approval(world, not_approved, **changes)), 201)


@stage
def decree(world: World, round_id: str, number: str | None = None, dated: str | None = None, **changes: Any) -> Any:
    """The government's decree, dated today where no day is named."""
    day = dated or world.clock.today.isoformat()
    body = {"number": number or f"会府字〔{day[:4]}〕12号", "dated": day} | changes
    return ok(world.government.post(f"/v1/rounds/{round_id}/decree", body), 201)


@stage
def in_publicity(world: World, *contenders: Contender, year: int = 2024, published_on: str | None = None) -> Evaluated:
    """A round whose candidates are published: the listed contenders, in May unless another day is named."""
    made = evaluated_round(world, *contenders, year=year)
    deliberate(world, made.round_id)
    if published_on is not None:
        world.clock.go(published_on)
    publish(
        world,
        made.round_id,
        [one.id for one, item in zip(made.applied, contenders, strict=True) if item.listed],
        choice={"reason": "样例：经集体研究", "evidence": "样例：会议纪要"},
    )
    return made


@stage
def conclude_round(world: World, year: int, *contenders: Contender) -> Concluded:
    """A whole round of this year, every act of it through HTTP: those listed win. Called in March, decreed in April;
    the rules are light (a panel of one, one department), law and holidays are registered where the year needs it."""
    world.clock.go(f"{year}-03-01")
    _law_for(world, year)
    rules = light_rules(panel_size_material=1, panel_size_onsite=1)
    round_id = open_round(world, year, deadline=f"{year}-03-29", review_rules=rules)
    applied = [
        apply(
            world,
            round_id,
            organisation=item.organisation,
            content_overrides=item.content,
            **({"sector": item.sector} | item.details),
        )
        for item in contenders
    ]
    qualify(world, round_id)
    review(world, round_id, {one.id: [int(item.score) // 10] for one, item in zip(applied, contenders, strict=True)})
    deliberate(world, round_id)
    publish(
        world,
        round_id,
        [one.id for one, item in zip(applied, contenders, strict=True) if item.listed],
        choice={"reason": "样例：经集体研究", "evidence": "样例：会议纪要"},
    )
    fix_proposed(world, round_id)
    approve(world, round_id)
    return Concluded(round_id, year, applied, decree(world, round_id))


def _law_for(world: World, year: int) -> None:
    """The measures are in force all through the year, and its working days are known."""
    instruments = ok(world.public.get("/v1/instruments"))["items"]
    if not any(item["in_force_to"] is None or item["in_force_to"] > f"{year}-06-30" for item in instruments):
        register_instrument(
            world, instrument(number="会府办发〔2025〕3号", document_date="2025-02-20", in_force_to="2060-12-31")
        )
    known = {item["year"] for item in ok(world.public.get("/v1/holiday-years"))["items"]}
    if year not in known:
        ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)
