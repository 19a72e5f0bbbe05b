"""Killing the service in the middle of acts, and judging what it left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

import httpx

from app.commands.record import verify
from siege.chaos.forked import forked
from siege.chaos.places import Template
from siege.chaos.work import Act, Work, looking
from siege.service import Service, connection, signed_in

_PATIENCE = 60.0
# Of a burst that nobody has timed yet, in seconds.
_FIRST_GUESS = 0.2


@dataclass(slots=True)
class Tally:
    """What came of the kills of one kind on one database, with so many workers. `in_the_act`: kills after which some
    act was without an answer. `repeated`: acts that were asked again. `broken`: a record that does not hold together.
    `refused`: an act that was answered otherwise than with success."""

    kills: int = 0
    in_the_act: int = 0
    acknowledged: int = 0
    repeated: int = 0
    lost: int = 0
    doubled: int = 0
    half_written: int = 0
    broken: int = 0
    refused: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def fell(self) -> int:
        """What must be nothing."""
        return self.lost + self.doubled + self.half_written + self.broken + self.refused


class Judged(NamedTuple):
    """What is wrong at one instant: whether anything is there in part only, and how many acts."""

    half_written: int
    lost: int
    doubled: int = 0


class Killer:
    """Does the work of one kind on one copy after another, and kills the service once for each burst of acts."""

    def __init__(self, kind: type[Work[Any]], template: Template[Any], workers: int, draw: Random) -> None:
        self._kind, self._template, self._workers, self._draw = kind, template, workers, draw
        self._seconds = _FIRST_GUESS
        self._headers: dict[str, dict[str, str]] = {}
        self.tally = Tally()

    def kill(self, times: int) -> Tally:
        """Kill it so often."""
        while self.tally.kills < times:
            with self._copy() as (service, work):
                while self.tally.kills < times and (acts := work.acts(self._draw)):
                    self._once(service, work, acts)
        return self.tally

    @contextlib.contextmanager
    def _copy(self) -> Iterator[tuple[Service, Work[Any]]]:
        with self._template.copy() as settings, ExitStack() as stack:
            service = Service(settings, settings.keys_file.parent, self._workers, forked)
            stack.callback(service.leave)
            service.start()
            self._headers.clear()
            yield service, self._kind(self._template.made, settings)

    def _once(self, service: Service, work: Work[Any], acts: Sequence[Act]) -> None:
        # Whoever acts has signed in before.
        for login in {act.login for act in acts if act.login}:
            self._sign_in(service, work, login)
        one = service.workers > 1 and self._draw.random() < 0.5
        delay = self._draw.uniform(0, 1.3 * self._seconds)
        with ThreadPoolExecutor(len(acts)) as pool:
            sent = [pool.submit(self._ask, service, act) for act in acts]
            time.sleep(delay)
            if one:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._draw.choice(service.worker_ids()), signal.SIGKILL)
            else:
                service.kill()
            open_acts = self._take(work, acts, sent)
        self.tally.kills += 1
        self.tally.in_the_act += bool(open_acts)
        if one:
            service.await_answer()
        else:
            service.start()
        # What is wrong before the repetition and after it is one fault.
        before = self._judge(service, work, len(open_acts))
        self._repeat(service, work, open_acts)
        after = self._judge(service, work, 0)
        self.tally.half_written += max(before.half_written, after.half_written)
        self.tally.lost += max(before.lost, after.lost)
        self.tally.doubled += max(before.doubled, after.doubled)
        self._verify(work)

    def _take(self, work: Work[Any], acts: Sequence[Act], sent: Sequence[Future[httpx.Response | None]]) -> list[Act]:
        """Learn what was acknowledged; answers what was not."""
        left = []
        for act, future in zip(acts, sent, strict=True):
            answer = future.result()
            if answer is None or answer.status_code == 503:
                left.append(act)
            else:
                self._learn(work, act, answer)
        return left

    def _learn(self, work: Work[Any], act: Act, answer: httpx.Response) -> None:
        if answer.status_code != act.status:
            self.tally.refused += 1
            self.tally.said.append(f"{act.path}: {answer.status_code} {answer.text[:300]}")
            return
        self.tally.acknowledged += 1
        work.learn(act, answer)
        if answer.headers.get("idempotency-replayed") != "true":
            self._seconds += (answer.elapsed.total_seconds() - self._seconds) / 4

    def _repeat(self, service: Service, work: Work[Any], acts: Sequence[Act]) -> None:
        """Ask again with the same keys, as clients do that have lost their answers."""
        for act in acts:
            self.tally.repeated += 1
            until = time.monotonic() + _PATIENCE
            while True:
                answer = self._ask(service, act)
                if answer is not None and answer.status_code != 503:
                    self._learn(work, act, answer)
                    break
                if time.monotonic() > until:
                    raise TimeoutError(f"{act.path} is not answered")
                time.sleep(0.05)

    def _judge(self, service: Service, work: Work[Any], unanswered: int) -> Judged:
        """Compare what is there with what was acknowledged; of what was not, each may be there or not."""
        with looking(work.settings.database_url) as rows, connection(service.address) as client:
            seen = work.seen(rows)
            missing = 0 if unanswered else work.missing(rows, client)
        least, most = min(seen.values()), max(seen.values())
        judged = Judged(int(least != most), missing)
        if least == most:
            judged = Judged(0, max(missing, round(work.done - least)), max(0, round(most - work.done - unanswered)))
        if any(judged):
            self.tally.said.append(f"{work.done} acknowledged, {unanswered} open, {missing} missing: {seen}")
        return judged

    def _verify(self, work: Work[Any]) -> None:
        found = asyncio.run(verify(work.settings, checkpoints=(), keys_file=None))
        if not found.intact:
            self.tally.broken += 1
            self.tally.said += [f"{fault.part.value}: {fault.where}: {fault.what}" for fault in found.faults[:5]]

    def _sign_in(self, service: Service, work: Work[Any], login: str) -> None:
        if login not in self._headers:
            with connection(service.address) as client:
                self._headers[login] = signed_in(client, login, work.password(login))

    def _ask(self, service: Service, act: Act) -> httpx.Response | None:
        """On a connection of its own, so that any process may answer; None where none did."""
        headers = {"Idempotency-Key": act.key} | (self._headers[act.login] if act.login else {})
        with connection(service.address) as client:
            try:
                if act.content is not None:
                    return client.post(act.path, params=act.params, content=act.content, headers=headers)
                return client.post(act.path, json=act.json, headers=headers)
            except httpx.TransportError:
                return None
