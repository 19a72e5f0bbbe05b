"""The audit log on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.common import Out
from app.schemas.held import AuditDetails, Holds
from app.schemas.words import EntryOutcomeName


class AuditEntryOut(Out):
    """One act: who, what, on what, with which findings; chained to the one before it."""

    seq: int
    at: datetime
    act: str = Field(examples=["publish_call"])
    actor_id: UUID | None = Field(description="The account; null for the public and for the operator.")
    actor_role: str = Field(
        description="Role at the time of the act; `operator` for the command line.", examples=["office"]
    )
    subject_type: str = Field(examples=["round"])
    subject_id: UUID | None
    round_id: UUID | None
    request_id: str
    origin: str | None = Field(description="The address that it came from; null for the public and for the operator.")
    session_id: UUID | None = Field(description="The session of the caller's sign-in.")
    outcome: EntryOutcomeName
    details: Annotated[dict[str, object], Holds(AuditDetails)] = Field(
        description="Facts of the act; `findings` holds what the rules said."
    )
    previous_hash: str
    hash: str = Field(description="SHA-256 over the previous hash and this entry's canonical JSON.")


class ChainFault(Out):
    """Where the chain does not hold."""

    seq: int
    reason: str = Field(examples=["altered"])


class ChainOut(Out):
    """The result of a walk over the whole chain."""

    intact: bool
    entries: int
    head_hash: str = Field(description="Keep it elsewhere: a later walk must still find it at this place.")
    faults: list[ChainFault]


class AuditCheckpointOut(Out):
    """How long the log was at an instant, and the hash of its last entry, signed outside of the database."""

    size: int = Field(description="The number of entries.")
    head: str = Field(description="The hash of the last of them: it covers all before it.")
    at: datetime
    kid: str = Field(description="The key that has signed it, of `/v1/audit-checkpoint-keys`.")
    signed: str = Field(
        description="The statement as a compact JWS (RFC 7515, ES256, `typ` `audit-checkpoint+jws`) over `at`, `head`, "
        "`service` and `size`. Keep it: a later log that does not hold this entry at this place was rewritten."
    )
