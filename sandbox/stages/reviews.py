"""The review: panels, undertakings, sheets, reports, the on-site list, the evaluation.

A percentage is given to every item of the scheme, so 80 makes 800 of 1,000 points; a sequence gives each member of the
panel his own.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from app.measures.review_rules import default_review_rules
from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.seed import REVIEWERS
from sandbox.stages.applications import Applied, apply
from sandbox.stages.kept import stage
from sandbox.stages.parties import accept
from sandbox.stages.qualification import qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

Percent = int | Sequence[int]
KINDS = ("confidentiality", "integrity")
_numbers = itertools.count(1)


def admit(world: World, **changes: Any) -> tuple[str, Caller]:
    """A new expert of the pool; answers the pool's id and the caller."""
    body = {
        "login": f"expert-{next(_numbers):03d}",
        "name": "样例评审员",
        "expertise": "质量管理",
        "qualified_from": "2023-01-01",
        "qualified_until": "2035-12-31",
        **changes,
    }
    made = ok(world.office.post("/v1/reviewers", body), 201)
    accept(world, made)
    return made["id"], world.account(made["account_id"], Role.REVIEWER, body["login"])


def reviewer_id(world: World, login: str) -> str:
    """The pool's id of a seeded reviewer."""
    return world.id(f"reviewer:{login}")


def sign(reviewer: Caller, round_id: str, *kinds: str) -> None:
    """The reviewer signs the undertakings that are still unsigned; both unless some are named."""
    path = f"/v1/rounds/{round_id}/undertakings"
    for item in ok(reviewer.get(path))["items"]:
        if item["kind"] in (kinds or KINDS) and item["signed_at"] is None:
            ok(reviewer.post(path, {"kind": item["kind"], "text_hash": item["text_hash"]}), 201)


@stage
def assign(world: World, application_id: str, stage: str, reviewer_ids: Sequence[str], **more: Any) -> Any:
    """The office makes the panel; answers the response."""
    body = {"stage": stage, "reviewer_ids": list(reviewer_ids), **more}
    return world.office.post(f"/v1/applications/{application_id}/review-assignments", body)


@stage
def panel(
    world: World,
    round_id: str,
    application_id: str,
    stage: str = "material",
    logins: Sequence[str] = REVIEWERS[:3],
) -> list[tuple[Caller, str]]:
    """Seeded reviewers who have signed, on the panel; each with the id of his charge."""
    callers = [world.by(login) for login in logins]
    for caller in callers:
        sign(caller, round_id)
    made = ok(assign(world, application_id, stage, [reviewer_id(world, login) for login in logins]), 201)["items"]
    charges = {item["reviewer_id"]: item["id"] for item in made}
    return [(caller, charges[reviewer_id(world, login)]) for caller, login in zip(callers, logins, strict=True)]


def fill(world: World, reviewer: Caller, assignment_id: str, percent: int) -> Any:
    """One percentage for every item; answers the sheet."""
    path = f"/v1/review-assignments/{assignment_id}/score-sheet"
    version = ok(reviewer.get(path))["version"]
    scores = dict.fromkeys(_items(world, assignment_id), percent)
    return ok(reviewer.patch(path, {"scores": scores}, version=version))


@stage
def score(world: World, reviewer: Caller, assignment_id: str, percent: int) -> Any:
    """Fill the sheet and submit it; answers the sheet."""
    fill(world, reviewer, assignment_id, percent)
    return ok(reviewer.post(f"/v1/review-assignments/{assignment_id}/score-sheet/submission"))


def report(world: World, application_id: str, stage: str = "material", **more: Any) -> Any:
    """The office records the report; answers the response."""
    body: dict[str, Any] = {"summary": "样例评审意见", **more}
    if stage == "onsite":
        body.setdefault("visited_on", world.clock.today.isoformat())
    return world.office.post(f"/v1/applications/{application_id}/{stage}-report", body)


@stage
def score_material(world: World, round_id: str, scores: Mapping[str, Percent]) -> None:
    """Three reviewers score each application; its material report follows, by consensus where they lie far apart."""
    for application_id, percent in scores.items():
        _judge(world, round_id, application_id, "material", percent)


@stage
def close_material(world: World, round_id: str) -> Any:
    """The office closes the material review; answers the on-site list."""
    return ok(world.office.post(f"/v1/rounds/{round_id}/material-report"), 201)


@stage
def score_onsite(world: World, round_id: str, scores: Mapping[str, Percent]) -> None:
    """Those of them that are on the on-site list are visited today, scored and reported on."""
    listed = {item["application_id"] for item in onsite_list(world, round_id) if item["included"]}
    for application_id, percent in scores.items():
        if application_id in listed:
            _judge(world, round_id, application_id, "onsite", percent)


@stage
def evaluate(world: World, round_id: str, **more: Any) -> Any:
    """The office issues the evaluation report; answers it."""
    return ok(world.office.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例综合评价", **more}), 201)


@stage
def review(
    world: World, round_id: str, scores: Mapping[str, Percent], onsite: Mapping[str, Percent] | None = None
) -> Any:
    """The whole review of a round with a qualified list; the on-site scores are the material ones unless given. Answers
    the evaluation report."""
    score_material(world, round_id, scores)
    close_material(world, round_id)
    score_onsite(world, round_id, scores if onsite is None else onsite)
    return evaluate(world, round_id)


def onsite_list(world: World, round_id: str) -> list[dict[str, Any]]:
    """The lines of the on-site list, those left out too."""
    items: list[dict[str, Any]] = ok(world.office.get(f"/v1/rounds/{round_id}/onsite-list"))["items"]
    return items


def _judge(world: World, round_id: str, application_id: str, stage: str, percent: Percent) -> None:
    given = [percent] * 3 if isinstance(percent, int) else list(percent)
    assigned = panel(world, round_id, application_id, stage, REVIEWERS[: len(given)])
    totals = [
        float(score(world, reviewer, assignment_id, one)["total"])
        for (reviewer, assignment_id), one in zip(assigned, given, strict=True)
    ]
    more: dict[str, Any] = {}
    if max(totals) - min(totals) > 100:
        middle = sorted(totals)[len(totals) // 2]
        more = {"consensus_score": f"{middle:.2f}", "consensus_reason": "样例：经合议统一尺度。"}
    ok(report(world, application_id, stage, **more), 201)


def _items(world: World, assignment_id: str) -> list[str]:
    charge = ok(world.office.get(f"/v1/review-assignments/{assignment_id}"))
    rules = ok(world.public.get(f"/v1/rounds/{charge['round_id']}"))["review_rules"]
    return [item["code"] for item in rules["items"]]


def light_rules(**changes: Any) -> dict[str, Any]:
    """The default review rules, but one department to consult and one material to hand in: for those whose subject
    begins at the review."""
    rules: dict[str, Any] = default_review_rules().to_mapping()
    return {
        **rules,
        "departments": rules["departments"][:1],
        "required_materials": rules["required_materials"][:1],
        **changes,
    }


@stage
def qualified(
    world: World, *given: Mapping[str, Any], rules: Mapping[str, Any] | None = None
) -> tuple[str, list[Applied]]:
    """A round with a qualified list of these applications (arguments of `apply`; one manufacturer unless given)."""
    round_id = open_round(world, review_rules=light_rules(**(rules or {})))
    applied = [apply(world, round_id, **item) for item in given or ({},)]
    qualify(world, round_id)
    return round_id, applied
