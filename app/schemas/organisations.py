"""Organisations, recommending units and departments on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.kernel.field_formats import Format
from app.measures.facts import LegalForm
from app.schemas.applications.content import Count
from app.schemas.common import Day, In, Line, Out, Paragraph, Uscc
from app.schemas.identity import AccountOut, Login, Password
from app.schemas.words import SizeClass

CountyCode = Annotated[str, StringConstraints(pattern=Format.COUNTY_CODE.value)]


# Three digits are not taken: a class that lost its leading zero would look like a group of another section.
Sector = Annotated[str, StringConstraints(pattern=Format.INDUSTRY.value)]


Membership = Literal["edit", "submit"]


Phone = Annotated[str, StringConstraints(pattern=Format.PHONE.value)]


_ADDRESS = Field(description="Registered address (Art. 13(1)).", examples=["江西省赣州市会昌县文武坝镇样例路1号"])


_COUNTY = Field(
    description="Six digits of the county of the registered address; never read from the credit code.",
    examples=["360733"],
)


_AREA = "Township or urban community of the registered address, by its name."


_SECTOR = Field(description="GB/T 4754: two-digit division or four-digit class.", examples=["1392"])


_OPERATING = Field(
    description="Whether it produces or operates for profit, a for-profit school or hospital included (Art. 13(4)).",
    examples=[True],
)


class OrganisationIn(In):
    """A legal person that may apply one day (Art. 4, 13(1)). Whether it can is judged with its application."""

    name: Line = Field(examples=["样例制造有限公司"])
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

    login: Login = Field(examples=["sample.applicant"])
    password: Password = Field(examples=["a long sample password"])
    display_name: Line = Field(examples=["样例经办人"])


class RegistrationIn(In):
    """An organisation and its first account, which may submit."""

    organisation: OrganisationIn
    account: NewcomerIn


class MemberIn(NewcomerIn):
    """`edit`: fills in. `submit`: also does what binds the organisation."""

    membership: Membership = Field("edit", description="`edit`: fills in. `submit`: also what binds the organisation.")


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

    name: Line = Field(examples=["样例智能制造有限公司"])
    effective_on: Day = Field(description="Since when; not in the future.", examples=["2024-02-20"])
    evidence: Paragraph = Field(
        description="The notice of the registration authority.", examples=["准予变更登记通知书（样例）"]
    )


class DissolutionIn(In):
    """The organisation has ceased to exist (Art. 13(1))."""

    dissolved_on: Day = Field(description="Of the deregistration; not in the future.", examples=["2024-05-21"])
    evidence: Paragraph = Field(
        description="The notice of the registration authority.", examples=["准予注销登记通知书（样例）"]
    )


class DissolutionWithdrawalIn(In):
    """Why a dissolution on record is none."""

    reason: Paragraph = Field(examples=["登记对象有误"])
    evidence: Paragraph = Field(examples=["企业登记查询单（样例）"])


class SuccessorLinkIn(In):
    """The organisation of the path continues the legal person of another."""

    predecessor_id: UUID
    effective_on: Day = Field(description="Since when; not in the future.", examples=["2024-02-20"])
    reason: Paragraph = Field(examples=["吸收合并"])
    evidence: Paragraph = Field(examples=["合并协议和注销登记通知书（样例）"])


class FormerName(Out):
    name: str
    until: date
    evidence: str


class Predecessor(Out):
    organisation_id: UUID
    name: str
    uscc: str
    effective_on: date
    reason: str


class OrganisationSummary(Out):
    """An organisation in a list."""

    id: UUID
    name: str
    uscc: str
    uscc_checksum_ok: bool = Field(description="False: the code fails its checksum and is to be verified by a person.")
    legal_form: str
    county_code: str
    area: str | None
    sector: str
    operating: bool
    is_sample: bool
    created_at: datetime


class OrganisationOut(OrganisationSummary):
    """An organisation with its history: its former names, and whom it continues (Art. 8)."""

    lineage_id: UUID = Field(description="The same for everybody who is one legal person by successor links.")
    registered_address: str
    established_on: date
    size_class: str | None
    staff: int | None
    main_products: str | None
    contact_name: str | None
    contact_phone: str | None
    dissolved_on: date | None = Field(description="The day on which it ceased to exist; null while it does.")
    dissolution_evidence: str | None
    former_names: list[FormerName] = Field(default_factory=list)
    predecessors: list[Predecessor] = Field(default_factory=list)
    version: int


class RegistrationOut(Out):
    organisation: OrganisationOut
    account: AccountOut


class MembersOut(Out):
    items: list[AccountOut]
