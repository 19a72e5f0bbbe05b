"""Slowing down guessers and floods: per login for sign-ins that fail, per origin for what the public posts and reads.

Guesses are counted in the database, so that a guesser gains nothing by asking several processes. What the public posts
is counted in memory that the workers share: an address must not be written down beside an objection, not even as a
hash. An objection has a deadline in law: it is never refused for a flood, but costs a proof of work past the limit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel.counters import counters
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import TooMany
from app.kernel.origins import origin_of
from app.kernel.proof_of_work import LIFETIME, NoProof, proven
from app.kernel.security.passwords import fingerprint
from app.kernel.security.sealing import Keyring
from app.kernel.settings import LOOPBACK, Settings
from app.measures.text import Text
from app.store import throttle as store
from app.store.database import Database, WriteSession

_WINDOW = timedelta(minutes=1)


class Throttle:
    """The limits, from the settings."""

    def __init__(self, settings: Settings) -> None:
        self._attempts = settings.login_attempts_per_minute
        self._posts, self._reads = settings.public_posts_per_minute, settings.reads_per_minute
        # A proxy that does not say for whom it asks, and whoever is on the machine itself, is no single reader.
        self._many = LOOPBACK | {name.strip() for name in settings.trusted_proxies.split(",")}
        self._counters = counters()

    async def begin_guess(self, database: Database, secret_of: str, *, now: datetime) -> None:
        """Count an attempt before its secret is looked at, in a transaction of its own: so many asked at once are so
        many. Refuses over the limit. `secret_of` names whose secret it is."""
        async with database.writing() as session:
            count = await store.count(session, key=_key(secret_of), now=now, window=_WINDOW)
            if count > self._attempts:
                raise _too_many()
            await session.commit()

    async def guessed_right(self, session: WriteSession, secret_of: str) -> None:
        """Take back the attempt, in the transaction of what it was made for."""
        await store.take_back(session, key=_key(secret_of))

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
            raise _proof_required()

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
            raise _proof_required() from None
        if await store.count(session, key=known, now=now, window=LIFETIME) > 1:
            raise _proof_required()

    def read(self, address: str) -> None:
        """Count a read from this address; refuses over the limit, which is far."""
        if address not in self._many and self._counters.count(f"read:{origin_of(address)}") > self._reads:
            raise _too_many()

    def _counted(self, address: str) -> bool:
        return self._counters.count(_post(address)) <= self._posts


def _post(address: str) -> str:
    return f"post:{origin_of(address)}"


def _key(secret_of: str) -> str:
    # People type passwords into the field of the login: it is not kept as it came.
    return fingerprint(f"guess:{secret_of}")


def _too_many() -> TooMany:
    return TooMany(Text("请求过于频繁，请一分钟后再试", "Too many requests; try again in a minute"))


def _proof_required() -> TooMany:
    return TooMany(
        Text(
            "来自此网络的请求过于频繁：请取 GET /v1/proof-challenge，解出后放入 Proof-Of-Work 请求头再提交；"
            "每个质询只能用一次，十分钟内有效",
            "Too many requests from this network: solve a challenge of `GET /v1/proof-challenge` and send it again "
            "with `Proof-Of-Work`; each is taken once, within ten minutes",
        ),
        code=ProblemCode.PROOF_REQUIRED,
    )
