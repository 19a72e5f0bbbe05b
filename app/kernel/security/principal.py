"""Who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.measures.roles import Membership, Role


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated caller, or the public. `membership` is "edit" or "submit" for an applicant's member."""

    role: Role
    account_id: UUID | None = None
    organisation_id: UUID | None = None
    unit_id: UUID | None = None
    department_id: UUID | None = None
    membership: Membership | None = None
    machine: bool = False
    # The person at the command line of the machine: no account, no role in the measures, on record all the same.
    operator: bool = False
    # Whence and in which session. Of the public nothing is kept that would tell who it was.
    origin: str | None = None
    session_id: UUID | None = None
    # When the secret was last shown; None for who shows it at each call for a token.
    proved_at: datetime | None = None

    @property
    def recorded_as(self) -> str:
        """The word that stands in the audit log for the caller."""
        return "operator" if self.operator else self.role.value

    @property
    def known_id(self) -> UUID:
        """The account's id, where the policy has made sure that there is one."""
        if self.account_id is None:
            raise RuntimeError("an act without an account")
        return self.account_id


PUBLIC = Principal(Role.PUBLIC)


OPERATOR = Principal(Role.PUBLIC, operator=True)
