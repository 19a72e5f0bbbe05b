"""Files that are built to take a machine's time and memory, or to do something when they are opened."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from sandbox import bombs
from sandbox.stages.applications import PDF
from siege.attack import Outcome, attack
from siege.target import Bystander, Target

_PATH = "/v1/stamped-opinions"


def _post(client: httpx.Client, content: bytes, headers: dict[str, str]) -> str:
    answer = client.post(_PATH, params={"filename": "a.pdf"}, content=content, headers=headers)
    return "file_taken" if answer.status_code == 201 else str(answer.json()["code"])


@attack("files")
def files(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """Every file of the collection twice at once, as a recommending unit's opinion: each is refused for what it is, and
    an honest file is taken meanwhile."""
    headers = target.bearer("unit-wenwuba")
    # A workbook is no opinion, whatever lies in it.
    made = {name: make() for name, (make, word) in bombs.MATERIALS.items() if word != "file_taken"}
    began, slowest = time.monotonic(), 0.0

    def send(name: str) -> tuple[str, str, float]:
        with target.client("198.51.100.9") as client:
            sent = time.monotonic()
            return name, _post(client, made[name], headers), time.monotonic() - sent

    with ThreadPoolExecutor(4) as pool:
        sending = [pool.submit(send, name) for name in made for _ in range(2)]
        with target.client("198.51.100.10") as honest:
            sent = time.monotonic()
            told = _post(honest, PDF, headers)
            outcome.expect(told == "file_taken", f"an honest file was refused: {told}")
            outcome.figures["honest_seconds"] = round(time.monotonic() - sent, 1)
        for item in sending:
            name, told, seconds = item.result()
            slowest = max(slowest, seconds)
            outcome.expect(told == bombs.MATERIALS[name][1], f"{name}: {told}")
    outcome.figures |= {
        "files": len(sending),
        "slowest_seconds": round(slowest, 1),
        "seconds": round(time.monotonic() - began, 1),
    }
