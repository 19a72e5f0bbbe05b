"""What the public may post and read, posted and read without end."""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import altcha
import httpx

from sandbox.stages.decision import OBJECTION
from sandbox.stages.parties import registration
from siege.attack import Outcome, attack
from siege.target import POSTS_PER_MINUTE, READS_PER_MINUTE, Bystander, Target

_FLOODER = "2001:db8:bad:1"
_AT_ONCE = 16


def _solved(client: httpx.Client) -> str:
    told = client.get("/v1/proof-challenge").json()
    challenge = altcha.Challenge.from_dict(json.loads(base64.b64decode(told["challenge"])))
    solution = altcha.solve_challenge(challenge)
    if solution is None:
        raise RuntimeError("a challenge without a solution")
    return str(altcha.Payload(challenge, solution).to_base64())


@attack("objections")
def objections(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """400 objections of one network, from as many of its addresses: the limit holds, nobody else is refused, and
    whoever shares the network is heard for a proof of work (Art. 21)."""
    path = f"/v1/candidates/{target.candidate_id}/objections"

    def flood(number: int) -> str:
        with target.client(f"{_FLOODER}::{number:x}") as client:
            answer = client.post(path, json=OBJECTION)
            return "taken" if answer.status_code == 201 else str(answer.json()["code"])

    began = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        told = Counter(pool.map(flood, range(400)))
    outcome.figures = {**told, "seconds": round(time.monotonic() - began, 1)}
    # A minute may have begun meanwhile.
    outcome.expect(told["taken"] <= 2 * POSTS_PER_MINUTE, f"{told['taken']} were taken without a proof")
    outcome.expect(set(told) <= {"taken", "work_required"}, f"other answers: {dict(told)}")
    with target.client("192.0.2.77") as stranger:
        outcome.expect(stranger.post(path, json=OBJECTION).status_code == 201, "another network was refused")
    with target.client(f"{_FLOODER}:ffff::1") as neighbour:
        began = time.monotonic()
        proof = _solved(neighbour)
        heard = neighbour.post(path, json=OBJECTION, headers={"Proof-Of-Work": proof})
        outcome.figures["proof_seconds"] = round(time.monotonic() - began, 2)
        outcome.expect(heard.status_code == 201, f"a proof was refused: {heard.text[:200]}")
        for _ in range(POSTS_PER_MINUTE + 1):
            again = neighbour.post(path, json=OBJECTION, headers={"Proof-Of-Work": proof})
        outcome.expect(again.status_code == 429, "a proof was taken twice")


@attack("registrations")
def registrations(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """60 registrations of as many networks at once, each with a password to hash: the register is read meanwhile."""

    def register(number: int) -> int:
        with target.client(f"198.18.{number}.1") as client:
            return client.post("/v1/registrations", json=registration()).status_code

    began = time.monotonic()
    with ThreadPoolExecutor(60) as pool:
        told = Counter(pool.map(register, range(60)))
    outcome.figures = {str(status): count for status, count in told.items()}
    outcome.figures["seconds"] = round(time.monotonic() - began, 1)
    outcome.expect(set(told) <= {201, 429, 503}, f"other answers: {dict(told)}")
    outcome.expect(told[201] > 0, "nobody could register")


@attack("reads")
def reads(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """1,500 reads of one address, spread over both workers: it is refused past the limit, and nobody else."""

    def read(_: int) -> list[int]:
        with target.client("198.51.100.66") as client:
            return [client.get("/v1/awards").status_code for _ in range(150)]

    with ThreadPoolExecutor(10) as pool:
        told = Counter(status for some in pool.map(read, range(10)) for status in some)
    outcome.figures = {str(status): count for status, count in told.items()}
    outcome.expect(told[200] <= 2 * READS_PER_MINUTE, f"{told[200]} were answered")
    outcome.expect(told[429] > 0 and set(told) <= {200, 429}, f"other answers: {dict(told)}")
