"""Organisations, recommending units and departments on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.measures.facts import LegalForm, SizeClass
from app.measures.ownership import ClaimOutcome
from app.measures.roles import Membership
from app.schemas.applications.content import Count
from app.schemas.common import (
    CONCERNED,
    Action,
    CountyCode,
    Day,
    FindingView,
    In,
    Line,
    Name,
    Out,
    Paragraph,
    Phone,
    Sector,
    Uscc,
    Worded,
)
from app.schemas.identity import AccountOut, Login, Password
from app.schemas.once import Once
from app.schemas.words import OrganisationStateName, RegistrationClaimStateName

_ADDRESS = Field(description="Registered address (Art. 13(1)).", examples=["江西省赣州市会昌县文武坝镇样例路1号"])


_COUNTY = Field(
    description="Six digits of the county of the registered address; never read from the credit code.",
    examples=["360733"],
)


_AREA = "Township or urban community of the registered address; within the county, as a recommending unit has it."


_SECTOR = Field(description="GB/T 4754: two-digit division or four-digit class.", examples=["1392"])


_OPERATING = Field(
    description="Whether it produces or operates for profit, a for-profit school or hospital included (Art. 13(4)).",
    examples=[True],
)


class OrganisationIn(In):
    """A legal person that may apply one day (Art. 4, 13(1)). Whether it can is judged with its application."""

    name: Name = Field(examples=["样例制造有限公司"])
    uscc: Uscc
    legal_form: LegalForm = Field(description="By registration.", examples=[LegalForm.LIMITED_COMPANY])
    registered_address: Line = _ADDRESS
    county_code: CountyCode = _COUNTY
    area: Line | None = Field(None, description=_AREA, examples=["文武坝镇"])
    established_on: Day = Field(examples=["2015-05-20"])
    sector: Sector = _SECTOR
    operating: bool = _OPERATING
    size_class: SizeClass | None = Field(None, description="Size class.")
    staff: Count | None = Field(None, description="Number of staff.")
    main_products: Paragraph | None = Field(None, description="Main products or services.")
    contact_name: Line | None = Field(None, description="Whom to ask.", examples=["样例联系人"])
    contact_phone: Phone | None = Field(None, description="Telephone.", examples=["0797-5600000"])


class NewcomerIn(In):
    """The account of a person."""

    login: Login = Field(
        description="How the login begins; the answer names it, with what was drawn behind it.",
        examples=["sample.applicant"],
    )
    display_name: Line = Field(examples=["样例经办人"])


class FirstAccountIn(NewcomerIn):
    """The account of whoever registers, with the password that goes with it."""

    password: Password = Field(examples=["sample-password-of-your-own"])


class RegistrationIn(In):
    """An organisation and its first account, which may submit."""

    organisation: OrganisationIn
    account: FirstAccountIn
    claim_evidence: Worded | None = Field(
        None,
        description="Where the code is registered already, this registration is a claim to it: by what the organisation"
        " is yours. It can be handed in later.",
        examples=["营业执照副本、法定代表人授权书（样例）"],
    )


class MemberIn(NewcomerIn):
    """`edit`: fills in. `submit`: also does what binds the organisation."""

    membership: Membership = Field(
        Membership.EDIT, description="`edit`: fills in. `submit`: also what binds the organisation."
    )


class OrganisationPatch(In):
    """What changes; the rest stays. Null clears what is optional."""

    legal_form: LegalForm | None = Field(None, description="By registration.")
    registered_address: Line | None = Field(None, description="Registered address (Art. 13(1)).")
    county_code: CountyCode | None = Field(None, description="Six digits of the county of the registered address.")
    area: Line | None = Field(None, description=_AREA)
    established_on: Day | None = Field(None, description="Day of establishment.")
    sector: Sector | None = Field(None, description="GB/T 4754: two-digit division or four-digit class.")
    operating: bool | None = Field(None, description="Whether it produces or operates for profit (Art. 13(4)).")
    size_class: SizeClass | None = Field(None, description="Size class.")
    staff: Count | None = Field(None, description="Number of staff.")
    main_products: Paragraph | None = Field(None, description="Main products or services.")
    contact_name: Line | None = Field(None, description="Whom to ask.")
    contact_phone: Phone | None = Field(None, description="Telephone.")


class NameChangeIn(In):
    """Another name of the same legal person."""

    name: Name = Field(examples=["样例智能制造有限公司"])
    effective_on: Day = Field(description="Since when; not in the future.", examples=["2024-02-20"])
    evidence: Worded = Field(
        description="The notice of the registration authority.", examples=["准予变更登记通知书（样例）"]
    )


class DissolutionIn(In):
    """The organisation has ceased to exist (Art. 13(1))."""

    dissolved_on: Day = Field(description="Of the deregistration; not in the future.", examples=["2024-05-21"])
    evidence: Worded = Field(
        description="The notice of the registration authority.", examples=["准予注销登记通知书（样例）"]
    )


class DissolutionWithdrawalIn(In):
    """Why a dissolution on record is none."""

    reason: Worded = Field(examples=["登记对象有误"])
    evidence: Worded = Field(examples=["企业登记查询单（样例）"])
    never_stood: bool = Field(
        default=False,
        description="It never stood: entered by mistake, so that no day is judged"
        " by it. Otherwise it is taken back from now on.",
    )


class SuccessorLinkIn(In):
    """The organisation of the path continues the legal person of another."""

    predecessor_id: UUID
    effective_on: Day = Field(description="Since when; not in the future.", examples=["2024-02-20"])
    reason: Worded = Field(examples=["吸收合并"])
    evidence: Worded = Field(examples=["合并协议和注销登记通知书（样例）"])


class VerificationIn(In):
    """A document of registration as it lies before the reader."""

    document: Worded = Field(description="Which document it is, and where it was seen.", examples=["营业执照副本"])
    name: Line = Field(description="The name on it.", examples=["样例制造有限公司"])
    code: Uscc = Field(description="The unified social credit code on it.")


class OrganisationVerificationIn(VerificationIn):
    """A document of registration, and what it says to those who claim the code."""

    claims_refuted: Worded | None = Field(
        None,
        description="Where others claim the code with evidence: why the document shows that they do not hold. The "
        "office dismisses them with it.",
        examples=["营业执照原件由本登记方持有，主张所附证据系伪造（样例）。"],
    )


class VerifiedFields(Out):
    """What a document of registration says, as the registration said it when it was verified (Art. 13(1))."""

    name: str
    legal_form: LegalForm
    registered_address: str
    county_code: str
    established_on: date


class VerificationOut(Out):
    """A registration that was verified against a document (Art. 13(1))."""

    id: UUID
    organisation_id: UUID
    document: str
    document_name: str
    document_code: str
    seen: VerifiedFields = Field(description="The registration as it was then; the verification holds for this.")
    unit_id: UUID | None = Field(description="The unit that has verified it; null: the office.")
    created_at: datetime


class ClaimEvidenceIn(In):
    """By what a registered organisation is the claimant's own."""

    evidence: Worded = Field(examples=["营业执照副本、法定代表人授权书（样例）"])


class ClaimReplyIn(In):
    """What the present holder says to a claim."""

    reply: Paragraph = Field(examples=["我单位持有营业执照原件，可随时查验。"])


class ClaimDecisionIn(In):
    """The office's decision of a claim."""

    outcome: ClaimOutcome = Field(description="`upheld`: the organisation is moved to the claimant.")
    reason: Worded = Field(description="Told to both.", examples=["经核对营业执照原件和授权书，主张成立。"])
    document: VerificationIn | None = Field(None, description="Needed for `upheld`: what the claimant was verified by.")
    former_names: Annotated[list[Line], Field(max_length=20), Once()] = Field(
        default_factory=list,
        description="For `upheld`: the names of a verified holder that documents show to have been the organisation's. "
        "All others are set aside.",
    )


class RegistrationClaimOut(Out):
    """A claim to a code that is registered already (Art. 13(1))."""

    id: UUID
    organisation_id: UUID = Field(description="The claimant's registration.")
    against_id: UUID | None = Field(
        description="The registration that stands meanwhile; null to whoever registers without an account."
    )
    state: RegistrationClaimStateName
    evidence: str | None = Field(description="For the claimant, the office and the auditor; else null.")
    evidence_at: datetime | None
    reply: str | None = Field(description="For the holder, the office and the auditor; else null.")
    replied_at: datetime | None
    reply_due_at: datetime | None = Field(description="Until when a verified holder is waited for; exclusive.")
    decision_reason: str | None
    decided_at: datetime | None
    created_at: datetime
    available_actions: list[Action]


class FormerName(Out):
    """A name that the organisation bore until a day (Art. 8)."""

    name: str
    until: date
    evidence: str


class Predecessor(Out):
    """An organisation that this one continues (Arts. 6, 8): both are one legal person."""

    organisation_id: UUID
    name: str
    uscc: str
    effective_on: date
    reason: str


class OrganisationSummary(Out):
    """An organisation in a list."""

    id: UUID
    state: OrganisationStateName = Field(
        description="`unverified`: nobody has compared it with a document. `changed`: it was, and is to be compared"
        " again. `superseded`: another registration of its code stands in its place."
    )
    name: str
    uscc: str
    uscc_checksum_ok: bool = Field(description="False: the code fails its checksum and is to be verified by a person.")
    legal_form: LegalForm
    county_code: str
    area: str | None
    sector: str
    operating: bool
    is_sample: bool
    created_at: datetime


class OrganisationOut(OrganisationSummary):
    """An organisation with its history: its former names, and whom it continues (Art. 8)."""

    lineage_id: UUID = Field(description="The same for everybody who is one legal person by successor links.")
    changed_since_verified: list[str] = Field(description="The fields that are otherwise since it was verified.")
    superseded_by: UUID | None = Field(description="The registration that stands in its place.")
    stated_name: str | None = Field(
        description="The name that it says it bears since it was verified; null: none. `name` stands, and is printed, "
        "until a document is compared with this one."
    )
    registered_address: str
    established_on: date
    size_class: SizeClass | None
    staff: int | None
    main_products: str | None
    contact_name: str | None
    contact_phone: str | None
    dissolved_on: date | None = Field(description="The day on which it ceased to exist; null while it does.")
    dissolution_evidence: str | None
    former_names: list[FormerName] = Field(default_factory=list)
    predecessors: list[Predecessor] = Field(default_factory=list)
    verifications: list[VerificationOut] = Field(default_factory=list, description="The newest last.")
    claims: list[RegistrationClaimOut] = Field(
        default_factory=list, description="The claim that it came with, and those against it."
    )
    next_steps: list[FindingView] = Field(default_factory=list, description="What is to be done for the registration.")
    warnings: list[FindingView] = Field(default_factory=list, description=CONCERNED, examples=[[]])
    available_actions: list[Action] = Field(default_factory=list)
    version: int


class RegistrationOut(Out):
    """The organisation as registered, and the account of whoever registered it (Art. 13(1))."""

    organisation: OrganisationOut
    account: AccountOut


class MembersOut(Out):
    """The accounts of an organisation."""

    items: list[AccountOut]
