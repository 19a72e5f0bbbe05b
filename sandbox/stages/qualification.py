"""The qualification review: departments asked and answering, conditions decided, the list confirmed."""

from datetime import date, timedelta
from typing import Any

from app.measures.judgement import DECIDED_WHERE_OPEN
from sandbox.seed import DEPARTMENTS
from sandbox.stages.kept import stage
from sandbox.world import World, ok

DECIDED_BY_A_PERSON = ("art13.2.compliance", "art13.4.leading", "art13.5.distinctive")


@stage
def close_applications(world: World, round_id: str) -> None:
    """Move the clock to the morning after the deadline, unless it is past it already."""
    deadline = date.fromisoformat(ok(world.public.get(f"/v1/rounds/{round_id}"))["deadline"])
    if world.clock.today <= deadline:
        world.clock.go(deadline + timedelta(days=1))


@stage
def consult(world: World, round_id: str, *, application_ids: list[str] | None = None) -> Any:
    """The office asks the departments, about everybody or about these."""
    body = {} if application_ids is None else {"application_ids": application_ids}
    return ok(world.office.post(f"/v1/rounds/{round_id}/consultations", body), 201)


def asked(world: World, department: str, round_id: str, **filters: Any) -> list[dict[str, Any]]:
    """A department's consultations of a round, all pages."""
    return _all(world.by(f"department-{department}"), "/v1/consultations", round_id=round_id, **filters)


def asked_about(world: World, application_id: str) -> dict[str, dict[str, Any]]:
    """The consultations on one application, by the department's seeded key."""
    names = {name: key for key, (name, _, _) in DEPARTMENTS.items()}
    rows = _all(world.office, "/v1/consultations", application_id=application_id)
    return {names[row["department_name"]]: row for row in rows}


def reply(world: World, department: str, consultation_id: str, answer: str = "no_objection", **more: Any) -> Any:
    """A department answers; answers the response."""
    body = {"answer": answer, **more}
    return world.by(f"department-{department}").post(f"/v1/consultations/{consultation_id}/reply", body)


def adverse(category: str, occurred_on: str | None = None, determined_on: str | None = None) -> dict[str, Any]:
    """A record as a department reports it."""
    fact, basis = "样例：查实的不良记录。", "样例文书1号"
    return {
        "category": category,
        "fact": fact,
        "basis": basis,
        "occurred_on": occurred_on,
        "determined_on": determined_on,
    }


@stage
def answer_all(world: World, round_id: str, *, refuse: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Every department answers everything it is asked: no objection, but for `refuse` (application → category) the
    first department of that category reports a record of three months ago. Answers the records."""
    wanted, records = dict(refuse or {}), []
    reported_on = (world.clock.today - timedelta(days=90)).isoformat()
    for department in DEPARTMENTS:
        by_id = {
            row["id"]: row
            for row in _all(
                world.office,
                "/v1/consultations",
                round_id=round_id,
                department_id=world.id(f"department:{department}"),
                state="asked",
            )
        }
        for consultation_id, row in by_id.items():
            category = wanted.get(row["application_id"])
            if category is not None and category in row["categories"]:
                del wanted[row["application_id"]]
                given = reply(world, department, consultation_id, "adverse", records=[adverse(category, reported_on)])
            else:
                given = reply(world, department, consultation_id)
            ok(given)
    for application_id in refuse or {}:
        records += ok(world.office.get(f"/v1/applications/{application_id}/adverse-records"))["items"]
    return records


@stage
def decide_conditions(world: World, application_id: str, outcome: str = "pass", *rules: str) -> Any:
    """The office decides a person's conditions, all three unless some are named; answers the response."""
    decisions = [
        {"rule": rule, "outcome": outcome, "reason": "样例：经核查认定。", "evidence": "样例核查记录"}
        for rule in rules or DECIDED_BY_A_PERSON
    ]
    return world.office.post(f"/v1/applications/{application_id}/condition-decisions", {"decisions": decisions})


def decide_record(world: World, record: dict[str, Any], finding: str = "confirmed", **more: Any) -> Any:
    """The office decides a record; answers the response."""
    body: dict[str, Any] = {"finding": finding, "reason": "样例：经查证属实。", **more}
    if finding == "confirmed" and record["category"] in "ac":
        body.setdefault("attributable", True)
    if finding == "confirmed" and record["category"] == "other_violation":
        body.setdefault("severity", "bars")
    return world.office.post(f"/v1/adverse-records/{record['id']}/decision", body)


def hear(world: World, records: list[dict[str, Any]]) -> None:
    """Let the days for the applicants' replies to these open records pass."""
    open_records = [record for record in records if record["finding"] == "open" and record["reply_due_at"]]
    if open_records:
        last = max(date.fromisoformat(record["reply_due_at"][:10]) for record in open_records)
        world.clock.go(max(last + timedelta(days=1), world.clock.today))


def under_review(world: World, round_id: str) -> list[dict[str, Any]]:
    """The worklist's submitted applications."""
    return _all(world.office, f"/v1/rounds/{round_id}/qualification-worklist", state="submitted")


@stage
def confirm(world: World, round_id: str) -> Any:
    """The office confirms and publishes the list; answers the response."""
    body = {"title": "资格审查合格名单（样例）", "channels": ["县政府网站"]}
    return world.office.post(f"/v1/rounds/{round_id}/qualified-list", body)


@stage
def qualify(world: World, round_id: str, *, refuse: dict[str, str] | None = None) -> dict[str, Any]:
    """The whole review: the clock goes past the deadline, departments are asked and all answer, conditions are decided,
    the list is confirmed. `refuse`: application → category of 13(6) on which a department reports a record that is then
    confirmed, after the days for the applicant's reply (the clock moves on). Declared records are denied."""
    close_applications(world, round_id)
    consult(world, round_id)
    records = answer_all(world, round_id, refuse=refuse)
    for item in under_review(world, round_id):
        left_open = [finding["rule"] for finding in item["open"] if finding["rule"] in DECIDED_WHERE_OPEN]
        ok(decide_conditions(world, item["application_id"], "pass", *DECIDED_BY_A_PERSON, *left_open), 201)
    hear(world, records)
    for record in records:
        if record["finding"] == "open" and record["origin"] == "department":
            ok(decide_record(world, record))
    confirmed: dict[str, Any] = ok(confirm(world, round_id), 201)
    return confirmed


def _all(caller: Any, path: str, **filters: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 100, **filters}
    while True:
        page = ok(caller.get(path, params=params))
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]
