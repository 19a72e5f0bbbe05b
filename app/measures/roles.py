"""Who acts. The names are the terms of the measures; `public` is anybody without an account."""

from enum import StrEnum


class Role(StrEnum):
    """Whose part a caller plays in the procedure (Arts. 2, 3, 9, 11, 17)."""

    APPLICANT = "applicant"
    RECOMMENDING_UNIT = "recommending_unit"
    DEPARTMENT = "department"
    REVIEWER = "reviewer"
    OFFICE = "office"
    GOVERNMENT = "government"
    PAYMENT_PLATFORM = "payment_platform"
    AUDITOR = "auditor"
    PUBLIC = "public"
