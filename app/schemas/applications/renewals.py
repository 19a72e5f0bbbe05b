"""Renewed certificates and licences on the wire; each item as the form takes it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.kernel.error_codes import FieldCode
from app.measures.facts import CredentialKind
from app.schemas.applications.content import CertificateIn, LicenceIn, SafetyIn
from app.schemas.common import In, Out, Worded, fault
from app.schemas.held import Like, by_kind
from app.schemas.words import RenewalState


class RenewalIn(In):
    """What was renewed, under the name of its kind, and its scan."""

    kind: CredentialKind = Field(description="What is renewed.", examples=[CredentialKind.CERTIFICATE])
    attachment_id: UUID = Field(description="The scan, uploaded before as the material `renewal`.")
    certificate: CertificateIn | None = Field(None, description="Art. 13(3): it counts beside the earlier ones.")
    licence: LicenceIn | None = Field(
        None, description="Art. 13(2): it takes the place of that of its `kind`.", json_schema_extra={"example": None}
    )
    safety: SafetyIn | None = Field(
        None, description="Art. 13(4): it takes the place of the one before.", json_schema_extra={"example": None}
    )

    @model_validator(mode="after")
    def _of_its_kind(self) -> Self:
        given = {name for name in ("certificate", "licence", "safety") if getattr(self, name) is not None}
        if given != {self.kind}:
            raise fault(
                "须且只须填写 kind 所指的一项", "exactly the item that `kind` names is needed", FieldCode.INCONSISTENT
            )
        return self

    def item(self) -> dict[str, object]:
        """The item, JSON-ready, with its defaults filled in."""
        found: In = getattr(self, self.kind)
        return found.model_dump(mode="json")


class RenewalDecisionIn(In):
    """Whether it is accepted."""

    accepted: bool = Field(examples=[True])
    reason: Worded = Field(examples=["与发证机构公开信息一致。"])
    evidence: Worded = Field(examples=["全国认证认可信息公共服务平台查询截图（样例）。"])


class _Renewal(Out):
    id: UUID
    application_id: UUID
    attachment_id: UUID
    kind: CredentialKind
    item: dict[str, object]
    state: RenewalState = Field(description="Only what is accepted counts.")
    created_at: datetime
    reason: str | None
    evidence: str | None
    decided_at: datetime | None


class CertificateRenewal(_Renewal):
    """A renewed certificate (Art. 13(3)), as it was handed in."""

    kind: Literal[CredentialKind.CERTIFICATE]
    item: Annotated[dict[str, object], Like("CertificateIn")]


class LicenceRenewal(_Renewal):
    """A renewed licence (Art. 13(2)), as it was handed in."""

    kind: Literal[CredentialKind.LICENCE]
    item: Annotated[dict[str, object], Like("LicenceIn")]


class SafetyRenewal(_Renewal):
    """A renewed safety standardisation (Art. 13(4)), as it was handed in."""

    kind: Literal[CredentialKind.SAFETY]
    item: Annotated[dict[str, object], Like("SafetyIn")]


class RenewalOut(_Renewal):
    """One renewal and what became of it; its `kind` says what its `item` is."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return by_kind(cls, CertificateRenewal | LicenceRenewal | SafetyRenewal, schema, handler)


class RenewalsOut(Out):
    """In the order of their handing in."""

    items: list[RenewalOut]
