"""Slowing down guessers (see `guessing`) and floods: per origin for what the public posts and reads.

What the public posts
is counted in memory that the workers share: an address must not be written down beside an objection, not even as a
hash. An objection has a deadline in law: it is never refused for a flood, but costs a proof of work past the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.kernel import guessing
from app.kernel.counters import counters
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import TooMany
from app.kernel.guessing import Guess
from app.kernel.origins import network_of
from app.kernel.proof_of_work import LIFETIME, NoProof, proven
from app.kernel.security.passwords import Queue, fingerprint
from app.kernel.security.sealing import Keyring
from app.kernel.settings import LOOPBACK, Settings
from app.measures.text import Text
from app.store import throttle as store
from app.store.database import Database, WriteSession

# A code has a million values, and three of them are right at a time: whoever has the password already is to have few
# tries, whatever the setting.
_CODE_WINDOW = timedelta(minutes=15)
_CODES = 10


@dataclass(frozen=True, slots=True)
class Quota:
    """How many a minute there may be, how many are left, and in how many seconds the next minute begins."""

    limit: int
    left: int
    seconds: int


class Throttle:
    """The limits, from the settings, and the queue of secrets that are looked at."""

    def __init__(self, settings: Settings) -> None:
        self._attempts = settings.login_attempts
        self.hashes = Queue()
        self._posts, self._reads = settings.public_posts_per_minute, settings.reads_per_minute
        # A proxy that does not say for whom it asks, and whoever is on the machine itself, is no single reader.
        self._many = LOOPBACK | {name.strip() for name in settings.trusted_proxies.split(",")}
        self._counters = counters()

    async def begin_guess(
        self,
        database: Database,
        secret_of: str,
        *,
        now: datetime,
        origin: str | None = None,
        known: bool = True,
    ) -> Guess:
        """Count an attempt before its secret is looked at, in a transaction of its own: so many asked at once are so
        many. Refuses where there were too many. `secret_of` names whose secret it is; `known`: whether it was shown
        from this origin before."""
        async with database.writing() as session:
            guess = await guessing.begin(
                session, whose=secret_of, origin=origin, known=known, limit=self._attempts, now=now
            )
            await session.commit()
        return guess

    async def guessed_right(self, session: WriteSession, guess: Guess) -> None:
        """Take back the attempt, in the transaction of what it was made for."""
        await guessing.right(session, guess)

    async def was_right(self, database: Database, guess: Guess) -> None:
        """Take back the attempt by itself, where nothing else comes of it."""
        async with database.writing() as session:
            await guessing.right(session, guess)
            await session.commit()

    async def begin_code(self, database: Database, account_id: UUID, *, now: datetime) -> None:
        """Count a code of this account's second factor before it is looked at; refuses over the limit."""
        async with database.writing() as session:
            counted = await store.count(session, key=_code(account_id), now=now, window=_CODE_WINDOW)
            if counted.attempts > _CODES:
                raise TooMany(
                    Text("验证码错误次数过多，请十五分钟后再试", "Too many codes; try again in a quarter of an hour"),
                    retry_after=int(_CODE_WINDOW.total_seconds()),
                )
            await session.commit()

    async def code_was_right(self, session: WriteSession, account_id: UUID) -> None:
        """Take the code back, in the transaction of the sign-in."""
        await store.take_back(session, key=_code(account_id))

    async def first_use(self, session: WriteSession, token: str, *, now: datetime, until: datetime) -> bool:
        """Whether this token is used for the first time; noted until it is over, in the caller's transaction."""
        counted = await store.count(session, key=fingerprint(f"token:{token}"), now=now, window=until - now)
        return counted.attempts == 1

    def public_post(self, address: str) -> None:
        """Count a public write from this address; refuses over the limit."""
        if not self._counted(address):
            raise _too_many()

    def full(self, address: str) -> bool:
        """Whether the next public write from this address is over the limit."""
        return self._counters.counted(_post(address)) >= self._posts

    def objection(self, address: str) -> None:
        """Count an objection from this address without a proof of work; past the limit it needs one."""
        if not self._counted(address):
            raise _work_required()

    async def proven_objection(
        self, session: WriteSession, address: str, *, keyring: Keyring, proof: str, now: datetime
    ) -> None:
        """Count an objection that brings a proof. Past the limit the proof is looked at, and taken once: in the
        transaction of the objection."""
        if self._counted(address):
            return
        try:
            known = proven(keyring, proof, now=now)
        except NoProof:
            raise _work_required() from None
        if (await store.count(session, key=known, now=now, window=LIFETIME)).attempts > 1:
            raise _work_required()

    def read(self, address: str) -> Quota | None:
        """Count a read from this address; refuses over the limit, which is far. What is left of it; None for who is not
        counted."""
        if address in self._many:
            return None
        left = self._reads - self._counters.count(f"read:{network_of(address)}")
        seconds = self._counters.seconds_left()
        if left < 0:
            raise _too_many(seconds)
        return Quota(self._reads, left, seconds)

    def none_left(self, seconds: int) -> Quota:
        """What is left of the reads where there are none until the next minute."""
        return Quota(self._reads, 0, seconds)

    def posts(self) -> Quota:
        """The limit of what the public posts, as where there is none left. How many are left nobody is told: whoever
        sits in the same network would learn from it that somebody else has just objected."""
        return Quota(self._posts, 0, self._counters.seconds_left())

    def _counted(self, address: str) -> bool:
        return self._counters.count(_post(address)) <= self._posts


def _post(address: str) -> str:
    return f"post:{network_of(address)}"


def _code(account_id: UUID) -> str:
    return fingerprint(f"code:{account_id}")


def _too_many(seconds: int = 60) -> TooMany:
    text = Text("请求过于频繁，请一分钟后再试", "Too many requests; try again in a minute")
    return TooMany(text, retry_after=max(1, seconds))


def _work_required() -> TooMany:
    return TooMany(
        Text(
            "来自此网络的请求过于频繁：请取 GET /v1/proof-challenge，解出后放入 Proof-Of-Work 请求头再提交；"
            "每个质询只能用一次，十分钟内有效",
            "Too many requests from this network: solve a challenge of `GET /v1/proof-challenge` and send it again "
            "with `Proof-Of-Work`; each is taken once, within ten minutes",
        ),
        code=ProblemCode.WORK_REQUIRED,
    )
