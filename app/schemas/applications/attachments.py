"""Attachments on the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.schemas.common import Out


class AttachmentOut(Out):
    """One version of one file of a material."""

    id: UUID
    material: str = Field(examples=["self_assessment"])
    part: int = Field(description="Which of the material's files it is: 1 is the first.")
    revision: int = Field(description="Of this part: 1 is the first; the newest that is not removed counts.")
    filename: str
    media_type: str = Field(description="Told by content.", examples=["application/pdf"])
    size: int = Field(description="Bytes.")
    sha256: str
    trade_secret: bool = Field(description="Never published (Art. 25).")
    created_at: datetime
    removed_at: datetime | None


class AttachmentsOut(Out):
    """Every version of every material, by material, part and revision."""

    items: list[AttachmentOut]
