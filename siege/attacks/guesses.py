"""Passwords that are guessed, and logins that are invented."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from sandbox.seed import PASSWORD
from siege.attack import Outcome, attack
from siege.target import Bystander, Target

# As the settings and the service have them: wrong secrets from one origin, and from all strangers together.
_LIMIT, _WIDER = 10, 100
_HOME = "192.0.2.10"
# The record of what was refused is written some time after.
_RECORD_SECONDS = 60.0


def _sign_in(client: httpx.Client, login: str, password: str) -> int:
    form = {"grant_type": "password", "username": login, "password": password}
    return client.post("/v1/tokens", data=form).status_code


def _guess(target: Target, origin: str, login: str) -> int:
    with target.client(origin) as client:
        return _sign_in(client, login, "wrong password!")


@attack("guesses")
def guesses(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """Twenty wrong guesses at the government's password from one address, then 300 from fifty: the guessers wait, the
    government signs in from where it has signed in before, and all of it is on record."""
    with target.client(_HOME) as home:
        outcome.expect(_sign_in(home, "government", PASSWORD) == 200, "the government could not sign in")
        one = Counter(_guess(target, "203.0.113.66", "government") for _ in range(20))
        outcome.expect(one == {400: _LIMIT, 429: 20 - _LIMIT}, f"from one address: {dict(one)}")
        with ThreadPoolExecutor(8) as pool:
            origins = [f"198.18.7.{number % 50}" for number in range(300)]
            many = Counter(pool.map(lambda origin: _guess(target, origin, "government"), origins))
        outcome.expect(many[400] <= _WIDER, f"{many[400]} guesses were looked at")
        outcome.expect(set(many) <= {400, 429, 503}, f"other answers: {dict(many)}")
        outcome.expect(_sign_in(home, "government", PASSWORD) == 200, "the government is shut out")
    outcome.figures = {"guesses": 320, "looked_at": one[400] + many[400], "made_to_wait": one[429] + many[429]}
    entries = _recorded(target, "lock_sign_in")
    outcome.figures["locks_on_record"] = entries
    outcome.expect(entries > 0, "no lock is on record")


@attack("invented-logins")
def invented_logins(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """80 sign-ins with invented logins at once, from as many addresses, then 150 from one: an honest sign-in is
    answered meanwhile, and who invents logins comes to an end."""
    with target.client(_HOME) as home, ThreadPoolExecutor(80) as pool:
        outcome.expect(_sign_in(home, "office", PASSWORD) == 200, "the office could not sign in")
        began = time.monotonic()
        _sign_in(home, "office", PASSWORD)
        # Before it in the queue for the database are at most those strangers whose secrets are looked at, twenty a
        # worker; on a machine that is busy with other things each of them takes as long as this one.
        patience = max(5.0, 3 * 40 * (time.monotonic() - began))
        flood = [pool.submit(_guess, target, f"198.18.8.{number}", f"invented-{number}") for number in range(80)]
        time.sleep(0.2)
        began = time.monotonic()
        honest = _sign_in(home, "office", PASSWORD)
        seconds = time.monotonic() - began
        told = Counter(item.result() for item in flood)
    outcome.expect(honest == 200, f"an honest sign-in was answered with {honest}")
    outcome.expect(seconds < patience, f"an honest sign-in waited {seconds:.1f} seconds")
    outcome.expect(set(told) <= {400, 429, 503}, f"other answers: {dict(told)}")
    one = Counter(_guess(target, "203.0.113.99", f"another-{number}") for number in range(150))
    outcome.expect(one[400] <= _WIDER and one[429] > 0, f"from one address: {dict(one)}")
    outcome.figures = {str(status): count for status, count in sorted((told + one).items())}
    outcome.figures |= {"honest_seconds": round(seconds, 2), "patience": round(patience, 1)}


def _recorded(target: Target, act: str) -> int:
    """How many entries of this act the auditor reads; waits until there is one."""
    until = time.monotonic() + _RECORD_SECONDS
    headers = target.bearer("auditor")
    with target.client("192.0.2.11") as client:
        while True:
            answer = client.get("/v1/audit-entries", params={"act": act, "limit": 100}, headers=headers)
            answer.raise_for_status()
            count = len(answer.json()["items"])
            if count or time.monotonic() > until:
                return count
            time.sleep(1)
