"""What the code of a certificate holds: its content, and a detached signature over it (ES256, RFC 7515, appendix F), so
that a copy is verified with the published keys, without asking the service
(`docs/integration/verify-certificate.md`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from anyio import to_thread

from app.kernel.context import ReadContext
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.settings import LOOPBACK, Settings
from app.measures.hashes import canonical_json
from app.store import approval, rounds
from app.store.awards import Award

# `typ` of the signed statement: no other that these keys sign is taken for a certificate.
PURPOSE = "award-certificate+jws"


async def signed_address(context: ReadContext, award: Award) -> str:
    """The address of the certificate's page, with its content and its signature."""
    row = await rounds.get(context.session, award.round_id)
    decree = await approval.decree(context.session, award.decree_id)
    told = {
        "certificate": award.certificate_number,
        "name": award.awarded_name,
        "round": None if row is None else row.ordinal,
        "year": award.award_year,
        "award": "repeat" if award.repeat_award else "first",
        "decree": None if decree is None else decree.number,
        "valid_from": None if award.conferred_on is None else award.conferred_on.isoformat(),
        "valid_until": None if award.valid_until is None else award.valid_until.isoformat(),
    }
    content = canonical_json(told).encode()
    keys = CheckpointKeys(context.settings.checkpoint_keys)
    signed = await to_thread.run_sync(lambda: keys.sign(content, purpose=PURPOSE))
    header, payload, signature = signed.split(".")
    return f"{address(context.settings, str(award.certificate_number))}?c={payload}&s={header}..{signature}"


def is_sample(settings: Settings) -> bool:
    """Whether a paper is a sample, whatever it says: nobody but this machine could verify it."""
    return (urlsplit(settings.public_base_url).hostname or "") in LOOPBACK


def address(settings: Settings, number: str) -> str:
    """Where the public verifies what has this number."""
    return f"{settings.public_base_url.rstrip('/')}/verify/{number}"
