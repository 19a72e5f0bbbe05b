"""What the rules of eligibility, recommendation and prize look at: frozen facts of an organisation and its application.

Money is integer fen, days are `date`. A list that the law does not ask for is empty, never None. `at` is where in the
form a fact was stated, a JSON pointer (`/licences/1`); None where it was not stated there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.measures.state_machines import RecommendationState


class SizeClass(StrEnum):
    """The size of an enterprise by the national classes (Art. 14)."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class LegalForm(StrEnum):
    """Forms of organisation by registration. Personality follows from the form alone, never from a code's prefix."""

    LIMITED_COMPANY = "limited_company"
    JOINT_STOCK_COMPANY = "joint_stock_company"
    STATE_OWNED_ENTERPRISE = "state_owned_enterprise"
    COLLECTIVE_ENTERPRISE = "collective_enterprise"
    FOREIGN_COMPANY_SUBSIDIARY = "foreign_company_subsidiary"
    PUBLIC_INSTITUTION = "public_institution"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FARMERS_COOPERATIVE = "farmers_cooperative"
    # Without personality. A private non-enterprise body may be registered as a partnership or in one person's name.
    PRIVATE_NON_ENTERPRISE_UNINCORPORATED = "private_non_enterprise_unincorporated"
    BRANCH = "branch"
    SOLE_TRADER = "sole_trader"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    # No recipients (Art. 4), with personality or not.
    INDIVIDUAL = "individual"
    PARTY_OR_STATE_ORGAN = "party_or_state_organ"
    SOCIAL_ASSOCIATION = "social_association"


FORMS_WITHOUT_PERSONALITY = frozenset(
    {
        LegalForm.PRIVATE_NON_ENTERPRISE_UNINCORPORATED,
        LegalForm.BRANCH,
        LegalForm.SOLE_TRADER,
        LegalForm.PARTNERSHIP,
        LegalForm.SOLE_PROPRIETORSHIP,
        LegalForm.INDIVIDUAL,
    }
)
# Forms in which there are bodies for profit and others: which it is, is shown on evidence (Art. 13(4)). Every other
# form produces or operates.
FORMS_OF_EITHER_KIND = frozenset(
    {
        LegalForm.PUBLIC_INSTITUTION,
        LegalForm.PRIVATE_NON_ENTERPRISE,
        LegalForm.PRIVATE_NON_ENTERPRISE_UNINCORPORATED,
    }
)
BARRED_RECIPIENTS = frozenset(
    {
        LegalForm.INDIVIDUAL,
        LegalForm.PARTY_OR_STATE_ORGAN,
        LegalForm.SOCIAL_ASSOCIATION,
    }
)


class CertificateKind(StrEnum):
    """management_system: of quality or any related standard (Art. 13(3)). The others do not count there."""

    MANAGEMENT_SYSTEM = "management_system"
    PRODUCT = "product"
    OTHER = "other"


class RecordCategory(StrEnum):
    """The kinds of adverse record of Art. 13(6), in its order."""

    FATAL_ACCIDENT = "fatal_accident"
    QUALITY_COMPLAINT = "quality_complaint"
    ATTRIBUTABLE_RETURN = "attributable_return"
    FAILED_INSPECTION = "failed_inspection"
    LABOUR_DISHONESTY = "labour_dishonesty"
    FALSE_STATISTICS = "false_statistics"
    TAX_DISHONESTY = "tax_dishonesty"
    OTHER_VIOLATION = "other_violation"


class CredentialKind(StrEnum):
    """What an authority or certifier may withdraw before its end: a certificate (Art. 13(3)), a licence (Art. 13(2)),
    the safety standardisation (Art. 13(4))."""

    CERTIFICATE = "certificate"
    LICENCE = "licence"
    SAFETY = "safety"


class RecordOrigin(StrEnum):
    """Who brought an adverse record forward."""

    DECLARED = "declared"
    DEPARTMENT = "department"
    OFFICE = "office"
    OBJECTION = "objection"


class RecordFinding(StrEnum):
    """open: not verified yet."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DENIED = "denied"


class Severity(StrEnum):
    """A person's recorded decision on a record of another violation."""

    BARS = "bars"
    DOES_NOT_BAR = "does_not_bar"


class HonourLevel(StrEnum):
    """Who gives a quality award; the middle three are the mayor's and higher government ones (Art. 13(6))."""

    COUNTY = "county"
    MUNICIPAL_MAYOR = "municipal_mayor"
    PROVINCIAL_JINGGANG = "provincial_jinggang"
    NATIONAL_CHINA = "national_china"
    OTHER = "other"


class HonourKind(StrEnum):
    """award: the prize itself. nomination: a nomination prize. association: given by an association."""

    AWARD = "award"
    NOMINATION = "nomination"
    ASSOCIATION = "association"


class UnitKind(StrEnum):
    """The recommending units of Art. 3."""

    TOWNSHIP = "township"
    URBAN_COMMUNITY_COMMITTEE = "urban_community_committee"
    DEPARTMENT = "department"
    ASSOCIATION = "association"


class Verdict(StrEnum):
    """How a person decided."""

    PASS = "pass"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A person's decision on one rule: what, why, on what evidence, who, when. `about`: what lay before that person, as
    the findings told it (fact `about`); what has come since is decided anew."""

    rule: str
    outcome: Verdict
    reason: str
    evidence: str
    decided_by: str
    decided_on: date
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """The applicant. `county_code`: six digits of the registered address. `area`: its township or community committee.
    `operating`: it states that it produces or operates, a for-profit school or hospital included; what counts is
    `operating.operates`. `sector`: two or four digits of GB/T 4754. `address`: the registered one
    in words, empty where it is not stated. `dissolved_on`: the day on which it ceased to exist, None while it does."""

    name: str
    uscc: str
    uscc_checksum_ok: bool
    legal_form: LegalForm
    county_code: str
    area: str | None
    established_on: date
    operating: bool
    sector: str
    address: str = ""
    dissolved_on: date | None = None

    @property
    def has_legal_personality(self) -> bool:
        """Whether its legal form has legal personality (Art. 13(1))."""
        return self.legal_form not in FORMS_WITHOUT_PERSONALITY


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One calendar year's figures in fen; None: not stated."""

    year: int
    revenue_fen: int | None = None
    net_profit_fen: int | None = None
    tax_fen: int | None = None
    rd_fen: int | None = None
    export_fen: int | None = None
    at: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CredentialWithdrawal:
    """A certificate or licence that was withdrawn before its end, as a person has confirmed it by the `record` of a
    `source`; from `withdrawn_on` on it is not held."""

    kind: CredentialKind
    number: str
    withdrawn_on: date
    record: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate; both days are days of validity."""

    kind: CertificateKind
    standard: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date
    withdrawal: CredentialWithdrawal | None = None
    at: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence. `required`: the industry needs it. `number` is empty where it is not held; `valid_to` None: no
    end; `issued_on` None: not stated."""

    kind: str
    number: str
    valid_to: date | None
    required: bool
    withdrawal: CredentialWithdrawal | None = None
    at: str | None = field(default=None, compare=False)
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class SafetyStandardisation:
    """Safety standardisation: level 1 is the best; `valid_to` is the last day; `issued_on` None: not stated."""

    level: int
    certificate_number: str
    valid_to: date
    withdrawal: CredentialWithdrawal | None = None
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class AdverseRecord:
    """One record under Art. 13(6). `attributable` to the organisation (None: open). `severity_decision` only for
    another violation. `rectified` is told and never excuses."""

    category: RecordCategory
    occurred_on: date | None
    determined_on: date | None
    source: str
    evidence: str
    attributable: bool | None
    finding: RecordFinding
    severity_decision: Severity | None = None
    rectified: bool = False
    at: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Honour:
    """A quality award held elsewhere; `valid_to` is the last day, None where none is stated."""

    level: HonourLevel
    kind: HonourKind
    awarded_on: date
    valid_to: date | None
    at: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PastAward:
    """An award of an earlier round, of this legal person or a predecessor. `awarded_on` is the decree's date; `fraud`:
    revoked under Art. 26."""

    round_ordinal: int
    awarded_on: date
    first: bool
    revoked: bool = False
    fraud: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A period of exclusion from the decision's date to its last day, both included (Arts. 26, 28)."""

    from_date: date
    last_day: date
    article: str


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A unit's answer. `outcome`: a state of the recommendation. `industry_justification`: why the organisation
    is of the unit's industry or system. `unit_industry`: the unit's own industry in codes of GB/T 4754, see
    `sectors.in_industry`."""

    unit_id: str
    unit_kind: UnitKind
    unit_uscc: str | None
    unit_area: str | None
    organisation_uscc: str
    outcome: RecommendationState
    industry_justification: str | None = None
    unit_industry: str | None = None
    unit_name: str = ""
    organisation_name: str = ""


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """All that the gate looks at. `decisions`: the newest recorded decision by rule id. `past_awards` and `exclusions`
    include those of predecessors."""

    organisation: OrganisationFacts
    figures: tuple[YearFigures, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    licences: tuple[Licence, ...] = ()
    safety: SafetyStandardisation | None = None
    records: tuple[AdverseRecord, ...] = ()
    honours: tuple[Honour, ...] = ()
    past_awards: tuple[PastAward, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    decisions: Mapping[str, RecordedDecision] = field(default_factory=lambda: MappingProxyType({}))
