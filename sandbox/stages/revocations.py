"""A case of revocation from its opening to the government's decision."""

from typing import Any

from sandbox.callers import Caller
from sandbox.world import World, ok

SUMMARY = "样例：有关情况经核查，现听取贵单位意见。"
STATEMENT = "样例：对所述情况没有异议。"


def open_case(world: World, award_id: str, case: dict[str, Any]) -> Any:
    """The office opens a case; what the organisation is told is in it, or said here."""
    return ok(world.office.post(f"/v1/awards/{award_id}/revocations", {"summary": SUMMARY} | case), 201)


def make_statement(applicant: Caller, case: dict[str, Any], statement: str = STATEMENT) -> Any:
    """The organisation says what it has to say."""
    return ok(applicant.post(f"/v1/revocations/{case['id']}/statement", {"statement": statement}))


def submit_case(world: World, case: dict[str, Any]) -> Any:
    """The office submits a case."""
    return ok(world.office.post(f"/v1/revocations/{case['id']}/submission"))


def bring_case(world: World, award_id: str, applicant: Caller, case: dict[str, Any]) -> Any:
    """Open a case, let the organisation be heard, and submit it: all on one day."""
    opened = open_case(world, award_id, case)
    make_statement(applicant, opened)
    return submit_case(world, opened)
