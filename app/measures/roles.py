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
    # The three who keep the service itself, each apart from the others: accounts, rights, and the record of both.
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDITOR = "auditor"
    PUBLIC = "public"


# Who can have an account.
ACCOUNT_ROLES = tuple(role for role in Role if role is not Role.PUBLIC)


class Awaited(StrEnum):
    """Whose confirmation an account awaits that an administrator has made or changed: never that administrator's."""

    SYSTEM_ADMINISTRATOR = Role.SYSTEM_ADMINISTRATOR.value
    SECURITY_ADMINISTRATOR = Role.SECURITY_ADMINISTRATOR.value
    BOTH = "both"


class AccountKind(StrEnum):
    """Who signs in: a person with a password, or a program with a client secret."""

    PERSON = "person"
    MACHINE = "machine"


class Membership(StrEnum):
    """What a member of an organisation may do: fill in its applications, or bind it as well."""

    EDIT = "edit"
    SUBMIT = "submit"
