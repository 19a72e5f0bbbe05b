"""Answers that were kept for a repetition, asked for by whoever has no business with them any more."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from sandbox.stages.reviews import fill, panel, qualified, reviewer_id
from sandbox.world import World
from siege.attack import Outcome, attack
from siege.service import connection, embedded, serving, signed_in
from siege.stages import built
from siege.target import Bystander, Target

_REVIEWERS = ("reviewer1", "reviewer2", "reviewer3")
_APPLICATIONS = 3


@dataclass(frozen=True, slots=True)
class _Charge:
    """Whose application lies before whom: a reviewer's login, the assignment, its sheet's version."""

    login: str
    assignment_id: str
    version: int

    @property
    def path(self) -> str:
        return f"/v1/review-assignments/{self.assignment_id}"


def _review(world: World) -> tuple[list[_Charge], dict[str, str]]:
    """Three applications before three reviewers each, who have filled their sheets in; and the ids of these in the
    pool."""
    round_id, applied = qualified(world, *({} for _ in range(_APPLICATIONS)))
    charges = []
    for item in applied:
        for login, (reviewer, assignment_id) in zip(_REVIEWERS, panel(world, round_id, item.id), strict=True):
            charges.append(_Charge(login, assignment_id, fill(world, reviewer, assignment_id, 80)["version"]))
    return charges, {login: reviewer_id(world, login) for login in _REVIEWERS}


@attack("answers")
def answers(_target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """A recused, a suspended and a disqualified reviewer ask again, with their keys, for what they were answered
    before: sheets and dossiers (Art. 29). A dossier that is read is on record each time."""
    with tempfile.TemporaryDirectory(prefix="award-siege-") as name:
        settings = embedded(Path(name), second_factor_required=False)
        charges, pool = built(settings, _review)
        with serving(settings, Path(name), workers=2) as service, connection(service.address) as client:
            headers = {login: signed_in(client, login) for login in (*_REVIEWERS, "office", "auditor")}
            keys = {charge: str(uuid4()) for charge in charges}
            before = Counter(_asked(client, charge, headers[charge.login], keys[charge]) for charge in charges)
            outcome.expect(set(before) == {(200, 200)}, f"who may was refused: {dict(before)}")
            again = Counter(_asked(client, charge, headers[charge.login], keys[charge]) for charge in charges)
            outcome.expect(set(again) == {(200, 200)}, f"a repetition was refused: {dict(again)}")
            _lose(client, charges, pool, headers, outcome)
            after = Counter[int]()
            for _ in range(5):
                for charge in charges:
                    after.update(_asked(client, charge, headers[charge.login], keys[charge]))
            read = client.get("/v1/audit-entries?act=open_dossier&limit=100", headers=headers["auditor"]).json()
    outcome.figures = {"charges": len(charges), "repeated_after": after.total(), "answered_after": after[200]}
    outcome.figures["dossiers_read"] = recorded = len(read["items"])
    outcome.expect(after[200] == 0, f"{after[200]} were answered to who may no more")
    outcome.expect(set(after) <= {403, 404, 409, 422}, f"other answers: {dict(after)}")
    outcome.expect(recorded == 2 * len(charges), f"{2 * len(charges)} dossiers were read, {recorded} are on record")


def _asked(client: httpx.Client, charge: _Charge, headers: dict[str, str], key: str) -> tuple[int, int]:
    """The answers to a change of the sheet and to a reading of the dossier."""
    given = {**headers, "Idempotency-Key": key, "If-Match": f'"{charge.version}"'}
    sheet = client.patch(f"{charge.path}/score-sheet", json={"comments": {}}, headers=given)
    dossier = client.get(f"{charge.path}/dossier", headers={**headers, "Idempotency-Key": key})
    return sheet.status_code, dossier.status_code


def _lose(
    client: httpx.Client,
    charges: list[_Charge],
    pool: dict[str, str],
    headers: dict[str, dict[str, str]],
    outcome: Outcome,
) -> None:
    """Each reviewer loses his charges in a way of his own."""
    recused, suspended, disqualified = _REVIEWERS
    told = []
    for charge in charges:
        if charge.login == recused:
            body = {"reason": "样例：与申报单位有利害关系"}
            told.append(client.post(f"{charge.path}/recusal", json=body, headers=headers[recused]))
    office = headers["office"]
    body = {"reason": "样例：核查期间暂停"}
    told.append(client.post(f"/v1/reviewers/{pool[suspended]}/suspension", json=body, headers=office))
    body = {"reason": "样例：经查属实。", "evidence": "样例调查报告1号", "referred_to": "样例所在单位"}
    told.append(client.post(f"/v1/reviewers/{pool[disqualified]}/disqualification", json=body, headers=office))
    for answer in told:
        outcome.expect(answer.status_code == 200, f"{answer.request.url.path}: {answer.text[:200]}")
